/* The line of all hosts of a daemon: which of them have incidents. */
#ifndef TOOLS_NAGIOS_FLEET_H
#define TOOLS_NAGIOS_FLEET_H

#include "daemon/fleet.h"
#include "line.h"

/* Write the line of all hosts that send readings. limit_s: how old readings may
 * be. Returns the state, and sets that of each host. */
enum nagios_state nagios_fleet_line(FILE *out, struct fleet *fleet,
                                    const struct nagios_choice *choice,
                                    double now_s, double limit_s);

#endif
