/* The limit of rarity that gives so many alarms a month: what chance alone
 * would do, corrected by how often a lower level was really exceeded. */
#ifndef VERDICT_WATCH_ALARM_RATE_H
#define VERDICT_WATCH_ALARM_RATE_H

#include <stdbool.h>
#include <stdint.h>

/* Plain data, saved as it is. */
struct alarm_rate {
  float months;     /* observed, fading */
  float events;     /* excursions above the lower level, fading */
  float excess;     /* how far they went beyond it, in all */
  float peak;       /* of the one that is going on */
  float below_s;    /* so long below the lower level */
  float level;      /* the lower level */
  float limit;      /* 0: none yet */
  uint8_t is_event; /* an excursion is going on */
};

/* One value. Returns whether an excursion has ended. rarity: of it; passed_s:
 * the time that it stands for. */
bool alarm_rate_take(struct alarm_rate *rate, float rarity, float passed_s);

/* Set level and limit anew. wanted: alarms a month; block_s: seconds of a block
 * of time. */
void alarm_rate_set(struct alarm_rate *rate, float wanted, float block_s);

enum { ALARM_RATE_HOLD_S = 2952 }; /* so long below, and an event is over */

#endif
