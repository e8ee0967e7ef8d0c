/* Records of the BPF program -> half-open entries of a reading. Touches memory
 * only. Source: reqsk_queue_added(), reqsk_queue_removed() in
 * include/net/request_sock.h and reqsk_timer_handler() in
 * net/ipv4/inet_connection_sock.c of the kernel. */
#include "table/listener_record.h"

#include "table/reading.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

/* The kernel's counters are of type int. */
static int is_sane(const struct listener_record *record) {
  return (record->family == AF_INET || record->family == AF_INET6) &&
         record->half_open <= INT32_MAX && record->young <= INT32_MAX;
}

/* The two counters are read one after the other while SYNs arrive: there may
 * be more young entries than entries. */
static struct cohort cohort_of(const struct listener_record *record) {
  struct cohort cohort = {
      .family = record->family == AF_INET ? TCP_IPV4 : TCP_IPV6,
      .port = record->port,
      .half_open = record->half_open,
      .aged = record->half_open > record->young
                  ? record->half_open - record->young
                  : 0,
      .deferred = record->deferred != 0,
  };
  memcpy(cohort.address, record->address, sizeof(cohort.address));
  return cohort;
}

int listener_record_parse(const void *bytes, size_t length,
                          struct reading *reading) {
  struct listener_record record;
  if (length % sizeof(record) != 0)
    return -EBADMSG;
  for (size_t at = 0; at < length; at += sizeof(record)) {
    memcpy(&record, (const char *)bytes + at, sizeof(record));
    if (!is_sane(&record))
      return -EBADMSG;
    struct cohort cohort = cohort_of(&record);
    int rc = reading_add_cohort(reading, &cohort);
    if (rc != 0)
      return rc;
  }
  return 0;
}

void listener_record_add_syns(const struct listener_record *records, size_t len,
                              struct reading *reading) {
  for (size_t i = 0; i < reading->listeners_len; i++)
    reading->listeners[i].syns = 0;
  for (size_t i = 0; i < len; i++) {
    struct cohort cohort = cohort_of(&records[i]);
    reading_add_syns(reading, &cohort, records[i].syns);
  }
}
