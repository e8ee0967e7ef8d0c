/* The signs of a SYN flood in one snapshot. Private to the room. */
#ifndef VERDICT_INCIDENTS_SYN_FLOOD_TESTS_H
#define VERDICT_INCIDENTS_SYN_FLOOD_TESTS_H

#include "verdict/incidents/syn_flood.h"

/* Half-open entries that may still be answered, and the most of them that the
 * load explains. NAN: unknown. */
double syn_flood_fresh(const struct syn_flood_figures *seen);
double syn_flood_fresh_max(const struct syn_flood_figures *seen);

/* From here on the drift of the model stands for Sigmas. */
enum { SYN_FLOOD_DRIFT = 10 };

/* Weigh one snapshot: fills in every test of enum syn_flood_test up to
 * FLOOD_ADOPTABLE. Counts the runs in flood, learns nothing. */
void syn_flood_signs(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed, double dt_s,
                     const struct syn_flood_figures *seen,
                     struct trace_test *tests);

#endif
