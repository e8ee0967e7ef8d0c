/* The command line of explain. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_OPTIONS_H
#define TOOLS_EXPLAIN_EXPLAIN_OPTIONS_H

#include "source.h"

struct explain_options {
  struct explain_wanted wanted;
  const char *host;  /* NULL: the only one */
  const char *watch; /* a <Watch>; NULL: the incidents */
  int incident;      /* an enum incident_kind; -1: all */
  bool json;
};

/* Returns -1 to go on, else the exit status; what is wrong has been said. */
int explain_options_read(int argc, char **argv, struct explain_options *out);

#endif
