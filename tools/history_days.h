/* One series of collectd's csv plugin, a file a day, as a stream. */
#ifndef HISTORY_DAYS_H
#define HISTORY_DAYS_H

#include "history.h"

/* stem: the files' path without the day; first, last: days since 1970, of which
 * any may be missing between. like: host, plugin and type of what they hold.
 * Returns 0 and *out, which is NULL where nobody wants it; or -errno and why in
 * problem. */
int history_days_open(struct history *history, const char *stem, long first,
                      long last, const struct history_series *like,
                      struct history_stream **out, char *problem);

#endif
