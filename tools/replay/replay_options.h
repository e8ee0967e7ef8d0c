/* The command line of the subcommand replay. */
#ifndef TOOLS_REPLAY_REPLAY_OPTIONS_H
#define TOOLS_REPLAY_REPLAY_OPTIONS_H

#include "history/history.h"

struct replay_options {
  struct history_options history;
  char **settings; /* files of -C, in their order; to be freed */
  size_t settings_len;
  bool json;
  const char *plot;   /* a picture to draw, too; NULL: none */
  const char *scores; /* an identifier; NULL: judge */
  char **paths;       /* within argv */
  size_t paths_len;
};

/* Returns -1 to go on, or the exit status; *out is to be released then, too. */
int replay_options_read(int argc, char **argv, struct replay_options *out);
void replay_options_release(struct replay_options *options);

#endif
