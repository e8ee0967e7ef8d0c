/* What the BPF program space_probe.bpf.c writes for each listening socket of
 * any network namespace, and how a reading takes it in. The program includes
 * this file: types only. */
#ifndef TABLE_SPACE_RECORD_H
#define TABLE_SPACE_RECORD_H

#include "table/listener_record.h"

struct space_record {
  struct listener_record listener; /* without syns */
  uint32_t space;                  /* the number of its namespace */
  uint32_t depth, max;             /* of its accept queue */
  uint32_t drops;
};

/* Order the records of many namespaces by namespace. */
void space_record_sort(struct space_record *records, size_t len);

/* Of ordered records: those of one namespace. Returns the first, and their
 * number in *len; 0: there are none. */
const struct space_record *space_record_of(const struct space_record *records,
                                           size_t all, uint32_t space,
                                           size_t *len);

/* Half-open entries of all of them. */
uint64_t space_record_half_open(const struct space_record *records, size_t len);

/* Take in the listening sockets and their half-open entries, in place of rows
 * in LISTEN and SYN_RECV. Returns as listener_record_parse. */
int space_record_parse(const struct space_record *records, size_t len,
                       struct reading *reading);

#endif
