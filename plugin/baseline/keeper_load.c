/* The saved file -> watch and series; what is wrong with it is said here. */
#include "keeper_load.h"

#include "io/state_file.h"
#include "verdict/state/state_text.h"

#include "collectd_api.h"

#include <errno.h>

/* Loading: what came too late to be of use is left out. */
struct loading {
  const struct keeper_charge *charge;
  bool may_move; /* what is of no use */
  double now_s;
  size_t hosts, series, old;
};

static bool too_old(struct loading *loading, double seen_s) {
  bool old = loading->now_s - seen_s > loading->charge->rules->max_age_s;

  loading->old += old;
  return old;
}

/* Only memory that runs out stops the loading. */
static int load_host(void *to, const struct hosts_host *host) {
  struct loading *loading = to;

  if (too_old(loading, host->seen_s))
    return 0;
  int rc = hosts_restore(loading->charge->watch, host);
  loading->hosts += rc == 0;
  return rc == -ENOMEM ? rc : 0;
}

static int load_series(void *to, const char *identifier,
                       const struct series_memory *memory) {
  struct loading *loading = to;

  if (too_old(loading, memory->seen_s))
    return 0;
  int rc = series_restore(loading->charge->series, identifier, memory);
  loading->series += rc == 0;
  return rc == -ENOMEM ? rc : 0;
}

/* Returns 0, or -EBUSY where it is in the way. */
static int set_aside(const char *path, bool may_move, const char *why) {
  if (!may_move) {
    ERROR("baseline: %s cannot be used: %s; it stays as it is, and learning "
          "starts anew",
          path, why);
    return -EBUSY;
  }
  int rc = state_file_set_aside(path);
  if (rc == 0)
    ERROR("baseline: %s cannot be used: %s; it is kept as %s.bad and learning "
          "starts anew",
          path, why, path);
  else
    ERROR("baseline: %s cannot be used: %s; nor moved aside: %s; learning "
          "starts anew, and it is not written over",
          path, why, STRERROR(-rc));
  return rc == 0 ? 0 : -EBUSY;
}

/* Returns 0, also where the text is of no use and set aside, -EBUSY or -ENOMEM.
 */
static int load_text(struct loading *loading, const char *text, size_t length) {
  struct state_text_reader reader = {load_host, load_series, loading};
  const char *path = loading->charge->rules->state_file;
  char why[STATE_TEXT_ERROR_MAX];

  int rc = state_text_read(text, length, &reader, why);
  if (rc == -ENOMEM)
    return rc;
  if (rc != 0)
    return set_aside(path, loading->may_move, why);
  if (loading->old > 0 && loading->hosts + loading->series == 0)
    return set_aside(path, loading->may_move,
                     "all of it is older than MaxAge by this clock");
  INFO("baseline: loaded %zu hosts and %zu"
       " series from %s; %zu were too old",
       loading->hosts, loading->series, path, loading->old);
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
        "anew",
        path);
  return 0;
}

static int load_file(struct loading *loading) {
  char *text = NULL;
  size_t length;

  int rc = state_file_read(loading->charge->rules->state_file, &text, &length);
  rc = rc == 0 ? load_text(loading, text, length) : refuse_file(loading, rc);
  free(text);
  return rc;
}

int keeper_load(const struct keeper_charge *charge, bool may_move,
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
