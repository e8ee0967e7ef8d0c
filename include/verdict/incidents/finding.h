/* What one incident of one host came to in one snapshot: plain data that the
 * incidents fill and that text and metrics are made from. */
#ifndef VERDICT_INCIDENTS_FINDING_H
#define VERDICT_INCIDENTS_FINDING_H

#include "verdict/incidents/incident.h"

struct finding {
  bool judged; /* false: what it needs was not there; the rest is not set */
  bool held;   /* not judged in this reading, yet in the last ones: severity and
                  since_s stand, and all that is a figure is NAN */
  enum severity severity;
  enum incident_change change;
  double since_s;  /* when it was last raised; 0 never */
  double observed; /* what the incident is about, in its own unit */
  double expected; /* what the load explains */
  double lower;    /* the band about it */
  double upper;
  double score;       /* finding_score(); signed */
  double failure_max; /* from here on it is a FAILURE */
  double samples;     /* snapshots learnt */
  uint32_t evidence;  /* bits, the incident's own */
  double missing_s;   /* INCIDENT_SILENT, or held: what it is judged by has not
                         come for so long; 0: for another reason */
  bool gone;          /* INCIDENT_CLEARED: no socket listens any more */
};

/* Deviation in standard deviations, as it goes out: within
 * +-FINDING_SCORE_MAX. Where next to nothing is usual, anything is a million of
 * them, which says nothing and spoils every graph. NAN stays NAN. */
enum { FINDING_SCORE_MAX = 1000 };
double finding_score(double sigmas);

/* Seconds from when it was raised to time_s, the sender's clock; 0 where it is
 * not open, or where that clock was set back behind. */
double finding_open_s(const struct finding *finding, double time_s);

/* What it is judged by was left out of this snapshot, not for long. */
void finding_hold(struct finding *finding, const struct incident *incident);

/* Nothing comes any more: the incident is closed, and that is all there is to
 * say of it. */
void finding_silence(struct finding *finding, struct incident *incident);

/* What it is about is no longer there: it is over, and that is all there is to
 * say of it. */
void finding_gone(struct finding *finding, struct incident *incident);

#endif
