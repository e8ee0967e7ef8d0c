/* A CSV file as a stream. */
#ifndef TOOLS_HISTORY_CSV_FILE_H
#define TOOLS_HISTORY_CSV_FILE_H

#include "history.h"

/* path: a file, or "-" for standard input. Reads the heads and the first row.
 * Returns 0 and *out, or -errno and why in problem. */
int history_file_open(struct history *history, const char *path,
                      struct history_stream **out, char *problem);

#endif
