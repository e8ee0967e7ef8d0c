/* The judge of this build: one <Watch>, as the plugin would set it up. */
#include "judge.h"

#include "verdict/rules.h"
#include "verdict/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_SIZE = 32 };

struct watch {
  struct rules *rules;
  struct series *series;
  char (*names)[NAME_SIZE];
};

static void destroy(void *judge) {
  struct watch *watch = judge;

  if (!watch)
    return;
  series_destroy(watch->series);
  free(watch->rules);
  free(watch->names);
  free(watch);
}

static int set(struct rules *rules, const struct rules_block *block,
               const char *key, const char *text, char *error) {
  struct rules_value value = {.type = RULES_STRING, .string = text};

  return rules_set(rules, block, key, &value, error);
}

/* 0, or not and a message. */
static int configure(struct rules *rules, const struct habits_option *options,
                     size_t options_len, char *error) {
  struct rules_block block;

  rules_defaults(rules);
  if (rules_open(rules, "Watch", "habits", &block, error) != 0 ||
      set(rules, &block, "Plugin", "*", error) != 0)
    return -1;
  for (size_t i = 0; i < options_len; i++) {
    bool of_top = strcmp(options[i].key, "Weekend") == 0;
    if (set(rules, of_top ? &rules_top : &block, options[i].key,
            options[i].value, error) != 0)
      return -1;
  }
  return rules_check(rules, error);
}

static void *create(size_t series, const struct habits_option *options,
                    size_t options_len, char *error) {
  struct watch *watch = calloc(1, sizeof(*watch));

  snprintf(error, RULES_ERROR_MAX, "out of memory");
  if (!watch)
    return NULL;
  watch->rules = calloc(1, sizeof(*watch->rules));
  watch->names = calloc(series, sizeof(*watch->names));
  if (watch->rules && watch->names &&
      configure(watch->rules, options, options_len, error) == 0)
    watch->series = series_create(watch->rules);
  if (!watch->series) {
    destroy(watch);
    return NULL;
  }
  for (size_t i = 0; i < series; i++)
    snprintf(watch->names[i], NAME_SIZE, "host%zu", i);
  return watch;
}

static void put(void *judge, size_t series, const struct habits_value *value,
                struct habits_answer *out) {
  struct watch *watch = judge;
  struct series_name name = {.host = watch->names[series],
                             .plugin = "habits",
                             .plugin_instance = "",
                             .type = value->counter ? "derive" : "gauge",
                             .type_instance = "",
                             .data_source = ""};
  struct series_value given = {
      .kind = value->counter ? SERIES_COUNTER : SERIES_GAUGE,
      .gauge = value->value,
      .counter = value->counter ? (int64_t)value->value : 0,
      .time_s = value->time_s,
      .interval_s = value->interval_s,
      .now_s = value->time_s,
      .zone_s = value->zone_s,
  };
  struct series_judgement judged;

  memset(out, 0, sizeof(*out));
  if (series_put(watch->series, &watch->rules->series[0], &name, &given,
                 &judged) != 0)
    return;
  *out = (struct habits_answer){
      .judged = judged.finding.judged,
      .alarm = judged.finding.change == INCIDENT_RAISED,
      .expected = judged.finding.expected,
      .lower = judged.finding.lower,
      .upper = judged.finding.upper,
      .score = judged.finding.score,
  };
}

const struct habits_judge habits_judge = {
    .name = "watch",
    .bytes = sizeof(struct series_memory),
    .create = create,
    .destroy = destroy,
    .put = put,
};
