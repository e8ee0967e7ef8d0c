/* The unit of a series. Pure. Source of the facts: types.db of collectd 5.12.
 */
#ifndef TOOLS_LIB_PLOT_UNIT_H
#define TOOLS_LIB_PLOT_UNIT_H

#include <stdbool.h>

enum { PLOT_UNIT_TEXT_MAX = 32 };

/* "connections", "B/s", "events/s", "%"; "" where the type does not tell.
 * type: of collectd; is_rate: what is drawn is a counter's rate. out:
 * PLOT_UNIT_TEXT_MAX bytes. */
void plot_unit(const char *type, bool is_rate, char *out);

#endif
