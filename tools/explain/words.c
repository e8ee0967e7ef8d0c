/* The words of the tests, incident by incident. Constant tables. */
#include "words.h"

#include "verdict/incidents/catalogue.h"

#define WORD(key, is, is_not, unit)                                            \
  { key, is, is_not, unit, false, false }
#define COUNT(key, is) WORD(key, is, NULL, EXPLAIN_COUNT)
#define PERCENT(key, is) WORD(key, is, NULL, EXPLAIN_PERCENT)
#define SHARE(key, is) WORD(key, is, NULL, EXPLAIN_SHARE)
#define RATE(key, is) WORD(key, is, NULL, EXPLAIN_RATE)
#define SECONDS(key, is) WORD(key, is, NULL, EXPLAIN_SECONDS)
#define SIGN(key, is, is_not)                                                  \
  { key, is, is_not, EXPLAIN_COUNT, false, true }
#define FACT(key, is, is_not) WORD(key, is, is_not, EXPLAIN_COUNT)
#define STEP(key, is)                                                          \
  { key, is, NULL, EXPLAIN_COUNT, true, false }

static const struct explain_word flood_words[FLOOD_TESTS] = {
    [FLOOD_NO_WARM_UP] = FACT("no_warm_up", "WarmUp is 0", NULL),
    [FLOOD_WARM_READINGS] = COUNT("warm_up_readings", "readings learned"),
    [FLOOD_WARM_TIME] = SECONDS("warm_up_time", "time learned"),
    [FLOOD_WARM] = FACT("warm", "the warm-up is over", "during the warm-up"),
    [FLOOD_WAS_OPEN] =
        FACT("was_open", "it was open already", "it was not open"),
    [FLOOD_AGED_KNOWN] = FACT("aged_known", "unanswered ones are known",
                              "unanswered ones are not known here"),
    [FLOOD_DRIFT_LASTED] = SECONDS("drift_lasted", "it has added up for"),
    [FLOOD_LASTING] = FACT("lasting", "fewer are enough: it lasts", NULL),
    [FLOOD_DAY_LEARNT] = SECONDS("day_learnt", "time learned"),
    [FLOOD_LOW_PEAK] = COUNT("low_peak", "unanswered excess in calm hours"),
    [FLOOD_STILL] = FACT("still", "unanswered ones never pile up here", NULL),
    [FLOOD_ENOUGH] = COUNT("excess_enough", "half-open above expected"),
    [FLOOD_FLOOR] = COUNT("excess_floor", "half-open above expected"),
    [FLOOD_LARGE] = COUNT("excess_large", "half-open above expected"),
    [FLOOD_MANY] = WORD("excess_many", "half-open above expected",
                        "half-open above expected", EXPLAIN_COUNT),
    [FLOOD_HALF_UNANSWERED] =
        WORD("half_unanswered", "unanswered above expected",
             "unanswered above expected", EXPLAIN_COUNT),
    [FLOOD_SWEEP_SMALL] = COUNT("sweep_small", "half-open above expected"),
    [FLOOD_SWEEP_RESETS] = RATE("sweep_resets", "resets above usual"),
    [FLOOD_SWEEP] = FACT("sweep", "a port scan: few, and reset", NULL),
    [FLOOD_SOURCE_HOLDS] = COUNT("source_holds", "of these from one source"),
    [FLOOD_SOURCE_OTHERS] = COUNT("source_others", "of these from others"),
    [FLOOD_SOURCE_QUEUE] = PERCENT("source_queue", "fullest SYN queue"),
    [FLOOD_ONE_SOURCE] =
        FACT("one_source", "few, and most from one source", NULL),
    [FLOOD_DRAIN_BELOW] = COUNT("drain_below", "half-open above expected"),
    [FLOOD_DRAIN_TIME] = SECONDS("drain_time", "most have been gone for"),
    [FLOOD_DRAIN_FRESH] = COUNT("drain_fresh", "fresh half-open ones"),
    [FLOOD_DRAINING] = FACT("draining", "the rest of a flood expires", NULL),
    [FLOOD_REST_TIME] = SECONDS("remainder_time", "time since the OKAY"),
    [FLOOD_REST_BELOW] = COUNT("remainder_below", "half-open above expected"),
    [FLOOD_REST_AGED] = COUNT("remainder_aged", "unanswered"),
    [FLOOD_REMAINDER] =
        FACT("remainder", "the rest of a flood after its OKAY", NULL),
    [FLOOD_INNOCENT] = FACT("other_cause", "another cause explains them",
                            "nothing else explains them"),
    [FLOOD_UNANSWERED] = COUNT("unanswered", "unanswered above expected"),
    [FLOOD_SIGMAS] = COUNT("sigmas", "spreads above expected (z)"),
    [FLOOD_DRIFT] = COUNT("drift", "deviations added up (G)"),
    [FLOOD_SHARE] = SHARE("share", "share of the table, surely"),
    [FLOOD_AGED_SHARE] = SHARE("aged_share", "unanswered share, surely"),
    [FLOOD_COUNT] = COUNT("count", "half-open"),
    [FLOOD_COOKIES_BESIDE] = RATE("cookies_beside", "SYN cookies sent"),
    [FLOOD_TWICE] = COUNT("twice", "half-open"),
    [FLOOD_EXCESS_NOW] = STEP("excess_now", "an excess in this reading"),
    [FLOOD_EXCESS_RUN] = COUNT("excess_run", "readings in a row"),
    [FLOOD_BEYOND_LOSS] =
        FACT("beyond_loss", "more than packet loss explains", NULL),
    [FLOOD_EXCESS_SEEN] = STEP("excess_seen", "an excess to be believed"),
    [FLOOD_BINS] = COUNT("bins", "time bins with new ones"),
    [FLOOD_LASTED] = SECONDS("lasted", "excess without a break for"),
    [FLOOD_SUSTAINED] = FACT("sustained", "more than one burst",
                             "no more than one burst so far"),
    [FLOOD_EXCESS] = SIGN("excess", "excess", "no excess"),
    [FLOOD_LOST] = RATE("cookies_lost", "cookies not returned"),
    [FLOOD_LOST_UNUSUAL] =
        RATE("cookies_unusual", "against three times the normal"),
    [FLOOD_QUARTER_LOST] =
        RATE("cookies_quarter", "against a quarter of those sent"),
    [FLOOD_HALF_LOST] = RATE("cookies_half", "against half of those sent"),
    [FLOOD_COOKIES_NOW] = STEP("cookies_now", "cookies lost in this reading"),
    [FLOOD_COOKIES_RUN] = COUNT("cookies_run", "readings in a row"),
    [FLOOD_LOST_SUM] = COUNT("cookies_sum", "not returned in two minutes"),
    [FLOOD_LOST_BINS] = COUNT("cookies_bins", "time bins with lost cookies"),
    [FLOOD_LOST_AT_ONCE] =
        COUNT("cookies_at_once", "not returned in two minutes"),
    [FLOOD_COOKIES] = SIGN("cookies", "cookies", "no cookies"),
    [FLOOD_QUEUE_FULL] = PERCENT("queue_full", "fullest SYN queue"),
    [FLOOD_QUEUE_AGED] = PERCENT("queue_unanswered", "of it unanswered"),
    [FLOOD_QUEUE_ENTRIES] = COUNT("queue_entries", "half-open"),
    [FLOOD_REFUSED_COOKIES] = RATE("refused_cookies", "SYN cookies sent"),
    [FLOOD_REFUSED_FULL] = RATE("refused_queue_full", "dropped, queue full"),
    [FLOOD_REFUSED_LISTEN] = RATE("refused_listen", "dropped by listeners"),
    [FLOOD_QUEUE_OWN] = COUNT("queue_own", "not of a full accept queue"),
    [FLOOD_REFUSED_SUM] = COUNT("refused_sum", "SYNs refused in two minutes"),
    [FLOOD_LOST_MOSTLY] = RATE("cookies_mostly", "cookies not returned"),
    [FLOOD_DROPS_MOSTLY] = RATE("dropped_mostly", "SYNs dropped, queue full"),
    [FLOOD_QUEUE_ALL_AGED] = PERCENT("queue_all_aged", "of it unanswered"),
    [FLOOD_QUEUE_UNEXPLAINED] =
        FACT("queue_unexplained", "more than the load explains",
             "the load explains the queue"),
    [FLOOD_QUEUE_NOW] = STEP("full_queue_now", "a full queue in this reading"),
    [FLOOD_QUEUE_RUN] = COUNT("full_queue_run", "readings in a row"),
    [FLOOD_QUEUE_LASTED] = SECONDS("full_queue_lasted", "full for"),
    [FLOOD_FULL_QUEUE] = SIGN("full_queue", "full queue", "no full queue"),
    [FLOOD_HEALTHY] = PERCENT("completion_healthy", "learned completion"),
    [FLOOD_LOW] = PERCENT("completion_low", "completion, surely"),
    [FLOOD_DROPPED] = PERCENT("completion_dropped", "far below its normal"),
    [FLOOD_BAD_COMPLETION] =
        PERCENT("untrained_completion", "nothing learned yet: completion"),
    [FLOOD_BAD_QUEUE] =
        PERCENT("untrained_queue", "nothing learned yet: SYN queue aged"),
    [FLOOD_COLLAPSE_NOW] = STEP("collapse_now", "a collapse in this reading"),
    [FLOOD_COLLAPSE_RUN] = COUNT("collapse_run", "readings in a row"),
    [FLOOD_COLLAPSE] = SIGN("collapse", "collapse", "no collapse"),
    [FLOOD_RESETS_MANY] = RATE("resets_many", "reset by their peers"),
    [FLOOD_RESETS_COMPLETED] =
        RATE("resets_completed", "against the handshakes completed"),
    [FLOOD_RESETS_UNUSUAL] =
        RATE("resets_unusual", "against three times the normal"),
    [FLOOD_RESETS_SUM] = COUNT("resets_sum", "reset in two minutes"),
    [FLOOD_RESETS] = SIGN("resets", "resets", "no resets"),
    [FLOOD_PEAK_MANY] = COUNT("peak_many", "newly unanswered between readings"),
    [FLOOD_PEAK_UNANSWERED] =
        COUNT("peak_unanswered", "unanswered of the largest excess"),
    [FLOOD_PEAK_LOSS] =
        COUNT("peak_loss", "against what lost packets can delay"),
    [FLOOD_PEAK_GONE] = COUNT("peak_gone", "unanswered that are left"),
    [FLOOD_PEAK] = SIGN("peak", "peak", "no peak between readings"),
    [FLOOD_EVIDENCE] =
        SIGN("evidence", "evidence of any kind", "no evidence of any kind"),
    [FLOOD_ENTROPY_LEARNT] = COUNT("entropy_learnt", "readings of it learned"),
    [FLOOD_ENTROPY_OFF] = COUNT("entropy_off", "standard deviations off"),
    [FLOOD_ENTROPY] = SIGN("entropy", "entropy", NULL),
    [FLOOD_LOST_COMPLETED] =
        RATE("cookies_completed", "against the handshakes completed"),
    [FLOOD_CERTAIN] = FACT("certain", "beyond doubt", NULL),
    [FLOOD_ATTACK] = FACT("attack", "an attack: never becomes normal", NULL),
    [FLOOD_LASTED_TWICE] =
        SECONDS("lasted_twice", "excess without a break for"),
    [FLOOD_QUEUE_LASTED_TWICE] = SECONDS("full_queue_lasted_twice", "full for"),
    [FLOOD_BEYOND_SCAN] =
        FACT("beyond_scan", "more than any scan", "no more than a scan so far"),
    [FLOOD_OF_TABLE] = FACT("of_table", "excess or collapse", NULL),
    [FLOOD_FAIL_COMPLETION] =
        PERCENT("failure_completion", "completion, surely"),
    [FLOOD_FAIL_COUNT] = COUNT("failure_count", "half-open"),
    [FLOOD_FAIL_TIMES] =
        COUNT("failure_times", "against five times the expected"),
    [FLOOD_FAIL_SHARE] = SHARE("failure_share", "share of the table, surely"),
    [FLOOD_FAILURE] = FACT("failure", "FAILURE", NULL),
    [FLOOD_CALM_SIGMAS] = COUNT("calm_sigmas", "spreads above expected (z)"),
    [FLOOD_CALM_EXCESS] = COUNT("calm_excess", "half-open above expected"),
    [FLOOD_COOKIES_OVER] = SECONDS("cookies_over", "since cookies were lost"),
    [FLOOD_QUIET] = FACT("quiet", "no excess and no evidence", NULL),
    [FLOOD_QUIET_LASTED] = SECONDS("quiet_lasted", "quiet for"),
    [FLOOD_CALM_UNANSWERED] =
        WORD("calm_unanswered", "unanswered above expected",
             "unanswered above expected", EXPLAIN_COUNT),
    [FLOOD_CALM] = FACT("calm", "calm", NULL),
    [FLOOD_ADOPTABLE] = FACT("adoptable", "may become the new normal", NULL),
    [FLOOD_OPEN] = FACT("open", "an incident is open", NULL),
    [FLOOD_DRIFTING] = COUNT("drifting", "deviations added up (G)"),
    [FLOOD_FROZEN] = FACT("frozen", "nothing is learned", NULL),
    [FLOOD_LONG_FROZEN] = SECONDS("long_frozen", "nothing is learned for"),
};

static const struct explain_word accept_words[ACCEPT_TESTS] = {
    [ACCEPT_FILL] = PERCENT("fill", "fullest accept queue"),
    [ACCEPT_REFUSES] = RATE("refuses", "connections refused"),
    [ACCEPT_OVERFLOWS] = {"overflows", "an accept queue overflows",
                          "the accept queues have room", EXPLAIN_COUNT, true,
                          false},
    [ACCEPT_MUTED] =
        FACT("muted", "a syn_flood mutes it", "not muted by a syn_flood"),
    [ACCEPT_EVIDENCE] = SIGN("evidence", "evidence", "no evidence"),
    [ACCEPT_FULL] = PERCENT("full", "fullest accept queue"),
    [ACCEPT_FULL_RUN] = COUNT("full_run", "readings in a row with it full"),
    [ACCEPT_REFUSED_SHARE] = RATE("refused_share", "connections refused"),
    [ACCEPT_FAILURE] = FACT("failure", "FAILURE", NULL),
    [ACCEPT_REFUSES_NONE] = RATE("refuses_none", "connections refused"),
    [ACCEPT_ROOM] = PERCENT("room", "fullest accept queue"),
    [ACCEPT_CALM] = FACT("calm", "calm", NULL),
    [ACCEPT_OPEN] = FACT("open", "an incident is open", NULL),
    [ACCEPT_FROZEN] = FACT("frozen", "nothing is learned", NULL),
};

#define EXCESS(floor_words, sigmas_words)                                      \
  {                                                                            \
    [EXCESS_NO_WARM_UP] = FACT("no_warm_up", "WarmUp is 0", NULL),             \
    [EXCESS_WARM_READINGS] = COUNT("warm_up_readings", "readings learned"),    \
    [EXCESS_WARM_TIME] = SECONDS("warm_up_time", "time learned"),              \
    [EXCESS_WARM] = FACT("warm", "the warm-up is over", NULL),                 \
    [EXCESS_FLOOR] = COUNT("floor", floor_words),                              \
    [EXCESS_RATIO] = COUNT("ratio", "against what the load explains"),         \
    [EXCESS_SIGMAS] = COUNT("sigmas", sigmas_words),                           \
    [EXCESS_DRIFT] = COUNT("drift", "deviations added up"),                    \
    [EXCESS_LASTING] = SECONDS("lasting", "it has lasted for"),                \
    [EXCESS_UNACCEPTED] = FACT("unaccepted", "they wait to be accepted",       \
                               "they do not wait to be accepted"),             \
    [EXCESS_EVIDENCE] = SIGN("evidence", "evidence", "no evidence"),           \
    [EXCESS_FAILURE_MAX] = COUNT("failure_max", "sockets"),                    \
    [EXCESS_FAILURE] = FACT("failure", "FAILURE", NULL),                       \
    [EXCESS_CALM_SIGMAS] = COUNT("calm_sigmas", "standard deviations"),        \
    [EXCESS_CALM_COUNT] = COUNT("calm_count", "sockets"),                      \
    [EXCESS_CALM] = FACT("calm", "calm", NULL),                                \
    [EXCESS_OPEN] = FACT("open", "an incident is open", NULL),                 \
    [EXCESS_DRIFTING] = COUNT("drifting", "deviations added up"),              \
    [EXCESS_FROZEN] = FACT("frozen", "nothing is learned", NULL),              \
    [EXCESS_LONG_FROZEN] = SECONDS("long_frozen", "nothing is learned for"),   \
  }

static const struct explain_word outbound_words[EXCESS_TESTS] =
    EXCESS("in SYN_SENT", "beyond its normal scatter");
static const struct explain_word excess_words[EXCESS_TESTS] =
    EXCESS("in the state, or above expected", "beyond its normal scatter");
static const struct explain_word leak_words[EXCESS_TESTS] =
    EXCESS("in CLOSE_WAIT above expected", "beyond its normal scatter");

#define OFF_BASELINE                                                           \
  {                                                                            \
    [OFF_BASELINE_NO_WARM_UP] = FACT("no_warm_up", "WarmUp is 0", NULL),       \
    [OFF_BASELINE_WARM_READINGS] =                                             \
        COUNT("warm_up_readings", "readings learned"),                         \
    [OFF_BASELINE_WARM_TIME] = SECONDS("warm_up_time", "time learned"),        \
    [OFF_BASELINE_WARM] = FACT("warm", "the warm-up is over", NULL),           \
    [OFF_BASELINE_FILL] = PERCENT("fill", "of tcp_max_tw_buckets in use"),     \
    [OFF_BASELINE_RATIO] = COUNT("ratio", "against what is normal"),           \
    [OFF_BASELINE_SIGMAS] = COUNT("sigmas", "standard deviations off"),        \
    [OFF_BASELINE_WAS_OPEN] = FACT("was_open", "it is open already", NULL),    \
    [OFF_BASELINE_ACTIVE] = COUNT("active", "active connections"),             \
    [OFF_BASELINE_OFF] = {"off",                                               \
                          "off its baseline",                                  \
                          "near its baseline",                                 \
                          EXPLAIN_COUNT,                                       \
                          true,                                                \
                          false},                                              \
    [OFF_BASELINE_RUN] = COUNT("run", "readings in a row"),                    \
    [OFF_BASELINE_MUTED] =                                                     \
        FACT("muted", "a syn_flood mutes it", "not muted by a syn_flood"),     \
    [OFF_BASELINE_EVIDENCE] = SIGN("evidence", "evidence", "no evidence"),     \
    [OFF_BASELINE_FULL] = PERCENT("full", "of tcp_max_tw_buckets in use"),     \
    [OFF_BASELINE_FAILURE] = FACT("failure", "FAILURE", NULL),                 \
    [OFF_BASELINE_CALM_FILL] =                                                 \
        PERCENT("calm_fill", "of tcp_max_tw_buckets in use"),                  \
    [OFF_BASELINE_CALM_SIGMAS] =                                               \
        COUNT("calm_sigmas", "standard deviations off"),                       \
    [OFF_BASELINE_CALM] = FACT("calm", "calm", NULL),                          \
    [OFF_BASELINE_OPEN] = FACT("open", "an incident is open", NULL),           \
    [OFF_BASELINE_DRIFT] = COUNT("drift", "deviations added up"),              \
    [OFF_BASELINE_SLOW] =                                                      \
        COUNT("slow", "standard deviations of half an hour"),                  \
    [OFF_BASELINE_DRIFTING] = FACT("drifting", "it drifts", NULL),             \
    [OFF_BASELINE_FROZEN] = FACT("frozen", "nothing is learned", NULL),        \
    [OFF_BASELINE_LONG_FROZEN] =                                               \
        SECONDS("long_frozen", "nothing is learned for"),                      \
  }

static const struct explain_word off_baseline_words[OFF_BASELINE_TESTS] =
    OFF_BASELINE;

static const struct explain_word strays_words[OFF_BASELINE_TESTS] = {
    [OFF_BASELINE_NO_WARM_UP] = FACT("no_warm_up", "WarmUp is 0", NULL),
    [OFF_BASELINE_WARM_READINGS] =
        COUNT("warm_up_readings", "readings learned"),
    [OFF_BASELINE_WARM_TIME] = SECONDS("warm_up_time", "time learned"),
    [OFF_BASELINE_WARM] = FACT("warm", "the warm-up is over", NULL),
    [OFF_BASELINE_FILL] = RATE("fill", "answered by a reset"),
    [OFF_BASELINE_RATIO] = RATE("ratio", "against what is normal"),
    [OFF_BASELINE_SIGMAS] = COUNT("sigmas", "standard deviations off"),
    [OFF_BASELINE_WAS_OPEN] = FACT("was_open", "it is open already", NULL),
    [OFF_BASELINE_ACTIVE] = COUNT("active", "active connections"),
    [OFF_BASELINE_MUTED] = FACT("muted", "muted", NULL),
    [OFF_BASELINE_FULL] = RATE("full", "answered by a reset"),
    [OFF_BASELINE_CALM_FILL] = RATE("calm_fill", "answered by a reset"),
    [OFF_BASELINE_CALM_SIGMAS] =
        COUNT("calm_sigmas", "standard deviations off"),
    [OFF_BASELINE_OFF] = {"off", "many more than usual", "no more than usual",
                          EXPLAIN_COUNT, true, false},
    [OFF_BASELINE_RUN] = COUNT("run", "readings in a row"),
    [OFF_BASELINE_EVIDENCE] = SIGN("evidence", "evidence", "no evidence"),
    [OFF_BASELINE_FAILURE] = FACT("failure", "FAILURE", NULL),
    [OFF_BASELINE_CALM] = FACT("calm", "calm", NULL),
    [OFF_BASELINE_OPEN] = FACT("open", "an incident is open", NULL),
    [OFF_BASELINE_DRIFT] = COUNT("drift", "deviations added up"),
    [OFF_BASELINE_SLOW] = COUNT("slow", "standard deviations of half an hour"),
    [OFF_BASELINE_DRIFTING] = FACT("drifting", "it drifts", NULL),
    [OFF_BASELINE_FROZEN] = FACT("frozen", "nothing is learned", NULL),
    [OFF_BASELINE_LONG_FROZEN] =
        SECONDS("long_frozen", "nothing is learned for"),
};

static const struct explain_word held_words[HELD_TESTS] = {
    [HELD_MANY] = WORD("many", "held beyond what arrivals explain",
                       "held beyond what arrivals explain", EXPLAIN_COUNT),
    [HELD_ZERO_WINDOW] = COUNT("zero_window", "peers without a window"),
    [HELD_ZERO_SHARE] =
        COUNT("zero_window_share", "of them, against what is usual"),
    [HELD_ZERO_NOW] = {"zero_window_now", "many peers without a window",
                       "few peers without a window", EXPLAIN_COUNT, true,
                       false},
    [HELD_ZERO_RUN] = COUNT("zero_window_run", "looks in a row"),
    [HELD_STARVED] = COUNT("starved", "take next to nothing for 10 s"),
    [HELD_SLOW_READ] = SIGN("slow_read", "slow read", "no slow read"),
    [HELD_ACKS] = RATE("acks", "bare acknowledgements"),
    [HELD_ACKS_LEAST] = RATE("acks_least", "against a tenth of the held"),
    [HELD_ACKS_MOST] = RATE("acks_most", "against twice the held"),
    [HELD_ACKS_KINDS] = COUNT("acks_kinds", "say nothing or next to nothing"),
    [HELD_ACKS_NOW] = STEP("acks_now", "acknowledgements fit the held"),
    [HELD_ACKS_RUN] = COUNT("acks_run", "readings in a row"),
    [HELD_ACKS_TIME] = SECONDS("acks_time", "so for"),
    [HELD_DRIP_MANY] = COUNT("drip_many", "held, or seen to drip"),
    [HELD_DRIP_HALF] = COUNT("drip_half", "send a few bytes now and then"),
    [HELD_DRIP_RUN] = COUNT("drip_run", "looks in a row"),
    [HELD_DRIP] = SIGN("drip", "drip", "no drip"),
    [HELD_MUTE_MANY] = COUNT("mute_many", "held, or seen to be silent"),
    [HELD_MUTE_HALF] = COUNT("mute_half", "have never said anything"),
    [HELD_MUTE_TIME] = SECONDS("mute_time", "so for"),
    [HELD_MUTE_SUSPECT] = SECONDS("mute_suspect", "too many are held for"),
    [HELD_SILENT] =
        SIGN("silent", "silent connections", "no silent connections"),
    [HELD_EVIDENCE] =
        SIGN("evidence", "evidence of any kind", "no evidence of any kind"),
    [HELD_ABORTS] = RATE("aborts", "connections aborted with data"),
    [HELD_ACCEPT_FULL] = PERCENT("accept_full", "fullest accept queue"),
    [HELD_REFUSED] = RATE("refused", "connections refused"),
    [HELD_FAILURE] = FACT("failure", "FAILURE", NULL),
    [HELD_QUIET] = SECONDS("quiet", "no evidence for"),
    [HELD_CALM] = FACT("calm", "calm", NULL),
    [HELD_OPEN] = FACT("open", "an incident is open", NULL),
    [HELD_FROZEN] = FACT("frozen", "nothing is learned", NULL),
    [HELD_LONG_FROZEN] = SECONDS("long_frozen", "nothing is learned for"),
};

static const int held_evidence[] = {HELD_SLOW_READ, HELD_DRIP, HELD_SILENT, -1};
static const int flood_evidence[] = {
    FLOOD_EXCESS, FLOOD_COOKIES, FLOOD_FULL_QUEUE, FLOOD_COLLAPSE,
    FLOOD_RESETS, FLOOD_ENTROPY, FLOOD_PEAK,       -1};
static const int accept_evidence[] = {ACCEPT_EVIDENCE, -1};
static const int excess_evidence[] = {EXCESS_EVIDENCE, -1};
static const int off_baseline_evidence[] = {OFF_BASELINE_EVIDENCE, -1};

/* What incidents of one shape have in common. */
static const struct explain_case shapes[] = {
    [CATALOGUE_SYN_FLOOD] = {.words = flood_words,
                             .tests_len = FLOOD_TESTS,
                             .evidence = flood_evidence,
                             .warm = FLOOD_WARM,
                             .certain = FLOOD_CERTAIN,
                             .failure = FLOOD_FAILURE,
                             .calm = FLOOD_CALM,
                             .frozen = FLOOD_FROZEN,
                             .drifting = FLOOD_DRIFTING,
                             .long_frozen = FLOOD_LONG_FROZEN},
    [CATALOGUE_ACCEPT_OVERFLOW] = {.words = accept_words,
                                   .tests_len = ACCEPT_TESTS,
                                   .evidence = accept_evidence,
                                   .warm = -1,
                                   .certain = -1,
                                   .failure = ACCEPT_FAILURE,
                                   .calm = ACCEPT_CALM,
                                   .frozen = ACCEPT_FROZEN,
                                   .drifting = -1,
                                   .long_frozen = -1},
    [CATALOGUE_EXCESS] = {.words = excess_words,
                          .tests_len = EXCESS_TESTS,
                          .evidence = excess_evidence,
                          .warm = EXCESS_WARM,
                          .certain = -1,
                          .failure = EXCESS_FAILURE,
                          .calm = EXCESS_CALM,
                          .frozen = EXCESS_FROZEN,
                          .drifting = EXCESS_DRIFTING,
                          .long_frozen = EXCESS_LONG_FROZEN},
    [CATALOGUE_OFF_BASELINE] = {.words = off_baseline_words,
                                .tests_len = OFF_BASELINE_TESTS,
                                .evidence = off_baseline_evidence,
                                .warm = OFF_BASELINE_WARM,
                                .certain = -1,
                                .failure = OFF_BASELINE_FAILURE,
                                .calm = OFF_BASELINE_CALM,
                                .frozen = OFF_BASELINE_FROZEN,
                                .drifting = OFF_BASELINE_DRIFTING,
                                .long_frozen = OFF_BASELINE_LONG_FROZEN},
    [CATALOGUE_HELD] = {.words = held_words,
                        .tests_len = HELD_TESTS,
                        .evidence = held_evidence,
                        .warm = -1,
                        .certain = HELD_EVIDENCE,
                        .failure = HELD_FAILURE,
                        .calm = HELD_CALM,
                        .frozen = HELD_FROZEN,
                        .drifting = -1,
                        .long_frozen = HELD_LONG_FROZEN},
};

/* Words of one incident's own. */
static const struct explain_word *const own_words[INCIDENT_COUNT] = {
    [INCIDENT_OUTBOUND_STALL] = outbound_words,
    [INCIDENT_CLOSE_WAIT_LEAK] = leak_words,
    [INCIDENT_STRAYS] = strays_words,
};

void explain_words_case(const struct explain_view *view,
                        enum incident_kind kind, struct explain_case *out) {
  const struct catalogue_row *row = &catalogue[kind];

  *out = shapes[row->shape];
  out->meaning = row->meaning;
  out->observed = row->observed;
  out->unit = row->percent ? EXPLAIN_PERCENT : EXPLAIN_COUNT;
  if (own_words[kind])
    out->words = own_words[kind];
  out->rules = row->rules;
  if (!row->rules[out->failure].terms) /* it never becomes a FAILURE */
    out->failure = -1;
  out->tests = catalogue_tests(&view->trace, kind);
}
