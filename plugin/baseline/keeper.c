/* The saved state: loaded at the start, saved at an interval, on demand and at
 * the end; what is wrong with the file is logged here. Glue: takes the plugin's
 * lock, for the engine's copying only. */
#include "keeper.h"

#include "io/state_file.h"
#include "recorder.h"
#include "verdict/state/state_text.h"

#include "collectd_api.h"

#include <errno.h>
#include <math.h>
#include <time.h>

struct keeper {
  struct keeper_charge charge;
  pthread_t thread;
  pthread_mutex_t lock; /* guards stopping */
  pthread_cond_t wake;
  bool stopping;
  int spares_file; /* why what it holds was not loaded: nothing is saved */
  pthread_mutex_t saving; /* one save at a time; guards what follows */
  bool in_the_way; /* a file of no use, to be moved aside before a save */
  int lock_fd;     /* below 0: not locked */
  int lock_error;  /* why not */
  bool unlocked_said, full_said;
  int last_error;
  struct state_file file;    /* being written, of the state or of the record */
  bool full;                 /* the last version does not hold all */
  struct recorder *recorder; /* NULL: no incidents are recorded */
};

static void report(const struct keeper *keeper, int rc) {
  const char *path = keeper->charge.rules->state_file;

  if (rc == -EWOULDBLOCK)
    ERROR("baseline: another process has locked %s.lock; nothing is saved to "
          "%s until that process ends",
          path, path);
  else if (rc != 0)
    ERROR("baseline: cannot save %s: %s; the last saved state stays; next try "
          "in %.0f s",
          path, STRERROR(-rc), keeper->charge.rules->save_interval_s);
  else
    NOTICE("baseline: %s is saved again", path);
}

static void report_unlocked(const char *path, int rc) {
  WARNING("baseline: cannot lock %s.lock: %s; %s is saved anyway, but a second "
          "daemon that saves to it goes unnoticed",
          path, STRERROR(-rc), path);
}

static void report_full(const struct keeper *keeper) {
  WARNING("baseline: %s is full (at most 1 GiB): all hosts and series are "
          "judged, but some are not saved",
          keeper->charge.rules->state_file);
}

/* Said before it happens, for it may be weeks until then. */
static void report_limit(const struct rules *rules) {
  double holds = state_text_holds(STATE_FILE_SIZE_MAX);

  if (!state_text_holds_all(rules, STATE_FILE_SIZE_MAX))
    NOTICE("baseline: MaxHosts %.0f and MaxWatched %.0f are more than %s can "
           "hold: 1 GiB, about %.0f hosts and series; further ones are judged, "
           "but not saved",
           rules->max_hosts, rules->max_watched, rules->state_file, holds);
}

/* Returns 0 also when locks cannot be had at all: what was learned is not lost
 * for that. */
static int take_lock(struct keeper *keeper) {
  if (keeper->lock_fd >= 0)
    return 0;
  keeper->lock_error =
      state_file_lock(keeper->charge.rules->state_file, &keeper->lock_fd);
  return keeper->lock_error == -EWOULDBLOCK ? -EWOULDBLOCK : 0;
}

/* What could not be loaded nor moved aside at the start. */
static int clear_way(struct keeper *keeper, bool *cleared) {
  if (!keeper->in_the_way)
    return 0;
  int rc = state_file_set_aside(keeper->charge.rules->state_file);
  *cleared = rc == 0;
  keeper->in_the_way = rc != 0 && rc != -ENOENT;
  return keeper->in_the_way ? rc : 0;
}

static void report_cleared(const char *path) {
  NOTICE("baseline: what was at %s is kept as %s.bad", path, path);
}

/* A full file takes no more: there is always room for one more piece and the
 * end, so that what is saved can be read again. */
static bool has_room(struct keeper *keeper) {
  keeper->full =
      keeper->file.room < (size_t)STATE_TEXT_SERIES_MAX + STATE_TEXT_FRAME_MAX;
  return !keeper->full;
}

/* A host that was never judged has nothing to save. */
static bool choose_host(void *context, struct hosts_host *host) {
  return host->seen_s > 0 && has_room(context);
}

static bool
choose_series(void *context, __attribute__((unused)) const char *identifier,
              __attribute__((unused)) struct series_memory *memory) {
  return has_room(context);
}

static bool has_room_for_listener(void *context) { return has_room(context); }

static int append(void *to, const char *text, size_t length) {
  struct keeper *keeper = to;

  return state_file_append(&keeper->file, text, length);
}

static void lock(void *to, bool take) {
  const struct keeper *keeper = to;

  if (take)
    pthread_mutex_lock(keeper->charge.lock);
  else
    pthread_mutex_unlock(keeper->charge.lock);
}

/* Returns 0, or -errno with the old version still in place. */
static int write_file(struct keeper *keeper) {
  struct engine_filter filter = {choose_host, choose_series, keeper,
                                 has_room_for_listener};
  struct engine_sink sink = {append, lock, keeper};
  int rc = state_file_begin(&keeper->file, keeper->charge.rules->state_file);

  if (rc != 0)
    return rc;
  if (keeper->charge.size_max > 0)
    keeper->file.room = keeper->charge.size_max;
  keeper->full = false;
  rc = engine_save(keeper->charge.engine, CDTIME_T_TO_DOUBLE(cdtime()), &filter,
                   &sink);
  if (rc == 0)
    return state_file_commit(&keeper->file);
  state_file_abandon(&keeper->file);
  return rc;
}

/* With the lock over saves. */
static int save(struct keeper *keeper, bool *cleared) {
  int rc = take_lock(keeper);

  if (rc == 0)
    rc = clear_way(keeper, cleared);
  return rc == 0 ? write_file(keeper) : rc;
}

/* The record does not wait for the state, nor the state for it. */
static void save_record(struct keeper *keeper, enum recorder_reason reason) {
  bool say = false;

  if (keeper->recorder == NULL)
    return;
  pthread_mutex_lock(&keeper->saving);
  int rc = take_lock(keeper);
  if (rc == 0)
    rc = recorder_save(keeper->recorder, reason, &say);
  pthread_mutex_unlock(&keeper->saving);
  if (say)
    recorder_say(keeper->recorder, rc);
}

static int save_state(struct keeper *keeper) {
  const char *path = keeper->charge.rules->state_file;
  bool cleared = false;

  if (path[0] == '\0' || keeper->charge.only_loads)
    return 0;
  if (keeper->spares_file != 0)
    return keeper->spares_file; /* said when it was to be loaded */
  pthread_mutex_lock(&keeper->saving);
  int rc = save(keeper, &cleared);
  int lock_error = rc == 0 ? keeper->lock_error : 0;
  bool unlocked = lock_error != 0 && !keeper->unlocked_said;
  keeper->unlocked_said = keeper->unlocked_said || unlocked;
  bool changed = rc != keeper->last_error;
  bool full = rc == 0 && keeper->full && !keeper->full_said;
  keeper->full_said = keeper->full_said || full;
  keeper->last_error = rc;
  pthread_mutex_unlock(&keeper->saving);
  if (cleared)
    report_cleared(path);
  if (changed)
    report(keeper, rc);
  if (unlocked)
    report_unlocked(path, lock_error);
  if (full)
    report_full(keeper);
  return rc;
}

int keeper_save(struct keeper *keeper) {
  save_record(keeper, RECORDER_REGULAR);
  return save_state(keeper);
}

static double steady_s(void) {
  struct timespec now;

  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Returns false when it is time to stop. */
static bool wait_until(struct keeper *keeper, double until_s) {
  struct timespec until = {.tv_sec = (time_t)ceil(until_s)};
  int rc = 0;

  pthread_mutex_lock(&keeper->lock);
  while (!keeper->stopping && rc == 0)
    rc = pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until);
  bool go_on = !keeper->stopping;
  pthread_mutex_unlock(&keeper->lock);
  return go_on;
}

/* What changes in the record is written sooner than all that was learned. */
static double next_s(const struct keeper *keeper, double due_s) {
  if (keeper->recorder == NULL)
    return due_s;
  return fmin(due_s, steady_s() + recorder_period_s(keeper->recorder));
}

static void *run(void *argument) {
  struct keeper *keeper = argument;

  double interval_s = ceil(keeper->charge.rules->save_interval_s);
  double due_s = steady_s() + interval_s;

  while (wait_until(keeper, next_s(keeper, due_s)))
    if (steady_s() >= due_s) {
      keeper_save(keeper);
      due_s = steady_s() + interval_s;
    } else {
      save_record(keeper, RECORDER_CHANGED);
    }
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

struct loading {
  const struct keeper_charge *charge;
  bool may_move; /* a file of no use */
  double now_s;
};

/* Returns 0, or -EBUSY when it is in the way. */
static int set_aside(const char *path, bool may_move, const char *why) {
  if (!may_move) {
    ERROR("baseline: %s cannot be used: %s; it stays as it is, and learning "
          "starts over",
          path, why);
    return -EBUSY;
  }
  int rc = state_file_set_aside(path);
  if (rc == 0)
    ERROR("baseline: %s cannot be used: %s; it is kept as %s.bad and learning "
          "starts over",
          path, why, path);
  else
    ERROR("baseline: %s cannot be used: %s; it cannot be renamed: %s; learning "
          "starts over, and the file is not overwritten",
          path, why, STRERROR(-rc));
  return rc == 0 ? 0 : -EBUSY;
}

/* Returns 0, also when the text is of no use and was set aside; -EBUSY or
 * -ENOMEM. */
static int load_text(const struct loading *loading, const char *text,
                     size_t length) {
  const struct keeper_charge *charge = loading->charge;
  const char *path = charge->rules->state_file;
  char why[STATE_TEXT_ERROR_MAX];
  struct engine_loaded loaded;

  int rc =
      engine_load(charge->engine, text, length, loading->now_s, &loaded, why);
  if (rc == -ENOMEM)
    return rc;
  if (rc != 0)
    return set_aside(path, loading->may_move, why);
  if (loaded.old > 0 && loaded.hosts + loaded.series == 0)
    return set_aside(path, loading->may_move,
                     "everything in it is older than MaxAge by this clock");
  INFO("baseline: loaded %zu hosts and %zu"
       " series from %s; %zu were too old",
       loaded.hosts, loaded.series, path, loaded.old);
  if (loaded.listeners > 0)
    INFO("baseline: loaded %zu listeners of these hosts", loaded.listeners);
  return 0;
}

/* Whether that is what stands there, and not that this process may not or
 * cannot read it now: no right, no memory, a disk that fails. */
static bool is_no_state(int rc) {
  return rc == -EINVAL || rc == -EFBIG || rc == -ENOTDIR || rc == -ENAMETOOLONG;
}

/* rc: why it cannot be read. Returns 0, -EBUSY, or rc. */
static int refuse_file(const struct loading *loading, int rc) {
  const char *path = loading->charge->rules->state_file;

  if (rc == -ENOENT)
    return 0;
  if (is_no_state(rc))
    return set_aside(path, loading->may_move, STRERROR(-rc));
  if (rc != -ELOOP)
    return rc;
  ERROR("baseline: %s cannot be read: it is a symbolic link; learning starts "
        "over",
        path);
  return 0;
}

static int load_file(const struct loading *loading) {
  char *text = NULL;
  size_t length;

  int rc = state_file_read(loading->charge->rules->state_file, &text, &length);
  rc = rc == 0 ? load_text(loading, text, length) : refuse_file(loading, rc);
  free(text);
  return rc;
}

/* Nobody else uses the engine yet. Returns 0; -EBUSY when a file of no use was
 * not set aside: it must be before anything is saved; or another -errno when
 * the file may be good and was not loaded whole: it must not be written over.
 */
static int load_state(const struct keeper_charge *charge, bool may_move,
                      double now_s) {
  struct loading loading = {
      .charge = charge, .may_move = may_move, .now_s = now_s};
  const char *path = charge->rules->state_file;

  if (path[0] == '\0')
    return 0;
  int rc = load_file(&loading);
  if (rc != 0 && rc != -EBUSY)
    ERROR("baseline: %s cannot be loaded now: %s; it stays as it is, and "
          "nothing is saved until the daemon is started again",
          path, STRERROR(-rc));
  return rc;
}

/* Locked before it is read: a file of no use is moved only by whoever saves. */
static void load(struct keeper *keeper, double now_s) {
  bool saves =
      keeper->charge.rules->state_file[0] != '\0' && !keeper->charge.only_loads;
  int locked = saves ? take_lock(keeper) : 0;
  int rc = load_state(&keeper->charge, saves && locked == 0, now_s);

  keeper->in_the_way = rc == -EBUSY;
  keeper->spares_file = keeper->in_the_way ? 0 : rc;
  keeper->last_error = locked;
  if (locked != 0)
    report(keeper, locked);
  if (saves)
    report_limit(keeper->charge.rules);
}

/* Behind the state, and only where that is saved. */
static int load_record(struct keeper *keeper, double now_s) {
  struct recorder_charge charge = {
      .rules = keeper->charge.rules,
      .lock = keeper->charge.lock,
      .record = keeper->charge.record,
      .engine = keeper->charge.engine,
      .may_move = keeper->last_error == 0,
      .file = &keeper->file,
  };

  if (charge.record == NULL || charge.rules->state_file[0] == '\0' ||
      keeper->charge.only_loads)
    return 0;
  return recorder_create(&charge, now_s, &keeper->recorder);
}

int keeper_create(const struct keeper_charge *charge, double now_s,
                  struct keeper **out) {
  struct keeper *keeper = calloc(1, sizeof(*keeper));

  if (keeper == NULL)
    return -ENOMEM;
  keeper->charge = *charge;
  keeper->lock_fd = -1;
  load(keeper, now_s);
  int rc = load_record(keeper, now_s);
  if (rc == 0)
    rc = start(keeper);
  if (rc != 0) {
    recorder_destroy(keeper->recorder);
    state_file_unlock(keeper->lock_fd);
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
  save_record(keeper, RECORDER_LAST);
  recorder_destroy(keeper->recorder);
  pthread_cond_destroy(&keeper->wake);
  pthread_mutex_destroy(&keeper->lock);
  pthread_mutex_destroy(&keeper->saving);
  state_file_unlock(keeper->lock_fd);
  free(keeper);
}
