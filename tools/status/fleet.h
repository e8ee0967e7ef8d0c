/* All hosts as a table, the worst first, or as one JSON object. */
#ifndef TOOLS_STATUS_FLEET_H
#define TOOLS_STATUS_FLEET_H

#include "daemon/fleet.h"

#include <stdbool.h>
#include <stdio.h>

/* What of a fleet, sorted by fleet_sort, is shown. */
struct status_fleet {
  const struct fleet *fleet;
  size_t shown; /* hosts, from the first on */
  double now_s; /* since 1970 */
  bool colour;  /* of the table: write ANSI colours */
};

/* A line a host, below one that counts them. */
void status_fleet_draw(FILE *out, const struct status_fleet *view);

/* One line. */
void status_fleet_json(FILE *out, const struct status_fleet *view);

#endif
