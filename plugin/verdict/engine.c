/* Hosts and series side by side: one order of judgement, one walk to save them
 * and one to load them. Pure: the caller brings the clock, the lock and the
 * file. */
#include "verdict/engine.h"

#include "verdict/state/state_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { COPIES_MAX = 8 }; /* copied under one hold of the lock */

struct series_copy {
  char identifier[SERIES_IDENTIFIER_MAX];
  struct series_memory memory;
};

struct engine {
  const struct rules *rules;
  struct hosts *hosts;
  struct series *series;
  bool is_judged; /* series_judged was not handed out yet */
  struct series_judgement series_judged;
  /* For engine_save alone, so that saving needs no memory. */
  union {
    struct hosts_host host[COPIES_MAX];
    struct series_copy series[COPIES_MAX];
  } copies;
  struct listeners_one listener;
  bool any_listeners; /* when the hosts were copied */
  char text[STATE_TEXT_HOST_MAX];
};

_Static_assert((int)STATE_TEXT_HOST_MAX >= (int)STATE_TEXT_SERIES_MAX &&
                   (int)STATE_TEXT_HOST_MAX >= (int)STATE_TEXT_FRAME_MAX,
               "text holds every piece");

struct engine *engine_create(const struct rules *rules) {
  struct engine *engine = calloc(1, sizeof(*engine));

  if (!engine)
    return NULL;
  engine->rules = rules;
  engine->hosts = hosts_create(rules);
  engine->series = series_create(rules);
  if (engine->hosts && engine->series)
    return engine;
  engine_destroy(engine);
  return NULL;
}

void engine_destroy(struct engine *engine) {
  if (!engine)
    return;
  hosts_destroy(engine->hosts);
  series_destroy(engine->series);
  free(engine);
}

struct hosts *engine_hosts(const struct engine *engine) {
  return engine->hosts;
}

struct series *engine_series(const struct engine *engine) {
  return engine->series;
}

void engine_set_silences(struct engine *engine,
                         const struct silences *silences) {
  hosts_set_silences(engine->hosts, silences);
  series_set_silences(engine->series, silences);
}

int engine_put_host(struct engine *engine, const struct hosts_value *value) {
  return hosts_put(engine->hosts, value);
}

void engine_put_listeners(struct engine *engine, const char *host,
                          double time_s, double listeners) {
  hosts_put_listeners(engine->hosts, host, time_s, listeners);
}

int engine_put_series(struct engine *engine, const struct series_rules *watched,
                      const struct series_name *name,
                      const struct series_value *value) {
  if (engine->is_judged)
    return -EAGAIN;
  int rc =
      series_put(engine->series, watched, name, value, &engine->series_judged);
  engine->is_judged = rc == 0;
  return rc;
}

void engine_tick(struct engine *engine, double now_s) {
  hosts_wake(engine->hosts, now_s);
  if (isfinite(now_s))
    series_wake(engine->series, now_s);
}

/* The series whose value has just come is first: the caller waits for it. */
bool engine_next(struct engine *engine, struct engine_judgement *out) {
  out->of_series = engine->is_judged;
  if (engine->is_judged) {
    out->series = engine->series_judged;
    engine->is_judged = false;
    return true;
  }
  if (hosts_next(engine->hosts, &out->host))
    return true;
  out->of_series = true;
  return series_next(engine->series, &out->series);
}

/* One walk over all that the engine holds. */
struct walk {
  struct engine *engine;
  const struct engine_filter *filter;
  const struct engine_sink *sink; /* NULL: the filter only looks */
  struct state_text state;
};

static void lock(const struct walk *walk, bool take) {
  if (walk->sink && walk->sink->lock)
    walk->sink->lock(walk->sink->to, take);
}

/* While held, nobody is forgotten, so that numbers stay the same between two
 * holds of the lock. */
static void hold(const struct walk *walk, bool held) {
  lock(walk, true);
  hosts_hold(walk->engine->hosts, held);
  series_hold(walk->engine->series, held);
  lock(walk, false);
}

static size_t copy_hosts(const struct walk *walk, size_t from) {
  struct engine *engine = walk->engine;
  size_t len = 0;

  lock(walk, true);
  size_t count = hosts_count(engine->hosts);
  engine->any_listeners = hosts_listeners_count(engine->hosts) > 0;
  for (; len < COPIES_MAX && from + len < count; len++)
    hosts_at(engine->hosts, from + len, &engine->copies.host[len]);
  lock(walk, false);
  return len;
}

static size_t copy_series(const struct walk *walk, size_t from) {
  struct engine *engine = walk->engine;
  const char *identifier, *watch;
  size_t len = 0;

  lock(walk, true);
  size_t count = series_count(engine->series);
  for (; len < COPIES_MAX && from + len < count; len++) {
    struct series_copy *copy = &engine->copies.series[len];
    copy->memory = *series_at(engine->series, from + len, &identifier, &watch);
    memcpy(copy->identifier, identifier, strlen(identifier) + 1);
  }
  lock(walk, false);
  return len;
}

static int append(const struct walk *walk, size_t length) {
  return walk->sink->append(walk->sink->to, walk->engine->text, length);
}

static bool next_listener(const struct walk *walk, size_t i) {
  struct listeners_one *one = &walk->engine->listener;

  lock(walk, true);
  bool found = hosts_listener_from(walk->engine->hosts, i, one->port + 1u, one);
  lock(walk, false);
  return found;
}

/* Those of host number i, in the order of their ports. */
static int save_listeners(struct walk *walk, size_t i, const char *host) {
  struct engine *engine = walk->engine;
  const struct engine_filter *filter = walk->filter;
  int rc = 0;

  engine->listener.port = 0;
  while (rc == 0 && engine->any_listeners && next_listener(walk, i))
    if (!filter->listener || filter->listener(filter->context))
      rc = append(walk, state_text_listener(&walk->state, host,
                                            &engine->listener, engine->text));
  return rc;
}

static int save_host(struct walk *walk, size_t i, struct hosts_host *host) {
  const struct engine_filter *filter = walk->filter;

  if ((filter->host && !filter->host(filter->context, host)) || !walk->sink)
    return 0;
  int rc =
      append(walk, state_text_host(&walk->state, host, walk->engine->text));
  return rc == 0 ? save_listeners(walk, i, host->name) : rc;
}

static int save_series(struct walk *walk, struct series_copy *copy) {
  const struct engine_filter *filter = walk->filter;

  if (filter->series &&
      !filter->series(filter->context, copy->identifier, &copy->memory))
    return 0;
  return walk->sink
             ? append(walk,
                      state_text_series(&walk->state, copy->identifier,
                                        &copy->memory, walk->engine->text))
             : 0;
}

static int save_all(struct walk *walk) {
  struct engine *engine = walk->engine;
  size_t from, len;
  int rc = 0;

  for (from = 0; rc == 0 && (len = copy_hosts(walk, from)) > 0; from += len)
    for (size_t i = 0; rc == 0 && i < len; i++)
      rc = save_host(walk, from + i, &engine->copies.host[i]);
  for (from = 0; rc == 0 && (len = copy_series(walk, from)) > 0; from += len)
    for (size_t i = 0; rc == 0 && i < len; i++)
      rc = save_series(walk, &engine->copies.series[i]);
  return rc;
}

int engine_save(struct engine *engine, double saved_s,
                const struct engine_filter *filter,
                const struct engine_sink *sink) {
  struct walk walk = {.engine = engine, .filter = filter, .sink = sink};

  hold(&walk, true);
  int rc = append(&walk, state_text_begin(&walk.state, saved_s, engine->text));
  if (rc == 0)
    rc = save_all(&walk);
  if (rc == 0)
    rc = append(&walk, state_text_end(&walk.state, engine->text));
  hold(&walk, false);
  return rc;
}

void engine_show(struct engine *engine, const struct engine_filter *filter) {
  struct walk walk = {.engine = engine, .filter = filter};

  hold(&walk, true);
  save_all(&walk);
  hold(&walk, false);
}

struct loading {
  struct engine *engine;
  double now_s;
  struct engine_loaded loaded;
};

static bool is_too_old(struct loading *loading, double seen_s) {
  bool old = loading->now_s - seen_s > loading->engine->rules->max_age_s;

  loading->loaded.old += old;
  return old;
}

/* Only lack of memory stops the loading. */
static int load_host(void *to, const struct hosts_host *host) {
  struct loading *loading = to;

  if (is_too_old(loading, host->seen_s))
    return 0;
  int rc = hosts_restore(loading->engine->hosts, host);
  loading->loaded.hosts += rc == 0;
  return rc == -ENOMEM ? rc : 0;
}

/* What is of a host that was left out is, too. */
static int load_listener(void *to, const char *host,
                         const struct listeners_one *one) {
  struct loading *loading = to;

  if (loading->now_s - one->seen_s > loading->engine->rules->max_age_s)
    return 0;
  int rc = hosts_restore_listener(loading->engine->hosts, host, one);
  loading->loaded.listeners += rc == 0;
  return rc == -ENOMEM ? rc : 0;
}

static int load_series(void *to, const char *identifier,
                       const struct series_memory *memory) {
  struct loading *loading = to;

  if (is_too_old(loading, memory->seen_s))
    return 0;
  int rc = series_restore(loading->engine->series, identifier, memory);
  loading->loaded.series += rc == 0;
  return rc == -ENOMEM ? rc : 0;
}

int engine_load(struct engine *engine, const char *text, size_t length,
                double now_s, struct engine_loaded *out, char *error) {
  struct loading loading = {.engine = engine, .now_s = now_s};
  struct state_text_reader reader = {load_host, load_series, &loading};

  int rc =
      state_text_read_listeners(text, length, &reader, load_listener, error);
  if (rc == 0)
    *out = loading.loaded;
  return rc;
}
