/* Where a picture goes: a file that is whole or not there. */
#ifndef TOOLS_PLOT_PLOT_OUTPUT_H
#define TOOLS_PLOT_PLOT_OUTPUT_H

#include "picture.h"

/* Before any work: the file's ending must be one that can be drawn, and its
 * folder one that can be written to. Returns 0, or -errno and why in problem
 * (HISTORY_PROBLEM_MAX bytes). */
int plot_output_check(const char *path, char *problem);

/* Behind the last value: finish what was gathered, draw it, write it beside
 * path and rename it. Returns as plot_output_check; what stood at path is
 * untouched then. */
int plot_output_save(struct plot_gather *gather, const struct plot_size *size,
                     const char *path, char *problem);

#endif
