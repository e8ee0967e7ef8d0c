/* Rows -> counts per state, half-open cohorts, listeners, source networks.
 * Touches memory only. A row costs O(1) however many listeners and half-open
 * entries there are. Source: include/net/tcp_states.h of the kernel. */
#include "table/reading.h"

#include "tally_table.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* What the kernel calls TCP_NEW_SYN_RECV: a request socket. */
enum { STATE_NEW_SYN_RECV = 12 };

enum { MAPPED_PREFIX_LEN = 12 }; /* of ::ffff:0:0/96 */

enum {
  WIDE_LEVELS = 2,  /* /22 and /16; /48 and /32 */
  WIDE_ROOM = 4096, /* a level, for entries counted while rows are added */
};

/* Half-open entries by networks wider than a /24 or a /64. An entry is counted
 * once, in the narrowest network that there is room for; the count of a wider
 * one is the sum of what is in it. Bounded, whoever chooses the addresses. */
struct wide_sources {
  struct tally_table level[WIDE_LEVELS];
};

struct reading_index {
  struct tally_table cohorts;
  struct tally_table listeners; /* same numbers as reading->listeners */
  size_t listeners_capacity;    /* of reading->listeners */
  struct tally_table sources;   /* /24 and /64 */
  struct wide_sources wide;     /* of those that sources has no room for */
  struct tally_table addresses; /* of IPv4 */
  uint8_t *port_slot; /* LocalPort: number + 1; owned, NULL: there is none */
};

static const uint32_t every_state = (UINT32_C(1) << TCP_STATE_END) - 1;

static const uint8_t mapped_prefix[MAPPED_PREFIX_LEN] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

static const uint8_t prefixes[TCP_FAMILY_COUNT][WIDE_LEVELS + 1] = {
    [TCP_IPV4] = {24, 22, 16}, [TCP_IPV6] = {64, 48, 32}};

static struct endpoint endpoint_make(uint8_t family, const uint8_t *address,
                                     uint16_t port) {
  struct endpoint at = {.port = port, .family = family};
  memcpy(at.address, address, family == TCP_IPV4 ? 4 : sizeof(at.address));
  return at;
}

static void wide_init(struct wide_sources *wide, uint64_t seed) {
  memset(wide, 0, sizeof(*wide));
  for (int i = 0; i < WIDE_LEVELS; i++) {
    wide->level[i].seed = seed;
    wide->level[i].limit = WIDE_ROOM;
  }
}

static void wide_clear(struct wide_sources *wide) {
  for (int i = 0; i < WIDE_LEVELS; i++) {
    tally_table_clear(&wide->level[i]);
    wide->level[i].limit = WIDE_ROOM;
  }
}

static void wide_release(struct wide_sources *wide) {
  for (int i = 0; i < WIDE_LEVELS; i++)
    tally_table_release(&wide->level[i]);
}

/* The network of level i that another one is in. */
static struct endpoint widen(const struct endpoint *at, int i) {
  struct endpoint out = {.family = at->family};
  unsigned bits = prefixes[at->family][i + 1];

  memcpy(out.address, at->address, bits / 8);
  if (bits % 8 != 0)
    out.address[bits / 8] =
        (uint8_t)(at->address[bits / 8] & 0xff << (8 - bits % 8));
  return out;
}

static int count_at(struct tally_table *level, const struct endpoint *at,
                    uint64_t half_open) {
  struct tally *tally;
  int rc = tally_table_take(level, at, &tally);

  if (rc == 0)
    tally->half_open += half_open;
  return rc;
}

/* One half-open entry of a /24 or /64 that the narrow table has no room for. A
 * heavy /22 has its four /24 among the first ones; but a /48 may have more /64
 * than there is room for. Returns 0 or -ENOMEM. */
static int wide_add(struct wide_sources *wide, const struct endpoint *narrow) {
  int rc = -ENOSPC;

  for (int i = narrow->family == TCP_IPV4 ? 1 : 0;
       i < WIDE_LEVELS && rc == -ENOSPC; i++) {
    struct endpoint at = widen(narrow, i);
    rc = count_at(&wide->level[i], &at, 1);
  }
  return rc == -ENOMEM ? rc : 0;
}

/* Add the counts of the networks of the level below, and make room for them. */
static int add_up(struct tally_table *level, int i,
                  const struct tally_table *below) {
  int rc = 0;

  level->limit = level->len + below->len;
  for (size_t k = 0; k < below->len && rc == 0; k++) {
    struct endpoint at = widen(&below->tallies[k].at, i);
    rc = count_at(level, &at, below->tallies[k].half_open);
  }
  return rc;
}

static struct source_network heaviest(const struct tally_table *level, int i) {
  struct source_network out = {.prefix = 0};

  for (size_t k = 0; k < level->len; k++) {
    const struct tally *tally = &level->tallies[k];
    if (tally->half_open <= out.half_open)
      continue;
    out.half_open = tally->half_open;
    out.family = tally->at.family;
    out.prefix = prefixes[out.family][i];
    memcpy(out.address, tally->at.address, sizeof(out.address));
  }
  return out;
}

/* All entries are in. narrow: those of each /24 and /64. total: of all. */
static struct source_network wide_finish(struct wide_sources *wide,
                                         const struct tally_table *narrow,
                                         uint64_t total) {
  struct source_network top[WIDE_LEVELS + 1] = {heaviest(narrow, 0)};
  const struct tally_table *below = narrow;
  int rc = 0;

  for (int i = 0; i < WIDE_LEVELS && rc == 0; i++) {
    rc = add_up(&wide->level[i], i, below);
    below = &wide->level[i];
    if (rc == 0)
      top[i + 1] = heaviest(below, i + 1);
  }
  for (uint64_t share = 2; share <= 5; share += 3)
    for (int i = 0; i <= WIDE_LEVELS; i++)
      if (top[i].half_open > 0 &&
          top[i].half_open >= (total + share - 1) / share)
        return top[i];
  return (struct source_network){.prefix = 0};
}

static void index_init(struct reading_index *index) {
  index->cohorts.limit = READING_COHORTS_MAX;
  index->listeners.limit = READING_LISTENERS_MAX;
  index->sources.limit = READING_SOURCES_MAX;
  index->addresses.limit = READING_ADDRESSES_MAX;
  /* Whoever chooses the addresses does not know where the heap is. */
  uint64_t seed =
      tally_table_mix(UINT64_C(0x5851f42d4c957f2d), (uintptr_t)index);
  index->cohorts.seed = index->listeners.seed = seed;
  index->sources.seed = index->addresses.seed = seed;
  wide_init(&index->wide, seed);
}

static uint8_t slot_of(const struct reading *reading, uint16_t port) {
  const uint8_t *slots = reading->index->port_slot;
  return slots != NULL ? slots[port] : 0;
}

static int create_parts(struct reading *reading, size_t ports_len) {
  struct reading_index *index = calloc(1, sizeof(*index));
  reading->index = index;
  if (index == NULL)
    return -ENOMEM;
  index_init(index);
  if (ports_len == 0)
    return 0;
  index->port_slot = calloc(UINT16_MAX + 1, 1);
  reading->port_count = calloc(ports_len, sizeof(*reading->port_count));
  return index->port_slot == NULL || reading->port_count == NULL ? -ENOMEM : 0;
}

struct reading *reading_create(const uint16_t *ports, size_t ports_len) {
  if (ports_len > READING_PORTS_MAX)
    return NULL;
  struct reading *reading = calloc(1, sizeof(*reading));
  if (reading == NULL || create_parts(reading, ports_len) != 0) {
    reading_destroy(reading);
    return NULL;
  }
  reading->by_family = reading->sources_known = true;
  reading->unanswered_most = UINT64_MAX;
  reading->known = reading->known_apart = every_state;
  for (size_t i = 0; i < ports_len; i++) {
    uint8_t *slot = &reading->index->port_slot[ports[i]];
    if (*slot != 0)
      continue;
    reading->port[reading->ports_len++] = ports[i];
    *slot = (uint8_t)reading->ports_len;
  }
  return reading;
}

static void index_destroy(struct reading_index *index) {
  if (index == NULL)
    return;
  tally_table_release(&index->cohorts);
  tally_table_release(&index->listeners);
  tally_table_release(&index->sources);
  tally_table_release(&index->addresses);
  wide_release(&index->wide);
  free(index->port_slot);
  free(index);
}

void reading_destroy(struct reading *reading) {
  if (reading == NULL)
    return;
  index_destroy(reading->index);
  free(reading->port_count);
  free(reading->listeners);
  free(reading);
}

void reading_clear(struct reading *reading) {
  struct reading_index *index = reading->index;
  tally_table_clear(&index->cohorts);
  tally_table_clear(&index->listeners);
  tally_table_clear(&index->sources);
  tally_table_clear(&index->addresses);
  wide_clear(&index->wide);
  memset(reading->count, 0, sizeof(reading->count));
  memset(reading->aged, 0, sizeof(reading->aged));
  memset(reading->expiries, 0, sizeof(reading->expiries));
  reading->unanswered_most = UINT64_MAX;
  memset(reading->total, 0, sizeof(reading->total));
  if (reading->ports_len > 0)
    memset(reading->port_count, 0,
           reading->ports_len * sizeof(*reading->port_count));
  memset(reading->top_source, 0, sizeof(reading->top_source));
  reading->timewait_fin_wait2 = 0;
  reading->zero_windows = 0;
  reading->unknown_states = 0;
  reading->dropped_rows = 0;
  reading->deferred_aged = 0;
  reading->syns = 0;
  reading->syns_known = false;
  reading->by_family = reading->sources_known = true;
  reading->known = reading->known_apart = every_state;
  reading->mini_sockets = 0;
  reading->mini_sockets_known = false;
  reading->listeners_len = 0;
  reading->top_source_family = 0;
  reading->top_source_count = 0;
  reading->one_source_count = 0;
  reading->source = (struct source_network){.prefix = 0};
}

/* The remote IPv4 address, also one that is IPv4-mapped, or NULL. */
static const uint8_t *remote_ipv4(const struct tcp_row *row) {
  if (row->family == TCP_IPV4)
    return row->remote;
  return memcmp(row->remote, mapped_prefix, MAPPED_PREFIX_LEN) == 0
             ? row->remote + MAPPED_PREFIX_LEN
             : NULL;
}

/* One more half-open entry. If a table is full, only known sources are counted,
 * and wider networks: the kernel's order is random, so a heavy source comes
 * early. Each returns 0 or -ENOMEM. */
static int count_network(struct reading_index *index,
                         const struct endpoint *network) {
  struct tally *tally;
  int rc = tally_table_take(&index->sources, network, &tally);
  if (rc == 0)
    tally->half_open++;
  return rc == -ENOSPC ? wide_add(&index->wide, network) : rc;
}

static int count_address(struct reading_index *index,
                         const struct endpoint *address) {
  struct tally *tally;
  int rc = tally_table_take(&index->addresses, address, &tally);
  if (rc == 0)
    tally->half_open++;
  return rc == -ENOSPC ? 0 : rc;
}

static int add_source(struct reading *reading, const struct tcp_row *row) {
  struct reading_index *index = reading->index;
  const uint8_t *ipv4 = remote_ipv4(row);
  struct endpoint source = {.family = ipv4 != NULL ? TCP_IPV4 : TCP_IPV6};
  if (ipv4 == NULL) {
    memcpy(source.address, row->remote, 8);
    return count_network(index, &source);
  }
  memcpy(source.address, ipv4, 4);
  int rc = count_address(index, &source);
  source.address[3] = 0;
  return rc != 0 ? rc : count_network(index, &source);
}

static int add_to_cohort(struct reading *reading, const struct endpoint *local,
                         uint64_t half_open, uint64_t aged) {
  struct tally *cohort;
  int rc = tally_table_take(&reading->index->cohorts, local, &cohort);
  if (rc == -ENOSPC)
    reading->dropped_rows += half_open;
  if (rc != 0)
    return rc == -ENOSPC ? 0 : rc;
  cohort->half_open += half_open;
  cohort->aged += aged;
  return 0;
}

static int add_half_open(struct reading *reading, const struct tcp_row *row) {
  uint64_t aged = row->retransmits > 0;
  int expiries = row->retransmits < READING_EXPIRIES_MAX ? row->retransmits
                                                         : READING_EXPIRIES_MAX;
  struct endpoint local =
      endpoint_make(row->family, row->local, row->local_port);

  reading->aged[row->family] += aged;
  reading->expiries[expiries]++;
  int rc = add_to_cohort(reading, &local, 1, aged);
  return rc != 0 ? rc : add_source(reading, row);
}

/* Let there be a struct listener for each tally that the table can hold. */
static int listeners_match(struct reading *reading) {
  struct reading_index *index = reading->index;
  size_t capacity = index->listeners.capacity;
  if (index->listeners_capacity >= capacity)
    return 0;
  struct listener *listeners =
      realloc(reading->listeners, capacity * sizeof(*listeners));
  if (listeners == NULL)
    return -ENOMEM;
  reading->listeners = listeners;
  index->listeners_capacity = capacity;
  return 0;
}

/* The listener at this endpoint, known or new. Returns as tally_table_take. */
static int listener_take(struct reading *reading, const struct endpoint *at,
                         struct listener **out) {
  struct tally_table *table = &reading->index->listeners;
  struct tally *tally;
  int rc = tally_table_take(table, at, &tally);
  if (rc == 0)
    rc = listeners_match(reading);
  if (rc != 0)
    return rc;
  struct listener *listener = &reading->listeners[tally - table->tallies];
  if (table->len > reading->listeners_len) {
    *listener = (struct listener){
        .family = at->family, .port = at->port, .max_known = true};
    memcpy(listener->address, at->address, sizeof(at->address));
    reading->listeners_len = table->len;
  }
  *out = listener;
  return 0;
}

/* Whether this socket's accept queue is fuller than those of earlier twins: its
 * share of the maximum decides, then the depth. A maximum of 0, or an unknown
 * one, is below every other. */
static bool is_fullest_twin(const struct listener *listener,
                            const struct tcp_row *row) {
  if ((row->accept_max == 0) != (listener->fullest_max == 0))
    return row->accept_max != 0;
  uint64_t share = (uint64_t)row->accept_depth * listener->fullest_max;
  uint64_t fullest = (uint64_t)listener->fullest_depth * row->accept_max;
  return share > fullest ||
         (share == fullest && row->accept_depth > listener->fullest_depth);
}

static int add_listener(struct reading *reading, const struct tcp_row *row) {
  struct endpoint at = endpoint_make(row->family, row->local, row->local_port);
  struct listener *listener;
  int rc = listener_take(reading, &at, &listener);
  if (rc == -ENOSPC)
    reading->dropped_rows++;
  if (rc != 0)
    return rc == -ENOSPC ? 0 : rc;
  if (listener->sockets == 0 || is_fullest_twin(listener, row)) {
    listener->fullest_depth = row->accept_depth;
    listener->fullest_max = row->accept_max;
  }
  listener->sockets++;
  listener->accept_depth += row->accept_depth;
  listener->accept_max += row->accept_max;
  listener->drops += row->drops;
  listener->max_known = listener->max_known && row->max_known;
  return 0;
}

/* The state to count a row under; 0 for one we do not know. */
static int row_state(const struct tcp_row *row) {
  if (row->state == STATE_NEW_SYN_RECV)
    return TCP_STATE_SYN_RECV;
  return row->state < TCP_STATE_END ? row->state : 0;
}

static void count_port(struct reading *reading, uint16_t port, int state) {
  uint8_t slot = slot_of(reading, port);
  if (slot != 0)
    reading->port_count[slot - 1][state]++;
}

int reading_add(struct reading *reading, const struct tcp_row *row) {
  assert(row->family < TCP_FAMILY_COUNT);
  int state = row_state(row);
  if (state == 0) {
    reading->unknown_states++;
    return 0;
  }
  reading->count[row->family][state]++;
  count_port(reading, row->local_port, state);
  if (state == TCP_STATE_FIN_WAIT2 && row->timewait)
    reading->timewait_fin_wait2++;
  if (row->timer == TCP_TIMER_PROBE && row->retransmits == 0 &&
      (state == TCP_STATE_ESTABLISHED || state == TCP_STATE_FIN_WAIT1))
    reading->zero_windows++;
  if (state == TCP_STATE_SYN_RECV)
    return add_half_open(reading, row);
  if (state == TCP_STATE_LISTEN)
    return add_listener(reading, row);
  return 0;
}

int reading_add_cohort(struct reading *reading, const struct cohort *cohort) {
  assert(cohort->family < TCP_FAMILY_COUNT);
  struct endpoint local =
      endpoint_make(cohort->family, cohort->address, cohort->port);
  uint8_t slot = slot_of(reading, cohort->port);
  reading->sources_known = false;
  reading->count[cohort->family][TCP_STATE_SYN_RECV] += cohort->half_open;
  reading->aged[cohort->family] += cohort->aged;
  if (slot != 0)
    reading->port_count[slot - 1][TCP_STATE_SYN_RECV] += cohort->half_open;
  if (cohort->deferred)
    reading->deferred_aged += cohort->aged;
  return cohort->half_open == 0
             ? 0
             : add_to_cohort(reading, &local, cohort->half_open, cohort->aged);
}

void reading_add_syns(struct reading *reading, const struct cohort *cohort,
                      uint64_t syns) {
  const struct tally_table *table = &reading->index->listeners;
  struct endpoint at =
      endpoint_make(cohort->family, cohort->address, cohort->port);
  const struct tally *found = tally_table_find(table, &at);
  if (found != NULL)
    reading->listeners[found - table->tallies].syns += syns;
}

void reading_add_to_ports(struct reading *reading, const struct tcp_row *row) {
  int state = row_state(row);
  if (state != 0)
    count_port(reading, row->local_port, state);
}

/* The listener that these half-open entries wait for, or NULL. A wildcard
 * listener may be bound to ::ffff:0.0.0.0, too. */
static struct listener *cohort_listener(const struct reading *reading,
                                        const struct endpoint *cohort) {
  const struct tally_table *table = &reading->index->listeners;
  struct endpoint at = *cohort;
  struct tally *found = tally_table_find(table, &at);
  if (found == NULL && at.family == TCP_IPV6 &&
      memcmp(at.address, mapped_prefix, MAPPED_PREFIX_LEN) == 0) {
    memset(at.address + MAPPED_PREFIX_LEN, 0, 4);
    found = tally_table_find(table, &at);
  }
  if (found == NULL) {
    memset(at.address, 0, sizeof(at.address));
    found = tally_table_find(table, &at);
  }
  return found == NULL ? NULL : &reading->listeners[found - table->tallies];
}

/* Of the connections that this host opened, each has a local endpoint of its
 * own: a cohort for each would be megabytes of no use. */
int reading_add_holder(struct reading *reading, const struct tcp_row *row) {
  struct endpoint local =
      endpoint_make(row->family, row->local, row->local_port);
  int rc = 0;

  reading->count[row->family][TCP_STATE_SYN_RECV]++;
  if (cohort_listener(reading, &local) != NULL)
    rc = add_to_cohort(reading, &local, 1, 0);
  return rc != 0 ? rc : add_source(reading, row);
}

static void finish_listeners(struct reading *reading) {
  const struct tally_table *cohorts = &reading->index->cohorts;
  for (size_t i = 0; i < reading->listeners_len; i++)
    reading->listeners[i].half_open = reading->listeners[i].aged = 0;
  for (size_t i = 0; i < cohorts->len; i++) {
    struct listener *listener =
        cohort_listener(reading, &cohorts->tallies[i].at);
    if (listener == NULL)
      continue;
    listener->half_open += cohorts->tallies[i].half_open;
    listener->aged += cohorts->tallies[i].aged;
  }
}

/* An IPv4 address, or a /64 among the networks. */
static void finish_one_source(struct reading *reading) {
  const struct tally_table *sources = &reading->index->sources;
  const struct tally_table *addresses = &reading->index->addresses;
  uint64_t most = 0;
  for (size_t i = 0; i < addresses->len; i++)
    if (addresses->tallies[i].half_open > most)
      most = addresses->tallies[i].half_open;
  for (size_t i = 0; i < sources->len; i++)
    if (sources->tallies[i].at.family == TCP_IPV6 &&
        sources->tallies[i].half_open > most)
      most = sources->tallies[i].half_open;
  reading->one_source_count = most;
}

static void finish_top_source(struct reading *reading) {
  struct source_network top = heaviest(&reading->index->sources, 0);

  reading->top_source_count = top.half_open;
  reading->top_source_family = top.family;
  memcpy(reading->top_source, top.address, sizeof(top.address));
}

void reading_finish(struct reading *reading) {
  for (int state = 0; state < TCP_STATE_END; state++)
    reading->total[state] =
        reading->count[TCP_IPV4][state] + reading->count[TCP_IPV6][state];
  reading->mini_sockets =
      reading->total[TCP_STATE_TIME_WAIT] + reading->timewait_fin_wait2;
  reading->mini_sockets_known = true;
  finish_listeners(reading);
  finish_top_source(reading);
  finish_one_source(reading);
  reading->source = wide_finish(&reading->index->wide, &reading->index->sources,
                                reading->total[TCP_STATE_SYN_RECV]);
}

void reading_know_only(struct reading *reading, uint32_t states) {
  reading->known = reading->known_apart = states;
  reading->mini_sockets_known = false;
}

uint64_t reading_unanswered(const struct reading *reading, uint64_t aged) {
  return aged < reading->unanswered_most ? aged : reading->unanswered_most;
}

bool reading_knows(const struct reading *reading, enum tcp_state state) {
  return (reading->known >> state & 1) != 0;
}
