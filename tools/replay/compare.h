/* One history through two settings, A and B: what each would have said. */
#ifndef TOOLS_REPLAY_COMPARE_H
#define TOOLS_REPLAY_COMPARE_H

#include "judged/judged.h"

#include <stdio.h>

struct replay_compare;

/* rules: of A and of B, kept by reference. out: for the notifications. Returns
 * NULL without memory. */
struct replay_compare *replay_compare_create(const struct rules *a,
                                             const struct rules *b, bool json,
                                             FILE *out);

/* Let <Maintenance> blocks count, each side's own. Returns 0, or -errno and why
 * in problem (HISTORY_PROBLEM_MAX bytes). */
int replay_compare_silence(struct replay_compare *compare, char *problem);
void replay_compare_destroy(struct replay_compare *compare);

/* The taker of the values, which prints each notification: A's, B's, or one of
 * both when they agree on time, host, incident and severity. */
struct history_taker replay_compare_taker(struct replay_compare *compare);

/* To be called after the last value: prints the last notifications. Returns 0
 * or -ENOMEM. */
int replay_compare_finish(struct replay_compare *compare);

/* Print the summary; of JSON also one last object on the notifications' stream:
 * {"summary": ...}. */
void replay_compare_summary(struct replay_compare *compare,
                            const struct history_tally *tally, FILE *out);

#endif
