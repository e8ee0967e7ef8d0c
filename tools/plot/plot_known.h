/* What a history holds, for the message that says so where something else was
 * asked for. Pure. */
#ifndef TOOLS_PLOT_PLOT_KNOWN_H
#define TOOLS_PLOT_PLOT_KNOWN_H

#include "verdict/series.h"

enum { PLOT_KNOWN_MAX = 64 };

/* Names without repetition, as many as there is room for. */
struct plot_known {
  size_t len;
  size_t more; /* that were not kept, perhaps with repetition */
  char name[PLOT_KNOWN_MAX][SERIES_IDENTIFIER_MAX];
};

void plot_known_add(struct plot_known *known, const char *name);

/* "a, b, c and 5 more", sorted; "nothing". out: size bytes; what does not fit
 * is counted among the more. */
void plot_known_list(struct plot_known *known, char *out, size_t size);

#endif
