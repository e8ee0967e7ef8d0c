/* The larger and the smaller of two numbers, neither of them NAN: one
 * instruction, where fmaxf and fminf are calls. */
#ifndef VERDICT_WATCH_EXTREMES_H
#define VERDICT_WATCH_EXTREMES_H

static inline float larger(float a, float b) { return a > b ? a : b; }
static inline float smaller(float a, float b) { return a < b ? a : b; }

#endif
