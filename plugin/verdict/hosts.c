/* Hosts, the gathering of their snapshots, and the order of judgement. Pure. */
#include "verdict/hosts.h"

#include "verdict/clock_step.h"
#include "verdict/mixture.h"
#include "verdict/name_index.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS_START = 16 };

/* As struct hosts_host, but that the name has no more room than it needs. */
struct host {
  double seen_s;
  struct snapshot last;
  struct judge judge;
  struct snapshot_mark mark; /* watch_host.before */
  struct judge judge_before;
  struct gather gather;
  struct judge_absence absence;
  struct mixture mixture;
  bool silent;   /* said so */
  double missed; /* intervals that were told to be missed; 0: none */
  char name[];
};

struct hosts {
  const struct rules *rules;
  struct host **hosts; /* len of them */
  size_t len, capacity;
  struct name_index index;
  struct gather_pool pool;
  struct host *touched; /* the host of the last value; NULL once looked at */
  double touched_s;
  size_t cursor;          /* next host to look at after hosts_wake */
  double wake_s, begin_s; /* begin_s: the first of them */
  bool held;
  struct hosts_losses losses;
};

static const char *name_of(const void *owner, uint32_t number) {
  return ((const struct hosts *)owner)->hosts[number]->name;
}

struct hosts *hosts_create(const struct rules *rules) {
  struct hosts *watch = calloc(1, sizeof(*watch));

  if (!watch)
    return NULL;
  watch->rules = rules;
  name_index_init(&watch->index, name_of, watch);
  return watch;
}

static void destroy_host(struct hosts *watch, struct host *host) {
  gather_release(&host->gather, &watch->pool);
  free(host);
}

void hosts_destroy(struct hosts *watch) {
  if (!watch)
    return;
  for (size_t i = 0; i < watch->len; i++)
    destroy_host(watch, watch->hosts[i]);
  gather_pool_free(&watch->pool);
  free(watch->hosts);
  name_index_free(&watch->index);
  free(watch);
}

static struct host *find(const struct hosts *watch, const char *name) {
  uint32_t number = name_index_find(&watch->index, name);

  return number == NAME_INDEX_NONE ? NULL : watch->hosts[number];
}

static int grow(struct hosts *watch) {
  size_t capacity = watch->capacity ? 2 * watch->capacity : HOSTS_START;
  struct host **hosts = realloc(watch->hosts, capacity * sizeof(*hosts));

  if (!hosts)
    return -ENOMEM;
  watch->hosts = hosts;
  watch->capacity = capacity;
  return 0;
}

static int add_host(struct hosts *watch, const char *name, struct host **out) {
  size_t size = strlen(name) + 1;

  if (!plain_text_is(name, size - 1))
    return -EILSEQ;
  if ((double)watch->len >= watch->rules->max_hosts)
    return -ENOSPC;
  struct host *host = calloc(1, sizeof(*host) + size);
  if (!host || (watch->len >= watch->capacity && grow(watch) != 0) ||
      name_index_add(&watch->index, name, (uint32_t)watch->len) != 0) {
    free(host);
    return -ENOMEM;
  }
  memcpy(host->name, name, size);
  judge_init(&host->judge);
  judge_init(&host->judge_before);
  gather_init(&host->gather, 0);
  watch->hosts[watch->len++] = host;
  *out = host;
  return 0;
}

static void forget(struct hosts *watch, size_t i) {
  struct host *host = watch->hosts[i], *last = watch->hosts[watch->len - 1];

  if (watch->touched == host)
    watch->touched = NULL;
  name_index_remove(&watch->index, host->name);
  watch->hosts[i] = last;
  if (last != host)
    name_index_renumber(&watch->index, last->name, (uint32_t)i);
  watch->len--;
  destroy_host(watch, host);
}

static bool usable(const struct hosts *watch, const struct hosts_value *value) {
  size_t length = value->host ? strnlen(value->host, JUDGE_HOST_MAX) : 0;

  return length > 0 && length < JUDGE_HOST_MAX &&
         (unsigned)value->signal < SIGNAL_COUNT &&
         clock_is_possible(value->time_s, value->interval_s,
                           watch->rules->max_age_s);
}

int hosts_put(struct hosts *watch, const struct hosts_value *value) {
  if (!usable(watch, value))
    return -EINVAL;
  struct host *host = find(watch, value->host);
  int rc = host ? 0 : add_host(watch, value->host, &host);
  if (rc != 0) {
    watch->losses.refused_hosts++;
    return rc;
  }
  rc = gather_put(&host->gather, &watch->pool, &host->last, value);
  if (rc == -ESTALE)
    watch->losses.late_values++;
  watch->touched = host;
  watch->touched_s = value->now_s;
  return rc;
}

void hosts_put_listeners(struct hosts *watch, const char *name, double time_s,
                         double listeners) {
  struct host *host = find(watch, name);

  if (host)
    gather_put_listeners(&host->gather, time_s, listeners);
}

void hosts_observe(const struct hosts_host *host, struct observation *out) {
  snapshot_observe(&host->before.last, &host->last, out);
}

/* Whether an incident was open and this snapshot shows no evidence of it. */
static bool shows_no_more(struct judge *before, const struct judgement *judged,
                          enum incident_kind kind) {
  const struct finding *finding = &judged->finding[kind];

  return judge_incident(before, kind)->severity != SEVERITY_OKAY &&
         !(finding->judged && finding->evidence);
}

/* An incident is where its evidence was seen last: when it is over, some other
 * queue is the fullest. */
static void stay_where_it_is(struct host *host, const struct snapshot *before,
                             struct judgement *judged) {
  struct snapshot *now = &host->last;
  struct observation *told = &judged->seen;

  if (shows_no_more(&host->judge_before, judged, INCIDENT_SYN_FLOOD)) {
    now->syn_queue = told->syn_queue = before->syn_queue;
    memcpy(now->top_source, before->top_source, sizeof(now->top_source));
    memcpy(told->top_source, before->top_source, sizeof(told->top_source));
  }
  if (shows_no_more(&host->judge_before, judged, INCIDENT_ACCEPT_OVERFLOW))
    now->accept_queue = told->accept_queue = before->accept_queue;
}

static void tell_host(const struct host *host, struct judgement *out) {
  memcpy(out->host, host->name, strlen(host->name) + 1);
}

/* Of two machines nothing is judged and nothing is learnt; nor of what may be
 * another one's reading. */
static void judge_observed(struct hosts *watch, struct host *host,
                           const struct observation *seen,
                           struct judgement *out) {
  enum mixture_change mixture =
      mixture_look(&host->mixture, &host->mark, &host->last, seen);

  if (mixture == MIXTURE_NONE) {
    judge_observation(&host->judge, watch->rules, seen, out);
  } else {
    memset(out->finding, 0, sizeof(out->finding));
    out->seen = *seen;
    out->silent_s = 0;
    out->mutes = false;
  }
  out->mixed = mixture == MIXTURE_BEGINS;
}

/* A reading has come; host->seen_s is not yet of it. */
static void tell_return(struct host *host, double heard_s,
                        struct judgement *out) {
  out->away = out->fell_silent = false;
  out->came_back = host->silent;
  out->is_back = host->missed > 0 || host->silent;
  out->away_s = heard_s - host->seen_s;
  host->silent = false;
  host->missed = 0;
}

static bool judge_ready(struct hosts *watch, struct host *host, double now_s,
                        struct judgement *out) {
  struct observation seen;

  if (!gather_ready(&host->gather, now_s))
    return false;
  struct snapshot before = host->last;
  snapshot_take_mark(&host->last, &host->mark);
  host->judge_before = host->judge;
  double heard_s = gather_take(&host->gather, &watch->pool, &host->last);
  tell_return(host, heard_s, out);
  host->seen_s = heard_s;
  snapshot_observe(&host->mark, &host->last, &seen);
  tell_host(host, out);
  judge_observed(watch, host, &seen, out);
  judge_look_for_absence(&host->absence, watch->rules, &host->judge, out);
  stay_where_it_is(host, &before, out);
  return true;
}

static double silence_of(const struct hosts *watch, const struct host *host) {
  return watch->wake_s - gather_heard(&host->gather, host->seen_s);
}

/* While the receiver itself was down, no host was silent. */
static double awake_of(const struct hosts *watch, double silent_s) {
  return fmin(silent_s, watch->wake_s - watch->begin_s);
}

static void tell_away(struct host *host, double away_s, struct judgement *out) {
  tell_host(host, out);
  out->mixed = out->came_back = out->is_back = out->fell_silent = false;
  out->away = true;
  out->away_s = away_s;
}

/* A host that says nothing for so long that what is open is closed. */
static bool judge_silence(struct hosts *watch, struct host *host,
                          struct judgement *out) {
  double silent_s = silence_of(watch, host);
  double awake_s = awake_of(watch, silent_s);

  if (host->silent || !host->last.have || !isfinite(watch->wake_s) ||
      awake_s < watch->rules->silent_after_s ||
      awake_s < fmin(3 * host->last.interval_s, watch->rules->max_age_s))
    return false;
  host->silent = true;
  tell_away(host, silent_s, out);
  out->fell_silent = true;
  host->missed = floor(silent_s / host->last.interval_s); /* told up to now */
  judge_silent(&host->judge, &host->last, silent_s, out);
  return true;
}

/* A host whose readings are missing, once for each: what is open stays so.
 * Times lag an interval behind, so that a reading that comes after all is
 * later. */
static bool judge_away(struct hosts *watch, struct host *host,
                       struct judgement *out) {
  double interval_s = host->last.interval_s, silent_s = silence_of(watch, host);

  if (!host->last.have || host->gather.older || !isfinite(watch->wake_s) ||
      awake_of(watch, silent_s) < 3 * interval_s)
    return false;
  double missed = floor(silent_s / interval_s) - 1;
  if (missed <= host->missed)
    return false;
  host->missed = missed;
  tell_away(host, silent_s, out);
  judge_hold(&host->judge, &host->last, missed * interval_s, out);
  return true;
}

static bool is_forgotten(const struct hosts *watch, const struct host *host) {
  double heard_s = gather_heard(&host->gather, host->seen_s);

  return !watch->held && isfinite(watch->wake_s) &&
         watch->wake_s - heard_s > watch->rules->max_age_s;
}

bool hosts_next(struct hosts *watch, struct judgement *out) {
  if (watch->touched &&
      judge_ready(watch, watch->touched, watch->touched_s, out))
    return true;
  watch->touched = NULL;
  while (watch->cursor < watch->len) {
    struct host *host = watch->hosts[watch->cursor];
    if (judge_ready(watch, host, watch->wake_s, out) ||
        judge_silence(watch, host, out) || judge_away(watch, host, out))
      return true;
    if (is_forgotten(watch, host))
      forget(watch, watch->cursor);
    else
      watch->cursor++;
  }
  return false;
}

/* The receiver's clock was set, or the machine slept: no host fell silent. */
static void shift_clock(struct hosts *watch, double step_s, double now_s) {
  watch->begin_s += step_s;
  for (size_t i = 0; i < watch->len; i++) {
    struct host *host = watch->hosts[i];
    host->seen_s = clock_step_follow(host->seen_s, step_s, now_s);
    gather_follow_clock(&host->gather, step_s, now_s);
  }
}

void hosts_wake(struct hosts *watch, double now_s) {
  double step_s = now_s - watch->wake_s;

  if (watch->wake_s <= 0)
    watch->begin_s = now_s;
  else if (isfinite(now_s) &&
           (step_s < 0 || step_s > watch->rules->silent_after_s / 2))
    shift_clock(watch, step_s, now_s);
  watch->wake_s = now_s;
  watch->cursor = 0;
}

void hosts_get_losses(const struct hosts *watch, struct hosts_losses *out) {
  *out = watch->losses;
}

size_t hosts_count(const struct hosts *watch) { return watch->len; }

void hosts_at(const struct hosts *watch, size_t i, struct hosts_host *out) {
  const struct host *host = watch->hosts[i];

  memset(out->name, 0, sizeof(out->name));
  memcpy(out->name, host->name, strlen(host->name));
  out->seen_s = host->seen_s;
  out->last = host->last;
  out->judge = host->judge;
  out->before.last = host->mark;
  out->before.judge = host->judge_before;
}

void hosts_hold(struct hosts *watch, bool hold) { watch->held = hold; }

int hosts_restore(struct hosts *watch, const struct hosts_host *saved) {
  struct host *host = find(watch, saved->name);

  if (host)
    return -EEXIST;
  int rc = add_host(watch, saved->name, &host);
  if (rc != 0)
    return rc;
  host->seen_s = saved->seen_s;
  host->last = saved->last;
  host->judge = saved->judge;
  host->mark = saved->before.last;
  host->judge_before = saved->before.judge;
  gather_init(&host->gather, saved->last.have);
  return 0;
}
