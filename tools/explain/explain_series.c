/* See explain_series.h. */
#include "explain_series.h"

#include "verdict/state/state_text.h"

#include <errno.h>
#include <string.h>

struct wish {
  const struct rules *rules;
  const char *host, *watch;
  int (*take)(void *to, const struct explain_series *series);
  void *to;
};

/* Judge a value that is no surprise, in a table of its own: the limits are
 * those of whatever comes next. A counter's value is judged as a rate. */
static int look_ahead(const struct rules *rules, const struct series_name *name,
                      struct explain_series *series) {
  const struct series_memory *memory = series->memory;
  struct series *table = series_create(rules);
  struct series_judgement judgement = {.finding = {.judged = false}};
  /* One that was learnt from history has had no value yet. */
  double interval_s = memory->interval_s > 0 ? memory->interval_s : 10;
  struct series_value value = {
      .kind = memory->counter != 0 ? SERIES_RATE : SERIES_GAUGE,
      .gauge = memory->baseline.level,
      .time_s = memory->time_s + interval_s,
      .interval_s = interval_s,
      .now_s = memory->seen_s + interval_s,
  };

  if (!table)
    return -ENOMEM;
  int rc = series_restore(table, series->identifier, memory);
  if (rc == 0)
    rc = series_put(table, series->rules, name, &value, &judgement);
  series->next = judgement.finding;
  series_destroy(table);
  return rc == -ENOMEM ? rc : 0;
}

static int take(void *to, const char *identifier,
                const struct series_memory *memory) {
  const struct wish *wish = to;
  char parts[SERIES_IDENTIFIER_MAX];
  struct series_name name;
  struct explain_series series = {.identifier = identifier, .memory = memory};

  if (identifier_split(identifier, parts, &name) != 0 ||
      (wish->host && strcmp(name.host, wish->host) != 0))
    return 0;
  series.rules = identifier_match(wish->rules, &name);
  if (!series.rules ||
      (wish->watch && strcmp(series.rules->name, wish->watch) != 0))
    return 0;
  int rc = look_ahead(wish->rules, &name, &series);
  return rc == 0 ? wish->take(wish->to, &series) : rc;
}

int explain_series_each(
    const struct explain_source *source, const char *host, const char *watch,
    int (*take_one)(void *to, const struct explain_series *series), void *to) {
  struct wish wish = {&source->rules, host, watch, take_one, to};
  struct state_text_reader reader = {NULL, take, &wish};
  char error[STATE_TEXT_ERROR_MAX];

  return state_text_read(source->text, source->length, &reader, error);
}
