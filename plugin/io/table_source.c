/* The way of one reading: walked or not, each tried twice, and /proc behind
 * netlink. May use system calls and the room table; a
 * log and collectd it does not know. Source: the man page
 * collectd-tcpstates(5), net/ipv4/inet_diag.c. */
#define _POSIX_C_SOURCE 200809L
#include "io/table_source.h"

#include "io/table_ways.h"
#include "table/walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  VERIFY_EVERY = 60,
  /* Readings by /proc before netlink is tried again where it was not there. */
  ABSENT_PAUSE = 60,
  TRIES = 2,
};

/* A reading that takes longer than this share of the interval is slow. */
static const double slow_ratio = 0.25;

struct table_source {
  enum table_source_mode mode;
  struct table_ways ways;
  struct walk_pace pace;
  double slow_s;              /* longer is slow; 0: nothing is */
  unsigned netlink_pause;     /* readings left until netlink is tried again */
  int netlink_error;          /* auto: why it was not used last time */
  const char *netlink_failed; /* static; the call */
  /* The next take is filled while the last one stays whole. */
  struct table_take takes[2];
  struct table_take *last, *next;
};

int table_source_create(const struct table_source_options *options,
                        struct table_source **out) {
  if (options->ports_len > READING_PORTS_MAX)
    return -EINVAL;
  struct table_source *source = calloc(1, sizeof(*source));
  if (source == NULL)
    return -ENOMEM;
  source->mode = options->mode;
  source->ways.by_family = options->by_family;
  source->netlink_failed = "";
  source->last = &source->takes[0];
  source->next = &source->takes[1];
  source->slow_s = slow_ratio * options->interval_s;
  walk_pace_init(&source->pace,
                 options->interval_s * options->read_budget / 100);
  walk_plan_init(&source->ways.plan, options->verify_every != 0
                                         ? options->verify_every
                                         : VERIFY_EVERY);
  source->ways.proc_root =
      strdup(options->proc_root != NULL ? options->proc_root : "/proc");
  source->ways.diag = diag_source_create();
  source->last->reading = reading_create(options->ports, options->ports_len);
  source->next->reading = reading_create(options->ports, options->ports_len);
  if (source->ways.proc_root == NULL || source->ways.diag == NULL ||
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
  diag_source_destroy(source->ways.diag);
  free(source->ways.proc_root);
  free(source);
}

/* Whether netlink is not there at all, so that a second try is of no use: a
 * kernel that does not answer would hold up the reading once more. */
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
  case -ETIMEDOUT:
    return true;
  default:
    return false;
  }
}

static int read_netlink(struct table_source *source,
                        struct table_source_outcome *outcome) {
  return outcome->walk_left_out
             ? table_ways_netlink_listeners(&source->ways, source->next,
                                            outcome)
             : table_ways_netlink(&source->ways, source->next, outcome);
}

static int read_proc(struct table_source *source,
                     struct table_source_outcome *outcome) {
  return outcome->walk_left_out
             ? table_ways_counters(&source->ways, source->next, outcome)
             : table_ways_proc(&source->ways, source->next, outcome);
}

static int try_netlink(struct table_source *source,
                       struct table_source_outcome *outcome) {
  int rc = read_netlink(source, outcome);
  for (int try = 1; rc != 0 && !is_absent(rc) && try < TRIES; try++)
    rc = read_netlink(source, outcome);
  source->netlink_error = rc;
  source->netlink_failed = rc != 0 ? diag_source_failed(source->ways.diag) : "";
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

static void hand_out(struct table_source *source) {
  struct table_take *fresh = source->next;
  source->next = source->last;
  source->last = fresh;
}

static uint64_t count_sockets(const struct reading *reading) {
  uint64_t sockets = 0;
  for (int state = 0; state < TCP_STATE_END; state++)
    sockets += reading->total[state];
  return sockets;
}

/* A full dump is not what the next walk costs where it only verifies, or was
 * made because the walk before it contradicted the counters. */
static void learn_cost(struct table_source *source,
                       const struct table_source_outcome *outcome) {
  if (outcome->walk_left_out)
    return;
  bool next_is_full = outcome->from_proc || source->ways.by_family ||
                      source->ways.plan.rule == WALK_RULE_NONE ||
                      source->ways.plan.full_due;
  double cost_s = walk_pace_own_cost(&source->pace, outcome->cost_s,
                                     count_sockets(source->next->reading),
                                     outcome->was_full_dump);
  walk_pace_walked(&source->pace, cost_s,
                   outcome->was_full_dump == next_is_full);
}

int table_source_read(struct table_source *source,
                      const struct reading **reading,
                      const struct kernel_counters **counters,
                      struct table_source_outcome *outcome) {
  double start_s = table_ways_seconds(CLOCK_THREAD_CPUTIME_ID);
  double begin_s = table_ways_seconds(CLOCK_MONOTONIC);
  *outcome = (struct table_source_outcome){.netlink_failed = ""};
  outcome->walk_left_out = !walk_pace_next(&source->pace);
  int rc = try_mode(source, outcome);
  outcome->error = rc;
  outcome->counters_doubted = source->ways.plan.rule == WALK_RULE_NONE;
  outcome->cost_s = table_ways_seconds(CLOCK_THREAD_CPUTIME_ID) - start_s;
  outcome->took_s = table_ways_seconds(CLOCK_MONOTONIC) - begin_s;
  outcome->slow = source->slow_s > 0 && outcome->took_s > source->slow_s;
  if (rc != 0)
    return rc;
  learn_cost(source, outcome);
  hand_out(source);
  *reading = source->last->reading;
  *counters = &source->last->counters;
  return 0;
}
