/* The words of the incidents. Pure. */
#include "words.h"

#include "explain_words_flood.h"

#define WORD(key, is, is_not, unit)                                            \
  { key, is, is_not, unit, false, false }
#define COUNT(key, is) WORD(key, is, NULL, EXPLAIN_COUNT)
#define PERCENT(key, is) WORD(key, is, NULL, EXPLAIN_PERCENT)
#define RATE(key, is) WORD(key, is, NULL, EXPLAIN_RATE)
#define SECONDS(key, is) WORD(key, is, NULL, EXPLAIN_SECONDS)
#define SIGN(key, is, is_not)                                                  \
  { key, is, is_not, EXPLAIN_COUNT, false, true }
#define FACT(key, is, is_not) WORD(key, is, is_not, EXPLAIN_COUNT)

static const struct explain_word accept_words[ACCEPT_TESTS] = {
    [ACCEPT_FILL] = PERCENT("fill", "fullest accept queue"),
    [ACCEPT_REFUSES] = RATE("refuses", "connections refused"),
    [ACCEPT_OVERFLOWS] = {"overflows", "an accept queue overflows",
                          "the accept queues have room", EXPLAIN_COUNT, true,
                          false},
    [ACCEPT_MUTED] =
        FACT("muted", "a syn_flood mutes it", "not muted by a syn_flood"),
    [ACCEPT_EVIDENCE] = SIGN("evidence", "evidence", "free of evidence"),
    [ACCEPT_FULL] = PERCENT("full", "fullest accept queue"),
    [ACCEPT_FULL_RUN] = COUNT("full_run", "readings in a row with it full"),
    [ACCEPT_REFUSED_SHARE] = RATE("refused_share", "connections refused"),
    [ACCEPT_FAILURE] = FACT("failure", "FAILURE", NULL),
    [ACCEPT_REFUSES_NONE] = RATE("refuses_none", "connections refused"),
    [ACCEPT_ROOM] = PERCENT("room", "fullest accept queue"),
    [ACCEPT_CALM] = FACT("calm", "calm", NULL),
    [ACCEPT_OPEN] = FACT("open", "an incident is open", NULL),
    [ACCEPT_FROZEN] = FACT("frozen", "nothing is learnt", NULL),
};

#define EXPLAINED(floor_words, sigmas_words)                                   \
  {                                                                            \
    [EXPLAINED_NO_WARM_UP] = FACT("no_warm_up", "WarmUp is 0", NULL),          \
    [EXPLAINED_WARM_READINGS] = COUNT("warm_up_readings", "readings learnt"),  \
    [EXPLAINED_WARM_TIME] = SECONDS("warm_up_time", "time learnt"),            \
    [EXPLAINED_WARM] = FACT("warm", "the warm-up is over", NULL),              \
    [EXPLAINED_FLOOR] = COUNT("floor", floor_words),                           \
    [EXPLAINED_RATIO] = COUNT("ratio", "against what the load explains"),      \
    [EXPLAINED_SIGMAS] = COUNT("sigmas", sigmas_words),                        \
    [EXPLAINED_DRIFT] = COUNT("drift", "added up reading by reading"),         \
    [EXPLAINED_LASTING] = SECONDS("lasting", "so many have lasted"),           \
    [EXPLAINED_UNACCEPTED] = FACT("unaccepted", "they wait to be accepted",    \
                                  "they do not wait to be accepted"),          \
    [EXPLAINED_EVIDENCE] = SIGN("evidence", "evidence", "free of evidence"),   \
    [EXPLAINED_FAILURE_MAX] = COUNT("failure_max", "sockets"),                 \
    [EXPLAINED_FAILURE] = FACT("failure", "FAILURE", NULL),                    \
    [EXPLAINED_CALM_SIGMAS] = COUNT("calm_sigmas", "standard deviations"),     \
    [EXPLAINED_CALM_COUNT] = COUNT("calm_count", "sockets"),                   \
    [EXPLAINED_CALM] = FACT("calm", "calm", NULL),                             \
    [EXPLAINED_OPEN] = FACT("open", "an incident is open", NULL),              \
    [EXPLAINED_DRIFTING] = COUNT("drifting", "added up reading by reading"),   \
    [EXPLAINED_FROZEN] = FACT("frozen", "nothing is learnt", NULL),            \
    [EXPLAINED_LONG_FROZEN] = SECONDS("long_frozen", "nothing is learnt for"), \
  }

static const struct explain_word outbound_words[EXPLAINED_TESTS] =
    EXPLAINED("in SYN_SENT", "beyond how it scatters");
static const struct explain_word leak_words[EXPLAINED_TESTS] =
    EXPLAINED("in CLOSE_WAIT above expected", "beyond how it scatters");

#define LEVEL                                                                  \
  {                                                                            \
    [LEVEL_NO_WARM_UP] = FACT("no_warm_up", "WarmUp is 0", NULL),              \
    [LEVEL_WARM_READINGS] = COUNT("warm_up_readings", "readings learnt"),      \
    [LEVEL_WARM_TIME] = SECONDS("warm_up_time", "time learnt"),                \
    [LEVEL_WARM] = FACT("warm", "the warm-up is over", NULL),                  \
    [LEVEL_FILL] = PERCENT("fill", "of tcp_max_tw_buckets in use"),            \
    [LEVEL_SIGMAS] = COUNT("sigmas", "standard deviations off"),               \
    [LEVEL_WAS_OPEN] = FACT("was_open", "it is open already", NULL),           \
    [LEVEL_ACTIVE] = COUNT("active", "active connections"),                    \
    [LEVEL_OFF] = {"off",                                                      \
                   "off its baseline",                                         \
                   "near its baseline",                                        \
                   EXPLAIN_COUNT,                                              \
                   true,                                                       \
                   false},                                                     \
    [LEVEL_RUN] = COUNT("run", "readings in a row"),                           \
    [LEVEL_MUTED] =                                                            \
        FACT("muted", "a syn_flood mutes it", "not muted by a syn_flood"),     \
    [LEVEL_EVIDENCE] = SIGN("evidence", "evidence", "free of evidence"),       \
    [LEVEL_FULL] = PERCENT("full", "of tcp_max_tw_buckets in use"),            \
    [LEVEL_FAILURE] = FACT("failure", "FAILURE", NULL),                        \
    [LEVEL_CALM_FILL] = PERCENT("calm_fill", "of tcp_max_tw_buckets in use"),  \
    [LEVEL_CALM_SIGMAS] = COUNT("calm_sigmas", "standard deviations off"),     \
    [LEVEL_CALM] = FACT("calm", "calm", NULL),                                 \
    [LEVEL_OPEN] = FACT("open", "an incident is open", NULL),                  \
    [LEVEL_DRIFT] = COUNT("drift", "added up reading by reading"),             \
    [LEVEL_SLOW] = COUNT("slow", "standard deviations of half an hour"),       \
    [LEVEL_DRIFTING] = FACT("drifting", "it drifts", NULL),                    \
    [LEVEL_FROZEN] = FACT("frozen", "nothing is learnt", NULL),                \
    [LEVEL_LONG_FROZEN] = SECONDS("long_frozen", "nothing is learnt for"),     \
  }

static const struct explain_word level_words[LEVEL_TESTS] = LEVEL;

static const int flood_evidence[] = {FLOOD_EXCESS,
                                     FLOOD_COOKIES,
                                     FLOOD_FULL_QUEUE,
                                     FLOOD_COLLAPSE,
                                     FLOOD_RESETS,
                                     FLOOD_ENTROPY,
                                     -1};
static const int accept_evidence[] = {ACCEPT_EVIDENCE, -1};
static const int explained_evidence[] = {EXPLAINED_EVIDENCE, -1};
static const int level_evidence[] = {LEVEL_EVIDENCE, -1};

/* Which case has which tests; the tests themselves are a judgement's. */
static const struct explain_case cases[INCIDENT_COUNT] = {
    [INCIDENT_SYN_FLOOD] =
        {"Connection requests arrive whose handshakes nobody completes.",
         "half-open", EXPLAIN_COUNT, explain_words_flood, syn_flood_trace_rules,
         NULL, FLOOD_TESTS, flood_evidence, FLOOD_WARM, FLOOD_CERTAIN,
         FLOOD_FAILURE, FLOOD_CALM, FLOOD_FROZEN, FLOOD_DRIFTING,
         FLOOD_LONG_FROZEN},
    [INCIDENT_ACCEPT_OVERFLOW] =
        {"An application does not accept its connections; new ones are "
         "refused.",
         "of the fullest accept queue", EXPLAIN_PERCENT, accept_words,
         accept_overflow_rules, NULL, ACCEPT_TESTS, accept_evidence, -1, -1,
         ACCEPT_FAILURE, ACCEPT_CALM, ACCEPT_FROZEN, -1, -1},
    [INCIDENT_OUTBOUND_STALL] =
        {"Connections that this host opens are not answered.", "in SYN_SENT",
         EXPLAIN_COUNT, outbound_words, excess_outbound_rules, NULL,
         EXPLAINED_TESTS, explained_evidence, EXPLAINED_WARM, -1,
         EXPLAINED_FAILURE, EXPLAINED_CALM, EXPLAINED_FROZEN,
         EXPLAINED_DRIFTING, EXPLAINED_LONG_FROZEN},
    [INCIDENT_CLOSE_WAIT_LEAK] =
        {"An application does not close connections that their peers have "
         "closed.",
         "in CLOSE_WAIT", EXPLAIN_COUNT, leak_words, excess_leak_rules, NULL,
         EXPLAINED_TESTS, explained_evidence, EXPLAINED_WARM, -1,
         EXPLAINED_FAILURE, EXPLAINED_CALM, EXPLAINED_FROZEN,
         EXPLAINED_DRIFTING, EXPLAINED_LONG_FROZEN},
    [INCIDENT_TIME_WAIT_PRESSURE] =
        {"TIME_WAIT sockets come close to the kernel's limit.",
         "of tcp_max_tw_buckets", EXPLAIN_PERCENT, level_words,
         off_baseline_pressure_rules, NULL, LEVEL_TESTS, level_evidence,
         LEVEL_WARM, -1, LEVEL_FAILURE, LEVEL_CALM, LEVEL_FROZEN,
         LEVEL_DRIFTING, LEVEL_LONG_FROZEN},
    [INCIDENT_STATE_SHIFT] = {"The mix of TCP states is not the usual one.",
                              "state entropy", EXPLAIN_COUNT, level_words,
                              off_baseline_shift_rules, NULL, LEVEL_TESTS,
                              level_evidence, LEVEL_WARM, -1, -1, LEVEL_CALM,
                              LEVEL_FROZEN, LEVEL_DRIFTING, LEVEL_LONG_FROZEN},
};

void explain_words_case(const struct explain_view *view,
                        enum incident_kind kind, struct explain_case *out) {
  const struct trace_test *const tests[INCIDENT_COUNT] = {
      [INCIDENT_SYN_FLOOD] = view->trace.syn_flood,
      [INCIDENT_ACCEPT_OVERFLOW] = view->trace.accept_overflow,
      [INCIDENT_OUTBOUND_STALL] = view->trace.outbound_stall.test,
      [INCIDENT_CLOSE_WAIT_LEAK] = view->trace.close_wait_leak.test,
      [INCIDENT_TIME_WAIT_PRESSURE] = view->trace.time_wait_pressure.test,
      [INCIDENT_STATE_SHIFT] = view->trace.state_shift.test,
  };

  *out = cases[kind];
  out->tests = tests[kind];
}
