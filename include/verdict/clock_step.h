/* The receiver's clock, where it is set or the machine sleeps. */
#ifndef VERDICT_CLOCK_STEP_H
#define VERDICT_CLOCK_STEP_H

/* When something was seen last, by a clock that has been set by step_s and is
 * at now_s: so long ago as before. What came between the step and now is by the
 * new clock already, and stays: it is never long ago for the step alone, nor
 * after now. */
double clock_step_follow(double seen_s, double step_s, double now_s);

#endif
