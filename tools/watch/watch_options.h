/* The command line of watch. */
#ifndef TOOLS_WATCH_WATCH_OPTIONS_H
#define TOOLS_WATCH_WATCH_OPTIONS_H

#include "daemon/host_model.h"
#include "watch_plot.h"

#include <stdbool.h>

struct watch_options {
  struct host_query query;
  double every_s;
  bool has_glyphs; /* else by terminal and locale */
  enum watch_glyphs glyphs;
};

/* Returns -1 to go on, else the exit status; what is wrong has been said. */
int watch_options_read(int argc, char **argv, struct watch_options *out);

#endif
