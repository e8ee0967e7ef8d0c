/* See status_incident.h. Touches the time zone. */
#include "status_incident.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

const char status_incident_unmeasured[] = "open, no longer measured";

static double find(const struct host_model *model, const char *incident,
                   const char *figure) {
  return host_model_find(model, "baseline", incident, "gauge", figure);
}

static void read_severity(double value, struct status_incident *out) {
  out->known = !isnan(value);
  if (out->known && value >= 2)
    out->severity = SEVERITY_FAILURE;
  else if (out->known && value >= 1)
    out->severity = SEVERITY_WARNING;
}

/* How long it has been open by the time of the judgement it came with. */
static void read_open(const struct host_model *model,
                      struct status_incident *out) {
  const struct status_value *open =
      host_model_value(model, "baseline", out->name, "duration", "open");

  out->open_s = open ? open->value : NAN;
  bool is_open = out->known && out->severity != SEVERITY_OKAY;
  out->since_s = open && is_open ? open->time_s - open->value : NAN;
}

/* Figures and this value may be left over from before: what was told last
 * holds.
 */
static void read_unmeasured(const struct host_model *model,
                            struct status_incident *out) {
  const struct status_value *unmeasured =
      host_model_value(model, "baseline", out->name, "duration", "unmeasured");
  const struct status_value *severity =
      host_model_value(model, "baseline", out->name, "gauge", "severity");

  if (!unmeasured || !severity || unmeasured->time_s < severity->time_s ||
      !out->known || out->severity == SEVERITY_OKAY)
    return;
  out->unmeasured_s = unmeasured->value;
  out->observed = out->expected = out->score = NAN;
  out->lower = out->upper = NAN;
}

size_t status_incidents_read(const struct host_model *model,
                             struct status_incident *out) {
  const char *names[STATUS_INCIDENTS_MAX];
  size_t len = host_model_incidents(model, names, STATUS_INCIDENTS_MAX);

  for (size_t i = 0; i < len; i++) {
    out[i] = (struct status_incident){
        .name = names[i],
        .observed = find(model, names[i], "observed"),
        .expected = find(model, names[i], "expected"),
        .lower = find(model, names[i], "lower"),
        .upper = find(model, names[i], "upper"),
        .score = find(model, names[i], "score"),
    };
    read_severity(find(model, names[i], "severity"), &out[i]);
    read_open(model, &out[i]);
    read_unmeasured(model, &out[i]);
  }
  return len;
}

const char *status_incident_state(const struct status_incident *incident) {
  static const char *const states[] = {
      [SEVERITY_OKAY] = "OKAY",
      [SEVERITY_WARNING] = "WARNING",
      [SEVERITY_FAILURE] = "FAILURE",
  };

  return incident->known ? states[incident->severity] : NULL;
}

static void spell_duration(double seconds, char *text, size_t text_max) {
  double s = fmin(1e9, fmax(0, round(seconds)));

  if (s < 120)
    snprintf(text, text_max, "%.0f s", s);
  else if (s < 7200)
    snprintf(text, text_max, "%.0f min", floor(s / 60));
  else if (s < 172800)
    snprintf(text, text_max, "%.0f h", floor(s / 3600));
  else
    snprintf(text, text_max, "%.0f d", floor(s / 86400));
}

void status_incident_since(const struct status_incident *incident, double now_s,
                           char *text) {
  char duration[16], moment[16] = "";
  struct tm then = {0}, today = {0};
  text[0] = '\0';
  if (!isfinite(incident->since_s) || fabs(incident->since_s) > 1e11)
    return;
  time_t since = (time_t)incident->since_s, now = (time_t)now_s;
  if (!localtime_r(&since, &then) || !localtime_r(&now, &today))
    return;
  bool is_today =
      then.tm_year == today.tm_year && then.tm_yday == today.tm_yday;
  strftime(moment, sizeof(moment), is_today ? "%H:%M:%S" : "%m-%d %H:%M",
           &then);
  spell_duration(incident->open_s, duration, sizeof(duration));
  snprintf(text, STATUS_SINCE_MAX, "%s (%s)", moment, duration);
}
