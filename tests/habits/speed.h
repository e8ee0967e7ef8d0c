/* Values a second, many series in turn, beside a reference that takes the same
 * way through memory. */
#ifndef HABITS_SPEED_H
#define HABITS_SPEED_H

#include "bars.h"

/* Fills in slowness and values_a_second of each. */
void speed_measure(const struct habits_judge *const *judges, int len,
                   struct bars_judge *out);

#endif
