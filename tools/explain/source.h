/* Where the explanation comes from: the settings, the saved state, and a
 * daemon that is asked to save it first. */
#ifndef TOOLS_EXPLAIN_SOURCE_H
#define TOOLS_EXPLAIN_SOURCE_H

#include "daemon/unixsock.h"
#include "verdict/rules.h"

#include <stdbool.h>
#include <stddef.h>

enum { EXPLAIN_PROBLEM_MAX = 1024 };

/* What the command line says; NULL: not said. */
struct explain_wanted {
  const char *socket_path, *config_path, *state_path;
  double limit_s; /* how long to wait for the daemon */
};

struct explain_source {
  struct rules rules;
  const char *config_path; /* where they are from; NULL: the defaults */
  char state_path[RULES_PATH_MAX + RULES_PATH_MAX];
  bool is_asked;  /* the daemon has saved it for us */
  double saved_s; /* when it was saved; NAN unknown */
  char *text;
  size_t length;
};

/* Read the settings, ask the daemon, read the file. A state that is named is
 * read without a daemon, unless a socket is named, too. now_s: since 1970.
 * Returns 0 and *out, to be released; or -1 and what is wrong, and what to do
 * about it, in problem (EXPLAIN_PROBLEM_MAX bytes). */
int explain_source_open(const struct explain_wanted *wanted, double now_s,
                        struct explain_source *out, char *problem);
void explain_source_release(struct explain_source *source);

#endif
