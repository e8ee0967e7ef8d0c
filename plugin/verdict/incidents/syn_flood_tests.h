/* The tests of one snapshot for a SYN flood. Private to the room. */
#ifndef VERDICT_INCIDENTS_SYN_FLOOD_TESTS_H
#define VERDICT_INCIDENTS_SYN_FLOOD_TESTS_H

#include "verdict/incidents/syn_flood.h"

/* Half-open entries that are too young to be unanswered, and how many of them
 * the load explains at most. NAN: unknown. */
double syn_flood_fresh(const struct syn_flood_figures *seen);
double syn_flood_fresh_max(const struct syn_flood_figures *seen);

/* From this drift of the model on, the limit Sigmas need not be reached. */
enum { SYN_FLOOD_DRIFT = 10 };

/* Test one snapshot. Fills in every test of enum syn_flood_test up to
 * FLOOD_ADOPTABLE and counts the runs in flood; learns nothing. */
void syn_flood_signs(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed, double dt_s,
                     const struct syn_flood_figures *seen,
                     struct trace_test *tests);

#endif
