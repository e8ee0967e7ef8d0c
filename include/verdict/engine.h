/* All that is judged, in one place: the hosts and the watched series. Values go
 * in, time passes, judgements come out; what was learned is saved and loaded.
 * Holds no lock and no clock; bounded by MaxHosts and MaxWatched. */
#ifndef VERDICT_ENGINE_H
#define VERDICT_ENGINE_H

#include "verdict/hosts.h"
#include "verdict/series.h"

struct engine;

/* rules are kept by reference and must outlive the engine. Returns NULL when
 * memory is short. */
struct engine *engine_create(const struct rules *rules);
void engine_destroy(struct engine *engine); /* NULL is allowed */

/* From now on these count; they are kept by reference, and are none at the
 * beginning. */
void engine_set_silences(struct engine *engine,
                         const struct silences *silences);

/* Take in one value of a host. Returns as hosts_put: -EAGAIN asks for
 * engine_next until it returns false, then for the same value again. Call
 * engine_next until false after each value. */
int engine_put_host(struct engine *engine, const struct hosts_value *value);
void engine_put_listeners(struct engine *engine, const char *host,
                          double time_s, double listeners);

/* Take in one value of a watched series; engine_next hands out its judgement.
 * Returns as series_put, and -EAGAIN as engine_put_host does. */
int engine_put_series(struct engine *engine, const struct series_rules *watched,
                      const struct series_name *name,
                      const struct series_value *value);

/* Time has passed: the next calls of engine_next look for snapshots that are
 * due, for hosts and series that have fallen silent, and for those to forget.
 * now_s: the receiver's clock; INFINITY at the end of all input: what is
 * gathered is judged, and nobody counts as silent. */
void engine_tick(struct engine *engine, double now_s);

struct engine_judgement {
  bool of_series;
  union {
    struct judgement host;
    struct series_judgement series;
  };
};

/* The next judgement: true and *out, or false when there is none. The series
 * whose value was just taken in comes first, then hosts, then series. */
bool engine_next(struct engine *engine, struct engine_judgement *out);

/* What the engine owns: to look at single hosts and series, or to restore some.
 */
struct hosts *engine_hosts(const struct engine *engine);
struct series *engine_series(const struct engine *engine);

/* What engine_save saves. Each member may be NULL: save all of them. Each gets
 * a copy, which it may change, and returns whether to save it. */
struct engine_filter {
  bool (*host)(void *context, struct hosts_host *host);
  bool (*series)(void *context, const char *identifier,
                 struct series_memory *memory);
  void *context;
  bool (*listener)(void *context); /* those of hosts that are saved */
};

/* Where engine_save writes to. */
struct engine_sink {
  /* The next piece of the text. Returns 0, or -errno, which ends the saving. */
  int (*append)(void *to, const char *text, size_t length);
  /* Take or give back the lock that guards the engine. The engine holds it only
   * to copy a few hosts or series; it calls nothing else meanwhile. NULL:
   * no other thread uses the engine. */
  void (*lock)(void *to, bool take);
  void *to;
};

/* Save as text (state_text.h), hosts first. saved_s: now, seconds since 1970.
 * One thread at a time; others may put values meanwhile, under the sink's lock.
 * Nobody is forgotten until it returns. Returns 0, or what append returned. */
int engine_save(struct engine *engine, double saved_s,
                const struct engine_filter *filter,
                const struct engine_sink *sink);

/* Show every host and series to the filter, as engine_save does, and save
 * nothing. No other thread may use the engine. */
void engine_show(struct engine *engine, const struct engine_filter *filter);

struct engine_loaded {
  size_t hosts, series, listeners; /* taken in */
  size_t old; /* left out: last seen more than MaxAge ago */
};

/* Take in saved text: length bytes, all of it. Everything is checked before
 * anything is taken in; what the rules have no room or <Watch> for is left out.
 * now_s: as saved_s. Returns 0 and *out; or as state_text_read with a reason in
 * error (STATE_TEXT_ERROR_MAX bytes); -ENOMEM when it was not loaded whole. */
int engine_load(struct engine *engine, const char *text, size_t length,
                double now_s, struct engine_loaded *out, char *error);

#endif
