/* The watched series of a saved state: where each stands, and between which
 * limits its next value is nothing unusual. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_SERIES_H
#define TOOLS_EXPLAIN_EXPLAIN_SERIES_H

#include "source.h"
#include "verdict/series.h"

struct explain_series {
  const char *identifier;
  const struct series_rules *rules; /* its <Watch> */
  const struct series_memory *memory;
  struct finding next; /* expected, lower, upper: of its next value */
};

/* Hand over every series that a <Watch> of the settings still wants. host,
 * watch: only theirs; NULL all. Returns 0; what take returns where that is
 * something else; -ENOMEM. */
int explain_series_each(
    const struct explain_source *source, const char *host, const char *watch,
    int (*take)(void *to, const struct explain_series *series), void *to);

#endif
