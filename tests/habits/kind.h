/* The kinds of series: the rows of the table. Pure. */
#ifndef HABITS_KIND_H
#define HABITS_KIND_H

#include "calendar.h"
#include "load.h"
#include "noise.h"

#include <stddef.h>

/* Which bar a kind is held to. */
enum kind_group {
  KIND_DAILY,   /* known after three days */
  KIND_WEEKLY,  /* after two weeks */
  KIND_NOISE,   /* nothing but chance */
  KIND_BURSTY,  /* the same, for what comes in bursts */
  KIND_HOLIDAY, /* one day unlike the others */
  KIND_CLOCK,   /* a clock change */
  KIND_OTHER    /* shown without a bar */
};

/* Beside the habit. Bits: a seed has one of its kind's. */
enum kind_event {
  EVENT_WRONG_TIME = 1, /* the job, hours away from its time */
  EVENT_TWICE = 2,      /* the job at its time, twice its height */
  EVENT_SHIFT = 4,      /* six to twelve spreads up, for four hours */
  EVENT_DROP = 8,       /* the same downwards */
  EVENT_DEAD = 16,      /* 0 for an hour */
  EVENT_RAMP = 32,      /* twelve spreads within six hours */
  EVENT_BUSY = 64,      /* as much again as the habit's height, two hours; of
                          spikes twice as much */
  EVENT_FOR_GOOD = 128, /* a shift that stays */
  EVENT_WIDE = 256,     /* the spread is five times as wide, four hours */
  EVENT_MISSING = 512,  /* the job does not come */
  EVENT_AGAIN = 1024    /* a shift of an hour, and the same 12 hours later */
};

enum kind_trouble {
  TROUBLE_NONE,
  TROUBLE_GAPS,   /* 3 h to 14 days without values, some times */
  TROUBLE_NAN,    /* one value in 50, and an hour now and then */
  TROUBLE_RESETS, /* a counter that begins anew once a week */
  TROUBLE_COUNTER /* a counter */
};

/* How the level itself moves. */
enum kind_course {
  COURSE_FLAT,
  COURSE_TREND,  /* 40 spreads a month */
  COURSE_CONFIG, /* another value once in ten days, for good */
  COURSE_DISK,   /* falls in steps, is cleaned up once a week */
  COURSE_SPREAD, /* the spread doubles or halves once in ten days */
  COURSE_LEVELS  /* the level moves by 6 to 20 spreads once in ten days */
};

struct kind {
  const char *name;
  enum kind_group group;
  double interval_s, days;
  int seeds; /* at scale 1 */
  bool fast; /* also under --fast */
  enum calendar_zone zone;
  enum noise_form noise;
  double parameter; /* of the noise */
  double level;     /* 0: drawn by the seed */
  enum load_form load;
  double every_h, length_h;
  enum kind_course course;
  int days_off; /* a holiday of so many days */
  enum kind_trouble trouble;
  unsigned events;     /* enum kind_event */
  const char *weekend; /* an option that the series' <Watch> needs, or NULL */
};

/* Kind number i, or NULL behind the last. */
const struct kind *kind_at(size_t i);

/* Days from which on its habit counts as known. */
double kind_known_days(const struct kind *kind);

#endif
