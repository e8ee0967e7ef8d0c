/* The rule of POSIX's TZ, such as "CET-1CEST,M3.5.0,M10.5.0/3": the last line
 * of a TZif file, for the time after its last change, or TZ itself. */
#ifndef IO_ZONE_RULE_H
#define IO_ZONE_RULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum zone_day {
  ZONE_DAY_OF_MONTH, /* Mm.w.d: the week-th such weekday; 5 is the last */
  ZONE_DAY_NO_LEAP,  /* Jn: 1..365, February 29 is never counted */
  ZONE_DAY_COUNTED,  /* n: 0..365 */
};

struct zone_change {
  enum zone_day kind;
  int month, week, weekday;
  int day;
  int32_t time_s; /* of local time, -167..167 hours */
};

struct zone_rule {
  int32_t standard_s; /* east of Greenwich is above 0 */
  bool has_summer;
  int32_t summer_s;
  struct zone_change begin, end; /* of summer time */
};

/* Returns whether text, all len bytes of it, is a rule; else *out is not
 * touched. Summer time without dates has those of the United States, as in the
 * C library. */
bool zone_rule_parse(const char *text, size_t len, struct zone_rule *out);

/* time_s: within 10^15 seconds of 1970. */
int32_t zone_rule_offset_at(const struct zone_rule *rule, int64_t time_s);

#endif
