/* How many half-open connections today's load explains. A half-open entry is
 * either a share of the table (expectation from ESTABLISHED) or a handshake
 * under way (Little's law: completed handshakes a second times their dwell); a
 * crowd raises both, and the expectation with them. The formulas, their
 * constants and where they were measured: DETECTION in collectd-baseline(5). */
#ifndef VERDICT_EXPECTATION_H
#define VERDICT_EXPECTATION_H

#include <stdbool.h>

/* One set of means; NAN never enters. */
struct expectation_means {
  double half_open;   /* sockets */
  double aged;        /* half-open, SYN-ACK sent again; sockets */
  double established; /* sockets */
  double completed;   /* handshakes a second */
};

struct expectation {
  double learnt;                      /* snapshots */
  double learnt_s;                    /* seconds of them */
  struct expectation_means slow;      /* 6 h; stands still while frozen */
  struct expectation_means shadow;    /* 30 min; never stands still */
  struct expectation_means reference; /* 5 days; caps what may be unanswered */
  double shadow_learnt;
  double overdispersion; /* of the half-open count about its expectation */
  double recent;         /* expected half-open of the last snapshot */
  double recent_aged;
  double recent_cap; /* of expected_aged in the last snapshot */
  double drift;      /* cumulative sum of sigmas, 0..20 */
  double frozen_s;   /* how long nothing was learned */
};

/* What one snapshot brings. NAN: unknown (aged, completed). */
struct expectation_load {
  double half_open, aged, established, completed, dt_s;
};

/* What the load explains, and where the count stands. */
struct expectation_now {
  double expected;        /* half-open sockets: the largest of the next three */
  double by_share;        /* by their usual share of the table */
  double by_dwell;        /* by the handshakes under way; NAN unknown */
  double by_recent;       /* what was expected before, fading */
  double expected_aged;   /* of them, aged */
  double spread;          /* standard deviation: root of the next two */
  double variance_counts; /* as counts scatter */
  double variance_bursts; /* as was learned here */
  double sigmas;          /* (half_open - expected) / spread */
  double excess;          /* half_open - expected */
  double drift;           /* cumulative sum of sigmas with this snapshot */
  double usual_share;     /* half-open / (half-open + established), 0..1 */
  double usual_dwell_s;   /* half-open / completed a second */
  double usual_aged;      /* expected_aged of it and established, 0..1 */
  double reference_aged;  /* aged entries that the reference explains */
  double aged_cap;        /* expected_aged is at most this; INFINITY: no cap */
  double unanswered_min;  /* half of the excess; INFINITY when there is none */
  bool unanswered;        /* so much of it is aged above its expectation */
  bool aged_known;
};

/* A model that has learned nothing. */
void expectation_init(struct expectation *model);

/* Judge the load by what was learned before it; changes nothing. */
void expectation_judge(const struct expectation *model,
                       const struct expectation_load *load,
                       struct expectation_now *out);

/* Take the load in. now: what expectation_judge said of it. frozen: it is part
 * of an incident; then only the shadow learns. */
void expectation_learn(struct expectation *model,
                       const struct expectation_load *load,
                       const struct expectation_now *now, bool frozen);

/* The shadow becomes the slow means: what lasts so long is the new normal. */
void expectation_adopt(struct expectation *model);

/* What the shadow has seen was an attack: it starts again as the slow means. */
void expectation_forget_shadow(struct expectation *model);

/* After a gap: what had been adding up is void. */
void expectation_interrupt(struct expectation *model);

/* Lower end of the Wilson score interval of part in whole at two sigmas, 0..1;
 * NAN when whole is 0. Source: E. B. Wilson, JASA 22 (1927), 209. */
double expectation_wilson_lower(double part, double whole);

#endif
