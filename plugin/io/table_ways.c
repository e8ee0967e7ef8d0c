/* One try at a reading by each way: netlink's walks, /proc, or neither and only
 * what costs next to nothing; with the counters beside it. May use system calls
 * and the room table. Source: the man page collectd-tcpstates(5),
 * net/ipv4/inet_diag.c. */
#define _POSIX_C_SOURCE 200809L
#include "io/table_ways.h"

#include "io/proc_source.h"

#include <stdio.h>

#define STATE_BIT(state) (UINT32_C(1) << (state))

enum { COUNTERS_TRIES = 2 };

static const uint32_t all_states =
    (STATE_BIT(TCP_STATE_END) - 1) & ~UINT32_C(1);
static const uint32_t counted_states =
    STATE_BIT(TCP_STATE_ESTABLISHED) | STATE_BIT(TCP_STATE_TIME_WAIT);
static const uint32_t listen_state = STATE_BIT(TCP_STATE_LISTEN);

/* They are tried twice, too; what went wrong stands in the outcome. Returns
 * whether they tell what a walk is verified with, or all that this kernel has.
 */
static bool read_counters(const struct table_ways *ways,
                          struct kernel_counters *counters,
                          struct table_source_outcome *outcome) {
  char failed[PROC_SOURCE_FAILED_LEN] = "";
  unsigned lost = 0;
  int rc = 0;
  for (int try = 0; try < COUNTERS_TRIES; try++) {
    rc = proc_source_read_counters(ways->proc_root, counters, &lost, failed);
    if (rc == 0)
      break;
  }
  outcome->counters_error = rc;
  outcome->counters_lost = lost;
  snprintf(outcome->detail, sizeof(outcome->detail), "%s",
           rc != 0 ? failed : "");
  return rc == 0 || walk_plan_is_told(counters);
}

static int walk(const struct table_ways *ways, struct reading *reading,
                uint32_t states, bool ports_only) {
  struct diag_request request = {.states = states};
  request.memory = states == listen_state;
  if (ports_only) {
    request.ports = reading->port;
    request.ports_len = reading->ports_len;
  }
  return diag_source_walk(ways->diag, &request, ports_only, reading);
}

/* Every socket, or all but those the counters tell; these then only of the
 * ports that are counted apart. */
static int walk_all(const struct table_ways *ways, struct reading *reading,
                    bool full) {
  reading_clear(reading);
  uint32_t wanted = all_states & ~listen_state;
  if (!full)
    wanted &= ~counted_states;
  int rc = walk(ways, reading, listen_state, false);
  if (rc == 0)
    rc = walk(ways, reading, wanted, false);
  if (rc == 0 && !full && reading->ports_len > 0)
    rc = walk(ways, reading, counted_states, true);
  if (rc != 0)
    return rc;
  reading_finish(reading);
  reading->by_family = full;
  return 0;
}

/* A full dump between two looks at the counters; plan NULL: nothing is to be
 * verified. Without counters there is a reading all the same. */
static int read_full(const struct table_ways *ways, struct table_take *take,
                     struct walk_plan *plan,
                     struct table_source_outcome *outcome) {
  struct kernel_counters before;
  bool verify = plan != NULL && read_counters(ways, &before, outcome);
  int rc = walk_all(ways, take->reading, true);
  if (rc != 0)
    return rc;
  outcome->was_full_dump = true;
  bool told = read_counters(ways, &take->counters, outcome);
  if (verify && told)
    walk_plan_verify(plan, take->reading, &before, &take->counters);
  else if (plan != NULL)
    plan->full_due = true;
  return 0;
}

/* The plan advances only with a reading that is whole. */
int table_ways_netlink(struct table_ways *ways, struct table_take *take,
                       struct table_source_outcome *outcome) {
  if (ways->by_family)
    return read_full(ways, take, NULL, outcome);
  struct walk_plan plan = ways->plan;
  bool full = walk_plan_next(&plan);
  int rc = full ? 0 : walk_all(ways, take->reading, false);
  if (rc != 0)
    return rc;
  if (!full)
    full = !read_counters(ways, &take->counters, outcome) ||
           !walk_plan_apply(&plan, take->reading, &take->counters);
  if (full)
    rc = read_full(ways, take, &plan, outcome);
  if (rc == 0)
    ways->plan = plan;
  return rc;
}

int table_ways_netlink_listeners(const struct table_ways *ways,
                                 struct table_take *take,
                                 struct table_source_outcome *outcome) {
  reading_clear(take->reading);
  int rc = walk(ways, take->reading, listen_state, false);
  if (rc != 0)
    return rc;
  reading_finish(take->reading);
  reading_know_only(take->reading, listen_state);
  read_counters(ways, &take->counters, outcome);
  walk_plan_tell(&ways->plan, take->reading, &take->counters);
  return 0;
}

double table_ways_seconds(clockid_t clock) {
  struct timespec now = {0};
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What became of the counters goes on to the next reading by /proc. */
static void read_counters_and_note(struct table_ways *ways,
                                   struct kernel_counters *counters,
                                   struct table_source_outcome *outcome) {
  read_counters(ways, counters, outcome);
  unanswered_note(&ways->unanswered, table_ways_seconds(CLOCK_MONOTONIC),
                  counters);
}

int table_ways_proc(struct table_ways *ways, struct table_take *take,
                    struct table_source_outcome *outcome) {
  char failed[PROC_SOURCE_FAILED_LEN] = "";
  double begin_s = table_ways_seconds(CLOCK_MONOTONIC);
  reading_clear(take->reading);
  int rc = proc_source_read_tables(ways->proc_root, take->reading, failed);
  if (rc != 0) {
    snprintf(outcome->detail, sizeof(outcome->detail), "%s", failed);
    return rc;
  }
  outcome->from_proc = true;
  outcome->was_full_dump = true;
  read_counters_and_note(ways, &take->counters, outcome);
  take->reading->unanswered_most = unanswered_most(
      &ways->unanswered, begin_s, &take->counters, take->reading);
  return 0;
}

static bool nothing_known(const struct kernel_counters *counters) {
  for (int i = 0; i < COUNTER_END; i++)
    if (counters->known[i])
      return false;
  return true;
}

int table_ways_counters(struct table_ways *ways, struct table_take *take,
                        struct table_source_outcome *outcome) {
  reading_clear(take->reading);
  reading_finish(take->reading);
  reading_know_only(take->reading, 0);
  outcome->from_proc = true;
  read_counters_and_note(ways, &take->counters, outcome);
  return nothing_known(&take->counters) ? outcome->counters_error : 0;
}
