/* See conf_silences.h. */
#include "conf_silences.h"

#include "conf_state.h"
#include "io/state_file.h"
#include "lib/moment.h"

#include <errno.h>
#include <math.h>
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

/* The daemon's clock when it said so is not known to the second. */
static const double agree_within_s = 60;

struct reason {
  struct rules rules;
  struct conf_state state;
  struct conf_silences known;
  char path[CONF_SILENCES_PATH_MAX], problem[CONF_SILENCES_PROBLEM_MAX];
};

_Static_assert((int)CONF_SILENCES_PROBLEM_MAX >= (int)CONF_STATE_PROBLEM_MAX,
               "a problem fits");

static struct silences_found find_reason(struct reason *reason,
                                         const char *host, const char *incident,
                                         double now_s) {
  struct conf_silences *known = &reason->known;
  const struct silences_found none = {0, "", "", false};

  if (conf_state_find(NULL, NULL, &reason->rules, &reason->state,
                      reason->problem) != 0)
    return none;
  conf_silences_path(reason->state.path, reason->path);
  if (conf_silences_zones(&reason->rules, known, reason->problem) != 0 ||
      conf_silences_read(reason->path, &known->silences.list,
                         reason->problem) != 0)
    return none;
  return silences_find(&known->silences, host, incident, now_s);
}

static void add_reason(const char *host, const char *incident, double until_s,
                       double now_s, char *text) {
  struct reason *reason = calloc(1, sizeof(*reason));

  if (!reason)
    return;
  struct silences_found found = find_reason(reason, host, incident, now_s);
  const char *why = found.is_maintenance ? found.by : found.why;
  size_t used = strlen(text);
  if (fabs(found.until_s - until_s) <= agree_within_s && why[0] != '\0')
    snprintf(text + used, CONF_SILENCES_WORDS_MAX - used, " (%s)", why);
  conf_silences_release(&reason->known);
  free(reason);
}

const char *conf_silences_words(const char *host, const char *incident,
                                double until_s, double now_s, char *text) {
  char until[MOMENT_MAX];

  moment_clock(until_s, now_s, "%m-%d %H:%M", until, sizeof(until));
  if (strlen(until) == strlen("14:00:00"))
    until[strlen("14:00")] = '\0';
  snprintf(text, CONF_SILENCES_WORDS_MAX, "silenced until %s", until);
  add_reason(host, incident, until_s, now_s, text);
  return text;
}

void conf_silences_release(struct conf_silences *silences) {
  for (size_t i = 0; i < silences->zones_len; i++)
    time_zone_destroy(silences->loaded[i]);
  free(silences->silences.list.one);
  memset(silences, 0, sizeof(*silences));
}
