/* Loading and saving what was learnt. */
#include "keeper.h"

#include "io/state_file.h"
#include "verdict/state_text.h"

#include "collectd.h"

#include "plugin.h"
#include "utils/common/common.h"

#include <errno.h>
#include <math.h>
#include <time.h>

enum { STEP_MAX = 32 }; /* hosts or series copied under one hold of the lock */

/* A series copied out of the table. */
struct kept_series {
  char identifier[SERIES_IDENTIFIER_MAX];
  struct series_memory memory;
};

struct keeper {
  struct keeper_charge charge;
  pthread_t thread;
  pthread_mutex_t lock; /* guards stopping */
  pthread_cond_t wake;
  bool stopping;
  bool spares_file; /* it holds what could not be loaded: nothing is saved */
  pthread_mutex_t saving; /* one save at a time; guards what follows */
  int last_error;
  struct state_file file;
  union {
    struct watch_host hosts[STEP_MAX];
    struct kept_series series[STEP_MAX];
  } copied;
  char text[STATE_TEXT_HOST_MAX];
};

/* Loading: what came too late to be of use is left out. */
struct loading {
  struct keeper *keeper;
  double now_s;
  size_t hosts, series, old;
};

static bool too_old(struct loading *loading, double seen_s) {
  bool old = loading->now_s - seen_s > loading->keeper->charge.rules->max_age_s;

  loading->old += old;
  return old;
}

/* Only memory that runs out stops the loading. */
static int load_host(void *to, const struct watch_host *host) {
  struct loading *loading = to;

  if (too_old(loading, host->seen_s))
    return 0;
  int rc = watch_restore(loading->keeper->charge.watch, host);
  loading->hosts += rc == 0;
  return rc == -ENOMEM ? rc : 0;
}

static int load_series(void *to, const char *identifier,
                       const struct series_memory *memory) {
  struct loading *loading = to;

  if (too_old(loading, memory->seen_s))
    return 0;
  int rc = series_restore(loading->keeper->charge.series, identifier, memory);
  loading->series += rc == 0;
  return rc == -ENOMEM ? rc : 0;
}

static void set_aside(const char *path, const char *why) {
  int rc = state_file_set_aside(path);

  if (rc == 0)
    ERROR("baseline: %s cannot be used: %s; it is kept as %s.bad and learning "
          "starts anew",
          path, why, path);
  else
    ERROR("baseline: %s cannot be used: %s; nor moved aside: %s", path, why,
          STRERROR(-rc));
}

/* Returns 0, also where the text is of no use, or -ENOMEM. */
static int load_text(struct keeper *keeper, double now_s, const char *text,
                     size_t length) {
  struct loading loading = {.keeper = keeper, .now_s = now_s};
  struct state_text_reader reader = {load_host, load_series, &loading};
  const char *path = keeper->charge.rules->state_file;
  char why[STATE_TEXT_ERROR_MAX];

  int rc = state_text_read(text, length, &reader, why);
  if (rc == -ENOMEM)
    return rc;
  if (rc != 0)
    set_aside(path, why);
  else
    INFO("baseline: loaded %" PRIsz " hosts and %" PRIsz
         " series from %s; %" PRIsz " were too old",
         loading.hosts, loading.series, path, loading.old);
  return 0;
}

/* rc: why it cannot be read. */
static void refuse_file(const char *path, int rc) {
  if (rc == -ELOOP)
    ERROR("baseline: %s cannot be read: it is a symbolic link; learning starts "
          "anew",
          path);
  else if (rc != -ENOENT)
    set_aside(path, STRERROR(-rc));
}

static int load_file(struct keeper *keeper, double now_s) {
  const char *path = keeper->charge.rules->state_file;
  char *text = NULL;
  size_t length;

  int rc = state_file_read(path, &text, &length);
  if (rc == 0)
    rc = load_text(keeper, now_s, text, length);
  else if (rc != -ENOMEM) {
    refuse_file(path, rc);
    rc = 0;
  }
  free(text);
  return rc;
}

/* A file that holds more than there is memory for is good, and is spared. */
static void load(struct keeper *keeper, double now_s) {
  const char *path = keeper->charge.rules->state_file;

  if (path[0] == '\0' || load_file(keeper, now_s) == 0)
    return;
  keeper->spares_file = true;
  ERROR("baseline: no memory to load all of %s; it stays as it is, and nothing "
        "is saved until the daemon was started with more memory",
        path);
}

static size_t copy_hosts(struct keeper *keeper, size_t from) {
  size_t len = 0;

  pthread_mutex_lock(keeper->charge.lock);
  size_t hosts = watch_hosts(keeper->charge.watch);
  for (; len < STEP_MAX && from + len < hosts; len++)
    keeper->copied.hosts[len] =
        *watch_host_at(keeper->charge.watch, from + len);
  pthread_mutex_unlock(keeper->charge.lock);
  return len;
}

static size_t copy_series(struct keeper *keeper, size_t from) {
  const char *identifier, *watch;
  size_t len = 0;

  pthread_mutex_lock(keeper->charge.lock);
  size_t count = series_count(keeper->charge.series);
  for (; len < STEP_MAX && from + len < count; len++) {
    struct kept_series *kept = &keeper->copied.series[len];
    kept->memory =
        *series_at(keeper->charge.series, from + len, &identifier, &watch);
    sstrncpy(kept->identifier, identifier, sizeof(kept->identifier));
  }
  pthread_mutex_unlock(keeper->charge.lock);
  return len;
}

static int write_hosts(struct keeper *keeper, struct state_text *state) {
  size_t from = 0, len;
  int rc = 0;

  while (rc == 0 && (len = copy_hosts(keeper, from)) > 0) {
    for (size_t i = 0; rc == 0 && i < len; i++)
      if (keeper->copied.hosts[i].seen_s > 0)
        rc = state_file_append(
            &keeper->file, keeper->text,
            state_text_host(state, &keeper->copied.hosts[i], keeper->text));
    from += len;
  }
  return rc;
}

static int write_series(struct keeper *keeper, struct state_text *state) {
  size_t from = 0, len;
  int rc = 0;

  while (rc == 0 && (len = copy_series(keeper, from)) > 0) {
    for (size_t i = 0; rc == 0 && i < len; i++) {
      struct kept_series *kept = &keeper->copied.series[i];
      rc = state_file_append(&keeper->file, keeper->text,
                             state_text_series(state, kept->identifier,
                                               &kept->memory, keeper->text));
    }
    from += len;
  }
  return rc;
}

static int write_text(struct keeper *keeper) {
  struct state_text state;
  size_t length =
      state_text_begin(&state, CDTIME_T_TO_DOUBLE(cdtime()), keeper->text);
  int rc = state_file_append(&keeper->file, keeper->text, length);

  if (rc == 0)
    rc = write_hosts(keeper, &state);
  if (rc == 0)
    rc = write_series(keeper, &state);
  if (rc == 0)
    rc = state_file_append(&keeper->file, keeper->text,
                           state_text_end(&state, keeper->text));
  return rc;
}

static void hold(struct keeper *keeper, bool held) {
  pthread_mutex_lock(keeper->charge.lock);
  watch_hold(keeper->charge.watch, held);
  series_hold(keeper->charge.series, held);
  pthread_mutex_unlock(keeper->charge.lock);
}

static int write_file(struct keeper *keeper) {
  int rc = state_file_begin(&keeper->file, keeper->charge.rules->state_file);

  if (rc != 0)
    return rc;
  hold(keeper, true);
  rc = write_text(keeper);
  hold(keeper, false);
  if (rc == 0)
    return state_file_commit(&keeper->file);
  state_file_abandon(&keeper->file);
  return rc;
}

static void report(const struct keeper *keeper, int rc) {
  const char *path = keeper->charge.rules->state_file;

  if (rc != 0)
    ERROR("baseline: cannot save %s: %s; what was saved before stays, the next "
          "try is in %.0f s",
          path, STRERROR(-rc), keeper->charge.rules->save_interval_s);
  else
    NOTICE("baseline: %s is saved again", path);
}

int keeper_save(struct keeper *keeper) {
  if (keeper->charge.rules->state_file[0] == '\0')
    return 0;
  if (keeper->spares_file)
    return -ENOMEM; /* said when it was loaded */
  pthread_mutex_lock(&keeper->saving);
  int rc = write_file(keeper);
  bool changed = rc != keeper->last_error;
  keeper->last_error = rc;
  pthread_mutex_unlock(&keeper->saving);
  if (changed)
    report(keeper, rc);
  return rc;
}

/* Wait for the next time to save. Returns false when it is time to stop. */
static bool wait_for_next(struct keeper *keeper) {
  struct timespec until;
  int rc = 0;

  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += (time_t)ceil(keeper->charge.rules->save_interval_s);
  pthread_mutex_lock(&keeper->lock);
  while (!keeper->stopping && rc == 0)
    rc = pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until);
  bool go_on = !keeper->stopping;
  pthread_mutex_unlock(&keeper->lock);
  return go_on;
}

static void *run(void *argument) {
  struct keeper *keeper = argument;

  while (wait_for_next(keeper))
    keeper_save(keeper);
  return NULL;
}

static int start(struct keeper *keeper) {
  pthread_condattr_t attributes;

  pthread_mutex_init(&keeper->lock, NULL);
  pthread_mutex_init(&keeper->saving, NULL);
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&keeper->wake, &attributes);
  pthread_condattr_destroy(&attributes);
  return -pthread_create(&keeper->thread, NULL, run, keeper);
}

int keeper_create(const struct keeper_charge *charge, double now_s,
                  struct keeper **out) {
  struct keeper *keeper = calloc(1, sizeof(*keeper));

  if (keeper == NULL)
    return -ENOMEM;
  keeper->charge = *charge;
  load(keeper, now_s);
  int rc = start(keeper);
  if (rc != 0) {
    free(keeper);
    return rc;
  }
  *out = keeper;
  return 0;
}

void keeper_destroy(struct keeper *keeper) {
  if (keeper == NULL)
    return;
  pthread_mutex_lock(&keeper->lock);
  keeper->stopping = true;
  pthread_cond_broadcast(&keeper->wake);
  pthread_mutex_unlock(&keeper->lock);
  pthread_join(keeper->thread, NULL);
  pthread_cond_destroy(&keeper->wake);
  pthread_mutex_destroy(&keeper->lock);
  pthread_mutex_destroy(&keeper->saving);
  free(keeper);
}
