/* How the tests of syn_flood combine: its rules as constant tables. A row is
 * {group, choice, unless, test}, see struct trace_term. */
#include "verdict/incidents/syn_flood.h"

#define IS false
#define NOT true
static const struct trace_term warm[] = {
    {1, 1, IS, FLOOD_WARM_READINGS},
    {1, 1, IS, FLOOD_WARM_TIME},
    {1, 2, IS, FLOOD_NO_WARM_UP},
};

/* A port scanner: its kernel resets most connections that our SYN-ACKs answer,
 * and a small rest stays unanswered. A flood of that size causes few resets:
 * its entries only expire. */
static const struct trace_term sweep[] = {
    {1, 1, IS, FLOOD_SWEEP_SMALL},
    {2, 1, IS, FLOOD_SWEEP_RESETS},
};

/* A small excess from one source is a scan or a broken path. */
static const struct trace_term one_source[] = {
    {1, 1, IS, FLOOD_SOURCE_HOLDS},
    {2, 1, IS, FLOOD_SOURCE_OTHERS},
    {3, 1, NOT, FLOOD_MANY},
    {4, 1, IS, FLOOD_SOURCE_QUEUE},
};

/* An excess that has added up for minutes. */
static const struct trace_term lasting[] = {
    {1, 1, IS, FLOOD_DRIFT_LASTED},
    {2, 1, IS, FLOOD_AGED_KNOWN},
    {3, 1, NOT, FLOOD_WAS_OPEN},
};

/* A table in which unanswered entries never gather. */
static const struct trace_term still[] = {
    {1, 1, IS, FLOOD_DAY_LEARNT},
    {2, 1, IS, FLOOD_LOW_PEAK},
    {3, 1, IS, FLOOD_AGED_KNOWN},
    {4, 1, NOT, FLOOD_WAS_OPEN},
};

/* The rest of a flood that has ended: nothing new comes in, most of it is gone,
 * and the rest gets the time that it needs to expire. */
static const struct trace_term draining[] = {
    {1, 1, IS, FLOOD_AGED_KNOWN},
    {2, 1, IS, FLOOD_DRAIN_BELOW},
    {3, 1, IS, FLOOD_DRAIN_TIME},
    {4, 1, IS, FLOOD_DRAIN_FRESH},
};

/* The same after the OKAY: a rest that is still expiring, with no more
 * unanswered entries than before. New entries beside it are judged once they
 * have aged. */
static const struct trace_term remains[] = {
    {1, 1, NOT, FLOOD_WAS_OPEN}, {2, 1, IS, FLOOD_AGED_KNOWN},
    {3, 1, IS, FLOOD_REST_TIME}, {4, 1, IS, FLOOD_REST_BELOW},
    {5, 1, IS, FLOOD_REST_AGED},
};

/* Half-open entries with another cause than a flood that goes on. */
static const struct trace_term innocent[] = {
    {1, 1, IS, FLOOD_SWEEP},
    {1, 2, IS, FLOOD_ONE_SOURCE},
    {1, 3, IS, FLOOD_DRAINING},
    {1, 4, IS, FLOOD_REMAINDER},
};

static const struct trace_term excess_now[] = {
    {1, 1, IS, FLOOD_ENOUGH},         {2, 1, IS, FLOOD_UNANSWERED},
    {2, 2, NOT, FLOOD_AGED_KNOWN},    {3, 1, IS, FLOOD_SIGMAS},
    {3, 2, IS, FLOOD_DRIFT},          {4, 1, IS, FLOOD_SHARE},
    {4, 2, IS, FLOOD_AGED_SHARE},     {4, 3, IS, FLOOD_COUNT},
    {4, 4, IS, FLOOD_COOKIES_BESIDE}, {4, 4, IS, FLOOD_TWICE},
    {5, 1, NOT, FLOOD_INNOCENT},
};

/* A few dozen count at once if entries never gather here; else in the third
 * reading. */
static const struct trace_term excess_seen[] = {
    {1, 1, IS, FLOOD_EXCESS_NOW},
    {2, 1, IS, FLOOD_STILL},
    {2, 5, IS, FLOOD_LASTING},
    {2, 2, IS, FLOOD_LARGE},
    {2, 3, IS, FLOOD_WAS_OPEN},
    {2, 4, IS, FLOOD_EXCESS_RUN},
    /* One reading is not enough if lost packets could explain most of it. */
    {3, 1, IS, FLOOD_BEYOND_LOSS},
    {3, 2, IS, FLOOD_WAS_OPEN},
    {3, 3, IS, FLOOD_EXCESS_RUN},
    {3, 4, NOT, FLOOD_AGED_KNOWN},
};

/* More than a burst: it came in several bins of time, is more than a scan
 * sends, or lasts longer than its entries live. */
static const struct trace_term sustained[] = {
    {1, 1, IS, FLOOD_WAS_OPEN},    {1, 2, IS, FLOOD_BINS},
    {1, 3, IS, FLOOD_LASTED},      {1, 4, IS, FLOOD_MANY},
    {1, 5, NOT, FLOOD_AGED_KNOWN},
};

static const struct trace_term excess[] = {
    {1, 1, IS, FLOOD_EXCESS_SEEN},
    {2, 1, IS, FLOOD_SUSTAINED},
    {3, 1, IS, FLOOD_WARM},
};

static const struct trace_term cookies_now[] = {
    {1, 1, IS, FLOOD_LOST},
    {2, 1, IS, FLOOD_LOST_UNUSUAL},
    {3, 1, IS, FLOOD_QUARTER_LOST},
};

static const struct trace_term cookies[] = {
    {1, 1, IS, FLOOD_COOKIES_NOW},  {2, 1, IS, FLOOD_HALF_LOST},
    {2, 2, IS, FLOOD_COOKIES_RUN},  {3, 1, IS, FLOOD_WAS_OPEN},
    {3, 2, IS, FLOOD_LOST_SUM},     {3, 2, IS, FLOOD_LOST_BINS},
    {3, 3, IS, FLOOD_LOST_AT_ONCE}, {3, 3, IS, FLOOD_HALF_LOST},
};

/* Entries that the load explains do not count. It takes an excess, a queue of
 * nothing but unanswered entries, or more refused than served connections.
 * Before the warm-up is over, the load explains nothing. */
static const struct trace_term queue_unexplained[] = {
    {1, 1, NOT, FLOOD_AGED_KNOWN},     {1, 2, NOT, FLOOD_WARM},
    {1, 3, IS, FLOOD_HALF_UNANSWERED}, {1, 4, IS, FLOOD_QUEUE_ALL_AGED},
    {1, 5, IS, FLOOD_REFUSED_SUM},     {1, 5, IS, FLOOD_LOST_MOSTLY},
    {1, 6, IS, FLOOD_REFUSED_SUM},     {1, 6, IS, FLOOD_DROPS_MOSTLY},
};

static const struct trace_term queue_now[] = {
    {1, 1, IS, FLOOD_QUEUE_FULL},    {2, 1, IS, FLOOD_QUEUE_AGED},
    {3, 1, IS, FLOOD_QUEUE_ENTRIES}, {3, 2, IS, FLOOD_REFUSED_COOKIES},
    {3, 3, IS, FLOOD_REFUSED_FULL},  {3, 4, IS, FLOOD_REFUSED_LISTEN},
    {4, 1, IS, FLOOD_QUEUE_OWN},     {5, 1, IS, FLOOD_QUEUE_UNEXPLAINED},
};

static const struct trace_term full_queue[] = {
    {1, 1, IS, FLOOD_QUEUE_NOW},    {2, 1, IS, FLOOD_QUEUE_RUN},
    {3, 1, IS, FLOOD_WAS_OPEN},     {3, 2, IS, FLOOD_REFUSED_SUM},
    {3, 3, IS, FLOOD_BINS},         {3, 4, IS, FLOOD_MANY},
    {3, 5, IS, FLOOD_QUEUE_LASTED},
};

/* Completion is low on a host where it is normally high; or far below normal on
 * any other host; or, before the warm-up is over, as bad as on no healthy host.
 */
static const struct trace_term collapse_now[] = {
    {1, 1, IS, FLOOD_LOW},
    {1, 1, IS, FLOOD_HEALTHY},
    {1, 2, IS, FLOOD_DROPPED},
    {1, 2, IS, FLOOD_WARM},
    {1, 3, IS, FLOOD_BAD_COMPLETION},
    {1, 3, IS, FLOOD_LARGE},
    {1, 3, NOT, FLOOD_WARM},
    {1, 4, IS, FLOOD_BAD_QUEUE},
    {1, 4, IS, FLOOD_LARGE},
    {1, 4, NOT, FLOOD_WARM},
    {2, 1, IS, FLOOD_FLOOR},
    {3, 1, IS, FLOOD_HALF_UNANSWERED},
    {3, 2, NOT, FLOOD_AGED_KNOWN},
    {4, 1, NOT, FLOOD_INNOCENT},
};

static const struct trace_term collapse[] = {
    {1, 1, IS, FLOOD_COLLAPSE_NOW},
    {2, 1, IS, FLOOD_COLLAPSE_RUN},
    {3, 1, IS, FLOOD_SUSTAINED},
};

static const struct trace_term resets[] = {
    {1, 1, IS, FLOOD_RESETS_MANY},    {2, 1, IS, FLOOD_RESETS_COMPLETED},
    {3, 1, IS, FLOOD_RESETS_UNUSUAL}, {4, 1, IS, FLOOD_WARM},
    {5, 1, IS, FLOOD_WAS_OPEN},       {5, 2, IS, FLOOD_RESETS_SUM},
};

static const struct trace_term peak[] = {
    {1, 1, IS, FLOOD_PEAK_MANY}, {2, 1, IS, FLOOD_PEAK_UNANSWERED},
    {3, 1, IS, FLOOD_PEAK_LOSS}, {4, 1, IS, FLOOD_PEAK_GONE},
    {5, 1, IS, FLOOD_WARM},
};

static const struct trace_term evidence[] = {
    {1, 1, IS, FLOOD_EXCESS},     {1, 2, IS, FLOOD_COOKIES},
    {1, 3, IS, FLOOD_FULL_QUEUE}, {1, 4, IS, FLOOD_COLLAPSE},
    {1, 5, IS, FLOOD_RESETS},     {1, 6, IS, FLOOD_PEAK},
};

/* An abnormal mix of states confirms the evidence. Alone it is no evidence: the
 * entropy rises with a medium flood and falls with a large one. */
static const struct trace_term entropy[] = {
    {1, 1, IS, FLOOD_ENTROPY_OFF},
    {2, 1, IS, FLOOD_ENTROPY_LEARNT},
    {3, 1, IS, FLOOD_EVIDENCE},
};

/* Evidence that has counted its own repeats is certain at once. Cookies lost in
 * a single reading are not, unless they are many times the completed
 * handshakes: counters of another machine may look the same. */
static const struct trace_term certain[] = {
    {1, 1, IS, FLOOD_FULL_QUEUE}, {1, 2, IS, FLOOD_COLLAPSE},
    {1, 3, IS, FLOOD_COOKIES},    {1, 3, IS, FLOOD_LOST_BINS},
    {1, 4, IS, FLOOD_COOKIES},    {1, 4, IS, FLOOD_LOST_COMPLETED},
    {1, 5, IS, FLOOD_RESETS},     {1, 6, IS, FLOOD_EXCESS},
    {1, 6, IS, FLOOD_AGED_KNOWN}, {1, 7, IS, FLOOD_PEAK},
};

/* An attack that nobody answers never becomes normal. */
static const struct trace_term attack[] = {
    {1, 1, IS, FLOOD_EVIDENCE}, {2, 1, IS, FLOOD_AGED_KNOWN},
    {2, 2, IS, FLOOD_COOKIES},  {2, 3, IS, FLOOD_FULL_QUEUE},
    {2, 4, IS, FLOOD_RESETS},
};

static const struct trace_term of_table[] = {
    {1, 1, IS, FLOOD_EXCESS},
    {1, 2, IS, FLOOD_COLLAPSE},
};

/* Larger or longer than any scan. */
static const struct trace_term beyond_scan[] = {
    {1, 1, IS, FLOOD_MANY},
    {1, 2, IS, FLOOD_REFUSED_SUM},
    {1, 3, IS, FLOOD_LOST_SUM},
    {1, 4, IS, FLOOD_LASTED_TWICE},
    {1, 5, IS, FLOOD_QUEUE_LASTED_TWICE},
};

static const struct trace_term failure[] = {
    {1, 1, IS, FLOOD_FULL_QUEUE},      {1, 2, IS, FLOOD_COOKIES},
    {1, 2, IS, FLOOD_HALF_LOST},       {1, 3, IS, FLOOD_OF_TABLE},
    {1, 3, IS, FLOOD_HALF_UNANSWERED}, {1, 3, IS, FLOOD_FAIL_COMPLETION},
    {1, 4, IS, FLOOD_OF_TABLE},        {1, 4, IS, FLOOD_HALF_UNANSWERED},
    {1, 4, IS, FLOOD_FAIL_COUNT},      {1, 4, IS, FLOOD_FAIL_TIMES},
    {1, 4, IS, FLOOD_FAIL_SHARE},      {2, 1, IS, FLOOD_BEYOND_SCAN},
};

static const struct trace_term quiet[] = {
    {1, 1, NOT, FLOOD_EVIDENCE},
    {2, 1, IS, FLOOD_CALM_SIGMAS},
    {2, 2, IS, FLOOD_CALM_EXCESS},
    {3, 1, IS, FLOOD_COOKIES_OVER},
};

static const struct trace_term calm[] = {
    {1, 1, IS, FLOOD_QUIET},        {1, 1, NOT, FLOOD_CALM_UNANSWERED},
    {1, 2, IS, FLOOD_QUIET_LASTED}, {1, 3, IS, FLOOD_DRAINING},
    {1, 3, NOT, FLOOD_EVIDENCE},    {1, 3, IS, FLOOD_COOKIES_OVER},
};

static const struct trace_term adoptable[] = {
    {1, 1, NOT, FLOOD_HALF_UNANSWERED},
    {2, 1, NOT, FLOOD_COOKIES},
    {3, 1, NOT, FLOOD_FULL_QUEUE},
};

static const struct trace_term frozen[] = {
    {1, 1, IS, FLOOD_OPEN},
    {1, 2, IS, FLOOD_EVIDENCE},
    {1, 3, IS, FLOOD_DRIFTING},
    {1, 4, IS, FLOOD_EXCESS_NOW},
};

const struct trace_rule syn_flood_trace_rules[FLOOD_TESTS] = {
    [FLOOD_WARM] = TRACE_RULE(warm),
    [FLOOD_SWEEP] = TRACE_RULE(sweep),
    [FLOOD_ONE_SOURCE] = TRACE_RULE(one_source),
    [FLOOD_LASTING] = TRACE_RULE(lasting),
    [FLOOD_STILL] = TRACE_RULE(still),
    [FLOOD_DRAINING] = TRACE_RULE(draining),
    [FLOOD_REMAINDER] = TRACE_RULE(remains),
    [FLOOD_INNOCENT] = TRACE_RULE(innocent),
    [FLOOD_EXCESS_NOW] = TRACE_RULE(excess_now),
    [FLOOD_EXCESS_SEEN] = TRACE_RULE(excess_seen),
    [FLOOD_SUSTAINED] = TRACE_RULE(sustained),
    [FLOOD_EXCESS] = TRACE_RULE(excess),
    [FLOOD_COOKIES_NOW] = TRACE_RULE(cookies_now),
    [FLOOD_COOKIES] = TRACE_RULE(cookies),
    [FLOOD_QUEUE_UNEXPLAINED] = TRACE_RULE(queue_unexplained),
    [FLOOD_QUEUE_NOW] = TRACE_RULE(queue_now),
    [FLOOD_FULL_QUEUE] = TRACE_RULE(full_queue),
    [FLOOD_COLLAPSE_NOW] = TRACE_RULE(collapse_now),
    [FLOOD_COLLAPSE] = TRACE_RULE(collapse),
    [FLOOD_RESETS] = TRACE_RULE(resets),
    [FLOOD_PEAK] = TRACE_RULE(peak),
    [FLOOD_EVIDENCE] = TRACE_RULE(evidence),
    [FLOOD_ENTROPY] = TRACE_RULE(entropy),
    [FLOOD_CERTAIN] = TRACE_RULE(certain),
    [FLOOD_ATTACK] = TRACE_RULE(attack),
    [FLOOD_BEYOND_SCAN] = TRACE_RULE(beyond_scan),
    [FLOOD_OF_TABLE] = TRACE_RULE(of_table),
    [FLOOD_FAILURE] = TRACE_RULE(failure),
    [FLOOD_QUIET] = TRACE_RULE(quiet),
    [FLOOD_CALM] = TRACE_RULE(calm),
    [FLOOD_ADOPTABLE] = TRACE_RULE(adoptable),
    [FLOOD_FROZEN] = TRACE_RULE(frozen),
};
