/* One status model -> a table of at most 80 columns. */
#ifndef STATUS_DRAW_H
#define STATUS_DRAW_H

#include "status_model.h"

#include <stdbool.h>
#include <stdio.h>

/* now_s: since 1970, for the age of the reading and of incidents; times are
 * shown in local time. colour: write ANSI colours. */
void status_draw(FILE *out, const struct status_model *model, double now_s,
                 bool colour);

#endif
