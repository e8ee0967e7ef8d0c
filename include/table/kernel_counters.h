/* Text of /proc/net/snmp, /proc/net/netstat and /proc/net/sockstat, and a few
 * sysctls -> numbers. Source: net/ipv4/proc.c. */
#ifndef TABLE_KERNEL_COUNTERS_H
#define TABLE_KERNEL_COUNTERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first COUNTER_DISPATCHED are the metrics protocol_counter-NAME. */
enum kernel_counter {
  COUNTER_PASSIVE_OPENS,
  COUNTER_ACTIVE_OPENS,
  COUNTER_ATTEMPT_FAILS,
  COUNTER_ESTAB_RESETS,
  COUNTER_OUT_SEGS,
  COUNTER_OUT_RSTS,
  COUNTER_SYNCOOKIES_SENT,
  COUNTER_SYNCOOKIES_RECV,
  COUNTER_SYNCOOKIES_FAILED,
  COUNTER_LISTEN_OVERFLOWS,
  COUNTER_LISTEN_DROPS,
  COUNTER_REQ_Q_FULL_DO_COOKIES,
  COUNTER_REQ_Q_FULL_DROP,
  COUNTER_SYN_RETRANS,
  COUNTER_EMBRYONIC_RSTS,
  COUNTER_ORIG_DATA_SENT,
  COUNTER_WIN_PROBE,
  COUNTER_ABORT_ON_DATA,
  COUNTER_CURR_ESTAB, /* gauge */
  COUNTER_TIMEWAIT,   /* gauge: sockstat's tw */
  /* sysctls of net.ipv4 */
  COUNTER_MAX_TW_BUCKETS,
  COUNTER_MAX_SYN_BACKLOG,
  COUNTER_SYNCOOKIES_MODE,
  COUNTER_SYNACK_RETRIES,
  COUNTER_END
};
#define COUNTER_DISPATCHED COUNTER_CURR_ESTAB

struct kernel_counters {
  int64_t value[COUNTER_END];
  bool known[COUNTER_END]; /* false: this kernel or container has none */
};

/* The kernel's own name: "PassiveOpens", "TCPReqQFullDrop", ... */
const char *kernel_counter_name(enum kernel_counter counter);

/* text: the whole file, text_len bytes. Counters that are not in it stay as
 * they are; so do those that cannot be read: a pair of lines of different
 * length, names without numbers, a number that is none, a line that is cut.
 * The rest of the file is still read. Values above INT64_MAX wrap as DERIVE
 * does. Returns 0, or -EBADMSG if something of the section cannot be read. */
int kernel_counters_parse_snmp(const char *text, size_t text_len,
                               struct kernel_counters *counters);
/* A number that is another one when TCP has received or sent anything: of the
 * lines of /proc/net/snmp that count segments. While it stays, so do TCP's
 * counters in /proc/net/netstat, which cost the kernel much more. */
uint64_t kernel_counters_activity(const char *text, size_t text_len);
/* /proc/net/netstat has the form of /proc/net/snmp with other prefixes. */
int kernel_counters_parse_netstat(const char *text, size_t text_len,
                                  struct kernel_counters *counters);
int kernel_counters_parse_sockstat(const char *text, size_t text_len,
                                   struct kernel_counters *counters);
/* One sysctl: a number and a newline. Returns 0, or -EBADMSG and *counters is
 * unchanged. */
int kernel_counters_parse_sysctl(const char *text, size_t text_len,
                                 enum kernel_counter counter,
                                 struct kernel_counters *counters);

#endif
