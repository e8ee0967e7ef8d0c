/* The way of one reading: counters, walks, counters again; each reading tried
 * twice, and /proc behind netlink. May use system calls and the room table; a
 * log and collectd it does not know. Source: the man page
 * collectd-tcpstates(5), net/ipv4/inet_diag.c. */
#define _POSIX_C_SOURCE 200809L
#include "io/table_source.h"

#include "io/diag_source.h"
#include "io/proc_source.h"
#include "table/walk_plan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define STATE_BIT(state) (UINT32_C(1) << (state))

enum {
  VERIFY_EVERY = 60,
  /* Readings by /proc before netlink is tried again where it was not there. */
  ABSENT_PAUSE = 60,
  TRIES = 2,
};

static const uint32_t all_states =
    (STATE_BIT(TCP_STATE_END) - 1) & ~UINT32_C(1);
static const uint32_t counted_states =
    STATE_BIT(TCP_STATE_ESTABLISHED) | STATE_BIT(TCP_STATE_TIME_WAIT);
static const uint32_t listen_state = STATE_BIT(TCP_STATE_LISTEN);

/* A reading with what was read beside it. */
struct take {
  struct reading *reading; /* owned */
  struct kernel_counters counters;
};

struct table_source {
  enum table_source_mode mode;
  bool by_family;
  char *proc_root;
  struct diag_source *diag;
  struct walk_plan plan;
  unsigned netlink_pause;     /* readings left until netlink is tried again */
  int netlink_error;          /* auto: why it was not used last time */
  const char *netlink_failed; /* static; the call */
  /* The next take is filled while the last one stays whole. */
  struct take takes[2];
  struct take *last, *next;
};

int table_source_create(const struct table_source_options *options,
                        struct table_source **out) {
  if (options->ports_len > READING_PORTS_MAX)
    return -EINVAL;
  struct table_source *source = calloc(1, sizeof(*source));
  if (source == NULL)
    return -ENOMEM;
  source->mode = options->mode;
  source->by_family = options->by_family;
  source->netlink_failed = "";
  source->last = &source->takes[0];
  source->next = &source->takes[1];
  walk_plan_init(&source->plan, options->verify_every != 0
                                    ? options->verify_every
                                    : VERIFY_EVERY);
  source->proc_root =
      strdup(options->proc_root != NULL ? options->proc_root : "/proc");
  source->diag = diag_source_create();
  source->last->reading = reading_create(options->ports, options->ports_len);
  source->next->reading = reading_create(options->ports, options->ports_len);
  if (source->proc_root == NULL || source->diag == NULL ||
      source->last->reading == NULL || source->next->reading == NULL) {
    table_source_destroy(source);
    return -ENOMEM;
  }
  *out = source;
  return 0;
}

void table_source_destroy(struct table_source *source) {
  if (source == NULL)
    return;
  reading_destroy(source->takes[0].reading);
  reading_destroy(source->takes[1].reading);
  diag_source_destroy(source->diag);
  free(source->proc_root);
  free(source);
}

/* The counters are tried twice, too; what went wrong stands in the outcome. */
static int read_counters(const struct table_source *source,
                         struct kernel_counters *counters,
                         struct table_source_outcome *outcome) {
  char failed[PROC_SOURCE_FAILED_LEN] = "";
  int rc = 0;
  for (int try = 0; try < TRIES; try++) {
    rc = proc_source_read_counters(source->proc_root, counters, failed);
    if (rc == 0)
      break;
  }
  outcome->counters_error = rc;
  snprintf(outcome->detail, sizeof(outcome->detail), "%s",
           rc != 0 ? failed : "");
  return rc;
}

static int walk(struct table_source *source, uint32_t states, bool ports_only) {
  struct reading *reading = source->next->reading;
  struct diag_request request = {.states = states};
  request.memory = states == listen_state;
  if (ports_only) {
    request.ports = reading->port;
    request.ports_len = reading->ports_len;
  }
  return diag_source_walk(source->diag, &request, ports_only, reading);
}

/* Every socket, or all but those the counters tell; these then only of the
 * ports that are counted apart. */
static int walk_all(struct table_source *source, bool full) {
  struct reading *reading = source->next->reading;
  reading_clear(reading);
  uint32_t wanted = all_states & ~listen_state;
  if (!full)
    wanted &= ~counted_states;
  int rc = walk(source, listen_state, false);
  if (rc == 0)
    rc = walk(source, wanted, false);
  if (rc == 0 && !full && reading->ports_len > 0)
    rc = walk(source, counted_states, true);
  if (rc != 0)
    return rc;
  reading_finish(reading);
  reading->by_family = full;
  return 0;
}

/* A full dump between two looks at the counters; plan NULL: nothing is to be
 * verified. Without counters there is a reading all the same. */
static int read_full(struct table_source *source, struct walk_plan *plan,
                     struct table_source_outcome *outcome) {
  struct kernel_counters before;
  bool verify = plan != NULL && read_counters(source, &before, outcome) == 0;
  int rc = walk_all(source, true);
  if (rc != 0)
    return rc;
  outcome->was_full_dump = true;
  int unread = read_counters(source, &source->next->counters, outcome);
  if (verify && unread == 0)
    walk_plan_verify(plan, source->next->reading, &before,
                     &source->next->counters);
  else if (plan != NULL)
    plan->full_due = true;
  return 0;
}

/* One try by netlink. The plan advances only with a reading that is whole. */
static int read_netlink(struct table_source *source,
                        struct table_source_outcome *outcome) {
  if (source->by_family)
    return read_full(source, NULL, outcome);
  struct walk_plan plan = source->plan;
  bool full = walk_plan_next(&plan);
  int rc = full ? 0 : walk_all(source, false);
  if (rc != 0)
    return rc;
  if (!full)
    full =
        read_counters(source, &source->next->counters, outcome) != 0 ||
        !walk_plan_apply(&plan, source->next->reading, &source->next->counters);
  if (full)
    rc = read_full(source, &plan, outcome);
  if (rc == 0)
    source->plan = plan;
  return rc;
}

/* One try by /proc. */
static int read_proc(struct table_source *source,
                     struct table_source_outcome *outcome) {
  struct reading *reading = source->next->reading;
  char failed[PROC_SOURCE_FAILED_LEN] = "";
  reading_clear(reading);
  int rc = proc_source_read_tables(source->proc_root, reading, failed);
  if (rc != 0) {
    snprintf(outcome->detail, sizeof(outcome->detail), "%s", failed);
    return rc;
  }
  outcome->from_proc = true;
  outcome->was_full_dump = true;
  read_counters(source, &source->next->counters, outcome);
  return 0;
}

/* Whether netlink is not there at all, so that a second try is of no use. */
static bool is_absent(int rc) {
  switch (rc) {
  case -EPROTONOSUPPORT:
  case -ESOCKTNOSUPPORT:
  case -EAFNOSUPPORT:
  case -EOPNOTSUPP:
  case -ENOSYS:
  case -ENOENT:
  case -EACCES:
  case -EPERM:
  case -EINVAL:
  case -ECONNREFUSED:
    return true;
  default:
    return false;
  }
}

static int try_netlink(struct table_source *source,
                       struct table_source_outcome *outcome) {
  int rc = read_netlink(source, outcome);
  for (int try = 1; rc != 0 && !is_absent(rc) && try < TRIES; try++)
    rc = read_netlink(source, outcome);
  source->netlink_error = rc;
  source->netlink_failed = rc != 0 ? diag_source_failed(source->diag) : "";
  source->netlink_pause = is_absent(rc) ? ABSENT_PAUSE : 0;
  return rc;
}

static int try_proc(struct table_source *source,
                    struct table_source_outcome *outcome) {
  int rc = read_proc(source, outcome);
  for (int try = 1; rc != 0 && try < TRIES; try++)
    rc = read_proc(source, outcome);
  return rc;
}

/* Netlink with /proc behind it. */
static int try_both(struct table_source *source,
                    struct table_source_outcome *outcome) {
  if (source->netlink_pause > 0)
    source->netlink_pause--;
  else if (try_netlink(source, outcome) == 0)
    return 0;
  outcome->netlink_error = source->netlink_error;
  outcome->netlink_failed = source->netlink_failed;
  return try_proc(source, outcome);
}

static int try_mode(struct table_source *source,
                    struct table_source_outcome *outcome) {
  switch (source->mode) {
  case TABLE_SOURCE_AUTO:
    return try_both(source, outcome);
  case TABLE_SOURCE_PROC:
    return try_proc(source, outcome);
  case TABLE_SOURCE_NETLINK:
    break;
  }
  int rc = try_netlink(source, outcome);
  if (rc != 0)
    snprintf(outcome->detail, sizeof(outcome->detail), "netlink %s",
             source->netlink_failed);
  return rc;
}

static double thread_cpu_s(void) {
  struct timespec now = {0};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void hand_out(struct table_source *source) {
  struct take *fresh = source->next;
  source->next = source->last;
  source->last = fresh;
}

int table_source_read(struct table_source *source,
                      const struct reading **reading,
                      const struct kernel_counters **counters,
                      struct table_source_outcome *outcome) {
  double start_s = thread_cpu_s();
  *outcome = (struct table_source_outcome){.netlink_failed = ""};
  int rc = try_mode(source, outcome);
  outcome->error = rc;
  outcome->counters_doubted = source->plan.rule == WALK_RULE_NONE;
  outcome->cost_s = thread_cpu_s() - start_s;
  if (rc != 0)
    return rc;
  hand_out(source);
  *reading = source->last->reading;
  *counters = &source->last->counters;
  return 0;
}
