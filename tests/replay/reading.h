/* What the host's reader of the TCP tables would send at the end of an
 * interval, as a row of a CSV file. Pure but for the stream it writes to.
 * Source: the list of metrics in the man page collectd-tcpstates(5). */
#ifndef REPLAY_READING_H
#define REPLAY_READING_H

#include "host.h"

#include <stdio.h>

struct reader {
  unsigned count_every;        /* intervals the sockets are counted; 1: each */
  unsigned number;             /* of readings so far */
  bool differences;            /* there is a reading before this one */
  struct tally before;         /* counters of that reading */
  struct tally counted_before; /* of the last one that counted sockets */
  int64_t aged_before;         /* likewise */
  bool top_source, peaks;      /* written, too; peaks: host->follow_peaks, */
  bool held;                   /* host->follow_held */
};

/* host: its name before every head, or NULL. */
void reading_write_head(FILE *out, const char *host,
                        const struct reader *reader);

/* Read the host's tables and write the row. time_s: of the reading. */
void reading_write(FILE *out, double time_s, struct reader *reader,
                   const struct host *host);

#endif
