/* One host model as a table of at most 80 columns. */
#ifndef TOOLS_STATUS_DRAW_H
#define TOOLS_STATUS_DRAW_H

#include "daemon/host_model.h"

#include <stdbool.h>
#include <stdio.h>

/* now_s: since 1970, for the age of the reading and of incidents; times are
 * shown in local time. colour: write ANSI colours. */
void status_draw(FILE *out, const struct host_model *model, double now_s,
                 bool colour);

#endif
