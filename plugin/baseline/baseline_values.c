/* Value lists as the judgement takes them. */
#include "baseline_values.h"

#include "collectd_api.h"

#include "utils_cache.h"

static bool convert(const data_set_t *ds, const value_list_t *vl,
                    struct hosts_value *out) {
  enum signal signal = signals_find(vl->type, vl->type_instance);

  if (signal == SIGNAL_COUNT || vl->values_len != 1 || ds->ds_num != 1)
    return false;
  *out = (struct hosts_value){
      .host = vl->host,
      .signal = signal,
      .time_s = CDTIME_T_TO_DOUBLE(vl->time),
      .interval_s = CDTIME_T_TO_DOUBLE(vl->interval),
      .now_s = CDTIME_T_TO_DOUBLE(cdtime()),
  };
  bool is_counter = signal >= SIGNAL_FIRST_COUNTER;
  if (is_counter && ds->ds[0].type == DS_TYPE_DERIVE)
    out->value.counter = vl->values[0].derive;
  else if (!is_counter && ds->ds[0].type == DS_TYPE_GAUGE)
    out->value.gauge = vl->values[0].gauge;
  else
    return false;
  return true;
}

/* Strings of meta data are copies. */
static void take_meta(meta_data_t *meta, struct baseline_host_value *out) {
  struct hosts_value *value = &out->value;

  if (meta_data_get_string(meta, "tcpstates:listener", &out->listener) == 0)
    value->listener = out->listener;
  if (meta_data_get_string(meta, "tcpstates:top_source", &out->top_source) == 0)
    value->top_source = out->top_source;
  meta_data_get_signed_int(meta, "tcpstates:backlog", &value->backlog);
  meta_data_get_signed_int(meta, "tcpstates:others", &value->others);
}

bool baseline_values_of_host(const data_set_t *ds, const value_list_t *vl,
                             struct baseline_host_value *out) {
  *out = (struct baseline_host_value){.listener = NULL};
  if (!convert(ds, vl, &out->value))
    return false;
  enum signal signal = out->value.signal;
  if (vl->meta != NULL &&
      (signal == SIGNAL_SYN_QUEUE || signal == SIGNAL_ACCEPT_QUEUE))
    take_meta(vl->meta, out);
  return true;
}

bool baseline_values_of_listeners(const data_set_t *ds, const value_list_t *vl,
                                  double *listeners) {
  if (strcmp(vl->type, "tcp_connections") != 0 ||
      strcmp(vl->type_instance, "LISTEN") != 0 || vl->values_len != 1 ||
      ds->ds_num != 1 || ds->ds[0].type != DS_TYPE_GAUGE)
    return false;
  *listeners = vl->values[0].gauge;
  return true;
}

void baseline_values_release(struct baseline_host_value *value) {
  free(value->listener);
  free(value->top_source);
}

bool baseline_values_are_cached(void) {
  char host[DATA_MAX_NAME_LEN], name[6 * DATA_MAX_NAME_LEN];
  gauge_t *rates = NULL;
  size_t rates_len = 0;

  sstrncpy(host, hostname_g, sizeof(host));
  escape_slashes(host, sizeof(host)); /* as in the cache */
  snprintf(name, sizeof(name), "%s/tcpstates-all/tcp_connections-LISTEN", host);
  int rc = uc_get_rate_by_name(name, &rates, &rates_len);
  free(rates);
  return rc == 0;
}

struct series_value baseline_values_of_series(const data_set_t *ds,
                                              const value_list_t *vl,
                                              size_t i) {
  const value_t *value = &vl->values[i];
  struct series_value out = {
      .kind = SERIES_COUNTER,
      .time_s = CDTIME_T_TO_DOUBLE(vl->time),
      .interval_s = CDTIME_T_TO_DOUBLE(vl->interval),
      .now_s = CDTIME_T_TO_DOUBLE(cdtime()),
  };

  switch (ds->ds[i].type) {
  case DS_TYPE_DERIVE:
    out.counter = value->derive;
    break;
  case DS_TYPE_COUNTER:
    out.counter = (int64_t)value->counter;
    break;
  case DS_TYPE_GAUGE:
    out.kind = SERIES_GAUGE;
    out.gauge = value->gauge;
    break;
  default:
    out.kind = SERIES_INCREMENT;
    out.gauge = (double)value->absolute;
  }
  return out;
}
