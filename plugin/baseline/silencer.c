/* See silencer.h. A file that is wrong anywhere is not used; what was read
 * before stays in force until it ends by itself. */
#include "silencer.h"

#include "io/state_file.h"
#include "io/time_zone.h"
#include "verdict/state/silences_text.h"

#include "collectd_api.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

/* Another one each time the command has written. */
struct version {
  int error; /* of stat; 0 there is a file */
  ino_t number;
  off_t size;
  struct timespec changed;
};

struct silencer {
  struct silences silences;
  pthread_mutex_t *lock;
  char path[RULES_PATH_MAX + 16]; /* "": nothing is saved */
  struct version version;         /* of what was read last */
  bool short_of;                  /* memory or files, when it was last read */
  size_t zones_len;
  struct time_zone *loaded[RULES_MAINTENANCE_MAX];
  struct schedule_zone zones[RULES_MAINTENANCE_MAX];
};

static int32_t offset_at(const void *zone, int64_t time_s) {
  return time_zone_offset_at(zone, time_s);
}

static void report_zone(const struct maintenance_rules *rules, int rc) {
  if (rules->time_zone[0] == '\0')
    ERROR(
        "baseline: <Maintenance \"%s\">: the time zone of this machine cannot "
        "be had (the variable TZ, or /etc/localtime): %s; set TimeZone",
        rules->name, STRERROR(-rc));
  else if (rc == -ENOENT)
    ERROR("baseline: <Maintenance \"%s\">: TimeZone \"%s\" is not below "
          "/usr/share/zoneinfo: is it misspelt, or is the package tzdata not "
          "installed?",
          rules->name, rules->time_zone);
  else
    ERROR(
        "baseline: <Maintenance \"%s\">: TimeZone is \"%s\"; it must be a name "
        "such as \"Europe/Berlin\": %s",
        rules->name, rules->time_zone, STRERROR(-rc));
}

static int load_zones(struct silencer *silencer, const struct rules *rules) {
  for (size_t i = 0; i < rules->maintenance_len; i++) {
    const struct maintenance_rules *of = &rules->maintenance[i];
    const char *name = of->time_zone[0] == '\0' ? NULL : of->time_zone;
    int rc = time_zone_load(name, &silencer->loaded[i]);
    if (rc != 0) {
      report_zone(of, rc);
      return rc;
    }
    silencer->zones_len++;
    silencer->zones[i] = (struct schedule_zone){offset_at, silencer->loaded[i]};
  }
  return 0;
}

static struct version version_of(const char *path) {
  struct version version = {.error = 0};
  struct stat is;

  if (lstat(path, &is) != 0) {
    version.error = errno;
    return version;
  }
  version.number = is.st_ino;
  version.size = is.st_size;
  version.changed = is.st_mtim;
  return version;
}

static bool is_same(const struct version *a, const struct version *b) {
  return a->error == b->error && a->number == b->number && a->size == b->size &&
         a->changed.tv_sec == b->changed.tv_sec &&
         a->changed.tv_nsec == b->changed.tv_nsec;
}

static void use(struct silencer *silencer, const struct silences_list *list) {
  pthread_mutex_lock(silencer->lock);
  struct silences_one *before = silencer->silences.list.one;
  silencer->silences.list = *list;
  pthread_mutex_unlock(silencer->lock);
  free(before);
}

/* Returns 0 and *out, or -errno and why. */
static int read_file(const char *path, struct silences_list *out, char *why) {
  char *text = NULL;
  size_t length = 0;

  int rc = state_file_read(path, &text, &length);
  if (rc != 0)
    snprintf(why, SILENCES_TEXT_ERROR_MAX, "%s", STRERROR(-rc));
  else
    rc = silences_text_read(text, length, out, why);
  if (rc == -ENOMEM)
    snprintf(why, SILENCES_TEXT_ERROR_MAX, "out of memory");
  free(text);
  return rc;
}

static bool is_passing(int rc) {
  return rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE;
}

/* What passes is said once, and tried again. */
static int read_again(struct silencer *silencer) {
  struct silences_list list = {0, NULL};
  char why[SILENCES_TEXT_ERROR_MAX];

  int rc = read_file(silencer->path, &list, why);
  if (is_passing(rc) && silencer->short_of)
    return rc;
  if (rc != 0 && rc != -ENOENT) {
    ERROR(
        "baseline: %s cannot be used: %s; silences that were read before stay "
        "in force, others are none",
        silencer->path, why);
    return rc;
  }
  use(silencer, &list);
  INFO("baseline: %zu silences from %s", list.len, silencer->path);
  return 0;
}

void silencer_look(struct silencer *silencer) {
  if (silencer == NULL || silencer->path[0] == '\0')
    return;
  struct version now = version_of(silencer->path);
  if (is_same(&now, &silencer->version))
    return;
  silencer->short_of = is_passing(read_again(silencer));
  if (!silencer->short_of)
    silencer->version = now;
}

int silencer_create(const struct rules *rules, pthread_mutex_t *lock,
                    struct silencer **out) {
  struct silencer *silencer = calloc(1, sizeof(*silencer));

  if (silencer == NULL)
    return -ENOMEM;
  silencer->lock = lock;
  silencer->silences.rules = rules;
  silencer->silences.zones = silencer->zones;
  silencer->version.error = ENOENT; /* without a file nothing is to be said */
  if (rules->state_file[0] != '\0')
    snprintf(silencer->path, sizeof(silencer->path), "%s.silences",
             rules->state_file);
  int rc = load_zones(silencer, rules);
  if (rc != 0) {
    silencer_destroy(silencer);
    return rc;
  }
  silencer_look(silencer);
  *out = silencer;
  return 0;
}

const struct silences *silencer_silences(const struct silencer *silencer) {
  return &silencer->silences;
}

void silencer_destroy(struct silencer *silencer) {
  if (silencer == NULL)
    return;
  for (size_t i = 0; i < silencer->zones_len; i++)
    time_zone_destroy(silencer->loaded[i]);
  free(silencer->silences.list.one);
  free(silencer);
}
