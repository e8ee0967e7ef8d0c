/* A handful of events, each with its place in the week. Pure. */
#include "verdict/watch/weekly.h"

#include "extremes.h"

#include <math.h>
#include <string.h>

enum {
  DAY_SLOTS = 96,
  EARLY = 3,
  LATE = 3,        /* slots; no job begins to the minute */
  LONGEST = 96,    /* slots; what lasts longer is no event */
  HABIT_WEEKS = 2, /* so many, and the next is expected */
  LOST_AFTER = 2,  /* weeks without it, and it is none any more */
};

static const float higher = 1.3F;      /* than before it may be */
static const float as_large = 0.4F;    /* of its height: it is that event */
static const float alike = 2.5F;       /* heights of one event, at most */
static const float height_pull = 0.4F; /* of the last one */

struct weekly_time weekly_time(int64_t day, int slot) {
  int64_t from_monday = day + 3; /* 1970-01-01 was a Thursday */
  int64_t week = from_monday / 7, weekday = from_monday % 7;

  if (weekday < 0) {
    weekday += 7;
    week--;
  }
  return (struct weekly_time){(uint16_t)(weekday * DAY_SLOTS + slot),
                              (uint16_t)week};
}

/* How many slots from a to b, forward. */
static int forward(int a, int b) {
  return (b - a + WEEKLY_SLOTS) % WEEKLY_SLOTS;
}

static bool covers(const struct weekly_event *event, int slot) {
  return event->slots > 0 &&
         forward((event->begin + WEEKLY_SLOTS - EARLY) % WEEKLY_SLOTS, slot) <
             EARLY + event->slots + LATE;
}

static bool is_same(const struct weekly_event *event, int begin, int end,
                    float height) {
  float ratio = height / event->height;

  return (covers(event, begin) || covers(event, end)) && ratio > 1 / alike &&
         ratio < alike;
}

static int weeks_between(uint16_t from, uint16_t to) {
  return (int16_t)(uint16_t)(to - from);
}

static bool is_lost(const struct weekly_event *event, uint16_t week) {
  int passed = weeks_between(event->week, week);

  return passed < 0 || passed > LOST_AFTER;
}

static void count_week(struct weekly_event *event, uint16_t week) {
  if (event->week == week)
    return;
  event->week = week;
  if (event->weeks < UINT8_MAX)
    event->weeks++;
}

/* Where a new event goes: an empty place, else that of the event with the
 * fewest weeks, of these the oldest. */
static struct weekly_event *place(struct weekly *weekly, uint16_t week) {
  struct weekly_event *best = &weekly->event[0];

  for (int i = 0; i < WEEKLY_EVENTS; i++) {
    struct weekly_event *event = &weekly->event[i];
    if (event->slots == 0 || is_lost(event, week))
      return event;
    if (event->weeks < best->weeks ||
        (event->weeks == best->weeks &&
         weeks_between(event->week, best->week) > 0))
      best = event;
  }
  return best;
}

/* Once more: its window grows to hold both, and it may be as high as before. */
static void join(struct weekly_event *event, const struct weekly_time *begin,
                 const struct weekly_time *end, float height) {
  int early = forward(begin->slot, event->begin);
  int late =
      forward((event->begin + event->slots - 1) % WEEKLY_SLOTS, end->slot);
  int slots = event->slots;

  if (early < WEEKLY_SLOTS / 2) {
    slots += early;
    event->begin = begin->slot;
  }
  if (late < WEEKLY_SLOTS / 2)
    slots += late;
  event->slots = (uint8_t)(slots < LONGEST ? slots : LONGEST);
  if (fabsf(height) > fabsf(event->height))
    event->height = height;
  else
    event->height += height_pull * (height - event->height);
  count_week(event, begin->week);
}

void weekly_remember(struct weekly *weekly, const struct weekly_time *begin,
                     const struct weekly_time *end, float height) {
  int slots = forward(begin->slot, end->slot) + 1;

  if (slots > LONGEST || height == 0)
    return;
  for (int i = 0; i < WEEKLY_EVENTS; i++) {
    struct weekly_event *event = &weekly->event[i];
    if (event->slots > 0 && !is_lost(event, begin->week) &&
        is_same(event, begin->slot, end->slot, height)) {
      join(event, begin, end, height);
      return;
    }
  }
  *place(weekly, begin->week) = (struct weekly_event){.height = height,
                                                      .begin = begin->slot,
                                                      .week = begin->week,
                                                      .slots = (uint8_t)slots,
                                                      .weeks = 1};
}

void weekly_look(struct weekly *weekly, const struct weekly_time *now,
                 float beyond, float *above, float *below) {
  *above = *below = 0;
  for (int i = 0; i < WEEKLY_EVENTS; i++) {
    struct weekly_event *event = &weekly->event[i];
    if (!covers(event, now->slot) || event->weeks < HABIT_WEEKS ||
        is_lost(event, now->week))
      continue;
    if (beyond / event->height > as_large)
      count_week(event, now->week);
    *above = larger(*above, higher * event->height);
    *below = larger(*below, -higher * event->height);
  }
}

bool weekly_is_sound(const struct weekly *weekly) {
  for (int i = 0; i < WEEKLY_EVENTS; i++)
    if (weekly->event[i].begin >= WEEKLY_SLOTS ||
        weekly->event[i].slots > LONGEST)
      return false;
  return true;
}
