/* The tests that syn_flood is judged by, in the order in which they are made,
 * and the rules that make its decision of them. */
#ifndef VERDICT_SYN_FLOOD_TRACE_H
#define VERDICT_SYN_FLOOD_TRACE_H

#include "verdict/trace.h"

enum syn_flood_test {
  FLOOD_NO_WARM_UP, /* WarmUp 0 */
  FLOOD_WARM_READINGS,
  FLOOD_WARM_TIME,
  FLOOD_WARM,     /* a rule, as whatever has no figures of its own */
  FLOOD_WAS_OPEN, /* before this snapshot */
  FLOOD_AGED_KNOWN,
  FLOOD_DRIFT_LASTED, /* it has added up for minutes, or */
  FLOOD_LASTING,
  FLOOD_DAY_LEARNT, /* a still table: fewer are enough */
  FLOOD_LOW_PEAK,
  FLOOD_STILL,
  FLOOD_ENOUGH, /* the excess: for a sign of its own, */
  FLOOD_FLOOR,  /* MinExcess, */
  FLOOD_LARGE,  /* twice that, */
  FLOOD_MANY,   /* more than a scan sends */
  FLOOD_HALF_UNANSWERED,
  FLOOD_SWEEP_SMALL, /* innocent: a scan of ports, */
  FLOOD_SWEEP_RESETS,
  FLOOD_SWEEP,
  FLOOD_SOURCE_HOLDS, /* one source, */
  FLOOD_SOURCE_OTHERS,
  FLOOD_SOURCE_QUEUE,
  FLOOD_ONE_SOURCE,
  FLOOD_DRAIN_BELOW, /* what is left of a flood, */
  FLOOD_DRAIN_TIME,
  FLOOD_DRAIN_FRESH,
  FLOOD_DRAINING,
  FLOOD_REST_TIME, /* and the same after its OKAY */
  FLOOD_REST_BELOW,
  FLOOD_REST_AGED,
  FLOOD_REMAINDER,
  FLOOD_INNOCENT,
  FLOOD_UNANSWERED, /* excess */
  FLOOD_SIGMAS,
  FLOOD_DRIFT,
  FLOOD_SHARE,
  FLOOD_AGED_SHARE,
  FLOOD_COUNT,
  FLOOD_COOKIES_BESIDE,
  FLOOD_TWICE,
  FLOOD_EXCESS_NOW,
  FLOOD_EXCESS_RUN,
  FLOOD_BEYOND_LOSS,
  FLOOD_EXCESS_SEEN,
  FLOOD_BINS, /* more than a burst */
  FLOOD_LASTED,
  FLOOD_SUSTAINED,
  FLOOD_EXCESS,
  FLOOD_LOST, /* cookies */
  FLOOD_LOST_UNUSUAL,
  FLOOD_QUARTER_LOST,
  FLOOD_HALF_LOST,
  FLOOD_COOKIES_NOW,
  FLOOD_COOKIES_RUN,
  FLOOD_LOST_SUM,
  FLOOD_LOST_BINS,
  FLOOD_LOST_AT_ONCE,
  FLOOD_COOKIES,
  FLOOD_QUEUE_FULL, /* full queue */
  FLOOD_QUEUE_AGED,
  FLOOD_QUEUE_ENTRIES,
  FLOOD_REFUSED_COOKIES,
  FLOOD_REFUSED_FULL,
  FLOOD_REFUSED_LISTEN,
  FLOOD_QUEUE_OWN,   /* not what an accept queue explains */
  FLOOD_REFUSED_SUM, /* not what the load leaves there */
  FLOOD_LOST_MOSTLY,
  FLOOD_DROPS_MOSTLY,
  FLOOD_QUEUE_ALL_AGED,
  FLOOD_QUEUE_UNEXPLAINED,
  FLOOD_QUEUE_NOW,
  FLOOD_QUEUE_RUN,
  FLOOD_QUEUE_LASTED,
  FLOOD_FULL_QUEUE,
  FLOOD_HEALTHY, /* collapse: completion, learned and now */
  FLOOD_LOW,
  FLOOD_DROPPED,
  FLOOD_BAD_COMPLETION, /* while nothing is learnt */
  FLOOD_BAD_QUEUE,
  FLOOD_COLLAPSE_NOW,
  FLOOD_COLLAPSE_RUN,
  FLOOD_COLLAPSE,
  FLOOD_RESETS_MANY, /* resets */
  FLOOD_RESETS_COMPLETED,
  FLOOD_RESETS_UNUSUAL,
  FLOOD_RESETS_SUM,
  FLOOD_RESETS,
  FLOOD_EVIDENCE,
  FLOOD_ENTROPY_LEARNT, /* entropy: confirms */
  FLOOD_ENTROPY_OFF,
  FLOOD_ENTROPY,
  FLOOD_LOST_COMPLETED,
  FLOOD_CERTAIN, /* raised at once */
  FLOOD_ATTACK,  /* never becomes normal */
  FLOOD_LASTED_TWICE,
  FLOOD_QUEUE_LASTED_TWICE,
  FLOOD_BEYOND_SCAN,
  FLOOD_OF_TABLE, /* FAILURE */
  FLOOD_FAIL_COMPLETION,
  FLOOD_FAIL_COUNT,
  FLOOD_FAIL_TIMES,
  FLOOD_FAIL_SHARE,
  FLOOD_FAILURE,
  FLOOD_CALM_SIGMAS, /* OKAY */
  FLOOD_CALM_EXCESS,
  FLOOD_COOKIES_OVER,
  FLOOD_QUIET,
  FLOOD_QUIET_LASTED,
  FLOOD_CALM_UNANSWERED,
  FLOOD_CALM,
  FLOOD_ADOPTABLE,
  FLOOD_OPEN, /* learning */
  FLOOD_DRIFTING,
  FLOOD_FROZEN,
  FLOOD_LONG_FROZEN,
  FLOOD_TESTS
};

/* By enum syn_flood_test. */
extern const struct trace_rule syn_flood_trace_rules[FLOOD_TESTS];

#endif
