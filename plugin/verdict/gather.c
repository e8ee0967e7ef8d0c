/* The gathering of one host's snapshots. Pure. */
#include "verdict/gather.h"

#include "verdict/clock_step.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LATE_RUN = 3 };
static const uint32_t every_signal = (1u << SIGNAL_COUNT) - 1;
static const double same_s = 5e-4; /* a CSV file may keep only milliseconds */

void gather_init(struct gather *gather, uint32_t have) {
  memset(gather, 0, sizeof(*gather));
  gather->expected = have ? have : every_signal;
}

static void give_back(struct gathering **at, struct gather_pool *pool) {
  if (*at) {
    (*at)->next = pool->free;
    pool->free = *at;
  }
  *at = NULL;
}

void gather_release(struct gather *gather, struct gather_pool *pool) {
  give_back(&gather->older, pool);
  give_back(&gather->newer, pool);
}

void gather_pool_free(struct gather_pool *pool) {
  while (pool->free) {
    struct gathering *at = pool->free;
    pool->free = at->next;
    free(at);
  }
}

static bool same_time(double a_s, double b_s) {
  return fabs(a_s - b_s) < same_s;
}

/* A sender whose clock was set back would be late for as long as the step:
 * three ever later times that all come late are a new clock. They come an
 * interval apart by the receiver's clock; late readings that come at once are
 * only late. */
static bool clock_was_set_back(struct gather *gather,
                               const struct hosts_value *value) {
  bool later = value->time_s > gather->late_time_s + same_s;
  bool apart = fabs(value->now_s - gather->late_now_s) >= value->interval_s / 2;

  if (same_time(value->time_s, gather->late_time_s))
    return gather->late_run >= LATE_RUN;
  if (later && gather->late_run > 0 && !apart)
    return false;
  gather->late_run = later ? gather->late_run + 1 : 1;
  gather->late_time_s = value->time_s;
  gather->late_now_s = value->now_s;
  return gather->late_run >= LATE_RUN;
}

/* NULL where memory is short. */
static struct gathering *begin(struct gather_pool *pool,
                               const struct hosts_value *value) {
  struct gathering *at = pool->free;

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

static bool is_of(const struct gathering *at, double time_s) {
  return at && same_time(time_s, at->snapshot.time_s);
}

/* A snapshot of its own. Returns 0, -ESTALE, -EAGAIN or -ENOMEM. */
static int place_new(struct gather *gather, struct gather_pool *pool,
                     const struct hosts_value *value, struct gathering **out) {
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

/* The gathering a value belongs to, opened where it is new. Returns as
 * place_new. */
static int place(struct gather *gather, struct gather_pool *pool,
                 const struct hosts_value *value, struct gathering **out) {
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
  struct snapshot_queue *queue = value->signal == SIGNAL_ACCEPT_QUEUE
                                     ? &snapshot->accept_queue
                                     : &snapshot->syn_queue;

  copy_text(queue->listener, value->listener);
  if (value->backlog > 0)
    queue->backlog = value->backlog;
  if (value->others > 0)
    queue->others = value->others;
}

static int fill(struct gathering *at, const struct hosts_value *value) {
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
  copy_text(snapshot->top_source, value->top_source);
  return 0;
}

static int put_late(struct gather *gather, struct gather_pool *pool,
                    struct snapshot *last, const struct hosts_value *value) {
  if (last->have && same_time(value->time_s, last->time_s)) {
    gather->expected |= 1u << value->signal; /* wait for it the next time */
    return -ESTALE;
  }
  if (!clock_was_set_back(gather, value))
    return -ESTALE;
  memset(last, 0, sizeof(*last));
  gather_release(gather, pool);
  gather->late_run = 0;
  gather->older = begin(pool, value);
  return gather->older ? fill(gather->older, value) : -ENOMEM;
}

int gather_put(struct gather *gather, struct gather_pool *pool,
               struct snapshot *last, const struct hosts_value *value) {
  struct gathering *at;

  if (last->have && value->time_s < last->time_s + same_s)
    return put_late(gather, pool, last, value);
  int rc = place(gather, pool, value, &at);
  if (rc == -ESTALE)
    return put_late(gather, pool, last, value);
  if (rc != 0)
    return rc;
  gather->late_run = 0;
  return fill(at, value);
}

void gather_put_listeners(struct gather *gather, double time_s,
                          double listeners) {
  struct gathering *at =
      is_of(gather->older, time_s) ? gather->older : gather->newer;

  if (!is_of(at, time_s) || isnan(listeners))
    return;
  at->snapshot.listeners = listeners;
  at->snapshot.listeners_known = true;
}

static bool is_complete(const struct gather *gather,
                        const struct gathering *at) {
  return at && (at->snapshot.have & gather->expected) == gather->expected;
}

/* A later snapshot is there, and not just its first values: five threads hand
 * the values over, and one of the next reading may overtake the last of this.
 */
static bool is_passed(const struct gather *gather, double now_s) {
  const struct gathering *newer = gather->newer;

  return is_complete(gather, newer) ||
         (newer &&
          now_s - newer->first_now_s >= newer->snapshot.interval_s / 4);
}

bool gather_ready(const struct gather *gather, double now_s) {
  const struct gathering *older = gather->older;

  if (!older)
    return false;
  if (gather->overdue || is_complete(gather, older))
    return true;
  double interval_s = older->snapshot.interval_s;
  bool quiet = now_s - older->last_now_s >= interval_s / 2;
  return (quiet && is_passed(gather, now_s)) ||
         now_s - older->first_now_s >= 2 * interval_s;
}

double gather_take(struct gather *gather, struct gather_pool *pool,
                   struct snapshot *last) {
  double now_s = gather->older->last_now_s;

  *last = gather->older->snapshot;
  gather->expected = last->have;
  gather->overdue = false;
  give_back(&gather->older, pool);
  gather->older = gather->newer;
  gather->newer = NULL;
  return now_s;
}

double gather_heard(const struct gather *gather, double taken_s) {
  double heard_s = taken_s;

  if (gather->older)
    heard_s = fmax(heard_s, gather->older->last_now_s);
  return gather->newer ? fmax(heard_s, gather->newer->last_now_s) : heard_s;
}

static void follow(struct gathering *at, double step_s, double now_s) {
  if (!at)
    return;
  at->first_now_s = clock_step_follow(at->first_now_s, step_s, now_s);
  at->last_now_s = clock_step_follow(at->last_now_s, step_s, now_s);
}

void gather_follow_clock(struct gather *gather, double step_s, double now_s) {
  follow(gather->older, step_s, now_s);
  follow(gather->newer, step_s, now_s);
}
