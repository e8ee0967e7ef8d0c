/* A folder of collectd's csv or rrdtool plugin: one stream for each series. */
#ifndef TOOLS_HISTORY_CSV_FOLDER_H
#define TOOLS_HISTORY_CSV_FOLDER_H

#include "history.h"

/* Add every wanted series in path/HOST/PLUGIN-INSTANCE/ to history.
 * Returns 0, or -errno and why in problem. */
int history_folder_open(struct history *history, const char *path,
                        char *problem);

#endif
