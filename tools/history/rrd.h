/* One file of collectd's rrdtool plugin as a stream. */
#ifndef TOOLS_HISTORY_RRD_H
#define TOOLS_HISTORY_RRD_H

#include "history.h"

/* path: an .rrd file. like: host, plugin and type of its values. Returns 0 and
 * *out, which is NULL if nobody wants them; or -errno and why in problem:
 * -ENOTSUP if the command was built without librrd. */
int history_rrd_open(struct history *history, const char *path,
                     const struct history_series *like,
                     struct history_stream **out, char *problem);

#endif
