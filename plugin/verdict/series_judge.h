/* One value of a watched series. Private to the room. */
#ifndef SERIES_JUDGE_H
#define SERIES_JUDGE_H

#include "verdict/series.h"

/* A series that was just met. */
void series_memory_init(struct series_memory *memory);

/* Judge one value and learn from it. Returns 0 and *finding; -ENODATA or
 * -ESTALE as series_put. */
int series_judge(struct series_memory *memory, const struct rules *all,
                 const struct series_rules *rules, const char *identifier,
                 const struct series_value *value, struct finding *finding);

#endif
