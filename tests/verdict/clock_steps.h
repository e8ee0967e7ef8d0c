/* Clocks that are set by an hour or a year, forward or back: the sender's, the
 * receiver's or both; each case with its tick behind a reading or in front. */
#ifndef TESTS_VERDICT_CLOCK_STEPS_H
#define TESTS_VERDICT_CLOCK_STEPS_H

static const struct step {
  double sender_s, receiver_s;
} steps[] = {
    {3600, 0},    {-3600, 0},     {31557600, 0},        {-31557600, 0},
    {0, 3600},    {0, -3600},     {0, 31557600},        {0, -31557600},
    {3600, 3600}, {-3600, -3600}, {31557600, 31557600}, {-31557600, -31557600},
};
enum { STEPS = sizeof(steps) / sizeof(steps[0]), CASES = 2 * STEPS };

#endif
