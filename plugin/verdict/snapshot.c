/* One host's values put together into snapshots, and two snapshots -> what was
 * observed. Also which times are possible, and what a step of the receiver's
 * clock does to them. Pure. */
#include "verdict/snapshot.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double latest_s = 17179869184; /* 2^34: the year 2514 */
static const double week_s = 604800;

bool snapshot_time_is_possible(double time_s, double interval_s,
                               double max_age_s) {
  return time_s > 0 && time_s <= latest_s && interval_s > 0 &&
         interval_s <= fmax(week_s, max_age_s);
}

double snapshot_follow_clock(double seen_s, double step_s, double now_s) {
  if (step_s < 0 && seen_s <= now_s)
    return seen_s;
  return fmin(seen_s + step_s, now_s);
}

/* A value that came too late and comes in one of so many snapshots is waited
 * for in all: a sender that leaves out what it does not know counts its sockets
 * in one of up to ten. */
enum { LATE_RUN = 3, RARE_MAX = 12 };

void snapshot_gather_init(struct snapshot_gather *gather, uint32_t have) {
  memset(gather, 0, sizeof(*gather));
  gather->expected = have ? have : SIGNALS_ALL;
}

static void give_back(struct snapshot_gathering **at,
                      struct snapshot_pool *pool) {
  if (*at) {
    (*at)->next = pool->free;
    pool->free = *at;
  }
  *at = NULL;
}

void snapshot_gather_release(struct snapshot_gather *gather,
                             struct snapshot_pool *pool) {
  give_back(&gather->older, pool);
  give_back(&gather->newer, pool);
}

void snapshot_pool_free(struct snapshot_pool *pool) {
  while (pool->free) {
    struct snapshot_gathering *at = pool->free;
    pool->free = at->next;
    free(at);
  }
}

static bool same_time(double a_s, double b_s) {
  return fabs(a_s - b_s) < SNAPSHOT_SAME_S;
}

/* A sender whose clock was set back would be late for as long as the step:
 * three ever later times that all come late are a new clock. They come an
 * interval apart by the receiver's clock; late readings that come at once are
 * only late. */
static bool clock_was_set_back(struct snapshot_gather *gather,
                               const struct hosts_value *value) {
  bool later = value->time_s > gather->late_time_s + SNAPSHOT_SAME_S;
  bool apart = fabs(value->now_s - gather->late_now_s) >= value->interval_s / 2;

  if (same_time(value->time_s, gather->late_time_s))
    return gather->late_run >= LATE_RUN;
  if (later && gather->late_run > 0 && !apart)
    return false;
  gather->late_run = (uint8_t)(later ? gather->late_run + 1 : 1);
  gather->late_time_s = value->time_s;
  gather->late_now_s = value->now_s;
  return gather->late_run >= LATE_RUN;
}

/* NULL when memory is short. */
static struct snapshot_gathering *begin(struct snapshot_pool *pool,
                                        const struct hosts_value *value) {
  struct snapshot_gathering *at = pool->free;

  if (at)
    pool->free = at->next;
  else
    at = malloc(sizeof(*at));
  if (!at)
    return NULL;
  memset(at, 0, sizeof(*at));
  at->first_now_s = value->now_s;
  at->snapshot.time_s = value->time_s;
  at->snapshot.interval_s = value->interval_s;
  return at;
}

static bool is_of(const struct snapshot_gathering *at, double time_s) {
  return at && same_time(time_s, at->snapshot.time_s);
}

/* A snapshot of its own. Returns 0, -ESTALE, -EAGAIN or -ENOMEM. */
static int place_new(struct snapshot_gather *gather, struct snapshot_pool *pool,
                     const struct hosts_value *value,
                     struct snapshot_gathering **out) {
  double time_s = value->time_s;
  bool earlier = gather->older && time_s < gather->older->snapshot.time_s;

  if (gather->newer) {
    gather->overdue = time_s > gather->newer->snapshot.time_s;
    return gather->overdue ? -EAGAIN : -ESTALE;
  }
  *out = begin(pool, value);
  if (!*out)
    return -ENOMEM;
  if (earlier) /* the later one has begun first */
    gather->newer = gather->older;
  if (earlier || !gather->older)
    gather->older = *out;
  else
    gather->newer = *out;
  return 0;
}

/* The gathering a value belongs to, opened when it is new. Returns as
 * place_new. */
static int place(struct snapshot_gather *gather, struct snapshot_pool *pool,
                 const struct hosts_value *value,
                 struct snapshot_gathering **out) {
  if (is_of(gather->older, value->time_s))
    *out = gather->older;
  else if (is_of(gather->newer, value->time_s))
    *out = gather->newer;
  else
    return place_new(gather, pool, value, out);
  return 0;
}

static void copy_text(char *to, const char *from) {
  if (!from)
    return;
  size_t length = strnlen(from, SNAPSHOT_ADDRESS_MAX - 1);
  memcpy(to, from, length);
  to[length] = '\0';
}

/* What came with the value belongs to the queue that the value is about. */
static void fill_queue(struct snapshot *snapshot,
                       const struct hosts_value *value) {
  struct snapshot_queue *queue = value->signal == SIGNAL_HELD ? &snapshot->held
                                 : value->signal == SIGNAL_ACCEPT_QUEUE
                                     ? &snapshot->accept_queue
                                     : &snapshot->syn_queue;

  copy_text(queue->listener, value->listener);
  if (value->signal == SIGNAL_HELD)
    return; /* only where */
  if (value->backlog > 0)
    queue->backlog = value->backlog;
  if (value->others > 0)
    queue->others = value->others;
}

static int fill(struct snapshot_gathering *at,
                const struct hosts_value *value) {
  struct snapshot *snapshot = &at->snapshot;
  uint32_t bit = 1u << value->signal;

  at->last_now_s = value->now_s;
  if (snapshot->have & bit)
    return -ESTALE;
  snapshot->have |= bit;
  if (value->is_rate)
    snapshot->rates |= bit;
  snapshot->value[value->signal] = value->value;
  fill_queue(snapshot, value);
  copy_text(value->signal == SIGNAL_HELD ? snapshot->held_source
                                         : snapshot->top_source,
            value->top_source);
  return 0;
}

static int put_late(struct snapshot_gather *gather, struct snapshot_pool *pool,
                    struct snapshot_stamp *last,
                    const struct hosts_value *value) {
  if (last->have && same_time(value->time_s, last->time_s)) {
    gather->rare |= 1u << value->signal;
    gather->expected |= gather->rare; /* wait for it the next time */
    return -ESTALE;
  }
  if (!clock_was_set_back(gather, value))
    return -ESTALE;
  memset(last, 0, sizeof(*last));
  snapshot_gather_release(gather, pool);
  gather->late_run = 0;
  gather->older = begin(pool, value);
  return gather->older ? fill(gather->older, value) : -ENOMEM;
}

int snapshot_gather_put(struct snapshot_gather *gather,
                        struct snapshot_pool *pool, struct snapshot_stamp *last,
                        const struct hosts_value *value) {
  struct snapshot_gathering *at;

  if (last->have && value->time_s < last->time_s + SNAPSHOT_SAME_S)
    return put_late(gather, pool, last, value);
  int rc = place(gather, pool, value, &at);
  if (rc == -ESTALE)
    return put_late(gather, pool, last, value);
  if (rc != 0)
    return rc;
  gather->late_run = 0;
  return fill(at, value);
}

void snapshot_gather_put_listeners(struct snapshot_gather *gather,
                                   double time_s, double listeners) {
  struct snapshot_gathering *at =
      is_of(gather->older, time_s) ? gather->older : gather->newer;

  if (!is_of(at, time_s) || isnan(listeners))
    return;
  at->snapshot.listeners = listeners;
  at->snapshot.listeners_known = true;
}

static int which_ports(uint32_t have) {
  return (have & 1u << SIGNAL_SYN_RECV) != 0;
}

void snapshot_gather_put_ports(struct snapshot_gather *gather, double time_s,
                               uint32_t count) {
  if (is_of(gather->older, time_s))
    gather->older->of_ports = count;
  else if (is_of(gather->newer, time_s))
    gather->newer->of_ports = count;
}

void snapshot_gather_late_port(struct snapshot_gather *gather,
                               const struct snapshot_stamp *last,
                               double time_s) {
  if (last->have && same_time(last->time_s, time_s))
    gather->of_ports[which_ports(last->have)]++;
}

static bool is_complete(const struct snapshot_gather *gather,
                        const struct snapshot_gathering *at) {
  return at && (at->snapshot.have & gather->expected) == gather->expected &&
         at->of_ports >= gather->of_ports[which_ports(at->snapshot.have)];
}

/* A later snapshot is there, and not just its first values: five threads hand
 * the values over, and one of the next reading may overtake the last of this.
 */
static bool is_passed(const struct snapshot_gather *gather, double now_s) {
  const struct snapshot_gathering *newer = gather->newer;

  return is_complete(gather, newer) ||
         (newer &&
          now_s - newer->first_now_s >= newer->snapshot.interval_s / 4);
}

bool snapshot_gather_ready(const struct snapshot_gather *gather, double now_s) {
  const struct snapshot_gathering *older = gather->older;

  if (!older)
    return false;
  if (gather->overdue || is_complete(gather, older))
    return true;
  double interval_s = older->snapshot.interval_s;
  bool quiet = now_s - older->last_now_s >= interval_s / 2;
  return (quiet && is_passed(gather, now_s)) ||
         now_s - older->first_now_s >= 2 * interval_s;
}

static void expect_next(struct snapshot_gather *gather, uint32_t have) {
  uint32_t came_back = have & ~gather->came;

  gather->came = have;
  gather->rare |= gather->rare_before & came_back;
  gather->expected = have | gather->rare | gather->rare_before;
  if (++gather->rare_age < RARE_MAX)
    return;
  gather->rare_before = gather->rare;
  gather->rare = 0;
  gather->rare_age = 0;
}

double snapshot_gather_take(struct snapshot_gather *gather,
                            struct snapshot_pool *pool, struct snapshot *last) {
  double now_s = gather->older->last_now_s;

  *last = gather->older->snapshot;
  expect_next(gather, last->have);
  gather->of_ports[which_ports(last->have)] = gather->older->of_ports;
  gather->overdue = false;
  give_back(&gather->older, pool);
  gather->older = gather->newer;
  gather->newer = NULL;
  return now_s;
}

double snapshot_gather_heard(const struct snapshot_gather *gather,
                             double taken_s) {
  double heard_s = taken_s;

  if (gather->older)
    heard_s = fmax(heard_s, gather->older->last_now_s);
  return gather->newer ? fmax(heard_s, gather->newer->last_now_s) : heard_s;
}

static void follow(struct snapshot_gathering *at, double step_s, double now_s) {
  if (!at)
    return;
  at->first_now_s = snapshot_follow_clock(at->first_now_s, step_s, now_s);
  at->last_now_s = snapshot_follow_clock(at->last_now_s, step_s, now_s);
}

void snapshot_gather_follow_clock(struct snapshot_gather *gather, double step_s,
                                  double now_s) {
  follow(gather->older, step_s, now_s);
  follow(gather->newer, step_s, now_s);
}

/* No host has so many sockets. What a stranger sends over the network must not
 * make the models overflow, and all of the saved state unreadable with them. */
static const double value_max = 1e15;

static bool has(uint32_t bits, int signal) { return (bits >> signal & 1) != 0; }

void snapshot_take_mark(const struct snapshot *snapshot,
                        struct snapshot_mark *out) {
  uint32_t counters = snapshot->have & ~snapshot->rates;

  out->time_s = snapshot->time_s;
  out->interval_s = snapshot->interval_s;
  out->have = snapshot->have;
  out->rates = snapshot->rates;
  for (int i = SIGNAL_FIRST_COUNTER; i < SIGNAL_COUNT; i++)
    out->counter[i - SIGNAL_FIRST_COUNTER] =
        has(counters, i) ? snapshot->value[i].counter : 0;
}

struct snapshot_stamp snapshot_stamp_of(const struct snapshot *snapshot) {
  return (struct snapshot_stamp){snapshot->time_s, snapshot->interval_s,
                                 snapshot->have};
}

static double counter_rate(const struct snapshot_mark *before,
                           const struct snapshot *now, int signal,
                           double dt_s) {
  if (!has(before->have & ~before->rates, signal))
    return NAN;
  int64_t from = before->counter[signal - SIGNAL_FIRST_COUNTER];
  int64_t to = now->value[signal].counter;
  if (from < 0 || to < from)
    return NAN;
  return (double)(to - from) / dt_s;
}

static double observe_one(const struct snapshot_mark *before,
                          const struct snapshot *now, int signal,
                          const struct observation *out) {
  if (!has(now->have, signal))
    return NAN;
  if (signal >= SIGNAL_FIRST_COUNTER && !has(now->rates, signal))
    return out->gap ? NAN : counter_rate(before, now, signal, out->dt_s);
  double value = now->value[signal].gauge;
  return value >= 0 && value <= value_max ? value : NAN;
}

void snapshot_observe(const struct snapshot_mark *before,
                      const struct snapshot *snapshot,
                      struct observation *out) {
  if (before && !before->have)
    before = NULL;
  double dt_s = before ? snapshot->time_s - before->time_s : 0;
  double interval_s = snapshot->interval_s;

  if (before)
    interval_s = fmax(interval_s, before->interval_s);
  out->interval_changed =
      before && fabs(snapshot->interval_s - before->interval_s) > 1e-3;
  out->time_s = snapshot->time_s;
  out->interval_s = snapshot->interval_s;
  out->gap = !(dt_s > 0 && dt_s <= SNAPSHOT_GAP_INTERVALS * interval_s);
  out->dt_s = out->gap ? snapshot->interval_s : dt_s;
  for (int signal = 0; signal < SIGNAL_COUNT; signal++)
    out->value[signal] = observe_one(before, snapshot, signal, out);
  out->sent = snapshot->have;
  out->listeners = snapshot->listeners_known ? snapshot->listeners : NAN;
  out->syn_queue = snapshot->syn_queue;
  out->accept_queue = snapshot->accept_queue;
  memcpy(out->top_source, snapshot->top_source, sizeof(out->top_source));
  out->held = snapshot->held;
  memcpy(out->held_source, snapshot->held_source, sizeof(out->held_source));
}
