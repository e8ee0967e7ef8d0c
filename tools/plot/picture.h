/* A picture of everything that was gathered, in a file that is complete or not
 * there. A build without cairo has tools/missing.c instead. */
#ifndef TOOLS_PLOT_PICTURE_H
#define TOOLS_PLOT_PICTURE_H

#include "gather.h"
#include "look.h"

/* Whether this build can draw; if not, the reason is printed on stderr in the
 * name of subcommand. */
bool plot_picture_can(const char *subcommand);

/* Call before any work: path must end in .svg or .png, and its folder must be
 * writable. Returns 0, or -errno and the reason in problem (HISTORY_PROBLEM_MAX
 * bytes). */
int plot_picture_check(const char *path, char *problem);

/* Call after the last value: finish gather, draw, write to a file beside path
 * and rename it to path. Returns as plot_picture_check; an error leaves the
 * file at path untouched. */
int plot_picture_save(struct plot_gather *gather, const struct plot_look *look,
                      const char *path, char *problem);

/* The same as SVG in memory: *svg, to be freed. */
int plot_picture_svg(struct plot_gather *gather, char **svg, size_t *length,
                     char *problem);

#endif
