/* What the plugin baseline complains of: once each, for it would be once a
 * value. Glue: may touch collectd's log. */
#ifndef BASELINE_BASELINE_COMPLAINTS_H
#define BASELINE_BASELINE_COMPLAINTS_H

#include "verdict/judge.h"

struct baseline_complaints {
  bool late;   /* values that came after their snapshot was judged */
  bool full;   /* hosts beyond MaxHosts */
  bool series; /* series beyond MaxWatched */
  bool queue;  /* notices for which there was no room */
  bool values; /* own values for which there was no room */
  bool deaf;   /* a filter chain keeps the values of tcpstates away */
  char mixed[JUDGE_HOST_MAX]; /* a host that two machines send as; "": none */
  bool name; /* hosts and series with control characters in their names */
};

/* One of them, under the plugin's lock: *say is set where now is, and *said,
 * what was said before, is not yet. */
void baseline_complaints_note(bool now, bool *said, bool *say);

/* Log what is to be said, without the lock. */
void baseline_complaints_log(const struct baseline_complaints *say,
                             const struct rules *rules);

#endif
