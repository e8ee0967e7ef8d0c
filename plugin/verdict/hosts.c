/* Hosts, the order of their judgement, and their silence. Pure. */
#include "verdict/hosts.h"

#include "host_memory.h"
#include "mixture.h"
#include "verdict/name_index.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS_START = 16 };

/* Most of it is packed while the host is not judged. */
struct host {
  double seen_s;
  struct snapshot_stamp last;
  struct packed_chunk *memory;
  struct snapshot_gather gather;
  struct mixture mixture;
  struct listeners listeners;
  bool explained;    /* its syn_flood, by theirs; not saved */
  uint8_t beyond;    /* readings in which they did not, at most that many */
  bool silent;       /* said so */
  bool told_silent;  /* and notified so */
  float told_away_s; /* of a return that was not notified */
  double missed;     /* intervals that were told to be missed; 0: none */
  char name[];
};

/* What is being judged: of one host, its listeners one by one and then itself.
 */
struct pass {
  struct host *host; /* NULL: nothing is */
  enum { PASS_READING, PASS_SILENT, PASS_AWAY } why;
  unsigned next; /* port; listeners may come meanwhile */
  struct listeners_reading reading;
  struct observation seen;
  struct snapshot before;    /* PASS_READING */
  double seen_s;             /* host->seen_s before it */
  double silent_s, missed_s; /* else */
};

struct hosts {
  const struct rules *rules;
  const struct silences *silences;
  struct host **all; /* len of them */
  size_t len, capacity;
  struct name_index index;
  struct host *recent; /* the host that was asked for last; NULL: none */
  struct snapshot_pool pool;
  struct host *touched; /* the host of the last value; NULL once looked at */
  double touched_s;
  size_t cursor;          /* next host to look at after hosts_wake */
  double wake_s, begin_s; /* begin_s: the first of them */
  bool held;
  struct hosts_losses losses;
  struct listeners_limits limits;
  struct pass pass;
  struct judge fresh;        /* as judge_init has it */
  struct host_memory memory; /* of pass.host */
  struct packed_pool memories;
};

static const char *name_of(const void *owner, uint32_t number) {
  return ((const struct hosts *)owner)->all[number]->name;
}

struct hosts *hosts_create(const struct rules *rules) {
  struct hosts *hosts = calloc(1, sizeof(*hosts));

  if (!hosts)
    return NULL;
  hosts->rules = rules;
  hosts->limits.max = (size_t)rules->max_listeners;
  hosts->limits.max_age_s = rules->max_age_s;
  judge_init(&hosts->fresh);
  name_index_init(&hosts->index, name_of, hosts);
  return hosts;
}

void hosts_set_silences(struct hosts *hosts, const struct silences *silences) {
  hosts->silences = silences;
}

static void destroy_host(struct hosts *hosts, struct host *host) {
  snapshot_gather_release(&host->gather, &hosts->pool);
  listeners_release(&host->listeners, &hosts->limits);
  packed_release(&hosts->memories, &host->memory);
  free(host);
}

void hosts_destroy(struct hosts *hosts) {
  if (!hosts)
    return;
  for (size_t i = 0; i < hosts->len; i++)
    destroy_host(hosts, hosts->all[i]);
  snapshot_pool_free(&hosts->pool);
  packed_pool_free(&hosts->memories);
  free(hosts->all);
  name_index_free(&hosts->index);
  free(hosts);
}

/* Values of one host come one behind the other. */
static struct host *find(struct hosts *hosts, const char *name) {
  if (hosts->recent && strcmp(hosts->recent->name, name) == 0)
    return hosts->recent;
  uint32_t number = name_index_find(&hosts->index, name);
  hosts->recent = number == NAME_INDEX_NONE ? NULL : hosts->all[number];
  return hosts->recent;
}

static int grow(struct hosts *hosts) {
  size_t capacity = hosts->capacity ? 2 * hosts->capacity : HOSTS_START;
  struct host **all = realloc(hosts->all, capacity * sizeof(*all));

  if (!all)
    return -ENOMEM;
  hosts->all = all;
  hosts->capacity = capacity;
  return 0;
}

static int add_host(struct hosts *hosts, const char *name, struct host **out) {
  size_t size = strlen(name) + 1;

  if (!plain_text_is(name, size - 1))
    return -EILSEQ;
  if ((double)hosts->len >= hosts->rules->max_hosts)
    return -ENOSPC;
  size_t chunks = (hosts->len + 1) * HOST_MEMORY_CHUNKS + HOST_MEMORY_SPARE;
  if (packed_expect(&hosts->memories, chunks) != 0)
    return -ENOMEM;
  struct host *host = calloc(1, sizeof(*host) + size);
  if (!host || (hosts->len >= hosts->capacity && grow(hosts) != 0) ||
      name_index_add(&hosts->index, name, (uint32_t)hosts->len) != 0) {
    free(host);
    return -ENOMEM;
  }
  memcpy(host->name, name, size);
  snapshot_gather_init(&host->gather, 0);
  hosts->all[hosts->len++] = host;
  *out = host;
  return 0;
}

static void forget(struct hosts *hosts, size_t i) {
  struct host *host = hosts->all[i], *last = hosts->all[hosts->len - 1];

  if (hosts->touched == host)
    hosts->touched = NULL;
  if (hosts->recent == host)
    hosts->recent = NULL;
  name_index_remove(&hosts->index, host->name);
  hosts->all[i] = last;
  if (last != host)
    name_index_renumber(&hosts->index, last->name, (uint32_t)i);
  hosts->len--;
  destroy_host(hosts, host);
}

static bool usable(const struct hosts *hosts, const struct hosts_value *value) {
  size_t length = value->host ? strnlen(value->host, JUDGE_HOST_MAX) : 0;

  return length > 0 && length < JUDGE_HOST_MAX &&
         (unsigned)value->signal < SIGNAL_COUNT &&
         snapshot_time_is_possible(value->time_s, value->interval_s,
                                   hosts->rules->max_age_s);
}

/* So that whatever is judged next can be kept. */
static int make_room(struct hosts *hosts) {
  return packed_reserve(&hosts->memories, HOST_MEMORY_MAX);
}

static void count_ports(struct host *host, double time_s) {
  uint32_t count = listeners_count(&host->listeners, time_s);

  if (count > 0)
    snapshot_gather_put_ports(&host->gather, time_s, count);
}

/* One that comes before any of its host's is left out. */
static int put_port(struct hosts *hosts, const struct hosts_value *value) {
  struct host *host = find(hosts, value->host);

  if (!host || !hosts->rules->syn_flood.per_listener)
    return 0;
  if (host->last.have && value->time_s < host->last.time_s + SNAPSHOT_SAME_S) {
    snapshot_gather_late_port(&host->gather, &host->last, value->time_s);
    return 0;
  }
  int rc = listeners_put(&host->listeners, &hosts->limits, value);
  if (rc == -ENOSPC || rc == -ENOMEM)
    hosts->losses.refused_listeners++;
  count_ports(host, value->time_s);
  hosts->touched = host;
  hosts->touched_s = value->now_s;
  return rc;
}

int hosts_put(struct hosts *hosts, const struct hosts_value *value) {
  if (!usable(hosts, value))
    return -EINVAL;
  if (value->port > 0)
    return put_port(hosts, value);
  struct host *host = find(hosts, value->host);
  int rc = make_room(hosts);
  if (rc == 0 && !host)
    rc = add_host(hosts, value->host, &host);
  if (rc != 0) {
    hosts->losses.refused_hosts++;
    return rc;
  }
  rc = snapshot_gather_put(&host->gather, &hosts->pool, &host->last, value);
  if (rc == -ESTALE)
    hosts->losses.late_values++;
  count_ports(host, value->time_s);
  hosts->touched = host;
  hosts->touched_s = value->now_s;
  return rc;
}

void hosts_put_listeners(struct hosts *hosts, const char *name, double time_s,
                         double listeners) {
  struct host *host = find(hosts, name);

  if (host)
    snapshot_gather_put_listeners(&host->gather, time_s, listeners);
}

void hosts_observe(const struct hosts_host *host, struct observation *out) {
  snapshot_observe(&host->before.last, &host->last, out);
}

/* Whether an incident was open and this snapshot shows no evidence of it. */
static bool shows_no_more(struct host_memory *memory,
                          const struct judgement *judged,
                          enum incident_kind kind) {
  const struct finding *finding = &judged->finding[kind];
  struct judge *before = &memory->judge_before;

  return judge_incident(before, kind)->severity != SEVERITY_OKAY &&
         !(finding->judged && finding->evidence);
}

/* An incident is where its evidence was seen last: when it is over, some other
 * queue is the fullest. */
static void stay_where_it_is(struct host_memory *memory,
                             const struct snapshot *before,
                             struct judgement *judged) {
  struct snapshot *now = &memory->last;
  struct observation *told = &judged->seen;

  if (shows_no_more(memory, judged, INCIDENT_SYN_FLOOD)) {
    now->syn_queue = told->syn_queue = before->syn_queue;
    memcpy(now->top_source, before->top_source, sizeof(now->top_source));
    memcpy(told->top_source, before->top_source, sizeof(told->top_source));
  }
  if (shows_no_more(memory, judged, INCIDENT_ACCEPT_OVERFLOW))
    now->accept_queue = told->accept_queue = before->accept_queue;
  if (shows_no_more(memory, judged, INCIDENT_HELD_CONNECTIONS)) {
    now->held = told->held = before->held;
    memcpy(now->held_source, before->held_source, sizeof(now->held_source));
    memcpy(told->held_source, before->held_source, sizeof(told->held_source));
  }
}

static void tell_host(const struct host *host, struct judgement *out) {
  memcpy(out->host, host->name, strlen(host->name) + 1);
  out->listener[0] = '\0';
}

/* Of two machines nothing is judged and nothing is learnt; nor of what may be
 * another one's reading. */
static void judge_observed(struct hosts *hosts, struct host *host,
                           const struct observation *seen,
                           struct judgement *out) {
  struct host_memory *memory = &hosts->memory;
  enum mixture_change mixture = mixture_look(
      &host->mixture, &memory->earlier, &memory->mark, &memory->last, seen);

  memory->earlier = memory->mark;

  if (mixture == MIXTURE_NONE) {
    judge_observation(&memory->judge, hosts->rules, seen, out);
  } else {
    memset(out->finding, 0, sizeof(out->finding));
    out->seen = *seen;
    out->silent_s = 0;
    out->mutes = false;
  }
  out->mixed = mixture == MIXTURE_BEGINS;
}

/* A reading has come; the one before was seen at seen_s. */
static void tell_return(struct host *host, double seen_s,
                        struct judgement *out) {
  out->away = out->fell_silent = false;
  out->came_back = host->silent;
  out->is_back = host->missed > 0 || host->silent;
  out->away_s = host->seen_s - seen_s;
  host->silent = false;
  host->missed = 0;
}

static double silenced_until(const struct hosts *hosts, const struct host *host,
                             const char *incident, double now_s) {
  return silences_find(hosts->silences, host->name, incident, now_s).until_s;
}

/* The host may show what its listener shows in the next reading only: entries
 * of another one's flood may still be there, and unanswered. */
enum { BEYOND_TO_TELL = 2 };

static bool is_beyond(const struct hosts *hosts, struct host *host,
                      const struct finding *finding) {
  if (finding->change == INCIDENT_RAISED)
    host->beyond = 0;
  if (listeners_explain(&host->listeners, hosts->rules, finding))
    host->beyond = 0;
  else if (host->beyond < BEYOND_TO_TELL)
    host->beyond++;
  return host->beyond == BEYOND_TO_TELL;
}

/* A flood whose listeners have incidents of their own is notified by these, and
 * not once more by the host's; unless that was notified first. */
static void explain(const struct hosts *hosts, struct host *host,
                    struct finding *finding) {
  const struct incident *incident = &hosts->memory.judge.syn_flood.incident;
  bool untold =
      finding->change == INCIDENT_RAISED || incident->told == 1 + SEVERITY_OKAY;
  bool was = host->explained;

  host->explained = untold && host->listeners.len > 0 &&
                    (finding->judged || finding->held) &&
                    !is_beyond(hosts, host, finding);
  finding->explained = host->explained;
  finding->beyond = was && !host->explained;
}

/* One that was explained from beginning to end is owed to nobody. */
static void owe_nothing(struct hosts *hosts, const struct host *host) {
  struct incident *incident = &hosts->memory.judge.syn_flood.incident;

  if (!host->explained || incident->severity != SEVERITY_OKAY)
    return;
  incident->told = 0;
  incident->told_since_s = 0;
}

/* Looked for only where there is something to hold back or to show. */
static void gate_incidents(struct hosts *hosts, const struct host *host,
                           double now_s, struct judgement *out) {
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum incident_kind kind = (enum incident_kind)i;
    struct incident *incident = judge_incident(&hosts->memory.judge, kind);
    struct finding *finding = &out->finding[i];
    bool matters = incident->severity != SEVERITY_OKAY || incident->told > 0 ||
                   finding->change != INCIDENT_UNCHANGED;
    double until_s =
        matters ? silenced_until(hosts, host, rules_incident_name(kind), now_s)
                : 0;
    silences_gate(incident, finding, until_s);
  }
}

static bool is_quiet(const struct hosts *hosts, const struct host *host,
                     double now_s) {
  return silenced_until(hosts, host, "host_silent", now_s) > 0;
}

/* Whether the host is silent is notified, too, and late if it was not. */
static void gate_silence(const struct hosts *hosts, struct host *host,
                         double now_s, struct judgement *out) {
  bool owes = host->told_silent != host->silent;

  out->keeps_quiet = !owes || is_quiet(hosts, host, now_s);
  if (owes && out->keeps_quiet && out->came_back)
    host->told_away_s = (float)out->away_s;
  if (out->keeps_quiet)
    return;
  host->told_silent = host->silent;
  if (!host->silent && !out->came_back)
    out->away_s = (double)host->told_away_s;
  out->came_back = !host->silent;
  out->fell_silent = host->silent;
}

static void gate(struct hosts *hosts, struct host *host, double now_s,
                 struct judgement *out) {
  explain(hosts, host, &out->finding[INCIDENT_SYN_FLOOD]);
  gate_incidents(hosts, host, now_s, out);
  owe_nothing(hosts, host);
  gate_silence(hosts, host, now_s, out);
}

/* Its values may have come from a clock that was set back meanwhile: then there
 * is no last snapshot any more. */
static void unpack(const struct hosts *hosts, const struct host *host,
                   bool with_before, struct host_memory *memory) {
  host_memory_unpack(memory, &hosts->fresh, host->memory, with_before);
  if (memory->last.have != host->last.have)
    memset(&memory->last, 0, sizeof(memory->last));
}

static void pack(struct hosts *hosts, struct host *host) {
  host_memory_pack(&hosts->memory, &hosts->fresh, &hosts->memories,
                   &host->memory);
}

/* The host's listeners come first: they may explain what it shows. */
static void begin_pass(struct hosts *hosts, struct host *host, double now_s) {
  struct pass *pass = &hosts->pass;

  pass->host = host;
  pass->next = 0;
  pass->reading = (struct listeners_reading){
      .rules = hosts->rules,
      .silences = hosts->silences,
      .host = host->name,
      .seen = &pass->seen,
      .now_s = now_s,
      .mixed = host->mixture.found,
  };
}

static bool begin_reading(struct hosts *hosts, struct host *host,
                          double now_s) {
  struct pass *pass = &hosts->pass;
  struct host_memory *memory = &hosts->memory;

  if (!snapshot_gather_ready(&host->gather, now_s) || make_room(hosts) != 0)
    return false;
  unpack(hosts, host, false, memory);
  pass->before = memory->last;
  pass->seen_s = host->seen_s;
  snapshot_take_mark(&memory->last, &memory->mark);
  memory->judge_before = memory->judge;
  double heard_s =
      snapshot_gather_take(&host->gather, &hosts->pool, &memory->last);
  host->last = snapshot_stamp_of(&memory->last);
  host->seen_s = heard_s;
  snapshot_observe(&memory->mark, &memory->last, &pass->seen);
  begin_pass(hosts, host, heard_s);
  pass->why = PASS_READING;
  pass->reading.any = listeners_count(&host->listeners, host->last.time_s) > 0;
  return true;
}

/* Behind its listeners. */
static void judge_reading(struct hosts *hosts, struct host *host,
                          struct judgement *out) {
  struct pass *pass = &hosts->pass;

  tell_return(host, pass->seen_s, out);
  tell_host(host, out);
  judge_observed(hosts, host, &pass->seen, out);
  judge_look_for_absence(&hosts->memory.absence, hosts->rules,
                         &hosts->memory.judge, out);
  stay_where_it_is(&hosts->memory, &pass->before, out);
  gate(hosts, host, host->seen_s, out);
  listeners_tidy(&host->listeners, &hosts->limits, hosts->memory.last.time_s);
}

static double silence_of(const struct hosts *hosts, const struct host *host) {
  return hosts->wake_s - snapshot_gather_heard(&host->gather, host->seen_s);
}

/* While the receiver itself was down, no host was silent. */
static double awake_of(const struct hosts *hosts, double silent_s) {
  return fmin(silent_s, hosts->wake_s - hosts->begin_s);
}

static void tell_away(struct host *host, double away_s, struct judgement *out) {
  tell_host(host, out);
  out->mixed = out->came_back = out->is_back = out->fell_silent = false;
  out->away = true;
  out->away_s = away_s;
}

/* A host that says nothing for so long that what is open is closed. */
static bool begin_silence(struct hosts *hosts, struct host *host) {
  double silent_s = silence_of(hosts, host);
  double awake_s = awake_of(hosts, silent_s);

  if (host->silent || !host->last.have || !isfinite(hosts->wake_s) ||
      awake_s < hosts->rules->silent_after_s ||
      awake_s < fmin(3 * host->last.interval_s, hosts->rules->max_age_s) ||
      make_room(hosts) != 0)
    return false;
  unpack(hosts, host, true, &hosts->memory);
  begin_pass(hosts, host, hosts->wake_s);
  hosts->pass.why = PASS_SILENT;
  hosts->pass.silent_s = hosts->pass.missed_s = silent_s;
  return true;
}

static void judge_silence(struct hosts *hosts, struct host *host,
                          struct judgement *out) {
  double silent_s = hosts->pass.silent_s;

  host->silent = true;
  tell_away(host, silent_s, out);
  out->fell_silent = true;
  host->missed =
      floor(silent_s / hosts->memory.last.interval_s); /* told up to now */
  judge_silent(&hosts->memory.judge, &hosts->memory.last, silent_s, out);
  gate(hosts, host, hosts->pass.reading.now_s, out);
}

/* A host whose readings are missing, once for each: what is open stays so, and
 * what was silenced is notified.
 * Times lag an interval behind, so that a reading that comes after all is
 * later. */
static bool begin_away(struct hosts *hosts, struct host *host) {
  double interval_s = host->last.interval_s, silent_s = silence_of(hosts, host);

  if (!host->last.have || host->gather.older || !isfinite(hosts->wake_s) ||
      awake_of(hosts, silent_s) < 3 * interval_s)
    return false;
  double missed = floor(silent_s / interval_s) - 1;
  if (missed <= host->missed || make_room(hosts) != 0)
    return false;
  unpack(hosts, host, true, &hosts->memory);
  host->missed = missed;
  begin_pass(hosts, host, hosts->wake_s);
  hosts->pass.why = PASS_AWAY;
  hosts->pass.silent_s = silent_s;
  hosts->pass.missed_s = missed * interval_s;
  return true;
}

static void judge_away(struct hosts *hosts, struct host *host,
                       struct judgement *out) {
  tell_away(host, hosts->pass.silent_s, out);
  judge_hold(&hosts->memory.judge, &hosts->memory.last, hosts->pass.missed_s,
             out);
  gate(hosts, host, hosts->pass.reading.now_s, out);
}

static bool judge_listener(struct hosts *hosts, struct listeners_one *one,
                           struct judgement *out) {
  const struct pass *pass = &hosts->pass;

  if (pass->why == PASS_READING)
    return listeners_judge(one, &pass->reading, out);
  return listeners_judge_absent(one, &pass->reading, &hosts->memory.last,
                                pass->missed_s, pass->why == PASS_SILENT, out);
}

/* The next of what is being judged: always true. */
static bool go_on(struct hosts *hosts, struct judgement *out) {
  struct pass *pass = &hosts->pass;
  struct host *host = pass->host;
  struct listeners_one *one;

  while ((one = listeners_from(&host->listeners, pass->next)) != NULL) {
    pass->next = one->port + 1u;
    if (judge_listener(hosts, one, out))
      return true;
  }
  pass->host = NULL;
  if (pass->why == PASS_READING)
    judge_reading(hosts, host, out);
  else if (pass->why == PASS_SILENT)
    judge_silence(hosts, host, out);
  else
    judge_away(hosts, host, out);
  pack(hosts, host);
  return true;
}

static bool is_forgotten(const struct hosts *hosts, const struct host *host) {
  double heard_s = snapshot_gather_heard(&host->gather, host->seen_s);

  return !hosts->held && isfinite(hosts->wake_s) &&
         hosts->wake_s - heard_s > hosts->rules->max_age_s;
}

bool hosts_next(struct hosts *hosts, struct judgement *out) {
  if (hosts->pass.host ||
      (hosts->touched &&
       begin_reading(hosts, hosts->touched, hosts->touched_s)))
    return go_on(hosts, out);
  hosts->touched = NULL;
  while (hosts->cursor < hosts->len) {
    struct host *host = hosts->all[hosts->cursor];
    if (begin_reading(hosts, host, hosts->wake_s) ||
        begin_silence(hosts, host) || begin_away(hosts, host))
      return go_on(hosts, out);
    if (is_forgotten(hosts, host))
      forget(hosts, hosts->cursor);
    else
      hosts->cursor++;
  }
  return false;
}

/* The receiver's clock was set, or the machine slept: no host fell silent. */
static void shift_clock(struct hosts *hosts, double step_s, double now_s) {
  hosts->begin_s += step_s;
  for (size_t i = 0; i < hosts->len; i++) {
    struct host *host = hosts->all[i];
    host->seen_s = snapshot_follow_clock(host->seen_s, step_s, now_s);
    snapshot_gather_follow_clock(&host->gather, step_s, now_s);
  }
}

void hosts_wake(struct hosts *hosts, double now_s) {
  double step_s = now_s - hosts->wake_s;

  if (hosts->wake_s <= 0)
    hosts->begin_s = now_s;
  else if (isfinite(now_s) &&
           (step_s < 0 || step_s > hosts->rules->silent_after_s / 2))
    shift_clock(hosts, step_s, now_s);
  hosts->wake_s = now_s;
  hosts->cursor = 0;
}

void hosts_get_losses(const struct hosts *hosts, struct hosts_losses *out) {
  *out = hosts->losses;
}

size_t hosts_count(const struct hosts *hosts) { return hosts->len; }

void hosts_at(const struct hosts *hosts, size_t i, struct hosts_host *out) {
  const struct host *host = hosts->all[i];
  const struct host_memory *memory = &hosts->memory;
  struct host_memory unpacked;

  if (hosts->pass.host != host) {
    unpack(hosts, host, true, &unpacked);
    memory = &unpacked;
  }
  memset(out->name, 0, sizeof(out->name));
  memcpy(out->name, host->name, strlen(host->name));
  out->seen_s = host->seen_s;
  out->last = memory->last;
  out->judge = memory->judge;
  out->before.last = memory->mark;
  out->before.judge = memory->judge_before;
}

void hosts_hold(struct hosts *hosts, bool hold) { hosts->held = hold; }

int hosts_restore(struct hosts *hosts, const struct hosts_host *saved) {
  struct host *host = find(hosts, saved->name);

  if (host)
    return -EEXIST;
  int rc = make_room(hosts);
  if (rc == 0)
    rc = add_host(hosts, saved->name, &host);
  if (rc != 0)
    return rc;
  host->seen_s = saved->seen_s;
  host->last = snapshot_stamp_of(&saved->last);
  struct host_memory memory = {
      .judge = saved->judge,
      .judge_before = saved->before.judge,
      .last = saved->last,
      .mark = saved->before.last,
  };
  host_memory_pack(&memory, &hosts->fresh, &hosts->memories, &host->memory);
  snapshot_gather_init(&host->gather, saved->last.have);
  return 0;
}

bool hosts_listener_from(const struct hosts *hosts, size_t i, unsigned from,
                         struct listeners_one *out) {
  const struct listeners_one *one =
      listeners_from(&hosts->all[i]->listeners, from);

  if (one)
    *out = *one;
  return one != NULL;
}

size_t hosts_listeners_count(const struct hosts *hosts) {
  return hosts->limits.len;
}

int hosts_restore_listener(struct hosts *hosts, const char *name,
                           const struct listeners_one *saved) {
  struct host *host = find(hosts, name);

  return host ? listeners_restore(&host->listeners, &hosts->limits, saved)
              : -ENOENT;
}
