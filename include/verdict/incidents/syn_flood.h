/* The incident syn_flood: half-open connections above what the load explains
 * and not answered, SYN cookies that nobody returns, a SYN queue full of
 * unanswered entries, handshakes that do not complete, resets. */
#ifndef VERDICT_INCIDENTS_SYN_FLOOD_H
#define VERDICT_INCIDENTS_SYN_FLOOD_H

#include "verdict/arrivals.h"
#include "verdict/baseline.h"
#include "verdict/expectation.h"
#include "verdict/incidents/incident.h"
#include "verdict/incidents/syn_flood_trace.h"
#include "verdict/snapshot.h"

enum syn_flood_evidence {
  SYN_FLOOD_EXCESS = 1,
  SYN_FLOOD_COOKIES = 2,
  SYN_FLOOD_FULL_QUEUE = 4,
  SYN_FLOOD_COLLAPSE = 8,
  SYN_FLOOD_RESETS = 16,
  SYN_FLOOD_ENTROPY = 32, /* corroborates, decides nothing */
};

enum { OVERFLOW_BINS = 3 };

struct syn_flood {
  struct expectation model;
  struct incident incident;
  struct baseline entropy; /* of the states */
  double unreturned;       /* learnt mean of cookies not returned, 1/s */
  double resets;           /* learnt mean of resets of half-open entries, 1/s */
  double recent_resets;    /* the same over the last minute */
  struct arrivals entries; /* that newly went unanswered */
  struct arrivals lost;    /* cookies that nobody returned */
  double lost_sum;    /* cookies not returned in the last minutes, fading, */
  double refused_sum; /* those, and SYNs that a full queue dropped, */
  double resets_sum;  /* and half-open entries that were reset */
  double overflow[OVERFLOW_BINS]; /* of full accept queues, newest first */
  double overflow_bin_s;          /* age of the newest of these bins */
  double last_aged;    /* of the snapshot before; all half-open where unknown */
  double peak;         /* largest excess while open; 0 long after */
  double drain_s;      /* for how long three quarters of it are gone */
  double lasted_s;     /* for how long there has been excess */
  double cookies_s;    /* since cookies were evidence; INFINITY: never */
  double quiet_s;      /* for how long there has been neither */
  double drifting_s;   /* for how long the model's drift is large */
  double usual_peak;   /* of excess that nobody answered, in calm hours */
  double hour_peak;    /* the same in this hour; below 0: not a calm one */
  double hour_s;       /* how much of this hour has passed */
  uint8_t excess_run;  /* snapshots in a row: excess, */
  uint8_t cookies_run; /* cookies, a quarter not returned, */
  uint8_t queue_run;   /* SYN queue full of aged entries, */
  uint8_t collapse_run; /* completion collapsed */
};

/* The figures behind the evidence, for text. NAN: unknown. */
struct syn_flood_figures {
  struct expectation_now now;
  double half_open, aged, established;
  double completion, usual_completion; /* percent */
  double unanswered;                   /* percent of the half-open */
  double overflowed; /* half-open ones that an accept queue explains: taken off
                        what is judged, aged ones and all */
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

/* Judge one observation and learn from it. *seen and tests, FLOOD_TESTS of
 * them, are set where finding->judged. */
void syn_flood_judge(struct syn_flood *flood, const struct rules *rules,
                     const struct observation *observed,
                     struct finding *finding, struct syn_flood_figures *seen,
                     struct trace_test *tests);

#endif
