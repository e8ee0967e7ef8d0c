/* plot's pictures of the hosts of a list, from a history that is read once more
 * a host. A build without cairo has none. */
#ifndef TOOLS_INCIDENTS_PICTURES_H
#define TOOLS_INCIDENTS_PICTURES_H

#include "source.h"

/* What is needed to draw. */
struct incidents_pictures {
  struct history_options options;
  const struct rules *rules;
  char *const *paths;
  size_t paths_len; /* 0: there is no history */
};

/* Why there are none: a sentence; NULL: there may be. */
const char *
incidents_pictures_why_not(const struct incidents_pictures *pictures);

/* One host from start_s to end_s as SVG: *svg, to be freed, and its length.
 * Returns 0, or -errno and why in problem (HISTORY_PROBLEM_MAX bytes). */
int incidents_pictures_draw(const struct incidents_pictures *pictures,
                            const char *host, double start_s, double end_s,
                            char **svg, size_t *length, char *problem);

#endif
