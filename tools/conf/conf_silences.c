/* See conf_silences.h. */
#include "conf_silences.h"

#include "io/state_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void conf_silences_path(const char *state_path, char *path) {
  snprintf(path, CONF_SILENCES_PATH_MAX, "%s.silences", state_path);
}

static int32_t offset_at(const void *zone, int64_t time_s) {
  return time_zone_offset_at(zone, time_s);
}

int conf_silences_zones(const struct rules *rules, struct conf_silences *out,
                        char *problem) {
  memset(out, 0, sizeof(*out));
  out->silences.rules = rules;
  out->silences.zones = out->zones;
  for (size_t i = 0; i < rules->maintenance_len; i++) {
    const char *name = rules->maintenance[i].time_zone;
    int rc = time_zone_load(name[0] == '\0' ? NULL : name, &out->loaded[i]);
    if (rc != 0) {
      snprintf(problem, CONF_SILENCES_PROBLEM_MAX,
               "<Maintenance \"%.64s\">: TimeZone \"%.64s\" cannot be had: %s; "
               "it must be a name such as \"Europe/Berlin\", and the package "
               "tzdata must be installed",
               rules->maintenance[i].name, name, strerror(-rc));
      return rc;
    }
    out->zones_len++;
    out->zones[i] = (struct schedule_zone){offset_at, out->loaded[i]};
  }
  return 0;
}

static int refuse(const char *path, int rc, const char *why, char *problem) {
  snprintf(problem, CONF_SILENCES_PROBLEM_MAX, "%.400s: %s%s", path, why,
           rc == -EACCES ? ": run this as root, or as the user that collectd "
                           "runs as"
                         : "");
  return rc;
}

int conf_silences_read(const char *path, struct silences_list *out,
                       char *problem) {
  char error[SILENCES_TEXT_ERROR_MAX] = "out of memory";
  char *text = NULL;
  size_t length = 0;

  *out = (struct silences_list){0, NULL};
  int rc = state_file_read(path, &text, &length);
  if (rc == -ENOENT)
    return 0;
  if (rc != 0)
    return refuse(path, rc, strerror(-rc), problem);
  rc = silences_text_read(text, length, out, error);
  free(text);
  return rc == 0 ? 0 : refuse(path, rc, error, problem);
}

void conf_silences_release(struct conf_silences *silences) {
  for (size_t i = 0; i < silences->zones_len; i++)
    time_zone_destroy(silences->loaded[i]);
  free(silences->silences.list.one);
  memset(silences, 0, sizeof(*silences));
}
