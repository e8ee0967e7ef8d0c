/* An incident's state and band as values. */
#include "baseline_metrics.h"

#include "collectd_api.h"

#include <math.h>

static void dispatch_one(value_list_t *vl, const char *type, const char *name,
                         double number) {
  if (isnan(number)) /* the incident has no such figure */
    return;
  vl->values = &(value_t){.gauge = number};
  vl->values_len = 1;
  sstrncpy(vl->type, type, sizeof(vl->type));
  sstrncpy(vl->type_instance, name, sizeof(vl->type_instance));
  plugin_dispatch_values(vl);
}

static void dispatch_finding(const struct judgement *judgement,
                             enum incident_kind incident) {
  const struct finding *finding = &judgement->finding[incident];
  value_list_t vl = {
      .time = DOUBLE_TO_CDTIME_T(judgement->seen.time_s),
      .interval = DOUBLE_TO_CDTIME_T(judgement->seen.interval_s),
      .plugin = "baseline",
  };

  if (!finding->judged && !finding->held)
    return;
  sstrncpy(vl.host, judgement->host, sizeof(vl.host));
  sstrncpy(vl.plugin_instance, rules_incident_name(incident),
           sizeof(vl.plugin_instance));
  dispatch_one(&vl, "gauge", "severity", (double)finding->severity);
  dispatch_one(&vl, "gauge", "observed", finding->observed);
  dispatch_one(&vl, "gauge", "expected", finding->expected);
  dispatch_one(&vl, "gauge", "lower", finding->lower);
  dispatch_one(&vl, "gauge", "upper", finding->upper);
  dispatch_one(&vl, "gauge", "score", finding->score);
  dispatch_one(&vl, "duration", "open",
               finding_open_s(finding, judgement->seen.time_s));
}

void baseline_metrics_dispatch(const struct judgement *judgement) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    dispatch_finding(judgement, (enum incident_kind)i);
}
