/* Which archives of averages an RRD file has, and what is read of each. Only
 * where librrd is there. */
#ifndef TOOLS_HISTORY_HISTORY_ARCHIVES_H
#define TOOLS_HISTORY_HISTORY_ARCHIVES_H

#include <rrd.h>
#include <time.h>

/* Rows of one archive, step_s apart: from the first to the last, by their
 * ends. */
struct history_archive {
  unsigned long step_s;
  time_t from, last;
};

/* info: of rrd_info_r. coarser 0: the finest archive. 1, 2 ...: the next
 * coarser one, and so on, of up to a quarter of an hour, from where it begins
 * to where the next finer one does. Returns 0; -ENODATA where there is no such
 * one, or nothing in it; -EINVAL where there is no archive of averages at all;
 * -EBADMSG where the last update was at no time.
 * *finer_s: the step of the next finer one, 0 for the finest. */
int history_archives_find(const char *path, const rrd_info_t *info, int coarser,
                          struct history_archive *out, unsigned long *finer_s);

#endif
