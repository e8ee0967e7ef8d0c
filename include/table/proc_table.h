/* Text of /proc/net/tcp and /proc/net/tcp6 -> rows of a reading. The text comes
 * in pieces of any size. Source: tcp4_seq_show() in net/ipv4/tcp_ipv4.c and
 * tcp6_seq_show() in net/ipv6/tcp_ipv6.c. */
#ifndef TABLE_PROC_TABLE_H
#define TABLE_PROC_TABLE_H

#include "table/reading.h"

enum { PROC_TABLE_LINE_MAX = 512 };

struct proc_table {
  struct reading *reading; /* not owned */
  enum tcp_family family;
  bool header_seen;
  size_t partial_len;
  char partial[PROC_TABLE_LINE_MAX]; /* a line cut between two pieces */
};

void proc_table_init(struct proc_table *table, enum tcp_family family,
                     struct reading *reading);

/* text: text_len bytes, no terminator needed. Returns 0; -EBADMSG for a line
 * that is not one of the table's; -ENOMEM. After an error the reading must not
 * be used. Columns that a later kernel adds are ignored. */
int proc_table_feed(struct proc_table *table, const char *text,
                    size_t text_len);

/* The end of the file was reached. Returns 0, or -EBADMSG if it came inside
 * a line or before the header. */
int proc_table_end(const struct proc_table *table);

#endif
