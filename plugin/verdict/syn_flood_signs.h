/* The signs of a SYN flood in one snapshot. Private to the room. */
#ifndef SYN_FLOOD_SIGNS_H
#define SYN_FLOOD_SIGNS_H

#include "verdict/syn_flood.h"

/* Weigh one snapshot: fills in every test of enum syn_flood_test up to
 * FLOOD_ADOPTABLE. Counts the runs in flood, learns nothing. */
void syn_flood_signs(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     const struct syn_flood_figures *seen,
                     struct trace_test *tests);

#endif
