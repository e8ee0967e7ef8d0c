/* See watch_reading.h. Pure. */
#include "watch_reading.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum watch_severity watch_reading_severity(double gauge) {
  if (isnan(gauge))
    return WATCH_UNKNOWN;
  if (gauge < 1)
    return WATCH_OKAY;
  return gauge < 2 ? WATCH_WARNING : WATCH_FAILURE;
}

const char *watch_reading_word(enum watch_severity severity) {
  static const char *const words[] = {"unknown", "OKAY", "WARNING", "FAILURE"};
  return words[severity];
}

static int compare_incidents(const void *left, const void *right) {
  const struct watch_incident *a = left, *b = right;
  if (a->severity != b->severity)
    return a->severity > b->severity ? -1 : 1;
  int a_is_flood = strcmp(a->name, "syn_flood") == 0;
  int b_is_flood = strcmp(b->name, "syn_flood") == 0;
  if (a_is_flood != b_is_flood)
    return b_is_flood - a_is_flood;
  return strcmp(a->name, b->name);
}

void watch_reading_sort(struct watch_reading *reading) {
  qsort(reading->incidents, reading->incidents_len,
        sizeof(reading->incidents[0]), compare_incidents);
}

int watch_reading_open(const struct watch_reading *reading) {
  int open = 0;
  for (size_t i = 0; i < reading->incidents_len; i++)
    open += reading->incidents[i].severity >= WATCH_WARNING;
  return open;
}

enum watch_severity watch_reading_worst(const struct watch_reading *reading) {
  enum watch_severity worst = WATCH_UNKNOWN;
  for (size_t i = 0; i < reading->incidents_len; i++)
    if (reading->incidents[i].severity > worst)
      worst = reading->incidents[i].severity;
  return worst;
}
