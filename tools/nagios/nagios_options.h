/* The command line of check. */
#ifndef TOOLS_NAGIOS_NAGIOS_OPTIONS_H
#define TOOLS_NAGIOS_NAGIOS_OPTIONS_H

#include "daemon/daemon_options.h"

#include "verdict/rules.h"

#include <stdbool.h>

struct nagios_options {
  struct daemon_options daemon;
  bool all_hosts;
  size_t incidents_len; /* 0: all that are judged */
  const char *incidents[INCIDENT_COUNT];
};

/* Returns -1 to go on, else the exit status; what is wrong has been said, on
 * standard output, where Nagios reads it. */
int nagios_options_read(int argc, char **argv, struct nagios_options *out);

#endif
