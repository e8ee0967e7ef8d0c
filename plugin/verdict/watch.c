/* Hosts, the gathering of their snapshots, and the order of judgement. Pure. */
#include "verdict/watch.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TABLE_START = 64, LATE_RUN = 3 };

/* A snapshot that is being put together. */
struct gathering {
  bool open;
  double first_now_s, last_now_s; /* the receiver's clock */
  struct snapshot snapshot;
};

struct host {
  char name[JUDGE_HOST_MAX];
  uint32_t expected;        /* the values that make a snapshot complete */
  bool judged_any;          /* last is set */
  struct snapshot last;     /* the last judged */
  struct gathering overdue; /* pushed out by a third time; judged next */
  struct gathering older, newer;
  double late_time_s; /* of the last late value, and how many different */
  unsigned late_run;  /* times came late in a row: the clock was set back */
  struct judge judge;
};

struct watch {
  struct rules rules;
  struct host **table; /* open addressing, a power of two */
  size_t capacity, len;
  struct host *touched; /* the host of the last value; NULL once looked at */
  double touched_s;
  size_t cursor; /* next slot to look at after watch_wake */
  double wake_s;
  struct watch_losses losses;
};

struct watch *watch_create(const struct rules *rules) {
  struct watch *watch = calloc(1, sizeof(*watch));

  if (!watch)
    return NULL;
  watch->rules = *rules;
  watch->capacity = TABLE_START;
  watch->cursor = TABLE_START;
  watch->table = calloc(watch->capacity, sizeof(*watch->table));
  if (!watch->table) {
    free(watch);
    return NULL;
  }
  return watch;
}

void watch_destroy(struct watch *watch) {
  if (!watch)
    return;
  for (size_t i = 0; i < watch->capacity; i++)
    free(watch->table[i]);
  free(watch->table);
  free(watch);
}

static uint64_t hash(const struct watch *watch, const char *name) {
  uint64_t h = 14695981039346656037u ^ (uintptr_t)watch; /* FNV-1a, seeded */

  for (; *name; name++)
    h = (h ^ (unsigned char)*name) * 1099511628211u;
  return h ^ h >> 29;
}

/* The slot of a name: its host, or the free slot where it belongs. */
static struct host **slot(struct watch *watch, const char *name) {
  size_t mask = watch->capacity - 1, i = hash(watch, name) & mask;

  while (watch->table[i] && strcmp(watch->table[i]->name, name) != 0)
    i = (i + 1) & mask;
  return &watch->table[i];
}

static int grow(struct watch *watch) {
  struct host **old = watch->table;
  size_t old_capacity = watch->capacity;
  struct host **table = calloc(2 * old_capacity, sizeof(*table));

  if (!table)
    return -ENOMEM;
  watch->table = table;
  watch->capacity = 2 * old_capacity;
  watch->cursor = watch->cursor < old_capacity ? 0 : watch->capacity;
  for (size_t i = 0; i < old_capacity; i++)
    if (old[i])
      *slot(watch, old[i]->name) = old[i];
  free(old);
  return 0;
}

static int add_host(struct watch *watch, const char *name, struct host **out) {
  if ((double)watch->len >= watch->rules.max_hosts)
    return -ENOSPC;
  if (4 * (watch->len + 1) > 3 * watch->capacity && grow(watch) != 0)
    return -ENOMEM;
  struct host *host = calloc(1, sizeof(*host));
  if (!host)
    return -ENOMEM;
  strcpy(host->name, name); /* length checked by watch_put */
  judge_init(&host->judge);
  *slot(watch, name) = host;
  watch->len++;
  *out = host;
  return 0;
}

/* Times of one reading are equal; the network plugin keeps them to a
 * nanosecond, a CSV file perhaps only to a millisecond. */
static bool same_time(double a_s, double b_s) { return fabs(a_s - b_s) < 5e-4; }

/* A sender whose clock was set back would be late for as long as the step:
 * three ever later times that all come late are a new clock. */
static bool clock_was_set_back(struct host *host, double time_s) {
  if (time_s > host->late_time_s + 5e-4)
    host->late_run++;
  else if (!same_time(time_s, host->late_time_s))
    host->late_run = 1;
  host->late_time_s = time_s;
  return host->late_run >= LATE_RUN;
}

static void restart_clock(struct host *host) {
  host->judged_any = false;
  host->overdue.open = host->older.open = host->newer.open = false;
  host->late_run = 0;
}

static struct gathering *begin(struct gathering *at,
                               const struct watch_value *value) {
  memset(at, 0, sizeof(*at));
  at->open = true;
  at->first_now_s = value->now_s;
  at->snapshot.time_s = value->time_s;
  at->snapshot.interval_s = value->interval_s;
  return at;
}

/* The gathering a value belongs to, opened where it is new; NULL: too late. */
static struct gathering *place(struct host *host,
                               const struct watch_value *value) {
  double time_s = value->time_s;

  if (host->older.open && same_time(time_s, host->older.snapshot.time_s))
    return &host->older;
  if (host->newer.open && same_time(time_s, host->newer.snapshot.time_s))
    return &host->newer;
  if (!host->older.open)
    return begin(&host->older, value);
  if (time_s < host->older.snapshot.time_s)
    return NULL;
  if (host->newer.open) {
    if (host->overdue.open || time_s < host->newer.snapshot.time_s)
      return NULL;
    host->overdue = host->older;
    host->older = host->newer;
  }
  return begin(&host->newer, value);
}

static void copy_text(char *to, const char *from) {
  if (!from)
    return;
  size_t length = strnlen(from, SNAPSHOT_ADDRESS_MAX - 1);
  memcpy(to, from, length);
  to[length] = '\0';
}

static int fill(struct gathering *at, const struct watch_value *value) {
  struct snapshot *snapshot = &at->snapshot;
  uint32_t bit = 1u << value->signal;

  at->last_now_s = value->now_s;
  if (snapshot->have & bit)
    return -ESTALE;
  snapshot->have |= bit;
  if (value->is_rate)
    snapshot->rates |= bit;
  snapshot->value[value->signal] = value->value;
  copy_text(snapshot->listener, value->listener);
  copy_text(snapshot->top_source, value->top_source);
  if (value->backlog > 0)
    snapshot->backlog = value->backlog;
  return 0;
}

static bool usable(const struct watch_value *value) {
  size_t length = value->host ? strnlen(value->host, JUDGE_HOST_MAX) : 0;

  return length > 0 && length < JUDGE_HOST_MAX &&
         (unsigned)value->signal < SIGNAL_COUNT && isfinite(value->time_s) &&
         value->time_s > 0 && isfinite(value->interval_s) &&
         value->interval_s > 0;
}

static int put_late(struct watch *watch, struct host *host,
                    const struct watch_value *value) {
  if (host->judged_any && same_time(value->time_s, host->last.time_s))
    host->expected |= 1u << value->signal; /* wait for it the next time */
  else if (clock_was_set_back(host, value->time_s)) {
    restart_clock(host);
    return fill(place(host, value), value);
  }
  watch->losses.late_values++;
  return -ESTALE;
}

static int put_on_host(struct watch *watch, struct host *host,
                       const struct watch_value *value) {
  if (host->judged_any && value->time_s < host->last.time_s + 5e-4)
    return put_late(watch, host, value);
  struct gathering *at = place(host, value);
  if (!at)
    return put_late(watch, host, value);
  if (at == &host->older)
    host->late_run = 0;
  return fill(at, value);
}

static bool is_ready(const struct host *host, bool woken, double now_s) {
  const struct gathering *older = &host->older;

  if (!older->open)
    return false;
  uint32_t expected = host->expected;
  if (expected && (older->snapshot.have & expected) == expected)
    return true;
  double interval_s = older->snapshot.interval_s;
  bool quiet = now_s - older->last_now_s >= interval_s / 2;
  return (quiet && (woken || host->newer.open)) ||
         now_s - older->first_now_s >= 2 * interval_s;
}

static void judge(const struct watch *watch, struct host *host,
                  const struct snapshot *snapshot, struct judgement *out) {
  const struct snapshot *before = host->judged_any ? &host->last : NULL;
  struct observation seen;

  memcpy(out->host, host->name, sizeof(out->host));
  snapshot_observe(before, snapshot, &seen);
  judge_observation(&host->judge, &watch->rules, &seen, out);
  host->last = *snapshot;
  host->expected = snapshot->have;
  host->judged_any = true;
}

static bool judge_ready(const struct watch *watch, struct host *host,
                        bool woken, double now_s, struct judgement *out) {
  if (host->overdue.open) {
    host->overdue.open = false;
    judge(watch, host, &host->overdue.snapshot, out);
    return true;
  }
  if (!is_ready(host, woken, now_s))
    return false;
  judge(watch, host, &host->older.snapshot, out);
  host->older = host->newer;
  host->newer.open = false;
  return true;
}

int watch_put(struct watch *watch, const struct watch_value *value) {
  if (!usable(value))
    return -EINVAL;
  struct host *host = *slot(watch, value->host);
  int rc = host ? 0 : add_host(watch, value->host, &host);
  if (rc != 0) {
    watch->losses.refused_hosts++;
    return rc;
  }
  rc = put_on_host(watch, host, value);
  watch->touched = host;
  watch->touched_s = value->now_s;
  return rc;
}

bool watch_next(struct watch *watch, struct judgement *out) {
  if (watch->touched &&
      judge_ready(watch, watch->touched, false, watch->touched_s, out))
    return true;
  watch->touched = NULL;
  for (; watch->cursor < watch->capacity; watch->cursor++) {
    struct host *host = watch->table[watch->cursor];
    if (host && judge_ready(watch, host, true, watch->wake_s, out))
      return true;
  }
  return false;
}

void watch_wake(struct watch *watch, double now_s) {
  watch->wake_s = now_s;
  watch->cursor = 0;
}

void watch_get_losses(const struct watch *watch, struct watch_losses *out) {
  *out = watch->losses;
}

size_t watch_hosts(const struct watch *watch) { return watch->len; }
