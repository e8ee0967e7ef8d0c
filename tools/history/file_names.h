/* collectd's identifiers: [host/]plugin[-instance]/type[-instance], and the
 * days and endings in names of files. Pure. */
#ifndef TOOLS_HISTORY_FILE_NAMES_H
#define TOOLS_HISTORY_FILE_NAMES_H

#include "history.h"

/* Split text, which may end in ":rate" or ":SOURCE". host: used if the
 * identifier names none. *is_rate: whether it ended in ":rate". Returns 0 and
 * *out; or -EINVAL and, in words, what is wrong with it. */
int history_identifier_read(const char *text, size_t length, const char *host,
                            struct history_series *out, bool *is_rate,
                            const char **words);

/* "plugin-instance" or "type-instance" -> its two halves, of HISTORY_PART_MAX
 * bytes each. Returns whether it could be split. */
bool history_identifier_split(const char *text, size_t length, char *name,
                              char *instance);

bool history_identifier_equal(const struct history_series *a,
                              const struct history_series *b);

/* The tcpstates signal of a series, or SIGNAL_COUNT. */
enum signal history_identifier_signal(const struct history_series *series);

/* The same for instance PORT-local: and *port, 0 for another instance. */
enum signal history_identifier_port_signal(const struct history_series *series,
                                           uint16_t *port);

/* The day at the end of a file's name, "-2026-11-22". */
enum { HISTORY_DAY_LENGTH = 11 };

#define HISTORY_GZIP_ENDING ".gz"
#define HISTORY_RRD_ENDING ".rrd"

/* The length of a name without this ending; its whole length if the name does
 * not end so, or is nothing else. */
size_t history_cut_ending(const char *name, size_t length, const char *ending);

/* Whether a name ends in a day. *day: since 1970. */
bool history_identifier_read_day(const char *name, long *day);

/* The reverse; out: HISTORY_DAY_LENGTH + 1 bytes. Returns false for a year
 * without four digits. */
bool history_identifier_write_day(long day, char *out);

#endif
