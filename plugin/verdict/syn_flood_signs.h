/* The signs of a SYN flood in one snapshot. Private to the room. */
#ifndef SYN_FLOOD_SIGNS_H
#define SYN_FLOOD_SIGNS_H

#include "verdict/syn_flood.h"

/* Weigh one snapshot: *found is set to bits of enum syn_flood_evidence. Counts
 * the runs in flood, learns nothing. */
void syn_flood_signs(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     const struct syn_flood_figures *seen,
                     struct incident_evidence *evidence, uint32_t *found);

#endif
