/* The incident syn_flood: unanswered half-open connections beyond what the load
 * explains, SYN cookies that nobody returns, a SYN queue full of unanswered
 * entries, handshakes that do not complete, resets. */
#ifndef VERDICT_INCIDENTS_SYN_FLOOD_H
#define VERDICT_INCIDENTS_SYN_FLOOD_H

#include "verdict/arrivals.h"
#include "verdict/baseline.h"
#include "verdict/expectation.h"
#include "verdict/incidents/incident.h"
#include "verdict/incidents/trace.h"
#include "verdict/snapshot.h"

enum syn_flood_evidence {
  SYN_FLOOD_EXCESS = 1,
  SYN_FLOOD_COOKIES = 2,
  SYN_FLOOD_FULL_QUEUE = 4,
  SYN_FLOOD_COLLAPSE = 8,
  SYN_FLOOD_RESETS = 16,
  SYN_FLOOD_ENTROPY = 32, /* confirms, decides nothing */
  SYN_FLOOD_PEAK = 64,    /* between two readings */
};

enum { OVERFLOW_BINS = 3 };

struct syn_flood {
  struct expectation model;
  struct incident incident;
  struct baseline entropy; /* of the states */
  double unreturned;       /* learned mean of cookies not returned, 1/s */
  double resets;        /* learned mean of resets of half-open entries, 1/s */
  double recent_resets; /* the same over the last minute */
  struct arrivals entries; /* newly unanswered ones */
  struct arrivals lost;    /* cookies that nobody returned */
  double lost_sum;    /* cookies not returned in the last minutes, fading, */
  double refused_sum; /* those, and SYNs that a full queue dropped, */
  double resets_sum;  /* and half-open entries that were reset */
  double overflow[OVERFLOW_BINS]; /* of full accept queues, newest first */
  double overflow_bin_s;          /* age of the newest of these bins */
  double last_aged;    /* in the last snapshot; all half-open ones if unknown */
  double peak;         /* largest excess while open; 0 long after */
  double drain_s;      /* how long three quarters of it have been gone */
  double lasted_s;     /* how long there has been excess */
  double cookies_s;    /* since cookies were evidence; INFINITY: never */
  double source_share; /* of the largest source, percent, when last known, */
  double source_s;     /* and how long ago that was; INFINITY: never */
  double quiet_s;      /* how long there has been neither */
  double drifting_s;   /* how long the model's drift has been large */
  double usual_peak;   /* unanswered excess in calm hours */
  double hour_peak;    /* the same in this hour; below 0: it is not calm */
  double hour_s;       /* how much of this hour has passed */
  uint8_t excess_run;  /* snapshots in a row: excess, */
  uint8_t cookies_run; /* cookies, a quarter not returned, */
  uint8_t queue_run;   /* SYN queue full of aged entries, */
  uint8_t collapse_run; /* completion collapsed */
};

/* The tests, in the order in which they are made. Those without figures of
 * their own are rules. */
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
  FLOOD_PEAK_MANY, /* between two readings */
  FLOOD_PEAK_UNANSWERED,
  FLOOD_PEAK_LOSS,
  FLOOD_PEAK_GONE,
  FLOOD_PEAK,
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

/* By enum syn_flood_test; in syn_flood_trace.c. */
extern const struct trace_rule syn_flood_trace_rules[FLOOD_TESTS];

/* The figures behind the evidence, for text. NAN: unknown. */
struct syn_flood_figures {
  struct expectation_now now;
  double half_open, aged, established;
  double completion, usual_completion; /* percent */
  double unanswered;                   /* percent of the half-open */
  double half_open_peak, aged_peak;    /* since the last reading; NAN unknown */
  double aged_before;                  /* in the last reading */
  double overflowed; /* half-open ones that an accept queue explains: they are
                        not judged */
  double one_source; /* half-open ones of the largest source; NAN unknown */
  double entry_bins, lost_bins; /* bins of time in which they came */
  double cookies_sent, cookies_returned, resets; /* 1/s */
  double cookies_lost;               /* sent and not returned, 1/s */
  double dropped;                    /* SYNs that a full queue dropped, 1/s */
  double syn_queue, syn_queue_aged;  /* percent */
  double entropy;                    /* of the states, 0..1 */
  struct baseline_now usual_entropy; /* where that stands */
};

void syn_flood_init(struct syn_flood *flood);

/* Judge one observation and learn from it. *seen, and FLOOD_TESTS tests, are
 * set if finding->judged. */
void syn_flood_judge(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     struct finding *finding, struct syn_flood_figures *seen,
                     struct trace_test *tests);

#endif
