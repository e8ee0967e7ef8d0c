/* The command line of the subcommand plot. */
#ifndef TOOLS_PLOT_PLOT_OPTIONS_H
#define TOOLS_PLOT_PLOT_OPTIONS_H

#include "history/history.h"
#include "lib/moment.h"
#include "picture.h"

struct plot_options {
  struct history_options history;
  char **settings, **paths, **metrics; /* to be freed */
  size_t settings_len, paths_len, metrics_len;
  struct moment start, end;
  struct plot_size size;
  const char *output;
};

/* Returns -1 to go on, or the exit status; *out is to be released then, too. */
int plot_options_read(int argc, char **argv, struct plot_options *out);
void plot_options_release(struct plot_options *options);

#endif
