/* Whether something is silenced, and what was notified last of an incident:
 * that is compared with what it is when the silence ends. Pure. */
#include "verdict/silences.h"

#include <fnmatch.h>
#include <math.h>
#include <string.h>

/* fnmatch is dear where a thousand are looked through: the text before the
 * first wildcard tells most of them apart. */
static bool matches(const char *pattern, const char *name) {
  size_t literal = strcspn(pattern, "*?[\\");

  if (strncmp(pattern, name, literal) != 0)
    return false;
  if (pattern[literal] == '\0')
    return name[literal] == '\0';
  return fnmatch(pattern, name, 0) == 0;
}

static double maintenance_until(const struct silences *silences, size_t i,
                                double now_s) {
  const struct maintenance_rules *rules = &silences->rules->maintenance[i];
  struct schedule schedule = {
      .days = (unsigned)rules->days,
      .from_s = (int)rules->from_s,
      .to_s = (int)rules->to_s,
  };

  return schedule_until(&schedule, &silences->zones[i], now_s);
}

static void find_maintenance(const struct silences *silences, const char *host,
                             const char *incident, double now_s,
                             struct silences_found *found) {
  for (size_t i = 0; i < silences->rules->maintenance_len; i++) {
    const struct maintenance_rules *rules = &silences->rules->maintenance[i];
    if (!matches(rules->incident, incident) || !matches(rules->host, host))
      continue;
    double until_s = maintenance_until(silences, i, now_s);
    if (until_s > found->until_s)
      *found = (struct silences_found){until_s, rules->name, "", true};
  }
}

struct silences_found silences_find(const struct silences *silences,
                                    const char *host, const char *incident,
                                    double now_s) {
  struct silences_found found = {0, "", "", false};

  if (!silences)
    return found;
  if (silences->zones)
    find_maintenance(silences, host, incident, now_s, &found);
  for (size_t i = 0; i < silences->list.len; i++) {
    const struct silences_one *one = &silences->list.one[i];
    if (now_s >= one->from_s && now_s < one->until_s &&
        one->until_s > found.until_s && matches(one->incident, incident) &&
        matches(one->host, host))
      found = (struct silences_found){one->until_s, one->by, one->why, false};
  }
  return found;
}

/* incident.told: 0, or 1 and the severity that was notified last. */
static bool is_held(const struct incident *incident) {
  return incident->told > 0;
}

static bool was_told_open(const struct incident *incident) {
  return incident->told > 1 + SEVERITY_OKAY;
}

/* What was notified before this change, the first in the silence. Of one that
 * is closed the severity no longer matters. */
static enum severity told_before(const struct finding *finding) {
  return finding->change == INCIDENT_RAISED ? SEVERITY_OKAY : SEVERITY_WARNING;
}

static void hold(struct incident *incident, const struct finding *finding) {
  if (is_held(incident) || finding->change == INCIDENT_UNCHANGED ||
      finding->change == INCIDENT_REMINDED)
    return;
  enum severity before = told_before(finding);
  incident->told = (uint8_t)(1 + before);
  incident->told_since_s = before == SEVERITY_OKAY ? 0 : finding->since_s;
}

static enum incident_change owed(const struct incident *incident) {
  bool told = was_told_open(incident);

  if (incident->severity == SEVERITY_OKAY)
    return told ? INCIDENT_CLEARED : INCIDENT_UNCHANGED;
  if (!told || incident->told_since_s < incident->since_s ||
      incident->told_since_s > incident->since_s)
    return INCIDENT_RAISED;
  return (int)incident->severity >= incident->told ? INCIDENT_WORSENED
                                                   : INCIDENT_UNCHANGED;
}

static void give(struct incident *incident, struct finding *finding) {
  bool closes_now = finding->change != INCIDENT_UNCHANGED;

  finding->late = true;
  finding->late_change = owed(incident);
  if (finding->late_change == INCIDENT_CLEARED && closes_now) {
    finding->late_change = finding->change;
  } else if (finding->late_change == INCIDENT_CLEARED) {
    finding->ended_before = true;
    finding->since_s = incident->told_since_s;
  }
  incident->told = 0;
  incident->told_since_s = 0;
}

void silences_gate(struct incident *incident, struct finding *finding,
                   double until_s) {
  finding->silenced_until_s = until_s;
  finding->late = finding->ended_before = false;
  if (until_s > 0 || finding->explained)
    hold(incident, finding);
  else if (is_held(incident) && finding->judged)
    give(incident, finding);
  else if (silences_owes_close(incident))
    silences_give_close(incident, finding);
}

bool silences_owes_close(const struct incident *incident) {
  return is_held(incident) && incident->severity == SEVERITY_OKAY;
}

void silences_give_close(struct incident *incident, struct finding *finding) {
  *finding = (struct finding){
      .judged = true,
      .observed = NAN,
      .expected = NAN,
      .lower = NAN,
      .upper = NAN,
      .score = NAN,
      .failure_max = NAN,
      .samples = NAN,
  };
  give(incident, finding);
}

enum incident_change silences_change(const struct finding *finding) {
  if (finding->silenced_until_s > 0 || finding->explained)
    return INCIDENT_UNCHANGED;
  return finding->late ? finding->late_change : finding->change;
}
