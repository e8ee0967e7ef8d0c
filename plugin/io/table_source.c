/* Readings of the TCP tables: by netlink's walks or by /proc, with the kernel's
 * counters beside them. Beside netlink, a BPF program may count the half-open
 * entries: then a reading without a walk knows them, too. ways[] has each way
 * to read, the cheapest first: "auto" tries them in this order. To add one, add
 * a row and its two functions. May use system calls and the room table; knows
 * neither log nor collectd. Source: the man page collectd-tcpstates(5),
 * net/ipv4/inet_diag.c. */
#define _POSIX_C_SOURCE 200809L
#include "io/table_source.h"

#include "diag_source.h"
#include "half_open.h"
#include "proc_source.h"
#include "table/reading_options.h"
#include "table/unanswered.h"
#include "table/walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#define STATE_BIT(state) (UINT32_C(1) << (state))

enum {
  VERIFY_EVERY = 60, /* readings; the same for the half-open entries */
  ABSENT_PAUSE = 60, /* readings before a way that is missing is tried again */
  TRIES = 2,
  WAYS_MAX = 4,
};

/* A reading that takes longer than this share of the interval is slow. */
static const double slow_ratio = 0.25;

/* What a look at one established socket costs, before that was measured; and
 * how early a reading may be. */
static const double look_s = 1.5e-6, early_s = 0.5;

static const uint32_t all_states =
    (STATE_BIT(TCP_STATE_END) - 1) & ~UINT32_C(1);
static const uint32_t counted_states =
    STATE_BIT(TCP_STATE_ESTABLISHED) | STATE_BIT(TCP_STATE_TIME_WAIT);
static const uint32_t listen_state = STATE_BIT(TCP_STATE_LISTEN);
static const uint32_t holding_states =
    STATE_BIT(TCP_STATE_ESTABLISHED) | STATE_BIT(TCP_STATE_FIN_WAIT1);
static const uint32_t half_open_state = STATE_BIT(TCP_STATE_SYN_RECV);

/* A reading with the counters that were read beside it. */
struct take {
  struct reading *reading; /* owned */
  struct kernel_counters counters;
};

struct table_source {
  int first, last;   /* of ways[]: those that may be used */
  int used;          /* of ways[]: the one that was tried last */
  bool by_family;    /* counts must be right for each family */
  char *proc_root;   /* owned */
  bool is_real_proc; /* the kernel's: no file is replaced */
  struct proc_files files;
  bool is_inside, walks;            /* another namespace; in the next reading */
  const struct space_record *given; /* for the next reading; not owned */
  size_t given_len;
  struct table_descriptors inside; /* owned, but netlink: that is diag's */
  struct diag_source *diag;        /* owned */
  struct walk_plan plan;
  struct walk_pace pace;
  struct half_open half_open;
  struct held held;
  enum held_look look_always; /* HELD_NO_LOOK: as held_wants says */
  struct holders holders;     /* of the last look */
  struct held_values held_values;
  struct walk_pace look_pace;   /* what those cost; of these the budget */
  double look_next_s;           /* the budget allows none before */
  unsigned walk_least;          /* intervals from one walk to the next */
  struct unanswered unanswered; /* of the readings by /proc or BPF */
  double interval_s;            /* from reading to reading; 0 unknown */
  double slow_s;                /* longer is slow; 0: nothing is */
  struct {
    unsigned pause;     /* readings left until it is tried again */
    int error;          /* why it was not used last time; 0 it was */
    const char *failed; /* the call; static */
  } state[WAYS_MAX];
  struct reading *glimpse; /* of table_source_look; owned; NULL: inside */
  struct peaks peaks;
  /* The next take is filled while the last one stays whole. */
  struct take takes[2];
  struct take *taken, *next;
};

/* One way to read the tables. Each function fills source->next and, of the
 * outcome, what it knows. Returns 0, or -errno: then the take is not used. */
struct way {
  const char *title; /* in messages */
  int (*read)(struct table_source *, struct table_source_outcome *);
  /* Without a walk: only what costs next to nothing. */
  int (*glance)(struct table_source *, struct table_source_outcome *);
  /* The call that failed; static. NULL: read says it in the outcome. */
  const char *(*failed)(const struct table_source *);
  bool can_be_missing; /* if it is, a second try is of no use */
  bool always_full;    /* every walk is a full dump */
  bool has_half_open;  /* BPF may count the half-open entries beside it */
  bool has_holders;    /* it can look at established sockets alone */
};

/* The counters are tried twice, too; what went wrong stands in the outcome.
 * Returns whether they are all that verifies a walk, or all that this kernel
 * has. */
static bool read_counters(struct table_source *source,
                          struct kernel_counters *counters,
                          struct table_source_outcome *outcome) {
  char failed[PROC_SOURCE_FAILED_LEN] = "";
  unsigned lost = 0;
  int rc = 0;
  for (int try = 0; try < TRIES; try++) {
    rc = source->is_inside
             ? proc_source_read_kept(&source->inside, counters, &lost, failed)
             : proc_source_read_counters(source->proc_root,
                                         source->is_real_proc ? &source->files
                                                              : NULL,
                                         counters, &lost, failed);
    if (rc == 0)
      break;
  }
  outcome->counters_error = rc;
  outcome->counters_lost = lost;
  snprintf(outcome->detail, sizeof(outcome->detail), "%s",
           rc != 0 ? failed : "");
  return rc == 0 || walk_plan_is_told(counters);
}

static double seconds(clockid_t clock) {
  struct timespec now = {0};
  clock_gettime(clock, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The next reading by /proc or BPF needs to know how the counters rose. */
static void read_counters_and_note(struct table_source *source,
                                   struct table_source_outcome *outcome) {
  struct kernel_counters *counters = &source->next->counters;
  read_counters(source, counters, outcome);
  unanswered_note(&source->unanswered, seconds(CLOCK_MONOTONIC), counters);
}

/* Netlink. */

static int walk_into(const struct table_source *source, uint32_t states,
                     bool ports_only, struct reading *reading) {
  struct diag_request request = {.states = states};
  request.memory = states == listen_state;
  if (ports_only) {
    request.ports = reading->port;
    request.ports_len = reading->ports_len;
  }
  return diag_source_walk(source->diag, &request, ports_only, reading);
}

static int walk(const struct table_source *source, uint32_t states,
                bool ports_only) {
  return walk_into(source, states, ports_only, source->next->reading);
}

static uint64_t total_of(const struct reading *reading, enum tcp_state state) {
  return reading->count[TCP_IPV4][state] + reading->count[TCP_IPV6][state];
}

/* The sockets that do not listen. Where the BPF program counts half-open
 * entries, this is the moment to see whether it is right. */
static int walk_connections(struct table_source *source, uint32_t states) {
  struct half_open *half_open = &source->half_open;
  struct reading *reading = source->next->reading;
  uint64_t before, after;
  bool verify = half_open_sum(half_open, reading, &before);
  int rc = walk(source, states, false);
  if (rc == 0 && verify && half_open_sum(half_open, reading, &after))
    half_open_verify(half_open, before, after,
                     total_of(reading, TCP_STATE_SYN_RECV));
  return rc;
}

/* Every socket, or all but those that the counters show; of these then only
 * those of the ports that are counted apart. */
static int walk_all(struct table_source *source, bool full) {
  struct reading *reading = source->next->reading;
  reading_clear(reading);
  uint32_t wanted = all_states & ~listen_state;
  if (!full)
    wanted &= ~counted_states;
  int rc = walk(source, listen_state, false);
  if (rc == 0)
    rc = walk_connections(source, wanted);
  if (rc == 0 && !full && reading->ports_len > 0)
    rc = walk(source, counted_states, true);
  if (rc != 0)
    return rc;
  reading_finish(reading);
  reading->by_family = full;
  return 0;
}

/* A full dump between two looks at the counters; plan NULL: there is nothing to
 * verify. Without counters there is a reading all the same. */
static int read_full(struct table_source *source, struct walk_plan *plan,
                     struct table_source_outcome *outcome) {
  struct take *take = source->next;
  struct kernel_counters before;
  bool verify = plan != NULL && read_counters(source, &before, outcome);
  int rc = walk_all(source, true);
  if (rc != 0)
    return rc;
  outcome->was_full_dump = true;
  bool told = read_counters(source, &take->counters, outcome);
  if (verify && told)
    walk_plan_verify(plan, take->reading, &before, &take->counters);
  else if (plan != NULL)
    plan->full_due = true;
  return 0;
}

/* The plan advances only with a reading that is whole. */
static int read_netlink(struct table_source *source,
                        struct table_source_outcome *outcome) {
  struct take *take = source->next;
  if (source->by_family)
    return read_full(source, NULL, outcome);
  struct walk_plan plan = source->plan;
  bool full = walk_plan_next(&plan);
  int rc = full ? 0 : walk_all(source, false);
  if (rc != 0)
    return rc;
  if (!full)
    full = !read_counters(source, &take->counters, outcome) ||
           !walk_plan_apply(&plan, take->reading, &take->counters);
  if (full)
    rc = read_full(source, &plan, outcome);
  if (rc == 0)
    source->plan = plan;
  return rc;
}

/* The listening sockets, the counters, and the half-open entries where BPF
 * counts them. */
static int glance_netlink(struct table_source *source,
                          struct table_source_outcome *outcome) {
  struct take *take = source->next;
  bool given = source->given != NULL;
  bool counts = given || half_open_counts(&source->half_open);
  double begin_s = seconds(CLOCK_MONOTONIC);
  reading_clear(take->reading);
  int rc = given ? space_record_parse(source->given, source->given_len,
                                      take->reading)
                 : walk(source, listen_state, false);
  if (rc != 0)
    return rc;
  if (!given && counts && !half_open_add(&source->half_open, take->reading)) {
    outcome->walk_left_out = false;
    return read_netlink(source, outcome);
  }
  reading_finish(take->reading);
  reading_know_only(take->reading,
                    listen_state | (counts ? half_open_state : 0));
  read_counters_and_note(source, outcome);
  walk_plan_tell(&source->plan, take->reading, &take->counters);
  if (!counts)
    return 0;
  walk_plan_estimate(&source->plan, take->reading, &take->counters);
  take->reading->unanswered_most = unanswered_most_of_cohorts(
      &source->unanswered, begin_s, &take->counters, take->reading);
  return 0;
}

static const char *failed_netlink(const struct table_source *source) {
  return diag_source_failed(source->diag);
}

/* /proc. */

static int read_proc(struct table_source *source,
                     struct table_source_outcome *outcome) {
  struct take *take = source->next;
  char failed[PROC_SOURCE_FAILED_LEN] = "";
  double begin_s = seconds(CLOCK_MONOTONIC);
  reading_clear(take->reading);
  int rc = proc_source_read_tables(source->proc_root, take->reading, failed);
  if (rc != 0) {
    snprintf(outcome->detail, sizeof(outcome->detail), "%s", failed);
    return rc;
  }
  outcome->was_full_dump = true;
  read_counters_and_note(source, outcome);
  take->reading->unanswered_most = unanswered_most(
      &source->unanswered, begin_s, &take->counters, take->reading);
  return 0;
}

static bool nothing_known(const struct kernel_counters *counters) {
  for (int i = 0; i < COUNTER_END; i++)
    if (counters->known[i])
      return false;
  return true;
}

/* Only the counters. */
static int glance_proc(struct table_source *source,
                       struct table_source_outcome *outcome) {
  struct take *take = source->next;
  reading_clear(take->reading);
  reading_finish(take->reading);
  reading_know_only(take->reading, 0);
  read_counters_and_note(source, outcome);
  return nothing_known(&take->counters) ? outcome->counters_error : 0;
}

static const struct way ways[] = {
    [READING_SOURCE_NETLINK - 1] = {.title = "netlink",
                                    .read = read_netlink,
                                    .glance = glance_netlink,
                                    .failed = failed_netlink,
                                    .can_be_missing = true,
                                    .has_half_open = true,
                                    .has_holders = true},
    [READING_SOURCE_PROC - 1] = {.title = "/proc",
                                 .read = read_proc,
                                 .glance = glance_proc,
                                 .always_full = true},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

_Static_assert((int)TABLE_ANSWER_MAX == (int)DIAG_ANSWER_MAX,
               "whoever shares a buffer makes it large enough");

_Static_assert((int)WAYS <= (int)WAYS_MAX, "a source has room for every way");
_Static_assert((int)WAYS + 1 == (int)READING_SOURCES,
               "every value of Source is a way, but auto");

bool table_source_has_bpf(void) { return listener_probe_is_built(); }

/* The ways that a name allows: one, or all of them. Returns 0 or -EINVAL. */
static int choose_ways(struct table_source *source, const char *name) {
  source->first = 0;
  source->last = source->is_inside ? 0 : WAYS - 1;
  if (name == NULL || strcasecmp(name, reading_options_source(0)) == 0)
    return 0;
  for (int i = 0; i < WAYS; i++)
    if (strcasecmp(name, reading_options_source((size_t)i + 1)) == 0) {
      source->first = source->last = i;
      return 0;
    }
  return -EINVAL;
}

static int create_parts(struct table_source *source,
                        const struct table_source_options *options) {
  source->is_real_proc = options->proc_root == NULL;
  source->proc_root =
      strdup(options->proc_root != NULL ? options->proc_root : "/proc");
  source->taken = &source->takes[0];
  source->next = &source->takes[1];
  source->taken->reading = reading_create(options->ports, options->ports_len);
  source->next->reading = reading_create(options->ports, options->ports_len);
  if (!source->is_inside)
    source->glimpse = reading_create(NULL, 0);
  return source->proc_root == NULL || source->taken->reading == NULL ||
                 source->next->reading == NULL ||
                 (!source->is_inside && source->glimpse == NULL)
             ? -ENOMEM
             : 0;
}

static void close_one(int *fd) {
  if (*fd >= 0)
    close(*fd);
  *fd = -1;
}

void table_descriptors_close(struct table_descriptors *descriptors) {
  close_one(&descriptors->netlink);
  for (int i = 0; i < TABLE_FILES; i++)
    close_one(&descriptors->file[i]);
}

/* From here on the socket is diag's. */
static int create_diag(struct table_source *source, unsigned char *answer) {
  source->diag = source->is_inside
                     ? diag_source_create_on(source->inside.netlink, answer)
                     : diag_source_create();
  if (source->diag == NULL)
    return -ENOMEM;
  source->inside.netlink = -1;
  return 0;
}

static unsigned intervals_of(double time_s, double interval_s) {
  double intervals = interval_s > 0 ? time_s / interval_s + 0.5 : 1;
  if (!(intervals > 1))
    return 1;
  return intervals < (double)VERIFY_EVERY ? (unsigned)intervals : VERIFY_EVERY;
}

static void take_descriptors(struct table_source *source,
                             const struct table_descriptors *inside) {
  source->is_inside = inside != NULL;
  source->inside =
      inside != NULL
          ? *inside
          : (struct table_descriptors){.netlink = -1, .file = {-1, -1, -1}};
}

static int refuse_descriptors(const struct table_source_options *options,
                              int rc) {
  struct table_descriptors refused;
  if (options->inside != NULL) {
    refused = *options->inside;
    table_descriptors_close(&refused);
  }
  return rc;
}

int table_source_create(const struct table_source_options *options,
                        struct table_source **out) {
  if (options->ports_len > READING_PORTS_MAX)
    return refuse_descriptors(options, -EINVAL);
  struct table_source *source = calloc(1, sizeof(*source));
  if (source == NULL)
    return refuse_descriptors(options, -ENOMEM);
  take_descriptors(source, options->inside);
  proc_files_init(&source->files);
  peaks_clear(&source->peaks);
  source->by_family = options->by_family;
  source->look_always = options->look;
  source->interval_s = options->interval_s;
  source->slow_s = slow_ratio * options->interval_s;
  walk_pace_init(&source->pace,
                 options->interval_s * options->read_budget / 100);
  source->look_pace = source->pace;
  walk_plan_init(&source->plan, options->verify_every != 0
                                    ? options->verify_every
                                    : VERIFY_EVERY);
  source->walk_least = intervals_of(options->walk_every_s, options->interval_s);
  int rc = choose_ways(source, options->source);
  if (rc == 0)
    rc = create_diag(source, options->answer);
  if (rc == 0)
    rc = create_parts(source, options);
  if (rc == 0 && options->half_open_by_bpf && ways[source->first].has_half_open)
    half_open_begin(&source->half_open, options->count_syns);
  if (rc != 0) {
    table_source_destroy(source);
    return rc;
  }
  *out = source;
  return 0;
}

void table_source_destroy(struct table_source *source) {
  if (source == NULL)
    return;
  reading_destroy(source->takes[0].reading);
  reading_destroy(source->takes[1].reading);
  reading_destroy(source->glimpse);
  holders_release(&source->holders);
  diag_source_destroy(source->diag);
  table_descriptors_close(&source->inside);
  proc_files_close(&source->files);
  half_open_end(&source->half_open);
  free(source->proc_root);
  free(source);
}

/* Whether a way does not exist here at all, so that a second try is of no use:
 * a kernel that does not answer would delay the reading once more. */
static bool is_missing(const struct way *way, int rc) {
  if (!way->can_be_missing)
    return false;
  switch (rc) {
  case -EPROTONOSUPPORT:
  case -ESOCKTNOSUPPORT:
  case -EAFNOSUPPORT:
  case -EOPNOTSUPP:
  case -ENOSYS:
  case -ENOENT:
  case -EACCES:
  case -EPERM:
  case -EINVAL:
  case -ECONNREFUSED:
  case -ETIMEDOUT:
    return true;
  default:
    return false;
  }
}

/* Inside another namespace there is no new socket for a second try. */
static int try_way(struct table_source *source, int i,
                   struct table_source_outcome *outcome) {
  const struct way *way = &ways[i];
  int rc, tries = 0;
  do
    rc = outcome->walk_left_out ? way->glance(source, outcome)
                                : way->read(source, outcome);
  while (rc != 0 && !is_missing(way, rc) && !source->is_inside &&
         ++tries < TRIES);
  const char *failed =
      rc != 0 && way->failed != NULL ? way->failed(source) : "";
  if (failed[0] != '\0')
    snprintf(outcome->detail, sizeof(outcome->detail), "%s %s", way->title,
             failed);
  source->state[i].error = rc;
  source->state[i].failed = failed;
  source->state[i].pause = is_missing(way, rc) ? ABSENT_PAUSE : 0;
  source->used = i;
  return rc;
}

/* In order, until one succeeds. The last one is always tried. */
static int try_ways(struct table_source *source,
                    struct table_source_outcome *outcome) {
  int rc = -ENOSYS;
  for (int i = source->first; i <= source->last && rc != 0; i++) {
    if (i < source->last && source->state[i].pause > 0)
      source->state[i].pause--;
    else
      rc = try_way(source, i, outcome);
  }
  outcome->first = ways[source->first].title;
  outcome->from = ways[source->used].title;
  if (source->used != source->first) {
    outcome->first_error = source->state[source->first].error;
    outcome->first_failed = source->state[source->first].failed;
  }
  if (source->first > 0)
    outcome->cheaper = reading_options_source(READING_SOURCE_NETLINK);
  return rc;
}

static void hand_out(struct table_source *source) {
  struct take *fresh = source->next;
  source->next = source->taken;
  source->taken = fresh;
}

static void hand_out_peaks(struct table_source *source,
                           struct table_source_outcome *outcome) {
  peaks_add(&source->peaks, source->taken->reading, &source->taken->counters);
  outcome->peaks = source->peaks;
  peaks_clear(&source->peaks);
}

static uint64_t count_sockets(const struct reading *reading) {
  uint64_t sockets = 0;
  for (int state = 0; state < TCP_STATE_END; state++)
    sockets += reading->total[state];
  return sockets;
}

/* A full dump does not show what the next walk costs if it only verifies, or
 * was made because the walk before it contradicted the counters. */
static void learn_cost(struct table_source *source, double start_s,
                       const struct table_source_outcome *outcome) {
  if (outcome->walk_left_out)
    return;
  bool next_is_full = ways[source->used].always_full || source->by_family ||
                      source->plan.rule == WALK_RULE_NONE ||
                      source->plan.full_due;
  double cost_s = walk_pace_own_cost(
      &source->pace, seconds(CLOCK_THREAD_CPUTIME_ID) - start_s,
      count_sockets(source->next->reading), outcome->was_full_dump);
  walk_pace_walked(&source->pace, cost_s,
                   outcome->was_full_dump == next_is_full);
}

static void tell_half_open(const struct half_open *half_open,
                           struct table_source_outcome *outcome) {
  outcome->half_open_by_bpf = half_open_counts(half_open);
  outcome->bpf_doubted = half_open->trust.lost;
  outcome->bpf_error = half_open->error;
  outcome->syns_error = half_open_syns_error(half_open);
  if (half_open->error != 0)
    outcome->bpf_failed = half_open->failed;
}

/* Connections that are held. */

static uint64_t total_holding(const struct reading *reading) {
  return reading->total[TCP_STATE_ESTABLISHED] +
         reading->total[TCP_STATE_FIN_WAIT1];
}

/* Sets what a reading shows without a look. */
static void note_held(struct table_source *source,
                      const struct table_source_outcome *outcome) {
  const struct take *take = source->taken;
  struct held_values *values = &source->held_values;

  held_values_clear(values);
  if (reading_knows(take->reading, TCP_STATE_ESTABLISHED)) {
    held_note(&source->held, seconds(CLOCK_MONOTONIC),
              (double)take->reading->total[TCP_STATE_ESTABLISHED],
              &take->counters);
    values->beyond = source->held.beyond;
    values->bare_acks = source->held.bare_acks;
  }
  if (!outcome->was_full_dump)
    return;
  values->zero_window = (double)take->reading->zero_windows;
  values->sockets = (double)total_holding(take->reading);
}

static int walk_holders(struct table_source *source, bool asked) {
  const struct diag_request listeners = {.states = listen_state};
  const struct diag_request holding = {.states = holding_states, .info = asked};

  if (source->holders.at == NULL && holders_init(&source->holders) != 0)
    return -ENOMEM;
  holders_clear(&source->holders, asked);
  int rc = diag_source_look(source->diag, &listeners, &source->holders);
  if (rc == 0)
    rc = diag_source_look(source->diag, &holding, &source->holders);
  if (rc == 0)
    holders_finish(&source->holders);
  return rc;
}

/* Looks cost no more than the budget, on average; one that nothing but the
 * count of readings asks for must fit into its own interval. Another namespace
 * is looked at when it is its turn to be walked. */
static bool may_look(const struct table_source *source, double now_s,
                     bool asked) {
  const struct walk_pace *pace = &source->look_pace;
  double socket_s = pace->calm_s[asked] > 0 ? pace->calm_s[asked] : look_s;
  double cost_s = socket_s * (double)total_holding(source->taken->reading);

  return now_s >= source->look_next_s &&
         (!source->is_inside || source->walks) &&
         (source->held.suspected || pace->budget_s <= 0 ||
          cost_s <= pace->budget_s);
}

static void pay_for_look(struct table_source *source, double now_s,
                         double cost_s) {
  struct walk_pace *pace = &source->look_pace;
  double own_s = walk_pace_own_cost(pace, cost_s, source->holders.sockets,
                                    source->holders.asked);

  if (pace->budget_s > 0)
    source->look_next_s =
        now_s + own_s * source->interval_s / pace->budget_s - early_s;
}

/* A look that fails shows nothing; the next one is tried in the next reading.
 */
static void look_at_holders(struct table_source *source) {
  double now_s = seconds(CLOCK_MONOTONIC);
  enum held_look wanted = held_wants(&source->held, now_s);

  if (source->look_always != HELD_NO_LOOK)
    wanted = source->look_always;
  bool asked = wanted == HELD_LOOK_INFO;
  if (!ways[source->used].has_holders || wanted == HELD_NO_LOOK ||
      !may_look(source, now_s, asked))
    return;
  double start_s = seconds(CLOCK_THREAD_CPUTIME_ID);
  if (walk_holders(source, asked) != 0)
    return;
  held_looked(&source->held, now_s, &source->holders);
  held_values_take(&source->held_values, &source->holders);
  pay_for_look(source, now_s, seconds(CLOCK_THREAD_CPUTIME_ID) - start_s);
  if (source->is_inside) /* there may be hundreds of sources */
    holders_release(&source->holders);
}

static void hand_out_held(struct table_source *source,
                          struct table_source_outcome *outcome) {
  note_held(source, outcome);
  look_at_holders(source);
  outcome->held = source->held_values;
}

int table_source_read(struct table_source *source,
                      const struct reading **reading,
                      const struct kernel_counters **counters,
                      struct table_source_outcome *outcome) {
  half_open_resume(&source->half_open); /* no part of what readings cost */
  double start_s = seconds(CLOCK_THREAD_CPUTIME_ID);
  double begin_s = seconds(CLOCK_MONOTONIC);
  bool counts = half_open_counts(&source->half_open);
  *outcome =
      (struct table_source_outcome){.first_failed = "", .bpf_failed = ""};
  outcome->walk_left_out =
      source->is_inside
          ? !source->walks
          : !walk_pace_next(&source->pace, counts ? source->walk_least : 1);
  int rc = try_ways(source, outcome);
  outcome->error = rc;
  tell_half_open(&source->half_open, outcome);
  outcome->counters_doubted = source->plan.rule == WALK_RULE_NONE;
  if (rc == 0) {
    learn_cost(source, start_s, outcome);
    hand_out(source);
    hand_out_peaks(source, outcome);
    hand_out_held(source, outcome);
  }
  outcome->cost_s = seconds(CLOCK_THREAD_CPUTIME_ID) - start_s;
  outcome->took_s = seconds(CLOCK_MONOTONIC) - begin_s;
  outcome->slow = source->slow_s > 0 && outcome->took_s > source->slow_s;
  if (rc != 0)
    return rc;
  *reading = source->taken->reading;
  *counters = &source->taken->counters;
  return 0;
}

void table_source_take_turn(struct table_source *source, bool walks,
                            const struct space_record *records, size_t len) {
  source->walks = walks;
  source->given = records;
  source->given_len = len;
}

bool table_source_is_cut_off(const struct table_source *source) {
  return source->is_inside && !diag_source_is_open(source->diag);
}

bool table_source_can_look(const struct table_source *source) {
  return half_open_may_count(&source->half_open);
}

/* The limits of the queues and the counters are those of the last reading. */
void table_source_look(struct table_source *source) {
  struct reading *reading = source->glimpse;
  const struct kernel_counters *counters = &source->taken->counters;
  double begin_s = seconds(CLOCK_MONOTONIC);
  if (!half_open_counts(&source->half_open))
    return;
  reading_clear(reading);
  if (walk_into(source, listen_state, false, reading) != 0 ||
      !half_open_add(&source->half_open, reading))
    return;
  reading_finish(reading);
  reading_know_only(reading, listen_state | half_open_state);
  reading->unanswered_most = unanswered_most_of_cohorts(
      &source->unanswered, begin_s, counters, reading);
  peaks_add(&source->peaks, reading, counters);
}
