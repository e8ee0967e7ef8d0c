/* A reading and the kernel's counters -> the list that is dispatched. The table
 * rows[] has every metric: the list is sized by it and filled from it. To add a
 * metric, add a row and the function that computes it. Touches memory only.
 * Source: the man page collectd-tcpstates(5); for what counts when during a
 * handshake, tcp_create_openreq_child(), tcp_check_req() and tcp_conn_request()
 * of the kernel. */
#include "table/metrics.h"

#include "queue_fill.h"
#include "state_counts.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* Of a reading, what the next one is compared with; all zeros: there is none.
 */
struct handshakes {
  struct kernel_counters counters;
  uint64_t syns;
  bool syns_known;
  double aged; /* half-open entries whose SYN-ACK was sent again; NAN unknown */
};

struct handshake_shares {
  /* Of the handshakes that ended, how many percent completed: an upper bound,
   * because the kernel does not count every failure. */
  double completed;
  double inbound; /* percentage of the opened connections that came in */
};

struct metrics {
  struct metrics_options options;
  struct metrics_list list;
  struct state_spread *spread;
  struct handshakes last;   /* the reading before */
  struct handshakes walked; /* the last one that knew the half-open entries */
  struct queue_ports ports; /* with options.listeners */
  struct peaks peaks;       /* with options.peaks */
  struct held_values held;
};

/* The rows that an instance has. */
enum {
  ON_ALL = 1 << 0,
  ON_ALL_COUNTERS = 1 << 1, /* with ReportCounters */
  ON_FAMILY = 1 << 2,
  ON_LOCAL_PORT = 1 << 3,
  ON_LISTENER = 1 << 4,
  ON_OTHER_LISTENER = 1 << 5, /* of a port that is no LocalPort */
  ON_ALL_PEAKS = 1 << 6,      /* with Peaks */
  ON_ALL_SYNS = 1 << 7,       /* with CountSyns */
  ON_LISTENER_SYNS = 1 << 8,
  ON_COUNTED = ON_ALL | ON_FAMILY | ON_LOCAL_PORT, /* has counts per state */
};

/* One instance and what its rows are computed from. */
struct view {
  char name[METRICS_NAME_MAX];
  unsigned on;
  int which; /* the state or counter, in a row that has several */
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct state_counts counts;      /* ON_COUNTED */
  double aged;                     /* ON_ALL, ON_FAMILY */
  const struct queue_fill *queues; /* ON_ALL, ON_LISTENER */
  struct handshake_shares shares;  /* ON_ALL, as all below */
  const struct state_spread *spread;
  const struct peaks *peaks;
  const struct held_values *held;
  double cost_s;
};

/* One metric, or one for each of several states or counters. */
struct row {
  const char *type, *type_instance;
  unsigned on;                          /* dispatched for these instances */
  double (*gauge)(const struct view *); /* NAN: no data; or else */
  bool (*counter)(const struct view *, int64_t *); /* false: not dispatched */
  enum metrics_queue_kind queue;                   /* in the instance "all" */
  const char *(*name)(int which); /* instead of type_instance, for */
  int first, last;                /* each of these */
};

/* Increases of the counters from one reading to the next. */

static bool known_in_both(const struct handshakes *last,
                          const struct kernel_counters *now,
                          enum kernel_counter counter) {
  return last->counters.known[counter] && now->known[counter];
}

/* NAN if the counter went backwards. */
static double increase(const struct handshakes *last,
                       const struct kernel_counters *now,
                       enum kernel_counter counter) {
  uint64_t step =
      (uint64_t)now->value[counter] - (uint64_t)last->counters.value[counter];
  return step <= INT64_MAX ? (double)step : NAN;
}

/* A counter that this kernel does not have adds nothing. */
static double increase_if_known(const struct handshakes *last,
                                const struct kernel_counters *now,
                                enum kernel_counter counter) {
  return known_in_both(last, now, counter) ? increase(last, now, counter) : 0;
}

/* Not fmax(), which would turn NAN into a number. */
static double not_below_0(double value) { return value < 0 ? 0 : value; }

static double cookies_unreturned(const struct handshakes *last,
                                 const struct kernel_counters *now) {
  if (!known_in_both(last, now, COUNTER_SYNCOOKIES_SENT) ||
      !known_in_both(last, now, COUNTER_SYNCOOKIES_RECV))
    return 0;
  return not_below_0(increase(last, now, COUNTER_SYNCOOKIES_SENT) -
                     increase(last, now, COUNTER_SYNCOOKIES_RECV));
}

static double failures(const struct handshakes *last,
                       const struct kernel_counters *now, double aged) {
  double newly_aged = isnan(aged) || isnan(last->aged) ? 0 : aged - last->aged;
  return increase_if_known(last, now, COUNTER_EMBRYONIC_RSTS) +
         increase_if_known(last, now, COUNTER_REQ_Q_FULL_DROP) +
         cookies_unreturned(last, now) + not_below_0(newly_aged);
}

/* A share is NAN if nothing ended or opened, if PassiveOpens (inbound: or
 * ActiveOpens) is not known in both readings, or if a counter it needs went
 * backwards. Any other unknown counter adds no failures, nor does an unknown
 * aged. */
static struct handshake_shares
shares_since(struct handshakes *last, const struct kernel_counters *counters,
             double aged) {
  struct handshake_shares shares = {NAN, NAN};
  if (known_in_both(last, counters, COUNTER_PASSIVE_OPENS)) {
    double passive = increase(last, counters, COUNTER_PASSIVE_OPENS);
    shares.completed =
        table_percent(passive, passive + failures(last, counters, aged));
    if (known_in_both(last, counters, COUNTER_ACTIVE_OPENS))
      shares.inbound = table_percent(
          passive, passive + increase(last, counters, COUNTER_ACTIVE_OPENS));
  }
  *last = (struct handshakes){.counters = *counters, .aged = aged};
  return shares;
}

/* NAN if SYNs were not counted in both readings. A SYN that is refused and sent
 * again counts each time. */
static double completed_of_syns(const struct handshakes *last,
                                const struct view *all) {
  const struct reading *reading = all->reading;
  if (!last->syns_known || !reading->syns_known ||
      !known_in_both(last, all->counters, COUNTER_PASSIVE_OPENS))
    return NAN;
  double passive = increase(last, all->counters, COUNTER_PASSIVE_OPENS);
  return table_percent(passive,
                       fmax(passive, (double)(reading->syns - last->syns)));
}

/* Without a count of SYNs, the completed share is taken from one look at the
 * half-open entries to the next, the inbound share from each reading to the
 * next. */
static struct handshake_shares advance_shares(struct metrics *metrics,
                                              const struct view *all) {
  double of_syns = completed_of_syns(&metrics->last, all);
  struct handshake_shares shares =
      shares_since(&metrics->last, all->counters, all->aged);
  metrics->last.syns = all->reading->syns;
  metrics->last.syns_known = all->reading->syns_known;
  shares.completed = of_syns;
  if (isnan(of_syns) && reading_knows(all->reading, TCP_STATE_SYN_RECV))
    shares.completed =
        shares_since(&metrics->walked, all->counters, all->aged).completed;
  return shares;
}

/* What the rows compute. */

static double known_or_nan(const struct reading *reading, enum tcp_state state,
                           uint64_t sockets) {
  return reading_knows(reading, state) ? (double)sockets : NAN;
}

static double counter_or_nan(const struct kernel_counters *counters,
                             enum kernel_counter counter) {
  return counters->known[counter] ? (double)counters->value[counter] : NAN;
}

/* A count of aged entries, or NAN if no SYN-ACK is ever sent again, or nobody
 * looked. */
static double aged_if_known(uint64_t aged, const struct reading *reading,
                            const struct kernel_counters *counters) {
  bool never = counters->known[COUNTER_SYNACK_RETRIES] &&
               counters->value[COUNTER_SYNACK_RETRIES] == 0;
  return never ? NAN
               : known_or_nan(reading, TCP_STATE_SYN_RECV,
                              reading_unanswered(reading, aged));
}

static double sockets_in_state(const struct view *view) {
  return state_counts_of(&view->counts, view->which);
}

static double half_open_of_port(const struct view *view) {
  return known_or_nan(view->reading, TCP_STATE_SYN_RECV,
                      view->queues->half_open);
}

static double aged_of_port(const struct view *view) {
  return aged_if_known(view->queues->aged, view->reading, view->counters);
}

static double active(const struct view *view) {
  return state_counts_active(&view->counts);
}

static double completion(const struct view *view) {
  double half_open = state_counts_of(&view->counts, TCP_STATE_SYN_RECV);
  double established = state_counts_of(&view->counts, TCP_STATE_ESTABLISHED);
  return table_percent(established, established + half_open);
}

static double half_open_share(const struct view *view) {
  return table_percent(state_counts_of(&view->counts, TCP_STATE_SYN_RECV),
                       state_counts_active(&view->counts));
}

static double aged_count(const struct view *view) { return view->aged; }

static double aged_share(const struct view *view) {
  return table_percent(view->aged,
                       (double)view->counts.total[TCP_STATE_SYN_RECV]);
}

static double completed_share(const struct view *view) {
  return view->shares.completed;
}

static double inbound_share(const struct view *view) {
  return view->shares.inbound;
}

static double timewait_use(const struct view *view) {
  const struct reading *reading = view->reading;
  return table_percent(
      reading->mini_sockets_known ? (double)reading->mini_sockets : NAN,
      counter_or_nan(view->counters, COUNTER_MAX_TW_BUCKETS));
}

static double syn_queue_use(const struct view *view) {
  return view->queues->syn.percent;
}

static double accept_queue_use(const struct view *view) {
  return view->queues->accept.percent;
}

static double waiting_for_accept(const struct view *view) {
  return known_or_nan(view->reading, TCP_STATE_LISTEN,
                      view->queues->accept_depth);
}

static double aged_share_of_syn_queue(const struct view *view) {
  const struct queue_fullest *fullest = &view->queues->syn;
  uint64_t aged = fullest->listener != NULL ? fullest->listener->aged : 0;
  return table_percent(aged_if_known(aged, view->reading, view->counters),
                       fullest->max);
}

static double top_source_share(const struct view *view) {
  const struct reading *reading = view->reading;
  if (!reading->sources_known)
    return NAN;
  return table_percent((double)reading->one_source_count,
                       known_or_nan(reading, TCP_STATE_SYN_RECV,
                                    reading->total[TCP_STATE_SYN_RECV]));
}

static bool knows_every_state(const struct reading *reading) {
  return reading->known == reading->known_apart &&
         reading_knows(reading, TCP_STATE_SYN_RECV);
}

static double entropy(const struct view *view) {
  return knows_every_state(view->reading)
             ? state_counts_entropy(view->reading->total)
             : NAN;
}

static double spread(const struct view *view) {
  return knows_every_state(view->reading) ? state_spread_value(view->spread)
                                          : NAN;
}

static double cost(const struct view *view) { return view->cost_s; }

static double half_open_peak(const struct view *view) {
  return view->peaks->half_open;
}

static double aged_peak(const struct view *view) { return view->peaks->aged; }

static double syn_queue_peak(const struct view *view) {
  return view->peaks->syn_queue;
}

static double accept_queue_peak(const struct view *view) {
  return view->peaks->accept_queue;
}

static double held_beyond(const struct view *view) {
  return view->held->beyond;
}

static double bare_acks(const struct view *view) {
  return view->held->bare_acks;
}

static double zero_window(const struct view *view) {
  return view->held->zero_window;
}

static double zero_window_share(const struct view *view) {
  return table_percent(view->held->zero_window, view->held->sockets);
}

static double held_of_kind(const struct view *view) {
  return view->held->kind[view->which];
}

static const char *kind_name(int kind) {
  static const char *const names[HOLDER_KINDS] = {[HOLDER_DRIP] = "held_drip",
                                                  [HOLDER_STARVED] =
                                                      "held_starved",
                                                  [HOLDER_MUTE] = "held_mute"};
  return names[kind];
}

static bool drops(const struct view *view, int64_t *value) {
  *value = (int64_t)view->queues->drops;
  return view->queues->drops_known;
}

static bool counter_value(const struct view *view, int64_t *value) {
  *value = view->counters->value[view->which];
  return view->counters->known[view->which];
}

static bool syns(const struct view *view, int64_t *value) {
  *value = (int64_t)view->reading->syns;
  return view->reading->syns_known;
}

static bool syns_of_port(const struct view *view, int64_t *value) {
  *value = (int64_t)view->queues->syns;
  return view->reading->syns_known;
}

static const char *counter_name(int counter) {
  return kernel_counter_name((enum kernel_counter)counter);
}

#define GAUGE(the_type, the_instance, where, how)                              \
  { .type = the_type, .type_instance = the_instance, .on = where, .gauge = how }

#define QUEUE(the_instance, where, how, kind)                                  \
  {                                                                            \
    .type = "percent", .type_instance = the_instance, .on = where,             \
    .gauge = how, .queue = kind                                                \
  }

#define STATES(from, to, kind)                                                 \
  {                                                                            \
    .type = "tcp_connections", .on = ON_COUNTED, .gauge = sockets_in_state,    \
    .queue = kind, .name = tcp_state_name, .first = from, .last = to           \
  }

/* Every metric, in the order in which an instance has them. */
static const struct row rows[] = {
    STATES(TCP_STATE_ESTABLISHED, TCP_STATE_SYN_SENT, METRICS_NO_QUEUE),
    STATES(TCP_STATE_SYN_RECV, TCP_STATE_SYN_RECV, METRICS_SYN_QUEUE),
    STATES(TCP_STATE_FIN_WAIT1, TCP_STATE_CLOSING, METRICS_NO_QUEUE),
    GAUGE("tcp_connections", "SYN_RECV", ON_OTHER_LISTENER, half_open_of_port),
    GAUGE("current_connections", "active", ON_COUNTED, active),
    GAUGE("percent", "completion", ON_COUNTED, completion),
    GAUGE("percent", "syn_recv", ON_COUNTED, half_open_share),
    GAUGE("current_connections", "syn_recv_aged", ON_ALL | ON_FAMILY,
          aged_count),
    GAUGE("current_connections", "syn_recv_aged", ON_LISTENER, aged_of_port),
    GAUGE("percent", "syn_recv_aged", ON_ALL | ON_FAMILY, aged_share),
    GAUGE("percent", "handshake", ON_ALL, completed_share),
    GAUGE("percent", "inbound", ON_ALL, inbound_share),
    GAUGE("percent", "time_wait", ON_ALL, timewait_use),
    QUEUE("syn_queue", ON_ALL | ON_LISTENER, syn_queue_use, METRICS_SYN_QUEUE),
    GAUGE("queue_length", "accept", ON_LISTENER, waiting_for_accept),
    QUEUE("accept_queue", ON_ALL | ON_LISTENER, accept_queue_use,
          METRICS_ACCEPT_QUEUE),
    GAUGE("percent", "syn_queue_aged", ON_ALL, aged_share_of_syn_queue),
    GAUGE("percent", "syn_recv_top_source", ON_ALL, top_source_share),
    GAUGE("gauge", "state_entropy", ON_ALL, entropy),
    GAUGE("gauge", "state_stddev", ON_ALL, spread),
    GAUGE("current_connections", "syn_recv_peak", ON_ALL_PEAKS, half_open_peak),
    GAUGE("current_connections", "syn_recv_aged_peak", ON_ALL_PEAKS, aged_peak),
    GAUGE("percent", "syn_queue_peak", ON_ALL_PEAKS, syn_queue_peak),
    GAUGE("percent", "accept_queue_peak", ON_ALL_PEAKS, accept_queue_peak),
    {.type = "current_connections",
     .type_instance = "held",
     .on = ON_ALL,
     .gauge = held_beyond,
     .queue = METRICS_HELD},
    GAUGE("gauge", "bare_acks", ON_ALL, bare_acks),
    GAUGE("current_connections", "zero_window", ON_ALL, zero_window),
    GAUGE("percent", "zero_window", ON_ALL, zero_window_share),
    {.type = "current_connections",
     .on = ON_ALL,
     .gauge = held_of_kind,
     .name = kind_name,
     .first = HOLDER_DRIP,
     .last = HOLDER_MUTE},
    GAUGE("duration", "read", ON_ALL, cost),
    {.type = "protocol_counter",
     .on = ON_ALL_COUNTERS,
     .counter = counter_value,
     .name = counter_name,
     .first = 0,
     .last = COUNTER_DISPATCHED - 1},
    {.type = "protocol_counter",
     .type_instance = "SYNs",
     .on = ON_ALL_SYNS,
     .counter = syns},
    {.type = "protocol_counter",
     .type_instance = "SYNs",
     .on = ON_LISTENER_SYNS,
     .counter = syns_of_port},
    {.type = "protocol_counter",
     .type_instance = "drops",
     .on = ON_LISTENER,
     .counter = drops},
};
enum { ROWS_LEN = sizeof(rows) / sizeof(rows[0]) };

_Static_assert(TCP_STATE_ESTABLISHED == 1 &&
                   TCP_STATE_SYN_SENT + 1 == TCP_STATE_SYN_RECV &&
                   TCP_STATE_SYN_RECV + 1 == TCP_STATE_FIN_WAIT1 &&
                   TCP_STATE_CLOSING + 1 == TCP_STATE_END,
               "the three rows of states have each state once");

const char *metrics_type(size_t i) {
  return i < ROWS_LEN ? rows[i].type : NULL;
}

/* The list: the same walk over instances and rows first counts, then fills. */

typedef void visit_instance(struct metrics_list *list, struct view *view);

static void count_rows(struct metrics_list *list, struct view *view) {
  for (int i = 0; i < ROWS_LEN; i++)
    if ((rows[i].on & view->on) != 0)
      list->len += (size_t)(rows[i].last - rows[i].first + 1);
}

static void fill_metric(struct metrics_list *list, const struct view *view,
                        const struct row *row) {
  struct metric metric = {.type = row->type,
                          .type_instance = row->type_instance,
                          .is_counter = row->counter != NULL,
                          .gauge = NAN};
  if (row->name != NULL)
    metric.type_instance = row->name(view->which);
  if (row->counter == NULL)
    metric.gauge = row->gauge(view);
  else if (!row->counter(view, &metric.derive))
    return;
  if ((view->on & ON_ALL) != 0)
    metric.queue = row->queue;
  memcpy(metric.instance, view->name, sizeof(metric.instance));
  assert(list->len < list->capacity);
  list->items[list->len++] = metric;
}

static void fill_rows(struct metrics_list *list, struct view *view) {
  for (int i = 0; i < ROWS_LEN; i++)
    for (view->which = rows[i].first;
         (rows[i].on & view->on) != 0 && view->which <= rows[i].last;
         view->which++)
      fill_metric(list, view, &rows[i]);
}

static struct view view_of(const struct view *all, unsigned on) {
  struct view view = *all;
  view.on = on;
  return view;
}

static void each_family(struct metrics_list *list, const struct view *all,
                        visit_instance *visit) {
  static const char *const names[TCP_FAMILY_COUNT] = {
      [TCP_IPV4] = "ipv4", [TCP_IPV6] = "ipv6"};
  const struct reading *reading = all->reading;
  for (int family = 0; family < TCP_FAMILY_COUNT; family++) {
    struct view view = view_of(all, ON_FAMILY);
    snprintf(view.name, sizeof(view.name), "%s", names[family]);
    view.counts =
        (struct state_counts){reading->count[family], reading->known_apart};
    view.aged = aged_if_known(reading->aged[family], reading, all->counters);
    visit(list, &view);
  }
}

static void name_port(struct view *view, uint16_t port) {
  snprintf(view->name, sizeof(view->name), "%u-local", (unsigned)port);
}

static void each_local_port(struct metrics_list *list, const struct view *all,
                            visit_instance *visit) {
  const struct reading *reading = all->reading;
  for (size_t i = 0; i < reading->ports_len; i++) {
    struct view view = view_of(all, ON_LOCAL_PORT);
    name_port(&view, reading->port[i]);
    view.counts =
        (struct state_counts){reading->port_count[i], reading->known_apart};
    visit(list, &view);
  }
}

static bool is_local_port(const struct reading *reading, uint16_t port) {
  for (size_t i = 0; i < reading->ports_len; i++)
    if (reading->port[i] == port)
      return true;
  return false;
}

static void each_listener(struct metrics_list *list, const struct view *all,
                          const struct queue_ports *ports, bool syns_too,
                          visit_instance *visit) {
  for (size_t i = 0; i < ports->len; i++) {
    const struct queue_port *port = &ports->ports[i];
    bool counted = is_local_port(all->reading, port->port);
    struct view view =
        view_of(all, ON_LISTENER | (counted ? 0 : ON_OTHER_LISTENER) |
                         (syns_too ? ON_LISTENER_SYNS : 0));
    name_port(&view, port->port);
    view.queues = &port->fill;
    visit(list, &view);
  }
}

static void each_instance(struct metrics *metrics, const struct view *all,
                          visit_instance *visit) {
  const struct metrics_options *options = &metrics->options;
  struct metrics_list *list = &metrics->list;
  struct view view =
      view_of(all, ON_ALL | (options->counters ? ON_ALL_COUNTERS : 0) |
                       (options->peaks ? ON_ALL_PEAKS : 0) |
                       (options->syns ? ON_ALL_SYNS : 0));
  list->len = 0;
  visit(list, &view);
  if (options->by_family && all->reading->by_family)
    each_family(list, all, visit);
  each_local_port(list, all, visit);
  each_listener(list, all, &metrics->ports, options->syns, visit);
}

/* Make room for every metric that this reading can have. Returns 0 or -ENOMEM.
 */
static int list_reserve(struct metrics *metrics, const struct view *all) {
  struct metrics_list *list = &metrics->list;
  each_instance(metrics, all, count_rows);
  size_t needed = list->len;
  list->len = 0;
  if (needed <= list->capacity)
    return 0;
  struct metric *items = realloc(list->items, needed * sizeof(*items));
  if (items == NULL)
    return -ENOMEM;
  list->items = items;
  list->capacity = needed;
  return 0;
}

/* What is told about the queues and the sources beside the metrics. */

static void print_address(uint8_t family, const uint8_t *address,
                          char text[INET6_ADDRSTRLEN]) {
  text[0] = '\0';
  inet_ntop(family == TCP_IPV4 ? AF_INET : AF_INET6, address, text,
            INET6_ADDRSTRLEN);
}

static void print_listener(const struct listener *listener,
                           char text[METRICS_ADDRESS_MAX]) {
  char address[INET6_ADDRSTRLEN];
  print_address(listener->family, listener->address, address);
  snprintf(text, METRICS_ADDRESS_MAX,
           listener->family == TCP_IPV4 ? "%s:%u" : "[%s]:%u", address,
           (unsigned)listener->port);
}

static struct metrics_queue describe_queue(const struct queue_fullest *queue) {
  struct metrics_queue out = {.backlog = 0};
  if (queue->entries == 0)
    return out;
  print_listener(queue->listener, out.listener);
  out.backlog = isnan(queue->max) ? 0 : (int64_t)queue->max;
  out.others = (int64_t)queue->others;
  return out;
}

/* The queue that was fullest since the last reading, if most of it is gone. */
static struct metrics_queue describe_syn_queue(const struct queue_fullest *now,
                                               const struct metrics *metrics) {
  const struct peaks *peaks = &metrics->peaks;
  const struct queue_fullest then = {.listener = &peaks->at,
                                     .entries = peaks->syn_entries,
                                     .max = peaks->syn_max};
  bool gone = metrics->options.peaks && then.entries > 2 * now->entries;
  return describe_queue(gone ? &then : now);
}

/* Which of so many sockets come from a network. */
static void describe_source(const struct source_network *source, uint64_t all,
                            char text[METRICS_ADDRESS_MAX]) {
  char address[INET6_ADDRSTRLEN];
  text[0] = '\0';
  if (all == 0)
    return;
  snprintf(text, METRICS_ADDRESS_MAX, "scattered");
  if (source->prefix == 0)
    return;
  print_address(source->family, source->address, address);
  snprintf(text, METRICS_ADDRESS_MAX, "%s/%d %.0f %%", address, source->prefix,
           table_percent((double)source->half_open, (double)all));
}

/* If nobody looked at the sources, those of the last walk stay. */
static void describe_top_source(const struct reading *reading,
                                char text[METRICS_ADDRESS_MAX]) {
  uint64_t half_open = reading->total[TCP_STATE_SYN_RECV];
  if (reading->sources_known || half_open == 0)
    describe_source(&reading->source,
                    reading->top_source_count > 0 ? half_open : 0, text);
}

static struct metrics_queue describe_held(const struct held_values *held) {
  struct metrics_queue out = {.backlog = 0};
  if (held->listener_known)
    print_listener(&held->listener, out.listener);
  return out;
}

struct metrics *metrics_create(const struct metrics_options *options) {
  if (options->variance_window < METRICS_WINDOW_MIN ||
      options->variance_window > METRICS_WINDOW_MAX)
    return NULL;
  struct metrics *metrics = calloc(1, sizeof(*metrics));
  if (metrics == NULL)
    return NULL;
  metrics->options = *options;
  peaks_clear(&metrics->peaks);
  held_values_clear(&metrics->held);
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

void metrics_note_peaks(struct metrics *metrics, const struct peaks *peaks) {
  metrics->peaks = *peaks;
}

void metrics_note_held(struct metrics *metrics,
                       const struct held_values *held) {
  metrics->held = *held;
}

int metrics_compute(struct metrics *metrics, const struct reading *reading,
                    const struct kernel_counters *counters, double cost_s,
                    const struct metrics_list **out) {
  struct metrics_list *list = &metrics->list;
  struct queue_fill queues = queue_fill_of(reading, counters);
  struct view all = {.name = "all",
                     .reading = reading,
                     .counters = counters,
                     .counts = {reading->total, reading->known},
                     .queues = &queues,
                     .spread = metrics->spread,
                     .peaks = &metrics->peaks,
                     .held = &metrics->held,
                     .cost_s = cost_s};
  all.aged = aged_if_known(reading->aged[TCP_IPV4] + reading->aged[TCP_IPV6],
                           reading, counters);
  if (metrics->options.listeners &&
      queue_ports_fill(&metrics->ports, reading, counters) != 0)
    return -ENOMEM;
  if (list_reserve(metrics, &all) != 0)
    return -ENOMEM;
  all.shares = advance_shares(metrics, &all);
  if (knows_every_state(reading))
    state_spread_add(metrics->spread, reading->total);
  each_instance(metrics, &all, fill_rows);
  list->queue[METRICS_SYN_QUEUE] = describe_syn_queue(&queues.syn, metrics);
  list->queue[METRICS_ACCEPT_QUEUE] = describe_queue(&queues.accept);
  list->queue[METRICS_HELD] = describe_held(&metrics->held);
  describe_top_source(reading, list->top_source);
  describe_source(&metrics->held.source, metrics->held.holders,
                  list->top_holder);
  *out = list;
  return 0;
}
