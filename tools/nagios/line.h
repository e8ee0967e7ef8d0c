/* One host model as the line of a Nagios plugin, and its exit status. Source:
 * the guidelines of monitoring-plugins.org for plugin output and performance
 * data. Touches only the stream it is given and the time zone. */
#ifndef TOOLS_NAGIOS_LINE_H
#define TOOLS_NAGIOS_LINE_H

#include "daemon/host_model.h"

#include <stdio.h>

/* The exit statuses of a check; collectd-nagios has the same. */
enum nagios_state {
  NAGIOS_OK,
  NAGIOS_WARNING,
  NAGIOS_CRITICAL,
  NAGIOS_UNKNOWN,
};

/* Names of the incidents to look at; len 0: all that are judged. */
struct nagios_choice {
  size_t len;
  const char *const *names;
};

enum nagios_state nagios_state_of(enum host_severity severity);

bool nagios_is_chosen(const struct nagios_choice *choice, const char *name);

/* The worse of two: CRITICAL, then WARNING, UNKNOWN, OK. */
enum nagios_state nagios_worst(enum nagios_state a, enum nagios_state b);

/* "BASELINE OK - " */
void nagios_head(FILE *out, enum nagios_state state);

/* Text of the line. Characters that would end the line or begin the data are
 * replaced. */
void nagios_text(FILE *out, const char *text);

/* One figure of the performance data: " label=1.5unit;rest"; rest may be "". */
void nagios_figure(FILE *out, const char *label, double value, const char *unit,
                   const char *rest);

/* Write the line of one host. Returns the state. */
enum nagios_state nagios_line(FILE *out, const struct host_model *model,
                              const struct nagios_choice *choice, double now_s);

/* The problem if no incident is judged at all. */
extern const char nagios_not_judged[];

/* Write the line for a problem. Returns NAGIOS_UNKNOWN. */
enum nagios_state nagios_unknown(FILE *out, const char *problem);

#endif
