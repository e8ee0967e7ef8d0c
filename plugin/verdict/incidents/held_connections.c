/* Connections that are held: too many for what arrives, or peers that read
 * nothing; and what the connections themselves look like. Pure. Source: 42 runs
 * of nginx with attacks and innocent twins; slow reading as in Linux
 * net/ipv4/tcp_timer.c, tcp_probe_timer(). */
#include "verdict/incidents/held_connections.h"

#include <math.h>
#include <string.h>

enum { RUN_MAX = 200, SIGHTINGS = 2, ACKS_RUN = 3 };
/* A sight is worth so long, or so many intervals. */
static const double sight_s = 12, sight_intervals = 2.5;
static const double half = 0.5;
static const double acks_least = 0.1, acks_most = 2; /* for each connection */
static const double acks_s = 20;
static const double mute_s = 45, mute_suspect_s = 50; /* a pool speaks sooner */
static const double full_percent = 90;
/* Ordinary days: what is learned of them, and what may come of it at most. */
static const double usual_s = 21600, usual_first = 0.1, usual_most = 0.2,
                    usual_times = 3, usual_deviations = 6;
static const double zero_of_held = 0.25;
static const double quiet_s = 300; /* they stay, and show nothing any more */

static const struct trace_term zero_now[] = {
    {1, 1, false, HELD_ZERO_WINDOW},
    {2, 1, false, HELD_ZERO_SHARE},
};
/* A busy or distant peer has no window now and then, too, but it does read. */
static const struct trace_term slow_read[] = {
    {1, 1, false, HELD_ZERO_NOW},
    {2, 1, false, HELD_ZERO_RUN},
    {3, 1, false, HELD_STARVED},
};
static const struct trace_term acks_now[] = {
    {1, 1, false, HELD_MANY},       {2, 1, false, HELD_ACKS},
    {3, 1, false, HELD_ACKS_LEAST}, {4, 1, false, HELD_ACKS_MOST},
    {5, 1, false, HELD_ACKS_KINDS},
};
static const struct trace_term drip[] = {
    {1, 1, false, HELD_ACKS_NOW},  {1, 1, false, HELD_ACKS_RUN},
    {1, 1, false, HELD_ACKS_TIME}, {1, 2, false, HELD_DRIP_MANY},
    {1, 2, false, HELD_DRIP_HALF}, {1, 2, false, HELD_DRIP_RUN},
};
static const struct trace_term silent[] = {
    {1, 1, false, HELD_MUTE_MANY},
    {2, 1, false, HELD_MUTE_HALF},
    {3, 1, false, HELD_MUTE_TIME},
    {4, 1, false, HELD_MUTE_SUSPECT},
};
static const struct trace_term evidence[] = {
    {1, 1, false, HELD_SLOW_READ},
    {1, 2, false, HELD_DRIP},
    {1, 3, false, HELD_SILENT},
};
static const struct trace_term failure[] = {
    {1, 1, false, HELD_EVIDENCE},
    {2, 1, false, HELD_ABORTS},
    {2, 2, false, HELD_ACCEPT_FULL},
    {2, 2, false, HELD_REFUSED},
};
/* Others may have come meanwhile, and stay for good. */
static const struct trace_term calm[] = {
    {1, 1, true, HELD_EVIDENCE},
    {2, 1, true, HELD_MANY},
    {2, 1, true, HELD_ZERO_NOW},
    {2, 2, false, HELD_QUIET},
};
static const struct trace_term frozen[] = {
    {1, 1, false, HELD_OPEN},
    {1, 2, false, HELD_MANY},
    {1, 3, false, HELD_ZERO_NOW},
};

const struct trace_rule held_connections_rules[HELD_TESTS] = {
    [HELD_ZERO_NOW] = TRACE_RULE(zero_now),
    [HELD_SLOW_READ] = TRACE_RULE(slow_read),
    [HELD_ACKS_NOW] = TRACE_RULE(acks_now),
    [HELD_DRIP] = TRACE_RULE(drip),
    [HELD_SILENT] = TRACE_RULE(silent),
    [HELD_EVIDENCE] = TRACE_RULE(evidence),
    [HELD_FAILURE] = TRACE_RULE(failure),
    [HELD_CALM] = TRACE_RULE(calm),
    [HELD_FROZEN] = TRACE_RULE(frozen),
};

static bool follows(enum held_test rule, struct trace_test *test) {
  return trace_apply(held_connections_rules, (int)rule, test);
}

/* --- what was seen last --------------------------------------------------- */

static void forget(struct held_sight *sight) {
  sight->met = 0;
  sight->met_s = 0;
}

void held_connections_init(struct held_connections *memory) {
  struct held_sight *sights[] = {&memory->zero_window, &memory->starved,
                                 &memory->drip, &memory->mute};

  memset(memory, 0, sizeof(*memory));
  baseline_init(&memory->usual);
  incident_init(&memory->incident);
  for (size_t i = 0; i < sizeof(sights) / sizeof(sights[0]); i++)
    sights[i]->age_s = INFINITY;
}

/* One snapshot as it is judged. */
struct view {
  const struct rules *rules;
  const struct observation *seen;
  struct held_trace *trace;
  double held;   /* connections beyond what arrivals explain */
  double keep_s; /* so long a sight is worth something */
};

static bool is_known(const struct held_sight *sight, const struct view *view) {
  return sight->age_s <= view->keep_s;
}

static double known(const struct held_sight *sight, const struct view *view) {
  return is_known(sight, view) ? sight->value : NAN;
}

/* What ordinary days explain of it. */
static double usually(const struct held_sight *sight, const struct view *view) {
  double share =
      sight->looks > 0 ? fmin(usual_most, sight->usual) : usual_first;

  return share * view->seen->value[SIGNAL_ESTABLISHED];
}

/* Of a kind beyond that; NAN: unknown. */
static double beyond(const struct held_sight *sight, const struct view *view) {
  return is_known(sight, view) ? fmax(0, sight->value - usually(sight, view))
                               : NAN;
}

/* Those of a kind that are no chance of ordinary days. They are held, however
 * many connections the arrivals explain: on a large site those vary by more. */
static double surplus(const struct held_sight *sight, const struct view *view) {
  double usual = usually(sight, view), more = beyond(sight, view);

  return more >= fmax(half * usual, usual_deviations * sqrt(usual)) ? more : 0;
}

static void look(struct held_sight *sight, const struct view *view,
                 enum signal signal) {
  double value = view->seen->value[signal];

  if (isnan(value)) {
    sight->age_s += view->trace->dt_s;
    if (!is_known(sight, view))
      forget(sight);
    return;
  }
  sight->since_s = sight->age_s + view->trace->dt_s;
  sight->value = value;
  sight->age_s = 0;
}

/* Of one that is new: whether it shows what its rule asks for. */
static void count(struct held_sight *sight, bool is_met) {
  if (sight->age_s > 0)
    return;
  if (!is_met) {
    forget(sight);
    return;
  }
  sight->met_s = sight->met > 0 ? sight->met_s + sight->since_s : 0;
  if (sight->met < RUN_MAX)
    sight->met++;
}

static void learn_usual(struct held_sight *sight, const struct view *view) {
  double established = view->seen->value[SIGNAL_ESTABLISHED];

  if (sight->age_s > 0 || !(established > 0))
    return;
  double since_s = fmin(sight->since_s, BASELINE_THAW_S);
  double weight = fmax(1 / (sight->looks + 1), since_s / usual_s);
  double share = fmin(1, sight->value / established);
  sight->usual += weight * (share - sight->usual);
  sight->looks++;
}

/* --- the tests ------------------------------------------------------------ */

static void test_suspicion(struct held_connections *memory,
                           const struct view *view) {
  struct trace_test *test = view->trace->test;
  bool many = test[HELD_MANY].met || test[HELD_MUTE_MANY].met;

  memory->suspect_s = many ? memory->suspect_s + view->trace->dt_s : 0;
  trace_at_least(&test[HELD_MUTE_SUSPECT], memory->suspect_s, mute_suspect_s);
}

/* A fifth of all where nothing is known of this host's ordinary days; and of
 * those that are held so many that it is they who hold. When clients vanish
 * some have no window, and most have segments sent again. */
static double zero_window_limit(const struct held_sight *zero,
                                const struct view *view) {
  double share = view->rules->held_connections.zero_window_share / 100 *
                 view->seen->value[SIGNAL_ESTABLISHED];

  if (zero->looks > 0)
    share = fmin(share, usual_times * usually(zero, view));
  return fmax(share, zero_of_held * view->held);
}

static void test_slow_read(struct held_connections *memory,
                           const struct view *view) {
  struct held_sight *zero = &memory->zero_window;
  struct trace_test *test = view->trace->test;

  look(zero, view, SIGNAL_ZERO_WINDOW);
  look(&memory->starved, view, SIGNAL_HELD_STARVED);
  double peers = known(zero, view);
  trace_at_least(&test[HELD_ZERO_WINDOW],
                 zero->looks > 0 ? beyond(zero, view) : peers,
                 view->rules->held_connections.min_zero_window);
  trace_at_least(&test[HELD_ZERO_SHARE], peers, zero_window_limit(zero, view));
  count(zero, follows(HELD_ZERO_NOW, test));
  trace_at_least(&test[HELD_ZERO_RUN], zero->met, SIGHTINGS);
  trace_at_least(&test[HELD_STARVED], beyond(&memory->starved, view),
                 half * peers);
  follows(HELD_SLOW_READ, test);
}

static void test_acks(struct held_connections *memory,
                      const struct view *view) {
  struct trace_test *test = view->trace->test;
  double acks = view->seen->value[SIGNAL_BARE_ACKS];

  trace_at_least(&test[HELD_ACKS], acks,
                 view->rules->held_connections.min_acks);
  trace_at_least(&test[HELD_ACKS_LEAST], acks, acks_least * view->held);
  trace_at_most(&test[HELD_ACKS_MOST], acks, acks_most * view->held);
  trace_at_least(&test[HELD_ACKS_KINDS],
                 beyond(&memory->drip, view) + beyond(&memory->mute, view),
                 half * view->held);
  bool now = follows(HELD_ACKS_NOW, test);
  memory->acks_s =
      now && memory->acks > 0 ? memory->acks_s + view->trace->dt_s : 0;
  memory->acks = (uint8_t)(now ? fmin(memory->acks + 1, RUN_MAX) : 0);
  trace_at_least(&test[HELD_ACKS_RUN], memory->acks, ACKS_RUN);
  trace_at_least(&test[HELD_ACKS_TIME], memory->acks_s, acks_s);
}

/* Whether many are held, and half of them are of a kind. */
static void test_half(struct held_sight *sight, const struct view *view,
                      enum signal signal, enum held_test many,
                      enum held_test is) {
  struct trace_test *test = view->trace->test;
  double least = view->rules->held_connections.min_held;

  look(sight, view, signal);
  trace_at_least(&test[many], fmax(view->held, surplus(sight, view)), least);
  bool met = trace_at_least(&test[is], beyond(sight, view),
                            half * fmax(view->held, least));
  count(sight, met && test[many].met);
}

static void test_kinds(struct held_connections *memory,
                       const struct view *view) {
  struct trace_test *test = view->trace->test;

  test_half(&memory->drip, view, SIGNAL_HELD_DRIP, HELD_DRIP_MANY,
            HELD_DRIP_HALF);
  test_half(&memory->mute, view, SIGNAL_HELD_MUTE, HELD_MUTE_MANY,
            HELD_MUTE_HALF);
  test_suspicion(memory, view);
  test_acks(memory, view);
  trace_at_least(&test[HELD_DRIP_RUN], memory->drip.met, SIGHTINGS);
  follows(HELD_DRIP, test);
  trace_at_least(&test[HELD_MUTE_TIME], memory->mute.met_s, mute_s);
  follows(HELD_SILENT, test);
}

static void test_failure(const struct view *view) {
  const double *value = view->seen->value;
  struct trace_test *test = view->trace->test;

  trace_at_least(&test[HELD_ABORTS], value[SIGNAL_ABORTS],
                 view->rules->held_connections.aborts_per_s);
  trace_at_least(&test[HELD_ACCEPT_FULL], value[SIGNAL_ACCEPT_QUEUE],
                 full_percent);
  trace_above(&test[HELD_REFUSED], value[SIGNAL_LISTEN_OVERFLOWS], 0);
}

static struct incident_evidence weigh(struct held_connections *memory,
                                      const struct view *view) {
  struct trace_test *test = view->trace->test;
  struct incident_evidence found = {.present = false};

  trace_at_least(&test[HELD_MANY], view->held,
                 view->rules->held_connections.min_held);
  test_slow_read(memory, view);
  test_kinds(memory, view);
  test_failure(view);
  found.present = found.certain = found.attack = follows(HELD_EVIDENCE, test);
  found.failure = follows(HELD_FAILURE, test);
  memory->quiet_s = found.present ? 0 : memory->quiet_s + view->trace->dt_s;
  trace_at_least(&test[HELD_QUIET], memory->quiet_s, quiet_s);
  found.calm = follows(HELD_CALM, test);
  return found;
}

/* --- what comes of it ----------------------------------------------------- */

static uint32_t evidence_of(const struct trace_test *test) {
  uint32_t bits = 0;

  bits |= test[HELD_SLOW_READ].met ? HELD_IS_SLOW_READ : 0u;
  bits |= test[HELD_DRIP].met ? HELD_IS_DRIP : 0u;
  bits |= test[HELD_SILENT].met ? HELD_IS_SILENT : 0u;
  return bits;
}

/* Acknowledgements also go to those who connect, say nothing, and leave. */
static uint8_t kind_of(uint32_t bits, const struct held_figures *figures) {
  bool are_mute = figures->mute > fmax(figures->drip, half * figures->held);

  if (bits == HELD_IS_DRIP && are_mute)
    bits = HELD_IS_SILENT;
  return (uint8_t)bits;
}

static void describe(struct held_connections *memory, const struct view *view,
                     struct finding *finding, struct held_figures *figures) {
  *figures = (struct held_figures){
      .held = view->held,
      .zero_window = known(&memory->zero_window, view),
      .drip = known(&memory->drip, view),
      .mute = known(&memory->mute, view),
  };
  if (finding->evidence)
    memory->kind = kind_of(finding->evidence, figures);
  figures->kind = memory->kind;
  finding->severity = memory->incident.severity;
  finding->since_s = memory->incident.since_s;
  finding->observed = view->held;
  if (memory->kind & HELD_IS_SLOW_READ)
    finding->observed = fmax(view->held, figures->zero_window);
  finding->expected = fmax(0, view->trace->now.expected);
  finding->upper = view->rules->held_connections.min_held;
  finding->score = incident_score(view->trace->now.sigmas);
  finding->failure_max = NAN;
  finding->samples = memory->usual.learnt;
}

static void learn(struct held_connections *memory, const struct view *view,
                  enum incident_change change) {
  struct trace_test *test = view->trace->test;
  bool open =
      trace_fact(&test[HELD_OPEN], memory->incident.severity != SEVERITY_OKAY);

  if (change == INCIDENT_CLEARED)
    memory->usual.frozen_s = 0; /* the incident's time does not count */
  bool stands_still = follows(HELD_FROZEN, test);
  baseline_learn(&memory->usual, NULL, view->held, view->seen->time_s,
                 view->trace->dt_s, &view->trace->now, stands_still);
  if (!stands_still) {
    learn_usual(&memory->zero_window, view);
    learn_usual(&memory->starved, view);
    learn_usual(&memory->drip, view);
    learn_usual(&memory->mute, view);
  }
  bool long_frozen = trace_at_least(&test[HELD_LONG_FROZEN],
                                    memory->usual.frozen_s, BASELINE_THAW_S);
  if (long_frozen && !open && !test[HELD_ZERO_NOW].met)
    baseline_adopt(&memory->usual, NULL, view->seen->time_s);
}

static void interrupt(struct held_connections *memory,
                      const struct observation *seen) {
  if (seen->gap)
    baseline_interrupt(&memory->usual);
  incident_interrupt(&memory->incident);
  memory->suspect_s = memory->acks_s = 0;
  memory->acks = 0;
  forget(&memory->zero_window);
  forget(&memory->drip);
  forget(&memory->mute);
}

static bool begin(struct held_connections *memory, const struct rules *rules,
                  const struct observation *seen, struct finding *finding,
                  struct held_trace *trace) {
  memset(finding, 0, sizeof(*finding));
  if (!rules->incident[INCIDENT_HELD_CONNECTIONS].enable)
    return false;
  if (seen->gap || seen->interval_changed)
    interrupt(memory, seen);
  if (isnan(seen->value[SIGNAL_HELD]) ||
      isnan(seen->value[SIGNAL_ESTABLISHED])) {
    if (incident_abstain(&memory->incident, seen->dt_s, seen->interval_s) &&
        memory->usual.learnt > 0 && (seen->sent >> SIGNAL_HELD & 1))
      incident_hold(finding, &memory->incident);
    return false;
  }
  trace->dt_s = incident_resume(&memory->incident, seen->dt_s);
  baseline_judge(&memory->usual, NULL, BASELINE_COUNT, seen->value[SIGNAL_HELD],
                 seen->time_s, trace->dt_s, &trace->now);
  return true;
}

void held_connections_judge(struct held_connections *memory,
                            const struct rules *rules,
                            const struct observation *seen,
                            struct finding *finding,
                            struct held_figures *figures,
                            struct held_trace *trace) {
  if (!begin(memory, rules, seen, finding, trace))
    return;
  struct view view = {
      .rules = rules,
      .seen = seen,
      .trace = trace,
      .held = seen->value[SIGNAL_HELD],
      .keep_s = fmax(sight_s, sight_intervals * seen->interval_s),
  };
  struct incident_evidence found = weigh(memory, &view);

  finding->judged = true;
  finding->evidence = evidence_of(trace->test);
  finding->change = incident_step(&memory->incident,
                                  &rules->incident[INCIDENT_HELD_CONNECTIONS],
                                  &found, seen->time_s, trace->dt_s);
  describe(memory, &view, finding, figures);
  learn(memory, &view, finding->change);
}

const char *held_connections_kind_words(uint32_t kind) {
  if (kind & HELD_IS_SLOW_READ)
    return "read nothing: slow read";
  if (kind & HELD_IS_DRIP)
    return "send a few bytes now and then: slowloris or slow POST";
  return "connect and say nothing: silent connections";
}
