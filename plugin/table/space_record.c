/* Records of the BPF program for all namespaces -> a reading of one. Touches
 * memory only. Source: inet_csk_listen_start() in
 * net/ipv4/inet_connection_sock.c of the kernel. */
#include "table/space_record.h"

#include "table/reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static int compare(const void *left, const void *right) {
  const struct space_record *a = left, *b = right;
  return a->space < b->space ? -1 : a->space > b->space;
}

void space_record_sort(struct space_record *records, size_t len) {
  if (len > 0)
    qsort(records, len, sizeof(*records), compare);
}

/* The first one whose namespace is not below a number. */
static size_t first_from(const struct space_record *records, size_t all,
                         uint64_t space) {
  size_t low = 0, high = all;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (records[middle].space < space)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

const struct space_record *space_record_of(const struct space_record *records,
                                           size_t all, uint32_t space,
                                           size_t *len) {
  size_t first = first_from(records, all, space);
  *len = first_from(records, all, (uint64_t)space + 1) - first;
  return records + first;
}

uint64_t space_record_half_open(const struct space_record *records,
                                size_t len) {
  uint64_t sum = 0;
  for (size_t i = 0; i < len; i++)
    sum += records[i].listener.half_open;
  return sum;
}

static int add_listener(const struct space_record *record,
                        struct reading *reading) {
  const struct listener_record *listener = &record->listener;
  struct tcp_row row = {
      .state = TCP_STATE_LISTEN,
      .family = listener->family == AF_INET ? TCP_IPV4 : TCP_IPV6,
      .local_port = listener->port,
      .accept_depth = record->depth,
      .accept_max = record->max,
      .drops = record->drops,
      .max_known = true,
  };
  memcpy(row.local, listener->address, sizeof(row.local));
  return reading_add(reading, &row);
}

/* The parser of the records sees to it that they are sane. */
int space_record_parse(const struct space_record *records, size_t len,
                       struct reading *reading) {
  for (size_t i = 0; i < len; i++) {
    const struct listener_record *listener = &records[i].listener;
    int rc = listener_record_parse(listener, sizeof(*listener), reading);
    if (rc == 0)
      rc = add_listener(&records[i], reading);
    if (rc != 0)
      return rc;
  }
  return 0;
}
