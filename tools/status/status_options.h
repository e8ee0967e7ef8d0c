/* The command line of status. */
#ifndef TOOLS_STATUS_STATUS_OPTIONS_H
#define TOOLS_STATUS_STATUS_OPTIONS_H

#include "daemon/daemon_options.h"

#include <stdbool.h>

struct status_options {
  struct daemon_options daemon;
  bool json, hosts;
};

/* Returns -1 to go on, else the exit status; what is wrong has been said. */
int status_options_read(int argc, char **argv, struct status_options *out);

#endif
