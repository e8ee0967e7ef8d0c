/* Subcommand watch of a build without ncursesw: says so. */
#include "subcommand.h"

#include <stdio.h>

int watch_run(int argc, char **argv) {
  (void)argc, (void)argv;
  fputs("collectd-baseline watch: this was built without ncursesw; install "
        "libncurses-dev and build again, or use collectd-baseline status\n",
        stderr);
  return SUBCOMMAND_FAILED;
}
