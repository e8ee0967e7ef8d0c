/* A reading, the counters beside it, and the list of metrics that they give.
 * Included by the files that test metrics.c. */
#ifndef TESTS_TABLE_METRICS_SCENE_H
#define TESTS_TABLE_METRICS_SCENE_H

#include "table/metrics.h"

#include <check.h>
#include <math.h>
#include <string.h>

static struct reading *reading;
static struct kernel_counters counters;
static struct metrics *metrics;
static const struct metrics_list *list;

static inline void begin(const uint16_t *ports, size_t ports_len) {
  memset(&counters, 0, sizeof(counters));
  reading = reading_create(ports, ports_len);
  ck_assert_ptr_nonnull(reading);
  metrics = NULL;
}

static inline void teardown(void) {
  metrics_destroy(metrics);
  reading_destroy(reading);
}

/* The list of another instance from now on. Unless told otherwise, a window of
 * 30 readings. */
static inline void begin_metrics(struct metrics_options options) {
  if (options.variance_window == 0)
    options.variance_window = 30;
  metrics_destroy(metrics);
  metrics = metrics_create(&options);
  ck_assert_ptr_nonnull(metrics);
}

static inline void add_row(struct tcp_row row, unsigned times) {
  for (unsigned i = 0; i < times; i++)
    ck_assert_int_eq(reading_add(reading, &row), 0);
}

static inline void set(enum kernel_counter counter, int64_t value) {
  counters.known[counter] = true;
  counters.value[counter] = value;
}

static inline void compute(void) {
  ck_assert_int_eq(metrics_compute(metrics, reading, &counters, 0.25, &list),
                   0);
}

/* The one metric of that name, or NULL. */
static inline const struct metric *find(const char *instance, const char *type,
                                        const char *type_instance) {
  const struct metric *found = NULL;
  for (size_t i = 0; i < list->len; i++) {
    const struct metric *metric = &list->items[i];
    if (strcmp(metric->instance, instance) != 0 ||
        strcmp(metric->type, type) != 0 ||
        strcmp(metric->type_instance, type_instance) != 0)
      continue;
    ck_assert_msg(found == NULL, "%s/%s-%s twice", instance, type,
                  type_instance);
    found = metric;
  }
  return found;
}

static inline double value(const char *instance, const char *type,
                           const char *type_instance) {
  const struct metric *metric = find(instance, type, type_instance);
  ck_assert_msg(metric != NULL, "no %s/%s-%s", instance, type, type_instance);
  ck_assert(!metric->is_counter);
  return metric->gauge;
}

static inline void assert_value(const char *instance, const char *type,
                                const char *type_instance, double expected) {
  double found = value(instance, type, type_instance);
  ck_assert_msg(fabs(found - expected) < 1e-9, "%s/%s-%s: %g is not %g",
                instance, type, type_instance, found, expected);
}

static inline void assert_unknown(const char *instance, const char *type,
                                  const char *type_instance) {
  ck_assert_msg(isnan(value(instance, type, type_instance)), "%s/%s-%s",
                instance, type, type_instance);
}

#endif
