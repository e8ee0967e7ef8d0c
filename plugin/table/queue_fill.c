/* Listeners of a reading -> fill of their queues. Touches memory only.
 * Source: tcp_conn_request() in net/ipv4/tcp_input.c, inet_csk_reqsk_queue_*()
 * and sk_acceptq_is_full() of the kernel's headers. */
#include "queue_fill.h"
#include "state_counts.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

enum { PORTS = UINT16_MAX + 1 };

double queue_fill_syn_max(const struct listener *listener,
                          const struct kernel_counters *counters) {
  if (!listener->max_known)
    return NAN;
  double backlog = (double)listener->accept_max;
  if (!counters->known[COUNTER_SYNCOOKIES_MODE] ||
      counters->value[COUNTER_SYNCOOKIES_MODE] != 0 ||
      !counters->known[COUNTER_MAX_SYN_BACKLOG])
    return backlog;
  int64_t limit = counters->value[COUNTER_MAX_SYN_BACKLOG];
  limit -= limit / 4;
  return fmin(backlog, (double)limit * listener->sockets);
}

static bool is_fuller(const struct queue_fullest *one,
                      const struct queue_fullest *other) {
  double one_percent = isnan(one->percent) ? -1 : one->percent;
  double other_percent = isnan(other->percent) ? -1 : other->percent;
  if (one_percent > other_percent)
    return true;
  return one_percent >= other_percent && one->entries > other->entries;
}

static void keep_fuller(struct queue_fullest *fullest,
                        const struct listener *listener, uint64_t entries,
                        double max) {
  struct queue_fullest queue = {.listener = listener,
                                .entries = entries,
                                .max = max,
                                .percent = table_percent((double)entries, max)};
  if (fullest->listener == NULL || is_fuller(&queue, fullest))
    *fullest = queue;
}

static struct queue_fill fill_none(void) {
  return (struct queue_fill){.drops_known = true,
                             .syn = {.max = NAN, .percent = NAN},
                             .accept = {.max = NAN, .percent = NAN}};
}

/* Nothing is known of half-open entries that nobody looked at. */
static void forget_half_open(struct queue_fill *fill) {
  fill->half_open = fill->aged = 0;
  fill->syn = fill_none().syn;
}

static void fill_add(struct queue_fill *fill, const struct listener *listener,
                     const struct kernel_counters *counters) {
  fill->half_open += listener->half_open;
  fill->aged += listener->aged;
  fill->accept_depth += listener->accept_depth;
  fill->drops += listener->drops;
  fill->syns += listener->syns;
  fill->drops_known = fill->drops_known && listener->max_known;
  keep_fuller(&fill->syn, listener, listener->half_open,
              queue_fill_syn_max(listener, counters));
  keep_fuller(&fill->accept, listener, listener->fullest_depth,
              listener->max_known ? (double)listener->fullest_max : NAN);
}

static bool is_unanswered(const struct listener *listener, uint64_t aged) {
  return aged > 0 && 2 * aged >= listener->half_open;
}

/* An unknown maximum compares as false. */
static bool is_flooded_too(const struct listener *listener,
                           const struct listener *fullest,
                           const struct reading *reading,
                           const struct kernel_counters *counters) {
  uint64_t aged = reading_unanswered(reading, listener->aged);
  uint64_t fullest_aged = reading_unanswered(reading, fullest->aged);
  return listener != fullest && is_unanswered(listener, aged) &&
         is_unanswered(fullest, fullest_aged) &&
         (2 * aged >= fullest_aged ||
          2 * (double)aged >= queue_fill_syn_max(listener, counters));
}

static bool is_full_too(const struct listener *listener,
                        const struct listener *fullest) {
  return listener != fullest && listener->max_known &&
         listener->fullest_depth > 0 &&
         listener->fullest_depth >= listener->fullest_max;
}

struct queue_fill queue_fill_of(const struct reading *reading,
                                const struct kernel_counters *counters) {
  struct queue_fill fill = fill_none();
  for (size_t i = 0; i < reading->listeners_len; i++)
    fill_add(&fill, &reading->listeners[i], counters);
  for (size_t i = 0; i < reading->listeners_len; i++) {
    const struct listener *listener = &reading->listeners[i];
    fill.syn.others +=
        is_flooded_too(listener, fill.syn.listener, reading, counters);
    fill.accept.others += is_full_too(listener, fill.accept.listener);
  }
  if (!reading_knows(reading, TCP_STATE_SYN_RECV))
    forget_half_open(&fill);
  return fill;
}

/* Find the port or begin it. Returns NULL without memory. */
static struct queue_port *port_take(struct queue_ports *ports, uint16_t port) {
  if (ports->number[port] != 0)
    return &ports->ports[ports->number[port] - 1];
  if (ports->len == ports->capacity) {
    size_t capacity = ports->capacity == 0 ? 16 : 2 * ports->capacity;
    struct queue_port *grown = realloc(ports->ports, capacity * sizeof(*grown));
    if (grown == NULL)
      return NULL;
    ports->ports = grown;
    ports->capacity = capacity;
  }
  struct queue_port *fresh = &ports->ports[ports->len++];
  *fresh = (struct queue_port){.port = port, .fill = fill_none()};
  ports->number[port] = (uint32_t)ports->len;
  return fresh;
}

static void ports_clear(struct queue_ports *ports) {
  for (size_t i = 0; i < ports->len; i++)
    ports->number[ports->ports[i].port] = 0;
  ports->len = 0;
}

static void ports_forget_fill(struct queue_ports *ports) {
  for (size_t i = 0; i < ports->len; i++) {
    ports->ports[i].fill = fill_none();
    ports->ports[i].fill.drops_known = false;
  }
}

int queue_ports_fill(struct queue_ports *ports, const struct reading *reading,
                     const struct kernel_counters *counters) {
  if (ports->number == NULL)
    ports->number = calloc(PORTS, sizeof(*ports->number));
  if (ports->number == NULL)
    return -ENOMEM;
  if (!reading_knows(reading, TCP_STATE_LISTEN)) {
    ports_forget_fill(ports);
    return 0;
  }
  ports_clear(ports);
  for (size_t i = 0; i < reading->listeners_len; i++) {
    struct queue_port *port = port_take(ports, reading->listeners[i].port);
    if (port == NULL)
      return -ENOMEM;
    fill_add(&port->fill, &reading->listeners[i], counters);
  }
  for (size_t i = 0; i < ports->len; i++)
    if (!reading_knows(reading, TCP_STATE_SYN_RECV))
      forget_half_open(&ports->ports[i].fill);
  return 0;
}

void queue_ports_release(struct queue_ports *ports) {
  free(ports->ports);
  free(ports->number);
}
