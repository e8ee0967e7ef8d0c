/* One series of collectd's csv plugin, a file a day, as a stream. */
#ifndef TOOLS_HISTORY_HISTORY_DAYS_H
#define TOOLS_HISTORY_HISTORY_DAYS_H

#include "history.h"

/* The files of one series: TYPE-DATE for each day, gzipped (.gz) or not, or one
 * without a date (FileDate false). */
struct history_days_files {
  const char *stem; /* their path without the day; of an undated one, whole */
  bool dated;
  long first, last; /* days since 1970; any between may be missing */
};

/* like: host, plugin and type of what they hold. Returns 0 and *out, which is
 * NULL where nobody wants it; or -errno and why in problem: -ENOMSG where the
 * first one is no file of the csv plugin. */
int history_days_open(struct history *history,
                      const struct history_days_files *files,
                      const struct history_series *like,
                      struct history_stream **out, char *problem);

#endif
