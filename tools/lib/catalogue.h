/* The values that `watch` shows: where the daemon has them, and what they are
 * called on the screen. */
#ifndef TOOLS_LIB_CATALOGUE_H
#define TOOLS_LIB_CATALOGUE_H

enum watch_metric {
  WATCH_ESTABLISHED,
  WATCH_SYN_SENT,
  WATCH_SYN_RECV,
  WATCH_FIN_WAIT1,
  WATCH_FIN_WAIT2,
  WATCH_TIME_WAIT,
  WATCH_CLOSED,
  WATCH_CLOSE_WAIT,
  WATCH_LAST_ACK,
  WATCH_LISTEN,
  WATCH_CLOSING,
  WATCH_ACTIVE, /* the states stand first */
  WATCH_AGED,
  WATCH_COMPLETION,
  WATCH_HALF_OPEN_SHARE,
  WATCH_AGED_SHARE,
  WATCH_HANDSHAKE,
  WATCH_INBOUND,
  WATCH_ENTROPY,
  WATCH_DEVIATION,
  WATCH_SYN_QUEUE,
  WATCH_SYN_QUEUE_AGED,
  WATCH_ACCEPT_QUEUE,
  WATCH_TIME_WAIT_USE,
  WATCH_PASSIVE_OPENS, /* counters from here on: events a second */
  WATCH_ACTIVE_OPENS,
  WATCH_ATTEMPT_FAILS,
  WATCH_ESTAB_RESETS,
  WATCH_COOKIES_SENT,
  WATCH_COOKIES_RETURNED,
  WATCH_COOKIES_FAILED,
  WATCH_LISTEN_OVERFLOWS,
  WATCH_LISTEN_DROPS,
  WATCH_QUEUE_FULL_COOKIES,
  WATCH_QUEUE_FULL_DROPS,
  WATCH_SYN_RETRANS,
  WATCH_EMBRYONIC_RESETS,
  WATCH_FLOOD_EXPECTED, /* of baseline-syn_flood: in half-open connections */
  WATCH_FLOOD_UPPER,
  WATCH_METRICS
};
#define WATCH_STATES_END WATCH_ACTIVE

struct catalogue_name {
  const char *plugin, *plugin_instance, *type, *type_instance;
  const char *label; /* at most 20 columns */
  int decimals;
  const char *unit; /* "" or " %" */
};

const struct catalogue_name *catalogue_name(enum watch_metric metric);

/* One group of the list of all values, in the order shown. */
struct watch_metric_group {
  const char *heading;
  enum watch_metric first, end;
};
enum { WATCH_METRIC_GROUPS = 4 };
extern const struct watch_metric_group catalogue_groups[WATCH_METRIC_GROUPS];

#endif
