/* Times of the day on days of the week, in some place's local time: when a
 * <Maintenance> is. Pure: the clock and the place are passed in. */
#ifndef VERDICT_SCHEDULE_H
#define VERDICT_SCHEDULE_H

#include <stdint.h>

enum { SCHEDULE_DAILY = 0x7f };

/* Bits of days, Monday in bit 0, of a text such as "mon-fri,sun" or "daily", in
 * any case. A range may pass Sunday: "fri-mon". NAN for what is none. */
double schedule_days(const char *text);

/* Seconds since midnight of "02:30", 00:00 to 24:00. NAN for what is none. */
double schedule_time(const char *text);

/* Seconds east of Greenwich at a time, seconds since 1970. */
struct schedule_zone {
  int32_t (*offset_at)(const void *zone, int64_t time_s);
  const void *zone;
};

/* From a time of each of the days to another, which is of the next day if it is
 * not later. */
struct schedule {
  unsigned days;
  int from_s, to_s; /* since midnight */
};

/* When the schedule ends that runs at now_s; both since 1970. 0: none runs. */
double schedule_until(const struct schedule *schedule,
                      const struct schedule_zone *zone, double now_s);

#endif
