/* Clocks: the receiver's, where it is set or the machine sleeps; and a
 * sender's, which may say anything. */
#ifndef VERDICT_CLOCK_STEP_H
#define VERDICT_CLOCK_STEP_H

#include <stdbool.h>

/* Whether a value can be of that time and interval: above 0, the time no more
 * than collectd's own can hold, so that nothing that is learnt overflows; the
 * interval no more than a week and than max_age_s: who is heard more rarely is
 * forgotten in between. */
bool clock_is_possible(double time_s, double interval_s, double max_age_s);

/* When something was seen last, by a clock that has been set by step_s and is
 * at now_s: so long ago as before. What came between the step and now is by the
 * new clock already, and stays: it is never long ago for the step alone, nor
 * after now. */
double clock_step_follow(double seen_s, double step_s, double now_s);

#endif
