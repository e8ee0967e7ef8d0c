/* See status_json.h; the members are described in collectd-baseline(1). */
#include "json.h"

#include "daemon/host_model.h"
#include "daemon/status_metrics.h"
#include "lib/json.h"
#include "table/kernel_counters.h"
#include "table/tcp_state.h"

#include <math.h>

struct json {
  FILE *out;
  const struct host_model *model;
};

static void number(const struct json *json, const char *key, double value) {
  fprintf(json->out, "\"%s\":", key);
  json_number(json->out, value);
}

static void string(const struct json *json, const char *key, const char *text) {
  fprintf(json->out, "\"%s\":", key);
  if (text)
    json_string(json->out, text);
  else
    fputs("null", json->out);
}

static double find(const struct json *json, const char *type,
                   const char *type_instance) {
  return host_model_find(json->model, "tcpstates", "all", type, type_instance);
}

static void write_states(const struct json *json) {
  double all = host_model_sockets(json->model);

  fputs("\"states\":{", json->out);
  for (int state = 1; state < TCP_STATE_END; state++) {
    const char *name = tcp_state_name(state);
    double count = find(json, "tcp_connections", name);
    fprintf(json->out, "%s\"%s\":{", state == 1 ? "" : ",", name);
    number(json, "sockets", count);
    fputc(',', json->out);
    number(json, "percent", all > 0 ? 100 * count / all : NAN);
    fputc('}', json->out);
  }
  fputs("},", json->out);
  number(json, "active", find(json, "current_connections", "active"));
  fputc(',', json->out);
  number(json, "syn_recv_aged",
         find(json, "current_connections", "syn_recv_aged"));
}

static void write_metrics(const struct json *json, const char *key,
                          const struct status_metric *metrics, size_t len) {
  fprintf(json->out, ",\"%s\":{", key);
  for (size_t i = 0; i < len; i++) {
    if (i > 0)
      fputc(',', json->out);
    number(json, metrics[i].type_instance,
           find(json, metrics[i].type, metrics[i].type_instance));
  }
  fputc('}', json->out);
}

static void write_counters(const struct json *json) {
  fputs(",\"counters\":{", json->out);
  for (int i = 0; i < COUNTER_DISPATCHED; i++) {
    const char *name = kernel_counter_name((enum kernel_counter)i);
    if (i > 0)
      fputc(',', json->out);
    number(json, name, find(json, "protocol_counter", name));
  }
  fputc('}', json->out);
}

static void write_incident(const struct json *json,
                           const struct host_incident *incident) {
  const struct {
    const char *key;
    double value;
  } figures[] = {
      {"observed", incident->observed}, {"expected", incident->expected},
      {"lower", incident->lower},       {"upper", incident->upper},
      {"score", incident->score},       {"since", incident->since_s},
      {"open", incident->open_s},       {"unmeasured", incident->unmeasured_s},
  };

  fputc('{', json->out);
  string(json, "name", incident->name);
  fputc(',', json->out);
  string(json, "severity",
         incident->severity == HOST_NOT_JUDGED
             ? NULL
             : host_severity_word(incident->severity));
  for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++) {
    fputc(',', json->out);
    number(json, figures[i].key, figures[i].value);
  }
  fputc('}', json->out);
}

static void write_incidents(const struct json *json) {
  struct host_incident incidents[HOST_INCIDENTS_MAX];
  size_t len = host_incidents_read(json->model, incidents);

  fputs(",\"incidents\":[", json->out);
  for (size_t i = 0; i < len; i++) {
    if (i > 0)
      fputc(',', json->out);
    write_incident(json, &incidents[i]);
  }
  fputc(']', json->out);
}

void status_json(FILE *out, const struct host_model *model, double now_s,
                 double interval_s) {
  const struct json json = {.out = out, .model = model};

  fputc('{', out);
  string(&json, "host", model->host);
  fputc(',', out);
  number(&json, "time", model->reading_s);
  fputc(',', out);
  number(&json, "age", round((now_s - model->reading_s) * 1e3) / 1e3);
  fputc(',', out);
  number(&json, "interval", interval_s > 0 ? interval_s : NAN);
  fputc(',', out);
  number(&json, "judged", model->judged_s);
  fputc(',', out);
  write_states(&json);
  write_metrics(&json, "ratios", status_ratios, STATUS_RATIOS);
  write_metrics(&json, "queues", status_queues, STATUS_QUEUES);
  write_counters(&json);
  write_incidents(&json);
  fputs("}\n", out);
}
