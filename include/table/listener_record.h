/* What the BPF program listener_probe.bpf.c writes for each listening socket,
 * and how a reading takes it in. The program includes this file: types only. */
#ifndef TABLE_LISTENER_RECORD_H
#define TABLE_LISTENER_RECORD_H

#include <stddef.h>
#include <stdint.h>

struct listener_record {
  uint8_t address[16]; /* network byte order; IPv4 in the first four */
  uint16_t port;       /* host byte order */
  uint16_t family;     /* AF_INET or AF_INET6 */
  uint32_t half_open;  /* entries of the SYN queue */
  uint32_t young;      /* those whose timer has not expired yet */
  uint32_t deferred;   /* not 0: TCP_DEFER_ACCEPT */
  uint64_t syns;       /* received since the program counts them */
};

struct reading;

/* Take in the half-open entries of each record, in place of rows in SYN_RECV.
 * bytes: whole records, length bytes, in any alignment. An entry is aged if its
 * timer has expired; of a listener with TCP_DEFER_ACCEPT that includes clients
 * that have answered, and reading->deferred_aged counts them. Returns 0;
 * -EBADMSG for what no kernel writes, or -ENOMEM: then the reading must not be
 * used. */
int listener_record_parse(const void *bytes, size_t length,
                          struct reading *reading);

/* Set the SYNs of each listening socket of the reading. */
void listener_record_add_syns(const struct listener_record *records, size_t len,
                              struct reading *reading);

#endif
