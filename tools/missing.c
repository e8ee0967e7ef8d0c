/* What a build without cairo or ncursesw says in the place of plot's pictures
 * and of watch. Empty where both are there. */
#include "plot/picture.h"
#include "subcommand.h"

#include <errno.h>
#include <stdio.h>

#ifndef HAVE_CAIRO
bool plot_picture_can(const char *subcommand) {
  fprintf(stderr,
          "collectd-baseline %s: cannot draw: this build has no cairo; install "
          "libcairo2-dev and libpango1.0-dev, then configure and build again\n",
          subcommand);
  return false;
}

int plot_picture_check(const char *path, char *problem) {
  (void)path;
  return history_fail(problem, -ENOSYS, "this build has no cairo");
}

int plot_picture_save(struct plot_gather *gather, const struct plot_look *look,
                      const char *path, char *problem) {
  (void)gather;
  (void)look;
  (void)path;
  return history_fail(problem, -ENOSYS, "this build has no cairo");
}

int plot_picture_svg(struct plot_gather *gather, char **svg, size_t *length,
                     char *problem) {
  (void)gather;
  (void)svg;
  (void)length;
  return history_fail(problem, -ENOSYS, "this build has no cairo");
}
#endif

#ifndef HAVE_NCURSESW
int watch_run(int argc, char **argv) {
  (void)argc;
  (void)argv;
  fputs("collectd-baseline watch: this was built without ncursesw; install "
        "libncurses-dev and build again, or use collectd-baseline status\n",
        stderr);
  return SUBCOMMAND_FAILED;
}
#endif
