/* In the place of the drawing where there was no cairo when this was built. */
#include "plot/picture.h"

#include <errno.h>
#include <stdio.h>

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

int plot_picture_save(struct plot_gather *gather, const struct plot_size *size,
                      const char *path, char *problem) {
  (void)gather;
  (void)size;
  (void)path;
  return history_fail(problem, -ENOSYS, "this build has no cairo");
}
