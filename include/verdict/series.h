/* <Watch>: any series of any plugin under the generic baseline. One value in,
 * one judgement out. Bounded by MaxWatched. */
#ifndef VERDICT_SERIES_H
#define VERDICT_SERIES_H

#include "verdict/identifier.h"
#include "verdict/incidents/incident.h"
#include "verdict/silences.h"
#include "verdict/watch/habit.h"

#include <stddef.h>

enum series_value_kind {
  SERIES_GAUGE,
  SERIES_COUNTER,
  SERIES_INCREMENT,
  SERIES_RATE
};

struct series_value {
  enum series_value_kind kind;
  double gauge;    /* also a rate; SERIES_INCREMENT: since the last value */
  int64_t counter; /* SERIES_COUNTER: since the start of whatever counts */
  double time_s, interval_s; /* the sender's clock */
  double now_s;              /* the receiver's clock */
  double zone_s;             /* local time less UTC, for the time of day */
};

/* What is remembered of one series, and saved. Plain data, 2 KB. */
struct series_memory {
  double time_s;   /* of the last value; 0 none */
  double seen_s;   /* the receiver's clock then */
  int64_t counter; /* the last raw value of a counter */
  float interval_s;
  uint8_t told; /* the running event has raised an incident */
  struct incident incident;
  struct habit habit;
};

/* One value, judged. */
struct series_judgement {
  const struct series_rules *rules; /* the <Watch> */
  char identifier[SERIES_IDENTIFIER_MAX];
  double time_s, interval_s;
  struct finding finding;
  struct habit_now now; /* what it was judged by */
  double silent_s;      /* above 0: nothing came for so long */
};

struct series;

/* rules are kept by reference. Returns NULL when memory is short. */
struct series *series_create(const struct rules *rules);
void series_destroy(struct series *series);

/* What a <Watch> wants of a habit. */
struct habit_settings series_settings(const struct rules *rules,
                                      const struct series_rules *watch);

/* From now on these count, kept by reference; NULL: none do. */
void series_set_silences(struct series *series,
                         const struct silences *silences);

/* A series that was just met. */
void series_memory_init(struct series_memory *memory);

/* Judge one value of a series of the <Watch> it belongs to. Returns 0 and *out
 * when it was judged; -ENODATA when there is nothing to judge yet (the first
 * value of a counter, NAN); -ESTALE for a time not after the last; -ENOSPC
 * beyond MaxWatched; -ENOMEM; -EILSEQ for a name that is not plain_text. */
int series_put(struct series *series, const struct series_rules *rules,
               const struct series_name *name, const struct series_value *value,
               struct series_judgement *out);

/* Time has passed: let series_next look for series that have fallen silent.
 * now_s: the receiver's clock. */
void series_wake(struct series *series, double now_s);

/* The next open incident of a silent series, closed: true and *out. Forgets
 * series silent for MaxAge on its way. */
bool series_next(struct series *series, struct series_judgement *out);

/* Series known; number i of them, in no stable order, with its identifier
 * "host/plugin-instance/type-instance" and the data source behind a colon. */
size_t series_count(const struct series *series);
const struct series_memory *series_at(const struct series *series, size_t i,
                                      const char **identifier,
                                      const char **watch);

/* While held, no series is forgotten. */
void series_hold(struct series *series, bool hold);

/* Take in what was saved of one series. Returns 0; -ENOENT when no <Watch>
 * wants it any more; -EINVAL for what is no identifier; or as series_put. */
int series_restore(struct series *series, const char *identifier,
                   const struct series_memory *memory);

#endif
