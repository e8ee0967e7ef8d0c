/* See json.h; the members are described in collectd-baseline(1). */
#include "json.h"

#include "lib/json.h"
#include "lib/shown_metrics.h"

#include <math.h>

static void add_metric(struct json_writer *json, const struct host_model *model,
                       enum shown_id id) {
  json_add_number(json, shown_metric(id)->type_instance,
                  host_model_metric(model, id));
}

static void add_states(struct json_writer *json,
                       const struct host_model *model) {
  double all = host_model_sockets(model);

  json_open(json, "states", '{');
  for (enum shown_id id = 0; id < SHOWN_STATES_END; id++) {
    double count = host_model_metric(model, id);
    json_open(json, shown_metric(id)->type_instance, '{');
    json_add_number(json, "sockets", count);
    json_add_number(json, "percent", all > 0 ? 100 * count / all : NAN);
    json_close(json, '}');
  }
  json_close(json, '}');
  add_metric(json, model, SHOWN_ACTIVE);
  add_metric(json, model, SHOWN_AGED);
}

static void add_group(struct json_writer *json, const struct host_model *model,
                      const char *key, int group) {
  enum shown_id end = shown_groups[group].end;

  json_open(json, key, '{');
  for (enum shown_id id = shown_groups[group].first; id < end; id++)
    add_metric(json, model, id);
  json_close(json, '}');
}

static void add_incident(struct json_writer *json,
                         const struct host_incident *incident) {
  bool judged = incident->severity != HOST_NOT_JUDGED;

  json_open(json, NULL, '{');
  json_add_string(json, "name", incident->name);
  json_add_string(json, "severity",
                  judged ? host_severity_word(incident->severity) : NULL);
  json_add_number(json, "observed", incident->observed);
  json_add_number(json, "expected", incident->expected);
  json_add_number(json, "lower", incident->lower);
  json_add_number(json, "upper", incident->upper);
  json_add_number(json, "score", incident->score);
  json_add_number(json, "since", incident->since_s);
  json_add_number(json, "open", incident->open_s);
  json_add_number(json, "unmeasured", incident->unmeasured_s);
  json_add_number(json, "silenced_until",
                  incident->silenced_until_s > 0 ? incident->silenced_until_s
                                                 : NAN);
  json_close(json, '}');
}

static void add_incidents(struct json_writer *json,
                          const struct host_model *model) {
  struct host_incident incidents[HOST_INCIDENTS_MAX];
  size_t len = host_incidents_read(model, incidents);

  json_open(json, "incidents", '[');
  for (size_t i = 0; i < len; i++)
    add_incident(json, &incidents[i]);
  json_close(json, ']');
}

void status_json(FILE *out, const struct host_model *model, double now_s,
                 double interval_s) {
  struct json_writer json = json_begin(out);

  json_open(&json, NULL, '{');
  json_add_string(&json, "host", model->host);
  json_add_number(&json, "time", model->reading_s);
  json_add_number(&json, "age", round((now_s - model->reading_s) * 1e3) / 1e3);
  json_add_number(&json, "interval", interval_s > 0 ? interval_s : NAN);
  json_add_number(&json, "judged", model->judged_s);
  add_states(&json, model);
  add_group(&json, model, "ratios", SHOWN_GROUP_RATIOS);
  add_group(&json, model, "queues", SHOWN_GROUP_QUEUES);
  add_group(&json, model, "counters", SHOWN_GROUP_COUNTERS);
  add_incidents(&json, model);
  json_close(&json, '}');
  fputc('\n', out);
}
