/* One status model -> a table of at most 80 columns. */
#ifndef STATUS_DRAW_H
#define STATUS_DRAW_H

#include "status_model.h"

#include <stdbool.h>
#include <stdio.h>

/* when: the time shown beside the host, at most 19 characters.
 * colour: write ANSI colours. */
void status_draw(FILE *out, const struct status_model *model, const char *when,
                 bool colour);

#endif
