/* One incident of one host: evidence goes in, a change that is worth a
 * notification comes out. It counts votes, raises the severity but never lowers
 * it, waits for calm, and remembers enough to make a pulsed attack one
 * incident. It knows no metric. */
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
  uint8_t told; /* a silence holds notices back: 1 + the severity that was
                   notified last; 0 none does */
  double told_since_s; /* and its since_s; 0 it was not open */
};

/* What a snapshot says about the incident. */
struct incident_evidence {
  bool present;   /* a vote */
  bool certain;   /* raise at once: it has counted its own repeats */
  bool failure;   /* a vote for FAILURE */
  bool calm;      /* back to normal */
  bool lasts;     /* it is not over, however calm this is */
  bool adoptable; /* a lasting WARNING may become the normal state */
  bool attack;    /* the incident never becomes normal, however long it lasts */
};

/* Why an incident was not judged. */
enum finding_unjudged {
  UNJUDGED_NOT,         /* it was */
  UNJUDGED_DISABLED,    /* by the settings */
  UNJUDGED_NO_LISTENER, /* it is about sockets that listen */
  UNJUDGED_FIRST,       /* a rate needs two readings */
  UNJUDGED_UNKNOWN      /* its values are not there, or NAN */
};

/* What one incident of one host came to in one snapshot: plain data that the
 * incidents fill in; text and metrics are made from it. */
struct finding {
  bool judged; /* false: the values it needs are missing; the rest is not set */
  bool held;   /* not judged in this reading, but recently: severity and since_s
                  still hold, every figure is NAN */
  enum severity severity;
  enum incident_change change;
  double since_s;  /* when it was last raised; 0 never */
  double observed; /* what the incident is about, in its own unit */
  double expected; /* what the load explains, or what is normal here */
  double lower;    /* the band around it */
  double upper;
  double score;       /* incident_score(); signed */
  double failure_max; /* from this value on it is a FAILURE */
  double samples;     /* snapshots learned from */
  double learning_s;  /* until what was learned is used; 0: it is, or an own
                         baseline is not needed */
  enum finding_unjudged unjudged;
  uint32_t evidence; /* bits, the incident's own */
  double missing_s;  /* INCIDENT_SILENT, or held: its values have been missing
                        for so long; 0: there is another reason */
  bool gone;         /* INCIDENT_CLEARED: no socket listens any more */
  double silenced_until_s; /* since 1970: until then nothing is notified; 0 */
  bool
      late; /* the first after a silence: late_change is notified, not change */
  enum incident_change late_change;
  bool ended_before; /* late: it was closed within the silence */
  bool explained;    /* not notified: the host's listeners have incidents of
                        their own, which are */
  bool beyond;       /* late: now they do not explain it any more */
};

void incident_init(struct incident *incident);

/* One snapshot, dt_s after the last. Returns what changed. */
enum incident_change incident_step(struct incident *incident,
                                   const struct incident_rules *rules,
                                   const struct incident_evidence *evidence,
                                   double time_s, double dt_s);

/* A snapshot in which the incident cannot be judged: its state, votes included,
 * is held for a while. Returns whether it is still held. */
bool incident_abstain(struct incident *incident, double dt_s,
                      double interval_s);

/* The next snapshot in which it can be judged. Returns the seconds since the
 * last one in which it could. */
double incident_resume(struct incident *incident, double dt_s);

/* Close an open incident. Returns the caller's reason. */
enum incident_change incident_close(struct incident *incident,
                                    enum incident_change reason);

/* How far an incident is from its next change. */
struct incident_outlook {
  int votes, votes_needed, votes_of; /* to be raised */
  int failures, failures_needed;     /* in a row, to worsen */
  int calm, calm_needed;             /* in a row, to be cleared */
  double adopted_s;        /* an adoptable WARNING open so long is adopted, */
  double adopted_anyway_s; /* any other so long; INFINITY for an attack */
};

void incident_look_ahead(const struct incident *incident,
                         const struct incident_rules *rules,
                         struct incident_outlook *out);

/* After a gap: votes are void; an open incident stays open. */
void incident_interrupt(struct incident *incident);

/* A deviation in standard deviations as it is published: within
 * +-INCIDENT_SCORE_MAX. Where the normal spread is almost zero, any value is a
 * million deviations off, which says nothing and spoils every graph. NAN stays
 * NAN. */
enum { INCIDENT_SCORE_MAX = 1000 };
double incident_score(double sigmas);

/* Seconds from when it was raised to time_s, the sender's clock. 0 if it is not
 * open, or if that clock was set back to before it was raised. */
double incident_open_s(const struct finding *finding, double time_s);

/* This snapshot did not bring the incident's values, recent ones did. */
void incident_hold(struct finding *finding, const struct incident *incident);

/* No values come any more: the incident is closed, and there is nothing else to
 * say about it. */
void incident_silence(struct finding *finding, struct incident *incident);

/* The sockets that it is about no longer exist: it is over, and there is
 * nothing else to say about it. */
void incident_gone(struct finding *finding, struct incident *incident);

#endif
