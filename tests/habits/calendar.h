/* Local time by rule: a few zones whose rules are written down here, so that a
 * seed makes the same series on every machine. Pure. */
#ifndef HABITS_CALENDAR_H
#define HABITS_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

enum calendar_zone {
  CALENDAR_UTC,
  CALENDAR_BERLIN,   /* UTC+1; summer time by the rule of the European Union */
  CALENDAR_RIYADH,   /* UTC+3, weekend on Friday and Saturday */
  CALENDAR_KATHMANDU /* UTC+5:45 */
};

struct calendar {
  int64_t day;  /* since 1970, local */
  double day_s; /* of the day, 0 .. below 86400 */
  int weekday;  /* 0 Monday .. 6 Sunday */
};

/* Local time minus UTC. */
double calendar_zone_s(enum calendar_zone zone, double time_s);
struct calendar calendar_at(enum calendar_zone zone, double time_s);
bool calendar_is_weekend(enum calendar_zone zone, int weekday);

/* The clock change of a year: when summer time begins or ends, UTC. */
double calendar_change_s(int year, bool begins);

#endif
