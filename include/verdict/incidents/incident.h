/* One incident of one host, from evidence to a change that is worth a
 * notification: votes, severity that only rises, calm, and the memory that
 * makes a pulsed attack one incident. Knows no metric. */
#ifndef VERDICT_INCIDENTS_INCIDENT_H
#define VERDICT_INCIDENTS_INCIDENT_H

#include "verdict/rules.h"

#include <stdint.h>

enum severity { SEVERITY_OKAY, SEVERITY_WARNING, SEVERITY_FAILURE };

enum incident_change {
  INCIDENT_UNCHANGED,
  INCIDENT_RAISED,
  INCIDENT_WORSENED,
  INCIDENT_CLEARED,
  INCIDENT_ADOPTED, /* closed: it has become the normal state */
  INCIDENT_SILENT,  /* closed: nothing comes from the host any more */
  INCIDENT_REMINDED
};

struct incident {
  enum severity severity;
  float unjudged_s;  /* of snapshots since the last one that could be judged */
  double since_s;    /* when it was last raised; 0 never */
  double open_s;     /* how long it has been open, by the snapshots' time */
  double reminded_s; /* open_s at the last notification */
  uint8_t votes;     /* evidence in the last snapshots, newest in bit 0 */
  uint8_t failure_run;  /* snapshots in a row with evidence of FAILURE */
  uint16_t calm_run;    /* snapshots in a row without any evidence */
  uint8_t clear_factor; /* ClearAfter is multiplied by it: 1, 2, 4 ... */
  double closed_s;      /* seconds since the last OKAY, while there is none */
  double calm_s;        /* seconds since it last was open, for clear_factor */
  uint8_t attack;       /* 1: an attack's evidence was seen while it is open */
};

/* What a snapshot says about the incident. */
struct incident_evidence {
  bool present;   /* a vote */
  bool certain;   /* raise at once: has counted its own repeats */
  bool failure;   /* a vote for FAILURE */
  bool calm;      /* back to normal */
  bool adoptable; /* stays WARNING and is answered: may become normal */
  bool attack;    /* the incident never becomes normal, however long it lasts */
};

void incident_init(struct incident *incident);

/* One snapshot, dt_s after the last. Returns what changed. */
enum incident_change incident_step(struct incident *incident,
                                   const struct incident_rules *rules,
                                   const struct incident_evidence *evidence,
                                   double time_s, double dt_s);

/* Of a snapshot in which it cannot be judged: what it stands at, votes and all,
 * is held for a while. Returns whether it still is. */
bool incident_abstain(struct incident *incident, double dt_s,
                      double interval_s);

/* Of the next one that can: the seconds since the last one that could. */
double incident_resume(struct incident *incident, double dt_s);

/* Close an open one for a reason of the caller's. Returns the reason. */
enum incident_change incident_close(struct incident *incident,
                                    enum incident_change reason);

/* How far an incident is from its next change. */
struct incident_outlook {
  int votes, votes_needed, votes_of; /* to be raised */
  int failures, failures_needed;     /* in a row, to worsen */
  int calm, calm_needed;             /* in a row, to be cleared */
  double adopted_s;        /* open so long, an adoptable WARNING is adopted, */
  double adopted_anyway_s; /* and so long, any other; INFINITY: an attack */
};

void incident_look_ahead(const struct incident *incident,
                         const struct incident_rules *rules,
                         struct incident_outlook *out);

/* After a gap: votes are void; an open incident stays open. */
void incident_interrupt(struct incident *incident);

#endif
