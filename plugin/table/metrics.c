/* A reading and the kernel's counters -> the list that is dispatched. Touches
 * memory only. Source: SIGNALS.md's table of metrics, as the man page has it.
 */
#include "table/metrics.h"
#include "table/address_text.h"
#include "table/handshakes.h"
#include "table/percent.h"
#include "table/queue_fill.h"
#include "table/state_counts.h"
#include "table/state_spread.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert((int)ADDRESS_TEXT_MAX <= (int)METRICS_ADDRESS_MAX,
               "an address fits the list");

/* The most metrics that an instance of each kind has. */
enum { ALL_LEN = 40, FAMILY_LEN = 16, LOCAL_PORT_LEN = 14, LISTENER_LEN = 5 };

struct metrics {
  struct metrics_options options;
  struct metrics_list list;
  struct state_spread *spread;
  struct handshakes last;   /* the reading before */
  struct handshakes walked; /* the last one that knew the half-open entries */
  struct queue_ports ports; /* with options.listeners */
};

struct metrics *metrics_create(const struct metrics_options *options) {
  if (options->variance_window < METRICS_WINDOW_MIN ||
      options->variance_window > METRICS_WINDOW_MAX)
    return NULL;
  struct metrics *metrics = calloc(1, sizeof(*metrics));
  if (metrics == NULL)
    return NULL;
  metrics->options = *options;
  metrics->spread = state_spread_create(options->variance_window);
  if (metrics->spread == NULL) {
    free(metrics);
    return NULL;
  }
  return metrics;
}

void metrics_destroy(struct metrics *metrics) {
  if (metrics == NULL)
    return;
  state_spread_destroy(metrics->spread);
  queue_ports_release(&metrics->ports);
  free(metrics->list.items);
  free(metrics);
}

/* Let the list hold so many. Returns 0 or -ENOMEM. */
static int list_reserve(struct metrics_list *list, size_t capacity) {
  if (capacity <= list->capacity)
    return 0;
  struct metric *items = realloc(list->items, capacity * sizeof(*items));
  if (items == NULL)
    return -ENOMEM;
  list->items = items;
  list->capacity = capacity;
  return 0;
}

static struct metric *push(struct metrics_list *list, const char *instance,
                           const char *type, const char *type_instance,
                           double gauge) {
  struct metric *metric = &list->items[list->len++];
  *metric = (struct metric){
      .type = type, .type_instance = type_instance, .gauge = gauge};
  snprintf(metric->instance, sizeof(metric->instance), "%s", instance);
  return metric;
}

/* A metric and the queue that it is about. */
static void push_queue(struct metrics_list *list, const char *type_instance,
                       enum metrics_queue_kind kind,
                       const struct queue_fullest *fullest) {
  struct metrics_queue *queue = &list->queue[kind];
  push(list, "all", "percent", type_instance, fullest->percent)->queue = kind;
  *queue = (struct metrics_queue){.backlog = 0};
  if (fullest->entries == 0)
    return;
  queue->backlog = isnan(fullest->max) ? 0 : (int64_t)fullest->max;
  queue->others = (int64_t)fullest->others;
  address_text_listener(fullest->listener, queue->listener);
}

static void push_counter(struct metrics_list *list, const char *instance,
                         const char *type_instance, int64_t value) {
  struct metric *metric =
      push(list, instance, "protocol_counter", type_instance, NAN);
  metric->is_counter = true;
  metric->derive = value;
}

static void push_counts(struct metrics_list *list, const char *instance,
                        const struct state_counts *counts) {
  for (int state = 1; state < TCP_STATE_END; state++) {
    struct metric *metric =
        push(list, instance, "tcp_connections", tcp_state_name(state),
             state_counts_of(counts, state));
    if (state == TCP_STATE_SYN_RECV && strcmp(instance, "all") == 0)
      metric->queue = METRICS_SYN_QUEUE;
  }
}

/* What every instance with counts per state has. */
static void push_states(struct metrics_list *list, const char *instance,
                        const struct state_counts *counts) {
  double half_open = state_counts_of(counts, TCP_STATE_SYN_RECV);
  double established = state_counts_of(counts, TCP_STATE_ESTABLISHED);
  double active = state_counts_active(counts);
  push_counts(list, instance, counts);
  push(list, instance, "current_connections", "active", active);
  push(list, instance, "percent", "completion",
       percent_of(established, established + half_open));
  push(list, instance, "percent", "syn_recv", percent_of(half_open, active));
}

static void push_aged(struct metrics_list *list, const char *instance,
                      double aged, uint64_t half_open) {
  push(list, instance, "current_connections", "syn_recv_aged", aged);
  push(list, instance, "percent", "syn_recv_aged",
       percent_of(aged, (double)half_open));
}

/* A count of aged entries, or NAN where no SYN-ACK is ever sent again, or
 * nobody has looked. */
static double aged_if_known(uint64_t aged, const struct reading *reading,
                            const struct kernel_counters *counters) {
  bool never = counters->known[COUNTER_SYNACK_RETRIES] &&
               counters->value[COUNTER_SYNACK_RETRIES] == 0;
  return never || !reading_knows(reading, TCP_STATE_SYN_RECV)
             ? NAN
             : (double)reading_unanswered(reading, aged);
}

static double known_or_nan(const struct reading *reading, enum tcp_state state,
                           uint64_t sockets) {
  return reading_knows(reading, state) ? (double)sockets : NAN;
}

static void push_queues(struct metrics_list *list,
                        const struct reading *reading,
                        const struct kernel_counters *counters) {
  struct queue_fill fill = queue_fill_of(reading, counters);
  uint64_t aged = fill.syn.listener != NULL ? fill.syn.listener->aged : 0;
  push_queue(list, "syn_queue", METRICS_SYN_QUEUE, &fill.syn);
  push_queue(list, "accept_queue", METRICS_ACCEPT_QUEUE, &fill.accept);
  push(list, "all", "percent", "syn_queue_aged",
       percent_of(aged_if_known(aged, reading, counters), fill.syn.max));
  push(list, "all", "percent", "syn_recv_top_source",
       percent_of((double)reading->one_source_count,
                  known_or_nan(reading, TCP_STATE_SYN_RECV,
                               reading->total[TCP_STATE_SYN_RECV])));
  address_text_top_source(reading, list->top_source);
}

/* What became of the handshakes is told from one look at the half-open entries
 * to the next; where connections come from, from each reading to the next. */
static struct handshake_shares advance(struct metrics *metrics,
                                       const struct reading *reading,
                                       const struct kernel_counters *counters,
                                       double aged) {
  struct handshake_shares shares =
      handshakes_advance(&metrics->last, counters, aged);
  shares.completed = NAN;
  if (reading_knows(reading, TCP_STATE_SYN_RECV))
    shares.completed =
        handshakes_advance(&metrics->walked, counters, aged).completed;
  return shares;
}

static void push_shares(struct metrics *metrics, const struct reading *reading,
                        const struct kernel_counters *counters, double aged) {
  struct metrics_list *list = &metrics->list;
  struct handshake_shares shares = advance(metrics, reading, counters, aged);
  double timewait =
      reading->mini_sockets_known ? (double)reading->mini_sockets : NAN;
  double timewait_max = counters->known[COUNTER_MAX_TW_BUCKETS]
                            ? (double)counters->value[COUNTER_MAX_TW_BUCKETS]
                            : NAN;
  push(list, "all", "percent", "handshake", shares.completed);
  push(list, "all", "percent", "inbound", shares.inbound);
  push(list, "all", "percent", "time_wait", percent_of(timewait, timewait_max));
}

/* How the states are spread, now and over the last readings that knew them. */
static void push_spread(struct metrics *metrics,
                        const struct reading *reading) {
  bool whole = reading->known == reading->known_apart &&
               reading_knows(reading, TCP_STATE_SYN_RECV);
  if (whole)
    state_spread_add(metrics->spread, reading->total);
  push(&metrics->list, "all", "gauge", "state_entropy",
       whole ? state_counts_entropy(reading->total) : NAN);
  push(&metrics->list, "all", "gauge", "state_stddev",
       whole ? state_spread_value(metrics->spread) : NAN);
}

static void push_all(struct metrics *metrics, const struct reading *reading,
                     const struct kernel_counters *counters, double cost_s) {
  struct metrics_list *list = &metrics->list;
  double aged = aged_if_known(reading->aged[TCP_IPV4] + reading->aged[TCP_IPV6],
                              reading, counters);
  struct state_counts total = {reading->total, reading->known};
  push_states(list, "all", &total);
  push_aged(list, "all", aged, reading->total[TCP_STATE_SYN_RECV]);
  push_shares(metrics, reading, counters, aged);
  push_queues(list, reading, counters);
  push_spread(metrics, reading);
  push(list, "all", "duration", "read", cost_s);
  for (int i = 0; metrics->options.counters && i < COUNTER_DISPATCHED; i++)
    if (counters->known[i])
      push_counter(list, "all", kernel_counter_name((enum kernel_counter)i),
                   counters->value[i]);
}

static void push_families(struct metrics_list *list,
                          const struct reading *reading,
                          const struct kernel_counters *kernel) {
  static const char *const names[TCP_FAMILY_COUNT] = {
      [TCP_IPV4] = "ipv4", [TCP_IPV6] = "ipv6"};
  for (int family = 0; family < TCP_FAMILY_COUNT; family++) {
    struct state_counts counts = {reading->count[family], reading->known_apart};
    push_states(list, names[family], &counts);
    push_aged(list, names[family],
              aged_if_known(reading->aged[family], reading, kernel),
              reading->count[family][TCP_STATE_SYN_RECV]);
  }
}

static void port_instance(uint16_t port, char instance[METRICS_NAME_MAX]) {
  snprintf(instance, METRICS_NAME_MAX, "%u-local", (unsigned)port);
}

static void push_local_ports(struct metrics_list *list,
                             const struct reading *reading) {
  char instance[METRICS_NAME_MAX];
  for (size_t i = 0; i < reading->ports_len; i++) {
    port_instance(reading->port[i], instance);
    struct state_counts counts = {reading->port_count[i], reading->known_apart};
    push_states(list, instance, &counts);
  }
}

/* A LocalPort has its SYN_RECV already. */
static bool is_local_port(const struct reading *reading, uint16_t port) {
  for (size_t i = 0; i < reading->ports_len; i++)
    if (reading->port[i] == port)
      return true;
  return false;
}

static void push_listener_port(struct metrics_list *list,
                               const struct reading *reading,
                               const struct queue_port *port) {
  char instance[METRICS_NAME_MAX];
  const struct queue_fill *fill = &port->fill;
  port_instance(port->port, instance);
  if (!is_local_port(reading, port->port))
    push(list, instance, "tcp_connections", tcp_state_name(TCP_STATE_SYN_RECV),
         known_or_nan(reading, TCP_STATE_SYN_RECV, fill->half_open));
  push(list, instance, "percent", "syn_queue", fill->syn.percent);
  push(list, instance, "queue_length", "accept",
       known_or_nan(reading, TCP_STATE_LISTEN, fill->accept_depth));
  push(list, instance, "percent", "accept_queue", fill->accept.percent);
  if (fill->drops_known)
    push_counter(list, instance, "drops", (int64_t)fill->drops);
}

int metrics_compute(struct metrics *metrics, const struct reading *reading,
                    const struct kernel_counters *counters, double cost_s,
                    const struct metrics_list **out) {
  struct metrics_list *list = &metrics->list;
  if (metrics->options.listeners &&
      queue_ports_fill(&metrics->ports, reading, counters) != 0)
    return -ENOMEM;
  if (list_reserve(list, ALL_LEN + TCP_FAMILY_COUNT * FAMILY_LEN +
                             reading->ports_len * LOCAL_PORT_LEN +
                             metrics->ports.len * LISTENER_LEN) != 0)
    return -ENOMEM;
  list->len = 0;
  push_all(metrics, reading, counters, cost_s);
  if (metrics->options.by_family && reading->by_family)
    push_families(list, reading, counters);
  push_local_ports(list, reading);
  for (size_t i = 0; i < metrics->ports.len; i++)
    push_listener_port(list, reading, &metrics->ports.ports[i]);
  *out = list;
  return 0;
}
