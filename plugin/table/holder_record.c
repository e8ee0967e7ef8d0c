/* Records of the BPF program -> a look at holders. Touches memory only. */
#include "table/holder_record.h"

#include "table/holders.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

static int is_sane(const struct holder_record *record) {
  return (record->family == AF_INET || record->family == AF_INET6) &&
         (record->state == TCP_STATE_ESTABLISHED ||
          record->state == TCP_STATE_FIN_WAIT1);
}

static struct tcp_row row_of(const struct holder_record *record) {
  struct tcp_row row = {
      .state = record->state,
      .family = record->family == AF_INET ? TCP_IPV4 : TCP_IPV6,
      .timer = record->timer,
      .retransmits = record->retransmits,
      .local_port = record->local_port,
  };
  memcpy(row.local, record->local, sizeof(row.local));
  memcpy(row.remote, record->remote, sizeof(row.remote));
  return row;
}

static struct tcp_activity activity_of(const struct holder_record *record) {
  return (struct tcp_activity){
      .sent_ms = record->sent_ms,
      .received_ms = record->received_ms,
      .data_segs_in = record->data_segs_in,
      .data_segs_out = record->data_segs_out,
      .bytes_acked = record->bytes_acked,
      .bytes_received = record->bytes_received,
      .busy_us = record->busy_us,
  };
}

int holder_record_parse(const void *bytes, size_t length,
                        struct holders *holders) {
  struct holder_record record;
  if (length % sizeof(record) != 0)
    return -EBADMSG;
  for (size_t at = 0; at < length; at += sizeof(record)) {
    memcpy(&record, (const char *)bytes + at, sizeof(record));
    if (!is_sane(&record))
      return -EBADMSG;
    struct tcp_row row = row_of(&record);
    struct tcp_activity activity = activity_of(&record);
    int rc = holders_add(holders, &row, holders->asked ? &activity : NULL);
    if (rc != 0)
      return rc;
  }
  return 0;
}
