/* What comes back at its time: jobs, steps, office hours. A load is what a
 * habit adds to the level, as a share of its height. Pure. */
#ifndef HABITS_LOAD_H
#define HABITS_LOAD_H

#include "calendar.h"

#include <stdbool.h>
#include <stdint.h>

enum load_form {
  LOAD_NONE,
  LOAD_JOB,      /* begins every `every_s` of local time, lasts length_s */
  LOAD_TWO,      /* a job, and half of it eight hours and 40 minutes later */
  LOAD_WORKDAYS, /* a job of working days */
  LOAD_STEP,     /* high for length_s of each day, at once and alike */
  LOAD_RAMP,     /* grows through the day, falls at once */
  LOAD_SINE,     /* one wave a day */
  LOAD_OFFICE,   /* working days, ten hours; weekends at a tenth */
  LOAD_ALWAYS_OFFICE /* the same without weekends */
};

struct load_occurrence {
  int64_t number;
  double begin_s, end_s, height; /* local time */
};

struct load {
  enum load_form form;
  enum calendar_zone zone;
  uint64_t seed;
  double every_s, length_s, phase_s, jitter_s;
  int64_t holiday;                  /* its first local day */
  int holiday_days;                 /* 0 none */
  struct load_occurrence recent[2]; /* remembered draws */
};

/* phase_s: where in every_s it begins, by the zone's clock. */
void load_init(struct load *load, enum load_form form, enum calendar_zone zone,
               uint64_t seed, double every_s, double length_s, double phase_s);

/* At a time, UTC. 0 .. about 1.3. */
double load_at(struct load *load, double time_s);

/* The first occurrence of a job that begins at or after a time; UTC. */
void load_next(struct load *load, double time_s, double *begin_s,
               double *end_s);

#endif
