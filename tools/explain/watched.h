/* The explanation of one watched series: what would be said of its next value,
 * and what is known. */
#ifndef TOOLS_EXPLAIN_WATCHED_H
#define TOOLS_EXPLAIN_WATCHED_H

#include "page.h"

void explain_watched_text(const struct explain_page *page,
                          const struct explain_series *series);

/* One object, as one line. */
void explain_watched_json(FILE *out, const struct explain_series *series);

#endif
