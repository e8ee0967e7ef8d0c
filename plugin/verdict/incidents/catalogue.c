/* The incidents, one row each. Constant tables, and the one place that knows
 * which function judges which shape. Pure. */
#include "verdict/incidents/catalogue.h"

#include <string.h>

#define LEN(array) (sizeof(array) / sizeof((array)[0]))
#define BIT(signal) (1u << (signal))

/* --- options ------------------------------------------------------------ */

#define OPTION(key, member, preset, min, max)                                  \
  { key, offsetof(struct rules, member), preset, min, max }

static const struct catalogue_option syn_flood_options[] = {
    OPTION("MinExcess", syn_flood.min_excess, 12, 1, 1e6),
    OPTION("Sigmas", syn_flood.sigmas, 4, 1, 100),
    OPTION("CompletionWarning", syn_flood.completion_warning, 60, 0, 100),
    OPTION("CompletionFailure", syn_flood.completion_failure, 30, 0, 100),
    OPTION("CompletionDrop", syn_flood.completion_drop, 40, 1, 100),
    OPTION("HalfOpenFailure", syn_flood.half_open_failure, 500, 1, 1e7),
    OPTION("CookiesPerSecond", syn_flood.cookies_per_s, 1, 0.01, 1e6),
    OPTION("ResetsPerSecond", syn_flood.resets_per_s, 5, 0.01, 1e6),
};
static const struct catalogue_option accept_overflow_options[] = {
    OPTION("Fill", accept_overflow.fill, 90, 1, 100),
    OPTION("RefusedShare", accept_overflow.refused_share, 10, 0, 1000),
};
static const struct catalogue_option outbound_stall_options[] = {
    OPTION("MinCount", outbound_stall.min_count, 20, 1, 1e6),
    OPTION("MinRatio", outbound_stall.min_ratio, 3, 1, 1000),
    OPTION("Sigmas", outbound_stall.sigmas, 6, 1, 100),
    OPTION("FailureCount", outbound_stall.failure_count, 100, 1, 1e7),
    OPTION("FailureRatio", outbound_stall.failure_ratio, 10, 1, 10000),
};
static const struct catalogue_option close_wait_leak_options[] = {
    OPTION("MinExcess", close_wait_leak.min_excess, 30, 1, 1e6),
    OPTION("Sigmas", close_wait_leak.sigmas, 6, 1, 100),
    OPTION("FailureShare", close_wait_leak.failure_share, 25, 1, 100),
};
static const struct catalogue_option time_wait_pressure_options[] = {
    OPTION("Fill", time_wait_pressure.fill, 90, 1, 100),
    OPTION("Sigmas", time_wait_pressure.sigmas, 6, 1, 100),
};
static const struct catalogue_option state_shift_options[] = {
    OPTION("MinActive", state_shift.min_active, 50, 1, 1e7),
    OPTION("Sigmas", state_shift.sigmas, 6, 1, 100),
};

static const struct catalogue_option held_connections_options[] = {
    OPTION("MinHeld", held_connections.min_held, 64, 1, 1e7),
    OPTION("MinZeroWindow", held_connections.min_zero_window, 32, 1, 1e7),
    OPTION("ZeroWindowShare", held_connections.zero_window_share, 20, 0, 100),
    OPTION("AcksPerSecond", held_connections.min_acks, 10, 0.01, 1e6),
    OPTION("AbortsPerSecond", held_connections.aborts_per_s, 5, 0.01, 1e6),
};
static const struct catalogue_option strays_options[] = {
    OPTION("MinRate", strays.min_rate, 50, 0.01, 1e6),
    OPTION("MinRatio", strays.min_ratio, 5, 1, 1000),
};

/* --- saved state -------------------------------------------------------- */

static const struct state_field syn_flood_saved[] = {
    SAVED_EXPECTATION(judge, syn_flood.model),
    SAVED_INCIDENT_OF_HOST(judge, syn_flood.incident),
    SAVED_BASELINE(judge, syn_flood.entropy),
    SAVED_DOUBLE(judge, syn_flood.unreturned),
    SAVED_DOUBLE(judge, syn_flood.resets),
    SAVED_DOUBLE(judge, syn_flood.recent_resets),
    SAVED_ARRIVALS(judge, syn_flood.entries),
    SAVED_ARRIVALS(judge, syn_flood.lost),
    SAVED_DOUBLE(judge, syn_flood.lost_sum),
    SAVED_DOUBLE(judge, syn_flood.refused_sum),
    SAVED_DOUBLE(judge, syn_flood.resets_sum),
    SAVED_ARRAY(STATE_DOUBLE, judge, syn_flood.overflow, OVERFLOW_BINS),
    SAVED_DOUBLE(judge, syn_flood.overflow_bin_s),
    SAVED_DOUBLE(judge, syn_flood.last_aged),
    SAVED_DOUBLE(judge, syn_flood.peak),
    SAVED_DOUBLE(judge, syn_flood.drain_s),
    SAVED_DOUBLE(judge, syn_flood.lasted_s),
    SAVED_FIELD(STATE_AGE, judge, syn_flood.cookies_s),
    SAVED_DOUBLE(judge, syn_flood.source_share),
    SAVED_FIELD(STATE_AGE, judge, syn_flood.source_s),
    SAVED_DOUBLE(judge, syn_flood.quiet_s),
    SAVED_DOUBLE(judge, syn_flood.drifting_s),
    SAVED_DOUBLE(judge, syn_flood.usual_peak),
    SAVED_SIGNED(judge, syn_flood.hour_peak),
    SAVED_DOUBLE(judge, syn_flood.hour_s),
    SAVED_BYTE(judge, syn_flood.excess_run),
    SAVED_BYTE(judge, syn_flood.cookies_run),
    SAVED_BYTE(judge, syn_flood.queue_run),
    SAVED_BYTE(judge, syn_flood.collapse_run),
};
static const struct state_field accept_overflow_saved[] = {
    SAVED_INCIDENT_OF_HOST(judge, accept_overflow.incident),
    SAVED_DOUBLE(judge, accept_overflow.usual),
    SAVED_DOUBLE(judge, accept_overflow.learnt),
    SAVED_BYTE(judge, accept_overflow.full_run),
};

#define SAVED_EXCESS(at)                                                       \
  {                                                                            \
    SAVED_EXPECTATION(judge, at.model),                                        \
        SAVED_INCIDENT_OF_HOST(judge, at.incident),                            \
        SAVED_DOUBLE(judge, at.lasting_s)                                      \
  }
#define SAVED_OFF_BASELINE(at)                                                 \
  {                                                                            \
    SAVED_BASELINE(judge, at.baseline),                                        \
        SAVED_INCIDENT_OF_HOST(judge, at.incident), SAVED_BYTE(judge, at.run)  \
  }

static const struct state_field outbound_stall_saved[] =
    SAVED_EXCESS(outbound_stall);
static const struct state_field close_wait_leak_saved[] =
    SAVED_EXCESS(close_wait_leak);
static const struct state_field time_wait_pressure_saved[] =
    SAVED_OFF_BASELINE(time_wait_pressure);
static const struct state_field state_shift_saved[] =
    SAVED_OFF_BASELINE(state_shift);
static const struct state_field strays_saved[] = SAVED_OFF_BASELINE(strays);

#define SAVED_SIGHT(at)                                                        \
  SAVED_DOUBLE(judge, at.value), SAVED_FIELD(STATE_AGE, judge, at.age_s),      \
      SAVED_FIELD(STATE_AGE, judge, at.since_s),                               \
      SAVED_DOUBLE(judge, at.met_s), SAVED_DOUBLE(judge, at.usual),            \
      SAVED_DOUBLE(judge, at.looks), SAVED_BYTE(judge, at.met)

static const struct state_field held_connections_saved[] = {
    SAVED_BASELINE(judge, held_connections.usual),
    SAVED_INCIDENT_OF_HOST(judge, held_connections.incident),
    SAVED_DOUBLE(judge, held_connections.suspect_s),
    SAVED_DOUBLE(judge, held_connections.acks_s),
    SAVED_DOUBLE(judge, held_connections.quiet_s),
    SAVED_SIGHT(held_connections.zero_window),
    SAVED_SIGHT(held_connections.starved),
    SAVED_SIGHT(held_connections.drip),
    SAVED_SIGHT(held_connections.mute),
    SAVED_BYTE(judge, held_connections.acks),
    SAVED_BYTE(judge, held_connections.kind),
};

/* --- the rows ----------------------------------------------------------- */

/* What follows from the name: its members in the structs, and the tables above.
 * IN_TRACE: the tests within its member of struct judge_trace. */
#define OF_NAME(member, in_trace)                                              \
  .name = #member, .options = member##_options,                                \
  .options_len = LEN(member##_options),                                        \
  .memory = offsetof(struct judge, member),                                    \
  .incident = offsetof(struct judge, member.incident),                         \
  .trace = offsetof(struct judge_trace, member),                               \
  .tests = offsetof(struct judge_trace, in_trace),                             \
  .saved = {#member, member##_saved, LEN(member##_saved), 0}

const struct catalogue_row catalogue[INCIDENT_COUNT] = {
    [INCIDENT_SYN_FLOOD] =
        {
            OF_NAME(syn_flood, syn_flood),
            .shape = CATALOGUE_SYN_FLOOD,
            .rules = syn_flood_trace_rules,
            .muted_by = INCIDENT_COUNT,
            .queue = offsetof(struct observation, syn_queue),
            .source = offsetof(struct observation, top_source),
            .counters = BIT(SIGNAL_SYN_RECV) | BIT(SIGNAL_ESTABLISHED) |
                        BIT(SIGNAL_PASSIVE_OPENS),
            .meaning = "Connection requests arrive, and nobody completes their "
                       "handshakes.",
            .observed = "half-open",
            .checked = " half-open",
        },
    [INCIDENT_ACCEPT_OVERFLOW] =
        {
            OF_NAME(accept_overflow, accept_overflow),
            .shape = CATALOGUE_ACCEPT_OVERFLOW,
            .rules = accept_overflow_rules,
            .muted_by = INCIDENT_SYN_FLOOD,
            .queue = offsetof(struct observation, accept_queue),
            .meaning = "An application does not accept its connections; new "
                       "ones are refused.",
            .observed = "of the fullest accept queue",
            .checked = " % of the accept queue",
            .percent = true,
        },
    [INCIDENT_OUTBOUND_STALL] =
        {
            OF_NAME(outbound_stall, outbound_stall.test),
            .shape = CATALOGUE_EXCESS,
            .rules = excess_outbound_rules,
            .muted_by = INCIDENT_COUNT,
            .counters = BIT(SIGNAL_ACTIVE_OPENS),
            .meaning = "Connections that this host opens are not answered.",
            .observed = "in SYN_SENT",
            .noticed = "outgoing connections unanswered",
            .checked = " outgoing unanswered",
        },
    [INCIDENT_CLOSE_WAIT_LEAK] =
        {
            OF_NAME(close_wait_leak, close_wait_leak.test),
            .shape = CATALOGUE_EXCESS,
            .rules = excess_leak_rules,
            .muted_by = INCIDENT_ACCEPT_OVERFLOW,
            .counters = BIT(SIGNAL_ACTIVE_OPENS) | BIT(SIGNAL_PASSIVE_OPENS),
            .meaning = "An application does not close connections that their "
                       "peers have closed.",
            .observed = "in CLOSE_WAIT",
            .noticed = "in CLOSE_WAIT",
            .checked = " in CLOSE_WAIT",
        },
    [INCIDENT_TIME_WAIT_PRESSURE] =
        {
            OF_NAME(time_wait_pressure, time_wait_pressure.test),
            .shape = CATALOGUE_OFF_BASELINE,
            .rules = off_baseline_pressure_rules,
            .muted_by = INCIDENT_COUNT,
            .meaning = "TIME_WAIT sockets come close to the kernel's limit.",
            .observed = "of tcp_max_tw_buckets",
            .checked = " % of the TIME_WAIT limit",
            .percent = true,
        },
    [INCIDENT_STATE_SHIFT] =
        {
            OF_NAME(state_shift, state_shift.test),
            .shape = CATALOGUE_OFF_BASELINE,
            .off = true,
            .rules = off_baseline_shift_rules,
            .muted_by = INCIDENT_SYN_FLOOD,
            .meaning = "The mix of TCP states is not the normal one.",
            .observed = "state entropy",
            .checked = " state entropy",
        },
    [INCIDENT_HELD_CONNECTIONS] =
        {
            OF_NAME(held_connections, held_connections.test),
            .shape = CATALOGUE_HELD,
            .rules = held_connections_rules,
            .muted_by = INCIDENT_COUNT,
            .queue = offsetof(struct observation, held),
            .source = offsetof(struct observation, held_source),
            .meaning = "Clients hold connections and say or read next to "
                       "nothing; there may be no room for others.",
            .observed = "held beyond what arrivals explain",
            .checked = " held",
        },
    [INCIDENT_STRAYS] =
        {
            OF_NAME(strays, strays.test),
            .shape = CATALOGUE_OFF_BASELINE,
            .off = true,
            .rules = off_baseline_strays_rules,
            .muted_by = INCIDENT_COUNT,
            .counters = BIT(SIGNAL_RESETS_SENT),
            .meaning = "Segments arrive that belong to no connection, and are "
                       "answered by resets.",
            .observed = "resets sent a second",
            .checked = " resets sent a second",
        },
};

/* --- what the rows are used for ----------------------------------------- */

enum incident_kind catalogue_find(const char *name) {
  int kind = 0;

  while (kind < INCIDENT_COUNT && strcmp(name, catalogue[kind].name) != 0)
    kind++;
  return (enum incident_kind)kind;
}

void *catalogue_memory(const struct judge *judge, enum incident_kind kind) {
  return (char *)judge + catalogue[kind].memory;
}

/* A trace is only read here; catalogue_judge alone writes it. */
static void *trace_of(const struct judge_trace *trace,
                      enum incident_kind kind) {
  return (char *)trace + catalogue[kind].trace;
}

const void *catalogue_trace(const struct judge_trace *trace,
                            enum incident_kind kind) {
  return trace_of(trace, kind);
}

const struct trace_test *catalogue_tests(const struct judge_trace *trace,
                                         enum incident_kind kind) {
  const void *tests = (const char *)trace + catalogue[kind].tests;

  return tests;
}

const struct snapshot_queue *catalogue_queue(const struct observation *seen,
                                             enum incident_kind kind) {
  const void *queue = (const char *)seen + catalogue[kind].queue;

  return catalogue[kind].queue > 0 ? queue : NULL;
}

const char *catalogue_source(const struct observation *seen,
                             enum incident_kind kind) {
  return catalogue[kind].source > 0
             ? (const char *)seen + catalogue[kind].source
             : "";
}

double catalogue_learning_s(const struct judge *judge, enum incident_kind kind,
                            const struct rules *rules, double interval_s) {
  const void *memory = catalogue_memory(judge, kind);
  const struct syn_flood *flood = memory;
  const struct excess *excess = memory;
  const struct off_baseline *off = memory;

  switch (catalogue[kind].shape) {
  case CATALOGUE_SYN_FLOOD:
    return rules_learning_s(rules, flood->model.learnt, flood->model.learnt_s,
                            interval_s);
  case CATALOGUE_ACCEPT_OVERFLOW:
  case CATALOGUE_HELD:
    break;
  case CATALOGUE_EXCESS:
    return rules_learning_s(rules, excess->model.learnt, excess->model.learnt_s,
                            interval_s);
  case CATALOGUE_OFF_BASELINE:
    return rules_learning_s(rules, off->baseline.learnt, off->baseline.learnt_s,
                            interval_s);
  }
  return 0;
}

const char *catalogue_unjudged(enum finding_unjudged unjudged) {
  static const char *const words[] = {
      [UNJUDGED_NOT] = "",
      [UNJUDGED_DISABLED] = "disabled",
      [UNJUDGED_NO_LISTENER] = "no listener",
      [UNJUDGED_FIRST] = "first reading",
      [UNJUDGED_UNKNOWN] = "values unknown",
  };

  return words[unjudged];
}

void catalogue_init(struct judge *judge, enum incident_kind kind) {
  void *memory = catalogue_memory(judge, kind);

  switch (catalogue[kind].shape) {
  case CATALOGUE_SYN_FLOOD:
    syn_flood_init(memory);
    break;
  case CATALOGUE_ACCEPT_OVERFLOW:
    accept_overflow_init(memory);
    break;
  case CATALOGUE_EXCESS:
    excess_init(memory);
    break;
  case CATALOGUE_OFF_BASELINE:
    off_baseline_init(memory);
    break;
  case CATALOGUE_HELD:
    held_connections_init(memory);
    break;
  }
}

void catalogue_judge(struct judge *judge, enum incident_kind kind,
                     const struct rules *rules, const struct observation *seen,
                     struct judgement *out, struct judge_trace *trace) {
  const struct catalogue_row *row = &catalogue[kind];
  void *memory = catalogue_memory(judge, kind), *how = trace_of(trace, kind);
  struct finding *finding = &out->finding[kind];
  bool muted = row->muted_by != INCIDENT_COUNT &&
               out->finding[row->muted_by].severity != SEVERITY_OKAY;

  switch (row->shape) {
  case CATALOGUE_SYN_FLOOD:
    syn_flood_judge(memory, rules, seen, finding, &out->syn_flood, how);
    break;
  case CATALOGUE_ACCEPT_OVERFLOW:
    accept_overflow_judge(memory, rules, seen, muted, finding, how);
    break;
  case CATALOGUE_EXCESS:
    excess_judge(memory, kind, rules, seen, muted, finding, how);
    break;
  case CATALOGUE_OFF_BASELINE:
    off_baseline_judge(memory, kind, rules, seen, muted, finding, how);
    break;
  case CATALOGUE_HELD:
    held_connections_judge(memory, rules, seen, finding, &out->held, how);
    break;
  }
}
