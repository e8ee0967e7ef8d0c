/* A watched series "testhost/probe/gauge-x" whose values a test puts, two
 * days ago and later, over the plugin unixsock; and what becomes of it in the
 * log. */
#ifndef DAEMON_PROBE_H
#define DAEMON_PROBE_H

#include "daemon_talk.h"

#define PROBE_SERIES "testhost/probe/gauge-x"
#define PROBE_WATCH "<Watch \"slow\">\n    Plugin \"probe\"\n  </Watch>\n"
#define PROBE_RAISED                                                           \
  "severity = WARNING, host = testhost, plugin = baseline, "                   \
  "plugin_instance = slow, type = gauge, type_instance = x"
#define PROBE_CLEARED                                                          \
  "severity = OKAY, host = testhost, plugin = baseline, "                      \
  "plugin_instance = slow, type = gauge, type_instance = x"

/* Values begin two days ago; the daemon is talked to from here on. */
void probe_start(struct daemon *daemon, const struct daemon_setup *setup);
void probe_start_again(struct daemon *daemon, const struct daemon_setup *setup);

/* So many values of 100 and a little, or of something else, five
 * minutes apart. */
void probe_put(int times, double value);

/* Time of the last value that was put. */
double probe_last_s(void);

#endif
