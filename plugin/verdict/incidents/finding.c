/* Findings that say the same for every incident. Pure. */
#include "verdict/incidents/finding.h"

#include <math.h>

double finding_score(double sigmas) {
  if (isnan(sigmas))
    return sigmas;
  return fmax(-FINDING_SCORE_MAX, fmin(FINDING_SCORE_MAX, sigmas));
}

double finding_open_s(const struct finding *finding, double time_s) {
  if (finding->severity == SEVERITY_OKAY)
    return 0;
  return fmax(0, time_s - finding->since_s);
}

void finding_hold(struct finding *finding, const struct incident *incident) {
  *finding = (struct finding){
      .held = true,
      .severity = incident->severity,
      .change = INCIDENT_UNCHANGED,
      .since_s = incident->since_s,
      .observed = NAN,
      .expected = NAN,
      .lower = NAN,
      .upper = NAN,
      .score = NAN,
      .failure_max = NAN,
      .samples = NAN,
  };
}

static void close_it(struct finding *finding, struct incident *incident,
                     enum incident_change reason) {
  *finding = (struct finding){
      .judged = true,
      .change = incident_close(incident, reason),
      .since_s = incident->since_s,
      .observed = NAN,
      .expected = NAN,
      .lower = NAN,
      .upper = NAN,
      .score = NAN,
      .failure_max = NAN,
      .samples = NAN,
  };
}

void finding_silence(struct finding *finding, struct incident *incident) {
  close_it(finding, incident, INCIDENT_SILENT);
}

void finding_gone(struct finding *finding, struct incident *incident) {
  close_it(finding, incident, INCIDENT_CLEARED);
  finding->gone = true;
}
