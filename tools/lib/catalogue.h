/* The metrics that the command shows: one table of where a daemon has them and
 * what they are called. `watch` and `status` show all in this order, `check`
 * those with a check_label, `plot` finds its panels' curves by id.
 *
 *     for (int i = CATALOGUE_COMPLETION; i < CATALOGUE_RATIOS_END; i++)
 *       printf("%s\n", catalogue_metric((enum catalogue_id)i)->label);
 *
 * A new metric is an id here and a row in catalogue.c. Each is explained under
 * METRICS in collectd-tcpstates(5). */
#ifndef TOOLS_LIB_CATALOGUE_H
#define TOOLS_LIB_CATALOGUE_H

/* Those of a group stand together, in the order shown. */
enum catalogue_id {
  CATALOGUE_ESTABLISHED, /* sockets in a state, in the kernel's order */
  CATALOGUE_SYN_SENT,
  CATALOGUE_SYN_RECV,
  CATALOGUE_FIN_WAIT1,
  CATALOGUE_FIN_WAIT2,
  CATALOGUE_TIME_WAIT,
  CATALOGUE_CLOSED,
  CATALOGUE_CLOSE_WAIT,
  CATALOGUE_LAST_ACK,
  CATALOGUE_LISTEN,
  CATALOGUE_CLOSING,
  CATALOGUE_ACTIVE, /* sums of states */
  CATALOGUE_AGED,
  CATALOGUE_COMPLETION, /* ratios */
  CATALOGUE_HALF_OPEN_SHARE,
  CATALOGUE_AGED_SHARE,
  CATALOGUE_HANDSHAKE,
  CATALOGUE_INBOUND,
  CATALOGUE_ENTROPY,
  CATALOGUE_DEVIATION,
  CATALOGUE_SYN_QUEUE, /* the fullest queues, percent */
  CATALOGUE_SYN_QUEUE_AGED,
  CATALOGUE_ACCEPT_QUEUE,
  CATALOGUE_TIME_WAIT_USE,
  CATALOGUE_PASSIVE_OPENS, /* counters, in the kernel's order: events a second
                            */
  CATALOGUE_ACTIVE_OPENS,
  CATALOGUE_ATTEMPT_FAILS,
  CATALOGUE_ESTAB_RESETS,
  CATALOGUE_COOKIES_SENT,
  CATALOGUE_COOKIES_RETURNED,
  CATALOGUE_COOKIES_FAILED,
  CATALOGUE_LISTEN_OVERFLOWS,
  CATALOGUE_LISTEN_DROPS,
  CATALOGUE_QUEUE_FULL_COOKIES,
  CATALOGUE_QUEUE_FULL_DROPS,
  CATALOGUE_SYN_RETRANS,
  CATALOGUE_EMBRYONIC_RESETS,
  CATALOGUE_FLOOD_EXPECTED, /* of baseline-syn_flood: half-open connections */
  CATALOGUE_FLOOD_UPPER,
  CATALOGUE_METRICS,

  /* One behind the last of a group. */
  CATALOGUE_STATES_END = CATALOGUE_ACTIVE,
  CATALOGUE_SOCKETS_END = CATALOGUE_COMPLETION, /* states and their sums */
  CATALOGUE_RATIOS_END = CATALOGUE_SYN_QUEUE,
  CATALOGUE_QUEUES_END = CATALOGUE_PASSIVE_OPENS,
  CATALOGUE_COUNTERS_END = CATALOGUE_FLOOD_EXPECTED
};

enum {
  CATALOGUE_RATIOS_LEN = CATALOGUE_RATIOS_END - CATALOGUE_COMPLETION,
  CATALOGUE_QUEUES_LEN = CATALOGUE_QUEUES_END - CATALOGUE_SYN_QUEUE
};

struct catalogue_metric {
  const char *plugin, *plugin_instance, *type, *type_instance;
  const char *label; /* on a screen, at most 20 columns */
  int decimals;
  const char *unit;        /* "" or " %" */
  const char *check_label; /* in the performance data; NULL: it is not there */
};

/* Never NULL. */
const struct catalogue_metric *catalogue_metric(enum catalogue_id id);

/* A group of the list of all values, with its heading. */
struct catalogue_group {
  const char *heading; /* "RATIOS" */
  enum catalogue_id first, end;
};
enum {
  CATALOGUE_GROUP_SOCKETS,
  CATALOGUE_GROUP_RATIOS,
  CATALOGUE_GROUP_QUEUES,
  CATALOGUE_GROUP_COUNTERS,
  CATALOGUE_GROUPS
};
extern const struct catalogue_group catalogue_groups[CATALOGUE_GROUPS];

#endif
