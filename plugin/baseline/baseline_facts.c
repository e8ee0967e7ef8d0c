/* See baseline_facts.h. The names are
 *   gauge-listener=ADDRESS    the backlog, NAN unknown
 *   gauge-top_source=NETWORK  1; a slash is written as _
 *   duration-learning         seconds left
 *   gauge-unjudged=REASON     1
 * An open incident of a listener is one of its own to the command, plugin
 * instance syn_flood@443-local, with the values of an incident. */
#include "baseline_facts.h"

#include "verdict/incidents/catalogue.h"

#include "collectd_api.h"

#include "utils_cache.h"

#include <math.h>

void baseline_facts_take(const struct judgement *judgement,
                         struct baseline_facts *out) {
  memset(out, 0, sizeof(*out));
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum incident_kind kind = (enum incident_kind)i;
    const struct finding *finding = &judgement->finding[i];
    const struct snapshot_queue *queue =
        catalogue_queue(&judgement->seen, kind);
    struct baseline_fact *fact = &out->of[i];

    fact->open = finding->severity != SEVERITY_OKAY;
    if (queue != NULL)
      fact->queue = *queue;
    sstrncpy(fact->source, catalogue_source(&judgement->seen, kind),
             sizeof(fact->source));
    fact->learning_s = finding->learning_s;
    fact->unjudged = finding->unjudged;
  }
}

static void put(const value_list_t *plan, const char *type, const char *name,
                double number) {
  const data_set_t *set = plugin_get_ds(type);
  value_t value = {.gauge = number};
  value_list_t vl = *plan;

  vl.values = &value;
  vl.values_len = 1;
  sstrncpy(vl.type, type, sizeof(vl.type));
  sstrncpy(vl.type_instance, name, sizeof(vl.type_instance));
  if (set != NULL)
    uc_update(set, &vl);
}

static void put_text(const value_list_t *plan, const char *name,
                     const char *text, double number) {
  char both[DATA_MAX_NAME_LEN];

  snprintf(both, sizeof(both), "%s=%s", name, text);
  for (char *at = both; *at != '\0'; at++)
    if (*at == '/')
      *at = '_';
  put(plan, "gauge", both, number);
}

static void put_fact(const value_list_t *plan,
                     const struct baseline_fact *fact) {
  const struct snapshot_queue *queue = &fact->queue;

  if (fact->open && queue->listener[0] != '\0')
    put_text(plan, "listener", queue->listener,
             queue->backlog > 0 ? (double)queue->backlog : NAN);
  if (fact->open && fact->source[0] != '\0')
    put_text(plan, "top_source", fact->source, 1);
  if (fact->learning_s > 0)
    put(plan, "duration", "learning", fact->learning_s);
  if (fact->unjudged > UNJUDGED_DISABLED)
    put_text(plan, "unjudged", catalogue_unjudged(fact->unjudged), 1);
}

void baseline_facts_put(const value_list_t *plan,
                        const struct baseline_facts *facts) {
  value_list_t vl = *plan;

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    enum incident_kind kind = (enum incident_kind)i;
    sstrncpy(vl.plugin_instance, rules_incident_name(kind),
             sizeof(vl.plugin_instance));
    put_fact(&vl, &facts->of[i]);
  }
}

static void put_listener_figures(const value_list_t *vl,
                                 const struct finding *finding, double time_s) {
  put(vl, "gauge", "severity", (double)finding->severity);
  put(vl, "gauge", "observed", finding->observed);
  put(vl, "gauge", "expected", finding->expected);
  put(vl, "gauge", "lower", finding->lower);
  put(vl, "gauge", "upper", finding->upper);
  put(vl, "gauge", "score", finding->score);
  put(vl, "duration", "open", incident_open_s(finding, time_s));
}

void baseline_facts_put_listener(const value_list_t *plan, const char *listener,
                                 const struct baseline_facts *facts,
                                 const struct finding *finding, double time_s,
                                 double now_s) {
  value_list_t vl = *plan;
  bool closes = finding->change != INCIDENT_UNCHANGED;

  if (finding->severity == SEVERITY_OKAY && !closes)
    return;
  snprintf(vl.plugin_instance, sizeof(vl.plugin_instance), "%s@%s",
           rules_incident_name(INCIDENT_SYN_FLOOD), listener);
  put_listener_figures(&vl, finding, time_s);
  if (finding->silenced_until_s > now_s)
    put(&vl, "duration", "silenced", finding->silenced_until_s - now_s);
  put_fact(&vl, &facts->of[INCIDENT_SYN_FLOOD]);
}
