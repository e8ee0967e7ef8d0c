/* One status model -> the line of a Nagios plugin and its exit status. Source:
 * the guidelines of monitoring-plugins.org for plugin output and performance
 * data. Pure but for the stream and the time zone. */
#ifndef TOOLS_NAGIOS_LINE_H
#define TOOLS_NAGIOS_LINE_H

#include "daemon/host_model.h"

#include <stdio.h>

/* The exit statuses of collectd-nagios, too. */
enum nagios_state {
  NAGIOS_OK,
  NAGIOS_WARNING,
  NAGIOS_CRITICAL,
  NAGIOS_UNKNOWN,
};

/* Incidents to look at; none: all that are judged. */
struct nagios_choice {
  size_t len;
  const char *const *names;
};

enum nagios_state nagios_state_of(enum host_severity severity);

bool nagios_is_chosen(const struct nagios_choice *choice, const char *name);

/* Of two: CRITICAL before WARNING before UNKNOWN before OK. */
enum nagios_state nagios_worst(enum nagios_state a, enum nagios_state b);

/* "BASELINE OK - " */
void nagios_head(FILE *out, enum nagios_state state);

/* Text for the line: what would end it or begin the data is replaced. */
void nagios_text(FILE *out, const char *text);

/* One figure of the performance data: " label=1.5unit;rest"; rest may be "". */
void nagios_figure(FILE *out, const char *label, double value, const char *unit,
                   const char *rest);

/* The line of one host. Returns the state. */
enum nagios_state nagios_line(FILE *out, const struct host_model *model,
                              const struct nagios_choice *choice, double now_s);

/* What to say where no incident is judged at all. */
extern const char nagios_not_judged[];

/* The line where nothing can be said. Returns NAGIOS_UNKNOWN. */
enum nagios_state nagios_unknown(FILE *out, const char *problem);

#endif
