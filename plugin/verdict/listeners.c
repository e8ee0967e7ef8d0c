/* The listeners of one host and their syn_flood. A listener has figures of its
 * own for its half-open connections and its queues; for the rest it borrows the
 * host's: the load (ESTABLISHED, PassiveOpens), which makes each share smaller
 * and each test stricter, never laxer; cookies only where its own SYN queue has
 * reached the half from which the kernel prunes it, and ListenOverflows only
 * where its own accept queue is full. Resets, peaks and entropy are left out:
 * the host's own incident sees them. Pure. */
#include "verdict/listeners.h"

#include "verdict/incidents/catalogue.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { START = 16, MISSED_MAX = 200, GONE_AFTER = 3 };

static const double sends_cookies = 45, queue_is_full = 90; /* percent */
static const double value_max = 1e15;
static const double remains_s = 126; /* twice the life of an entry */
static const char ending[] = "-local";

uint16_t listeners_port(const char *instance) {
  unsigned port = 0;
  const char *at = instance;

  for (; *at >= '0' && *at <= '9' && port <= UINT16_MAX; at++)
    port = 10 * port + (unsigned)(*at - '0');
  return *instance >= '1' && *instance <= '9' && port <= UINT16_MAX &&
                 strcmp(at, ending) == 0
             ? (uint16_t)port
             : 0;
}

void listeners_name(uint16_t port, char name[JUDGE_LISTENER_MAX]) {
  snprintf(name, JUDGE_LISTENER_MAX, "%u%s", (unsigned)port, ending);
}

void listeners_subject(const char *host, const char *listener, char *subject,
                       size_t size) {
  snprintf(subject, size, "%s%s%s", host, *listener ? "/" : "", listener);
}

/* --- the table ---------------------------------------------------------- */

/* The place of the port, or where it belongs. */
static size_t place_of(const struct listeners *listeners, unsigned port) {
  size_t from = 0, until = listeners->len;

  while (from < until) {
    size_t middle = from + (until - from) / 2;
    if (listeners->all[middle]->port < port)
      from = middle + 1;
    else
      until = middle;
  }
  return from;
}

static struct listeners_one *find(const struct listeners *listeners,
                                  uint16_t port) {
  size_t at = place_of(listeners, port);

  return at < listeners->len && listeners->all[at]->port == port
             ? listeners->all[at]
             : NULL;
}

struct listeners_one *listeners_from(const struct listeners *listeners,
                                     unsigned from) {
  size_t at = place_of(listeners, from);

  return at < listeners->len ? listeners->all[at] : NULL;
}

static void drop(struct listeners *listeners, struct listeners_limits *limits,
                 size_t at) {
  struct listeners_one **place = &listeners->all[at];

  free(*place);
  listeners->len--;
  limits->len--;
  memmove(place, place + 1, (listeners->len - at) * sizeof(*place));
}

void listeners_release(struct listeners *listeners,
                       struct listeners_limits *limits) {
  while (listeners->len > 0)
    drop(listeners, limits, listeners->len - 1);
  free(listeners->all);
  *listeners = (struct listeners){.all = NULL};
}

static bool is_open(const struct listeners_one *one) {
  return one->flood.incident.severity != SEVERITY_OKAY;
}

/* One that no longer listens makes room: that without values for longest.
 * Returns whether there is one. */
static bool make_room(struct listeners *listeners,
                      struct listeners_limits *limits) {
  size_t oldest = listeners->len;

  for (size_t i = 0; i < listeners->len; i++) {
    const struct listeners_one *one = listeners->all[i];
    if (one->missed >= GONE_AFTER && !is_open(one) &&
        (oldest == listeners->len ||
         one->time_s < listeners->all[oldest]->time_s))
      oldest = i;
  }
  if (oldest == listeners->len)
    return false;
  drop(listeners, limits, oldest);
  return true;
}

static int grow(struct listeners *listeners) {
  size_t capacity = listeners->capacity > 0 ? 2 * listeners->capacity : START;
  struct listeners_one **all =
      realloc(listeners->all, capacity * sizeof(struct listeners_one *));

  if (!all)
    return -ENOMEM;
  listeners->all = all;
  listeners->capacity = capacity;
  return 0;
}

static int add(struct listeners *listeners, struct listeners_limits *limits,
               uint16_t port, struct listeners_one **out) {
  int rc = listeners->len < listeners->capacity ? 0 : grow(listeners);
  struct listeners_one *one = rc == 0 ? calloc(1, sizeof(*one)) : NULL;

  if (!one)
    return -ENOMEM;
  one->port = port;
  syn_flood_init(&one->flood);
  size_t at = place_of(listeners, port);
  struct listeners_one **place = &listeners->all[at];
  memmove(place + 1, place, (listeners->len - at) * sizeof(*place));
  *place = *out = one;
  listeners->len++;
  limits->len++;
  return 0;
}

/* Only one of a listener's values looks for room: the search is long. */
static int find_or_add(struct listeners *listeners,
                       struct listeners_limits *limits,
                       const struct hosts_value *value,
                       struct listeners_one **out) {
  *out = find(listeners, value->port);
  if (*out)
    return 0;
  if (limits->len >= limits->max &&
      !(value->signal == SIGNAL_SYN_RECV && make_room(listeners, limits)))
    return -ENOSPC;
  return add(listeners, limits, value->port, out);
}

void listeners_tidy(struct listeners *listeners,
                    struct listeners_limits *limits, double time_s) {
  for (size_t i = listeners->len; i-- > 0;) {
    const struct listeners_one *one = listeners->all[i];
    if (one->missed > 0 && one->time_s > 0 &&
        time_s - one->time_s > limits->max_age_s)
      drop(listeners, limits, i);
  }
}

int listeners_restore(struct listeners *listeners,
                      struct listeners_limits *limits,
                      const struct listeners_one *saved) {
  struct listeners_one *one;

  if (saved->port == 0 || find(listeners, saved->port))
    return -EEXIST;
  if (limits->len >= limits->max)
    return -ENOSPC;
  int rc = add(listeners, limits, saved->port, &one);
  if (rc == 0)
    *one = *saved;
  return rc;
}

/* --- values that come --------------------------------------------------- */

static bool same_time(double a_s, double b_s) {
  return fabs(a_s - b_s) < SNAPSHOT_SAME_S;
}

/* Of two places, that of the time; else the one that is free, or older, is
 * taken. A reading that nobody waits for any more makes room. */
static int which(double first_s, double second_s, double time_s) {
  if (same_time(first_s, time_s) || same_time(second_s, time_s))
    return same_time(second_s, time_s);
  return second_s < first_s;
}

static struct listeners_values *place(struct listeners_one *one,
                                      double time_s) {
  struct listeners_values *at =
      &one->coming[which(one->coming[0].time_s, one->coming[1].time_s, time_s)];

  if (!same_time(at->time_s, time_s))
    *at = (struct listeners_values){.time_s = time_s,
                                    .half_open = NAN,
                                    .aged = NAN,
                                    .syn_queue = NAN,
                                    .accept_queue = NAN};
  return at;
}

static bool fill(struct listeners_values *values,
                 const struct hosts_value *value) {
  switch (value->signal) {
  case SIGNAL_SYN_RECV:
    values->half_open = value->value.gauge;
    return true;
  case SIGNAL_AGED:
    values->aged = value->value.gauge;
    return true;
  case SIGNAL_SYN_QUEUE:
    values->syn_queue = value->value.gauge;
    return true;
  case SIGNAL_ACCEPT_QUEUE:
    values->accept_queue = value->value.gauge;
    return true;
  case SIGNAL_LISTEN_DROPS:
    values->drops = value->value;
    values->is_rate = value->is_rate;
    return true;
  default:
    return false;
  }
}

static void count(struct listeners *listeners, double time_s) {
  int at =
      which(listeners->coming[0].time_s, listeners->coming[1].time_s, time_s);

  if (!same_time(listeners->coming[at].time_s, time_s)) {
    listeners->coming[at].time_s = time_s;
    listeners->coming[at].count = 0;
  }
  listeners->coming[at].count++;
}

uint32_t listeners_count(const struct listeners *listeners, double time_s) {
  for (int i = 0; i < 2; i++)
    if (same_time(listeners->coming[i].time_s, time_s))
      return listeners->coming[i].count;
  return 0;
}

int listeners_put(struct listeners *listeners, struct listeners_limits *limits,
                  const struct hosts_value *value) {
  struct listeners_one *one;
  int rc = find_or_add(listeners, limits, value, &one);

  if (rc != 0)
    return rc;
  struct listeners_values *at = place(one, value->time_s);
  uint32_t bit = 1u << value->signal;
  if (at->have & bit)
    return -ESTALE;
  if (!fill(at, value))
    return -EINVAL;
  at->have |= bit;
  count(listeners, value->time_s);
  return 0;
}

/* --- one reading -------------------------------------------------------- */

/* Those of the host's reading; what is older is void. */
static struct listeners_values take(struct listeners_one *one, double time_s) {
  struct listeners_values now = {.time_s = 0};

  for (int i = 0; i < 2; i++) {
    struct listeners_values *at = &one->coming[i];
    if (same_time(at->time_s, time_s))
      now = *at;
    if (at->time_s < time_s + SNAPSHOT_SAME_S)
      *at = (struct listeners_values){.time_s = 0};
  }
  return now;
}

/* As of a snapshot: no more than a model can hold. */
static double counted(double value) {
  return value >= 0 && value <= value_max ? value : NAN;
}

static double drops_rate(const struct listeners_one *one,
                         const struct listeners_values *now,
                         const struct observation *seen) {
  if (!(now->have >> SIGNAL_LISTEN_DROPS & 1))
    return NAN;
  if (now->is_rate)
    return counted(now->drops.gauge);
  if (seen->gap || !one->drops_known || one->drops < 0 ||
      now->drops.counter < one->drops)
    return NAN;
  return (double)(now->drops.counter - one->drops) / seen->dt_s;
}

/* The host's largest source may have all of its entries here. */
static double top_source(const struct observation *host, double half_open) {
  double entries =
      host->value[SIGNAL_TOP_SOURCE] / 100 * host->value[SIGNAL_SYN_RECV];

  if (isnan(entries) || !(half_open > 0))
    return NAN;
  return 100 * (entries < half_open ? entries / half_open : 1);
}

/* Whether "192.0.2.7:443" ends with the port. */
static bool has_port(const char *address, uint16_t port) {
  const char *colon = strrchr(address, ':');

  return colon && strtoul(colon + 1, NULL, 10) == port;
}

/* Where it is: the socket, if it is the host's fullest or was. */
static void say_where(struct listeners_one *one, const struct observation *host,
                      struct observation *out) {
  struct snapshot_queue *queue = &out->syn_queue;
  double fill = out->value[SIGNAL_SYN_QUEUE];
  double half_open = out->value[SIGNAL_SYN_RECV];
  bool here = has_port(host->syn_queue.listener, one->port);

  if (here)
    memcpy(one->address, host->syn_queue.listener, sizeof(one->address));
  else
    out->top_source[0] = '\0';
  *queue = (struct snapshot_queue){.backlog = 0};
  memcpy(queue->listener, one->address, sizeof(queue->listener));
  if (here && host->syn_queue.backlog > 0)
    queue->backlog = host->syn_queue.backlog;
  else if (fill > 0 && fill < 100 && half_open > 0)
    queue->backlog = (int64_t)round(100 * half_open / fill);
}

static void borrow(const struct observation *host, struct observation *out) {
  double *value = out->value;
  bool sends = value[SIGNAL_SYN_QUEUE] >= sends_cookies;
  bool has_room = value[SIGNAL_ACCEPT_QUEUE] < queue_is_full;

  value[SIGNAL_ESTABLISHED] = host->value[SIGNAL_ESTABLISHED];
  value[SIGNAL_PASSIVE_OPENS] = host->value[SIGNAL_PASSIVE_OPENS];
  value[SIGNAL_TOP_SOURCE] = top_source(host, value[SIGNAL_SYN_RECV]);
  if (sends) {
    value[SIGNAL_COOKIES_SENT] = host->value[SIGNAL_COOKIES_SENT];
    value[SIGNAL_COOKIES_RECEIVED] = host->value[SIGNAL_COOKIES_RECEIVED];
  }
  if (!has_room)
    value[SIGNAL_LISTEN_OVERFLOWS] = host->value[SIGNAL_LISTEN_OVERFLOWS];
}

static void observe(struct listeners_one *one,
                    const struct listeners_values *now,
                    const struct observation *host, struct observation *out) {
  double dt_s = one->time_s > 0 ? now->time_s - one->time_s : 0;
  double *value = out->value;

  *out = *host;
  out->gap = host->gap ||
             !(dt_s > 0 && dt_s <= SNAPSHOT_GAP_INTERVALS * host->interval_s);
  out->dt_s = out->gap ? host->interval_s : dt_s;
  out->sent = now->have;
  for (int i = 0; i < SIGNAL_COUNT; i++)
    value[i] = NAN;
  value[SIGNAL_SYN_RECV] = counted(now->half_open);
  value[SIGNAL_AGED] = counted(now->aged);
  value[SIGNAL_SYN_QUEUE] = counted(now->syn_queue);
  value[SIGNAL_ACCEPT_QUEUE] = counted(now->accept_queue);
  value[SIGNAL_LISTEN_DROPS] = drops_rate(one, now, out);
  value[SIGNAL_SYN_QUEUE_AGED] =
      now->half_open > 0
          ? value[SIGNAL_SYN_QUEUE] * value[SIGNAL_AGED] / now->half_open
          : value[SIGNAL_SYN_QUEUE];
  borrow(host, out);
  say_where(one, host, out);
}

static void remember(struct listeners_one *one,
                     const struct listeners_values *now, double now_s) {
  one->time_s = now->time_s;
  one->seen_s = now_s;
  one->missed = 0;
  one->drops_known = (now->have >> SIGNAL_LISTEN_DROPS & 1) && !now->is_rate;
  one->drops = one->drops_known ? now->drops.counter : 0;
}

static struct finding *begin(const struct listeners_one *one,
                             const struct listeners_reading *reading,
                             struct judgement *out) {
  memset(out, 0, sizeof(*out));
  snprintf(out->host, sizeof(out->host), "%s", reading->host);
  listeners_name(one->port, out->listener);
  return &out->finding[INCIDENT_SYN_FLOOD];
}

/* An open one that could not be judged in this reading. */
static void look_at_missing(struct listeners_one *one,
                            const struct listeners_reading *reading,
                            struct finding *finding) {
  struct incident *incident = &one->flood.incident;
  const struct observation *seen = reading->seen;
  double missing_s = one->missing_s + seen->dt_s;
  bool held = finding->held;

  one->missing_s = (float)missing_s;
  if (one->missed >= GONE_AFTER)
    incident_gone(finding, incident);
  else if (missing_s >= reading->rules->silent_after_s &&
           missing_s >= GONE_AFTER * seen->interval_s)
    incident_silence(finding, incident);
  else if (!held)
    incident_hold(finding, incident);
  if (one->missed < GONE_AFTER && !held)
    finding->missing_s = missing_s;
}

/* A silence may name all of the host's, or one listener's alone. */
static void gate(struct listeners_one *one,
                 const struct listeners_reading *reading,
                 struct finding *finding, const char *listener) {
  struct incident *incident = &one->flood.incident;
  const char *name = rules_incident_name(INCIDENT_SYN_FLOOD);
  char own[RULES_NAME_MAX + JUDGE_LISTENER_MAX];
  double until_s = 0;

  if (incident->severity != SEVERITY_OKAY || incident->told > 0 ||
      finding->change != INCIDENT_UNCHANGED) {
    snprintf(own, sizeof(own), "%s/%s", name, listener);
    until_s = fmax(
        silences_find(reading->silences, reading->host, name, reading->now_s)
            .until_s,
        silences_find(reading->silences, reading->host, own, reading->now_s)
            .until_s);
  }
  silences_gate(incident, finding, until_s);
}

static bool is_disabled(const struct rules *rules) {
  return !rules->syn_flood.per_listener ||
         !rules->incident[INCIDENT_SYN_FLOOD].enable;
}

static void judge_values(struct listeners_one *one,
                         const struct listeners_reading *reading,
                         const struct listeners_values *now,
                         struct judgement *out) {
  struct finding *finding = &out->finding[INCIDENT_SYN_FLOOD];
  const struct expectation *model = &one->flood.model;
  struct trace_test tests[FLOOD_TESTS];

  observe(one, now, reading->seen, &out->seen);
  syn_flood_judge(&one->flood, reading->rules, &out->seen, finding,
                  &out->syn_flood, tests);
  remember(one, now, reading->now_s);
  if (finding->judged)
    finding->learning_s = rules_learning_s(
        reading->rules, model->learnt, model->learnt_s, out->seen.interval_s);
  else if (!finding->held)
    finding->unjudged = out->seen.gap ? UNJUDGED_FIRST : UNJUDGED_UNKNOWN;
}

/* Of a reading without its values: the figures of none, at the place it had. */
static void observe_nothing(struct listeners_one *one,
                            const struct listeners_reading *reading,
                            struct judgement *out) {
  struct listeners_values none = {.time_s = reading->seen->time_s,
                                  .half_open = NAN,
                                  .aged = NAN,
                                  .syn_queue = NAN,
                                  .accept_queue = NAN};

  observe(one, &none, reading->seen, &out->seen);
  if (reading->any && one->missed < MISSED_MAX)
    one->missed++;
}

bool listeners_judge(struct listeners_one *one,
                     const struct listeners_reading *reading,
                     struct judgement *out) {
  struct finding *finding = begin(one, reading, out);
  struct listeners_values now = take(one, reading->seen->time_s);
  bool was_open = is_open(one), off = is_disabled(reading->rules);

  one->excess = 0;
  one->shows = false;
  if (now.time_s > 0 && !off && !reading->mixed)
    judge_values(one, reading, &now, out);
  else
    observe_nothing(one, reading, out);
  if (finding->judged || !was_open)
    one->missing_s = 0;
  else if (off)
    incident_silence(finding, &one->flood.incident);
  else
    look_at_missing(one, reading, finding);
  one->excess = finding->observed - finding->expected;
  if (finding->judged)
    one->excess = fmax(0, one->excess); /* none if it is not known */
  one->shows = finding->judged && finding->evidence != 0;
  gate(one, reading, finding, out->listener);
  return finding->judged || finding->held;
}

bool listeners_judge_absent(struct listeners_one *one,
                            const struct listeners_reading *reading,
                            const struct snapshot *last, double silent_s,
                            bool closes, struct judgement *out) {
  struct finding *finding = begin(one, reading, out);

  if (!is_open(one) && one->flood.incident.told == 0)
    return false;
  snapshot_observe(NULL, last, &out->seen);
  say_where(one, &out->seen, &out->seen);
  out->seen.time_s += silent_s;
  out->silent_s = silent_s;
  if (is_open(one) && closes)
    incident_silence(finding, &one->flood.incident);
  else if (is_open(one))
    incident_hold(finding, &one->flood.incident);
  finding->missing_s = finding->held ? silent_s : 0;
  gate(one, reading, finding, out->listener);
  return finding->judged || finding->held;
}

/* --- and of all together ------------------------------------------------ */

bool listeners_any_open(const struct listeners *listeners) {
  for (size_t i = 0; i < listeners->len; i++)
    if (is_open(listeners->all[i]))
      return true;
  return false;
}

bool listeners_explain(const struct listeners *listeners,
                       const struct rules *rules,
                       const struct finding *finding) {
  double rest = finding->observed - finding->expected;
  double limit = finding->upper - finding->expected;
  size_t explaining = 0;

  for (size_t i = 0; i < listeners->len; i++) {
    const struct listeners_one *one = listeners->all[i];
    if (!is_open(one) && !one->shows &&
        !(one->flood.incident.closed_s <= remains_s))
      continue;
    explaining++;
    rest -= one->excess;
  }
  /* NAN: there is nothing that they do not explain. */
  return explaining > 0 && !(rest >= fmax(rules->syn_flood.min_excess, limit));
}
