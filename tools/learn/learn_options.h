/* The command line of the subcommand learn. */
#ifndef TOOLS_LEARN_LEARN_OPTIONS_H
#define TOOLS_LEARN_LEARN_OPTIONS_H

#include "history/history.h"

struct learn_options {
  struct history_options history;
  char **settings; /* files of -C, in their order; to be freed */
  size_t settings_len;
  char **paths; /* of --from, and what stands behind; to be freed */
  size_t paths_len;
  const char *state;
  double live_s;           /* how far apart the daemon's readings will be */
  double since_s, until_s; /* INFINITY, either sign: no limit */
  bool force;
};

/* Returns -1 to go on, or the exit status; *out is to be released then, too. */
int learn_options_read(int argc, char **argv, struct learn_options *out);
void learn_options_release(struct learn_options *options);

#endif
