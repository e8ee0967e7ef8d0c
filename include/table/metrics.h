/* A reading and the kernel's counters -> the metrics that are dispatched: the
 * list of names, units and formulas in the man page collectd-tcpstates(5).
 *   all          everything; with options.peaks also the ..._peak
 *   ipv4, ipv6   tcp_connections, current_connections; percent-completion,
 *                -syn_recv, -syn_recv_aged
 *   PORT-local   of a LocalPort: tcp_connections, current_connections-active,
 *                percent-completion, -syn_recv; of a port with a listener:
 *                tcp_connections-SYN_RECV,
 *                current_connections-syn_recv_aged, percent-syn_queue,
 * -accept_queue, queue_length-accept, protocol_counter-drops where known */
#ifndef TABLE_METRICS_H
#define TABLE_METRICS_H

#include "table/held.h"
#include "table/kernel_counters.h"
#include "table/peaks.h"
#include "table/reading.h"

enum {
  METRICS_WINDOW_MIN = 2,
  METRICS_WINDOW_MAX = 3600,
  METRICS_NAME_MAX = 32,
  METRICS_ADDRESS_MAX = 64,
};

struct metrics_options {
  bool by_family;
  bool listeners;
  bool counters;
  bool peaks;               /* of metrics_note_peaks */
  bool syns;                /* SYNs received */
  unsigned variance_window; /* readings, METRICS_WINDOW_MIN.._MAX */
};

/* The queue that a metric is about. */
enum metrics_queue_kind {
  METRICS_NO_QUEUE,
  METRICS_SYN_QUEUE,
  METRICS_ACCEPT_QUEUE,
  METRICS_HELD, /* no queue: where connections are held */
  METRICS_QUEUE_KINDS
};

/* The fullest queue of its kind, for the plugin baseline in the same daemon. */
struct metrics_queue {
  char listener[METRICS_ADDRESS_MAX]; /* "0.0.0.0:443"; "" where it is empty */
  int64_t backlog;                    /* its maximum; 0 unknown */
  int64_t others; /* listeners in the same state; see queue_fill.h */
};

struct metric {
  char instance[METRICS_NAME_MAX]; /* "all", "ipv4", "ipv6", "443-local" */
  const char *type;                /* of types.db; static */
  const char *type_instance;       /* static; "" for none */
  bool is_counter;                 /* derive is set, else gauge */
  enum metrics_queue_kind queue;   /* whose facts it carries as meta data */
  double gauge;                    /* NAN: no data */
  int64_t derive;
};

struct metrics_list {
  size_t len, capacity;
  struct metric *items;
  struct metrics_queue queue[METRICS_QUEUE_KINDS];
  char top_source[METRICS_ADDRESS_MAX]; /* "198.51.100.0/24 72 %", "" none */
  char top_holder[METRICS_ADDRESS_MAX]; /* the same, of METRICS_HELD */
};

/* The types of the metrics, of types.db: number i, some several times; NULL
 * behind the last. */
const char *metrics_type(size_t i);

struct metrics;

/* Returns NULL without memory, or if the window is out of range. */
struct metrics *metrics_create(const struct metrics_options *options);
void metrics_destroy(struct metrics *metrics);

/* The peaks to dispatch with the next readings. */
void metrics_note_peaks(struct metrics *metrics, const struct peaks *peaks);

/* The connections that are held, to dispatch with the next readings. */
void metrics_note_held(struct metrics *metrics, const struct held_values *held);

/* reading: finished. counters: read with it. cost_s: what the reading cost, in
 * seconds. In the first call, and in one after a counter went backwards, a
 * value that needs a difference is NAN. The list is the instance's and is valid
 * until the next call. Returns 0, or -ENOMEM and the reading leaves no trace.
 */
int metrics_compute(struct metrics *metrics, const struct reading *reading,
                    const struct kernel_counters *counters, double cost_s,
                    const struct metrics_list **out);

#endif
