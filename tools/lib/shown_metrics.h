/* The metrics that the command shows: one table of where a daemon has them and
 * what they are called. `watch` and `status` show all in this order, `check`
 * those with a check_label, `plot` finds its panels' curves by id.
 *
 *     for (int i = SHOWN_COMPLETION; i < SHOWN_RATIOS_END; i++)
 *       printf("%s\n", shown_metric((enum shown_id)i)->label);
 *
 * A new metric is an id here and a row in shown_metrics.c. Each is explained
 * under METRICS in collectd-tcpstates(5). */
#ifndef TOOLS_LIB_SHOWN_METRICS_H
#define TOOLS_LIB_SHOWN_METRICS_H

/* Those of a group stand together, in the order shown. */
enum shown_id {
  SHOWN_ESTABLISHED, /* sockets in a state, in the kernel's order */
  SHOWN_SYN_SENT,
  SHOWN_SYN_RECV,
  SHOWN_FIN_WAIT1,
  SHOWN_FIN_WAIT2,
  SHOWN_TIME_WAIT,
  SHOWN_CLOSED,
  SHOWN_CLOSE_WAIT,
  SHOWN_LAST_ACK,
  SHOWN_LISTEN,
  SHOWN_CLOSING,
  SHOWN_ACTIVE, /* sums of states */
  SHOWN_AGED,
  SHOWN_COMPLETION, /* ratios */
  SHOWN_HALF_OPEN_SHARE,
  SHOWN_AGED_SHARE,
  SHOWN_HANDSHAKE,
  SHOWN_INBOUND,
  SHOWN_ENTROPY,
  SHOWN_DEVIATION,
  SHOWN_SYN_QUEUE, /* the fullest queues, percent */
  SHOWN_SYN_QUEUE_AGED,
  SHOWN_ACCEPT_QUEUE,
  SHOWN_TIME_WAIT_USE,
  SHOWN_PASSIVE_OPENS, /* counters, in the kernel's order: events a second
                        */
  SHOWN_ACTIVE_OPENS,
  SHOWN_ATTEMPT_FAILS,
  SHOWN_ESTAB_RESETS,
  SHOWN_SEGMENTS_SENT,
  SHOWN_RESETS_SENT,
  SHOWN_COOKIES_SENT,
  SHOWN_COOKIES_RETURNED,
  SHOWN_COOKIES_FAILED,
  SHOWN_LISTEN_OVERFLOWS,
  SHOWN_LISTEN_DROPS,
  SHOWN_QUEUE_FULL_COOKIES,
  SHOWN_QUEUE_FULL_DROPS,
  SHOWN_SYN_RETRANS,
  SHOWN_EMBRYONIC_RESETS,
  SHOWN_DATA_SENT,
  SHOWN_WINDOW_PROBES,
  SHOWN_ABORTS,
  SHOWN_FLOOD_EXPECTED, /* of baseline-syn_flood: half-open connections */
  SHOWN_FLOOD_UPPER,
  SHOWN_HELD, /* for pictures: connections that are held */
  SHOWN_ZERO_WINDOW,
  SHOWN_PORT_HALF_OPEN, /* of the one port that is asked for */
  SHOWN_PORT_SYN_QUEUE,
  SHOWN_PORT_WAITING,
  SHOWN_PORT_ACCEPT_QUEUE,
  SHOWN_PORT_DROPS,
  SHOWN_METRICS
};

/* One behind the last of a group. */
#define SHOWN_STATES_END SHOWN_ACTIVE
#define SHOWN_SOCKETS_END SHOWN_COMPLETION /* states and their sums */
#define SHOWN_RATIOS_END SHOWN_SYN_QUEUE
#define SHOWN_QUEUES_END SHOWN_PASSIVE_OPENS
#define SHOWN_COUNTERS_END SHOWN_FLOOD_EXPECTED
#define SHOWN_PORT_END SHOWN_METRICS

enum {
  SHOWN_RATIOS_LEN = SHOWN_RATIOS_END - SHOWN_COMPLETION,
  SHOWN_QUEUES_LEN = SHOWN_QUEUES_END - SHOWN_SYN_QUEUE,
  SHOWN_PORT_LEN = SHOWN_PORT_END - SHOWN_PORT_HALF_OPEN
};

struct shown_metric {
  /* plugin_instance: of SHOWN_PORT_... with the port's number for "PORT". */
  const char *plugin, *plugin_instance, *type, *type_instance;
  const char *label; /* on a screen, at most 20 columns */
  int decimals;
  const char *unit;        /* "", " %" or "/s" */
  const char *check_label; /* in the performance data; NULL: it is not there */
};

/* Never NULL. */
const struct shown_metric *shown_metric(enum shown_id id);

/* A group of the list of all values, with its heading. */
struct shown_group {
  const char *heading; /* "RATIOS" */
  enum shown_id first, end;
};
enum {
  SHOWN_GROUP_SOCKETS,
  SHOWN_GROUP_RATIOS,
  SHOWN_GROUP_QUEUES,
  SHOWN_GROUP_COUNTERS,
  SHOWN_GROUPS
};
extern const struct shown_group shown_groups[SHOWN_GROUPS];

#endif
