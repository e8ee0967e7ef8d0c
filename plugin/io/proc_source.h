/* Files below /proc -> reading and counters. Private to the room io. */
#ifndef IO_PROC_SOURCE_H
#define IO_PROC_SOURCE_H

#include "io/table_source.h"

/* Read ROOT/net/tcp and ROOT/net/tcp6 into a cleared reading and finish it. A
 * missing tcp6 is a kernel without IPv6, not an error. failed: FAILED_LEN bytes
 * for the path that failed. Returns 0 or -errno (-EBADMSG: garbled or cut). */
enum { PROC_SOURCE_FAILED_LEN = 128 };
int proc_source_read_tables(const char *root, struct reading *reading,
                            char *failed);

/* The files of the counters, open from one reading to the next: opening them
 * costs as much as reading them. -1: not open. */
enum { PROC_SOURCE_FILES = 7 };
struct proc_files {
  int fd[PROC_SOURCE_FILES];
};

void proc_files_init(struct proc_files *files);
void proc_files_close(struct proc_files *files);

/* Read ROOT/net/{snmp,netstat,sockstat} and the sysctls of ROOT/sys/net/ipv4.
 * kept: what is open stays open, unless it cannot be read, and what is not is
 * opened; NULL: all is closed again, for a ROOT whose files may be replaced.
 * What this kernel does not have, or what cannot be read, stays unknown; all
 * else is known. Returns 0, or -errno if ROOT/net/snmp cannot be opened or a
 * file is garbled: that of the first such file; failed lists them, and *lost is
 * a number for these files and reasons, else 0. */
int proc_source_read_counters(const char *root, struct proc_files *kept,
                              struct kernel_counters *counters, unsigned *lost,
                              char *failed);

/* The same from files that stay open, and with the limits that were read when
 * they were opened. While TCP is idle, netstat is not read again. */
int proc_source_read_kept(struct table_descriptors *kept,
                          struct kernel_counters *counters, unsigned *lost,
                          char *failed);

/* Open the files of the network namespace this thread is in, and read its
 * limits. What cannot be opened is -1: it is said when it is read. */
void proc_source_open_kept(struct table_descriptors *kept);

#endif
