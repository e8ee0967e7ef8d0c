/* What all incidents share: evidence -> raised, worsened, cleared; and the
 * parts of a finding that look the same for each of them. Pure. */
#include "verdict/incidents/incident.h"

#include <math.h>
#include <string.h>

enum { CLEAR_SNAPSHOTS_MAX = 64, FAILURE_VOTES = 2 };

/* Sockets are counted at least every tenth interval: anything older says
 * nothing about now. */
static const double abstain_intervals = 12;
static const double again_s = 600;   /* raised again so soon: the same one */
static const double forget_s = 3600; /* clear_factor halves after so long */
static const double adopt_anyway_s = 259200; /* 72 h: nobody will fix it */

void incident_init(struct incident *incident) {
  memset(incident, 0, sizeof(*incident));
  incident->clear_factor = 1;
  incident->closed_s = INFINITY;
}

static int votes_of(uint8_t votes, int snapshots) {
  int count = 0;

  for (int i = 0; i < snapshots; i++)
    count += votes >> i & 1;
  return count;
}

static uint16_t clear_after(const struct incident *incident,
                            const struct incident_rules *rules) {
  double snapshots = rules->clear_after * incident->clear_factor;

  return (uint16_t)fmin(snapshots,
                        fmax(CLEAR_SNAPSHOTS_MAX, rules->clear_after));
}

void incident_look_ahead(const struct incident *incident,
                         const struct incident_rules *rules,
                         struct incident_outlook *out) {
  out->votes_needed = (int)rules->raise_after;
  out->votes_of = out->votes_needed + 1;
  out->votes = votes_of(incident->votes, out->votes_of);
  out->failures = incident->failure_run;
  out->failures_needed = FAILURE_VOTES;
  out->calm = incident->calm_run;
  out->calm_needed = clear_after(incident, rules);
  out->adopted_s = incident->attack ? INFINITY : rules->adopt_after_s;
  out->adopted_anyway_s = fmax(adopt_anyway_s, out->adopted_s);
}

static enum incident_change
raise_or_not(struct incident *incident, const struct incident_rules *rules,
             const struct incident_evidence *evidence, double time_s) {
  struct incident_outlook ahead;

  if (!evidence->present)
    return INCIDENT_UNCHANGED;
  incident_look_ahead(incident, rules, &ahead);
  if (!evidence->certain && ahead.votes < ahead.votes_needed)
    return INCIDENT_UNCHANGED;
  if (incident->closed_s <= again_s &&
      clear_after(incident, rules) < CLEAR_SNAPSHOTS_MAX)
    incident->clear_factor = (uint8_t)(incident->clear_factor * 2);
  incident->severity = SEVERITY_WARNING;
  incident->since_s = time_s;
  incident->open_s = 0;
  incident->reminded_s = 0;
  incident->calm_run = 0;
  incident->attack = evidence->attack;
  return INCIDENT_RAISED;
}

enum incident_change incident_close(struct incident *incident,
                                    enum incident_change reason) {
  incident->severity = SEVERITY_OKAY;
  incident->votes = 0;
  incident->failure_run = 0;
  incident->closed_s = 0;
  incident->calm_s = 0;
  return reason;
}

static enum incident_change
step_open(struct incident *incident, const struct incident_rules *rules,
          const struct incident_evidence *evidence) {
  struct incident_outlook ahead;

  incident_look_ahead(incident, rules, &ahead);
  if (ahead.failures >= ahead.failures_needed &&
      incident->severity < SEVERITY_FAILURE) {
    incident->severity = SEVERITY_FAILURE;
    incident->reminded_s = incident->open_s;
    return INCIDENT_WORSENED;
  }
  if (ahead.calm >= ahead.calm_needed && !evidence->lasts)
    return incident_close(incident, INCIDENT_CLEARED);
  if (incident->open_s >= ahead.adopted_anyway_s ||
      (incident->open_s >= ahead.adopted_s && evidence->adoptable &&
       incident->severity == SEVERITY_WARNING))
    return incident_close(incident, INCIDENT_ADOPTED);
  if (rules->remind_s > 0 &&
      incident->open_s - incident->reminded_s >= rules->remind_s) {
    incident->reminded_s = incident->open_s;
    return INCIDENT_REMINDED;
  }
  return INCIDENT_UNCHANGED;
}

static void forget_slowly(struct incident *incident, double dt_s) {
  incident->closed_s += dt_s;
  incident->calm_s += dt_s;
  if (incident->calm_s >= forget_s && incident->clear_factor > 1) {
    incident->clear_factor = (uint8_t)(incident->clear_factor / 2);
    incident->calm_s = 0;
  }
}

enum incident_change incident_step(struct incident *incident,
                                   const struct incident_rules *rules,
                                   const struct incident_evidence *evidence,
                                   double time_s, double dt_s) {
  incident->votes =
      (uint8_t)(incident->votes << 1 | (evidence->present ? 1 : 0));
  if (!evidence->failure)
    incident->failure_run = 0;
  else if (incident->failure_run < FAILURE_VOTES)
    incident->failure_run++;
  if (!evidence->calm)
    incident->calm_run = 0;
  else if (incident->calm_run < UINT16_MAX)
    incident->calm_run++;
  if (incident->severity == SEVERITY_OKAY) {
    forget_slowly(incident, dt_s);
    return raise_or_not(incident, rules, evidence, time_s);
  }
  incident->open_s += dt_s;
  incident->attack = incident->attack || evidence->attack;
  return step_open(incident, rules, evidence);
}

bool incident_abstain(struct incident *incident, double dt_s,
                      double interval_s) {
  double longest_s = abstain_intervals * interval_s;
  double unjudged_s = incident->unjudged_s + dt_s;

  incident->unjudged_s = (float)fmin(unjudged_s, longest_s);
  if (unjudged_s <= longest_s)
    return true;
  incident_interrupt(incident);
  return false;
}

double incident_resume(struct incident *incident, double dt_s) {
  double since_s = dt_s + incident->unjudged_s;

  incident->unjudged_s = 0;
  return since_s;
}

void incident_interrupt(struct incident *incident) {
  incident->votes = 0;
  incident->failure_run = 0;
  incident->calm_run = 0;
}

double incident_score(double sigmas) {
  if (isnan(sigmas))
    return sigmas;
  return fmax(-INCIDENT_SCORE_MAX, fmin(INCIDENT_SCORE_MAX, sigmas));
}

double incident_open_s(const struct finding *finding, double time_s) {
  if (finding->severity == SEVERITY_OKAY)
    return 0;
  return fmax(0, time_s - finding->since_s);
}

static struct finding without_figures(const struct incident *incident) {
  return (struct finding){
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

void incident_hold(struct finding *finding, const struct incident *incident) {
  *finding = without_figures(incident);
  finding->held = true;
  finding->severity = incident->severity;
}

static void close_it(struct finding *finding, struct incident *incident,
                     enum incident_change reason) {
  enum incident_change change = incident_close(incident, reason);

  *finding = without_figures(incident);
  finding->judged = true;
  finding->change = change;
}

void incident_silence(struct finding *finding, struct incident *incident) {
  close_it(finding, incident, INCIDENT_SILENT);
}

void incident_gone(struct finding *finding, struct incident *incident) {
  close_it(finding, incident, INCIDENT_CLEARED);
  finding->gone = true;
}
