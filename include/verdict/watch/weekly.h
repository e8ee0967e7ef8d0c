/* Events that come back on the same day of the week: a backup on Sunday, a
 * report on Monday. Two of them make a habit; the third is expected. */
#ifndef VERDICT_WATCH_WEEKLY_H
#define VERDICT_WATCH_WEEKLY_H

#include <stdbool.h>
#include <stdint.h>

enum {
  WEEKLY_EVENTS = 6,  /* remembered */
  WEEKLY_SLOTS = 672, /* quarters of an hour of a week, from Monday on */
};

/* One event of a week. Plain data, saved as it is. */
struct weekly_event {
  float height;   /* farthest from what the time of day expected; signed */
  uint16_t begin; /* slot of the week */
  uint16_t week;  /* of the last one, since 1970, modulo 65536 */
  uint8_t slots;  /* how long it lasts; 0: no event */
  uint8_t weeks;  /* how many there were */
};

struct weekly {
  struct weekly_event event[WEEKLY_EVENTS];
};

/* A moment by the local clock. */
struct weekly_time {
  uint16_t slot, week;
};
struct weekly_time weekly_time(int64_t day, int slot);

/* An event that began and ended then, so far from what was expected. */
void weekly_remember(struct weekly *weekly, const struct weekly_time *begin,
                     const struct weekly_time *end, float height);

/* How far above (below) what is expected a value may be at this moment, as it
 * was in other weeks. beyond: how far it is now; it counts as another week of
 * an event when it is of its size. */
void weekly_look(struct weekly *weekly, const struct weekly_time *now,
                 float beyond, float *above, float *below);

/* Whether it is one that weekly_remember can have left. */
bool weekly_is_sound(const struct weekly *weekly);

#endif
