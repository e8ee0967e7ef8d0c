/* See status_metrics.h; what each is stands in collectd-tcpstates(5). */
#include "status_metrics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

const struct status_metric status_ratios[STATUS_RATIOS] = {
    {"completion", "percent", "completion", 1, " %"},
    {"half-open of active", "percent", "syn_recv", 1, " %"},
    {"aged of half-open", "percent", "syn_recv_aged", 1, " %"},
    {"handshakes done", "percent", "handshake", 1, " %"},
    {"opened from outside", "percent", "inbound", 1, " %"},
    {"state entropy", "gauge", "state_entropy", 3, ""},
    {"state deviation", "gauge", "state_stddev", 1, ""},
};

const struct status_metric status_queues[STATUS_QUEUES] = {
    {"SYN queue", "percent", "syn_queue", 1, " %"},
    {"  by aged entries", "percent", "syn_queue_aged", 1, " %"},
    {"accept queue", "percent", "accept_queue", 1, " %"},
    {"TIME_WAIT limit", "percent", "time_wait", 1, " %"},
};

/* Returns the length that is left. */
static size_t drop_zeros(char *text) {
  size_t len = strlen(text);

  if (strchr(text, '.') == NULL)
    return len;
  while (text[len - 1] == '0')
    text[--len] = '\0';
  if (text[len - 1] == '.')
    text[--len] = '\0';
  return len;
}

const char *status_metrics_figure(double value, char *text) {
  const char *unit = "";

  if (!(fabs(value) < 1e12)) {
    snprintf(text, STATUS_FIGURE_MAX, "-");
    return text;
  }
  if (fabs(value) >= 999500) {
    value /= 1e6;
    unit = "M";
  } else if (fabs(value) >= 99999.5) {
    value /= 1e3;
    unit = "k";
  }
  double size = fabs(value);
  snprintf(text, STATUS_FIGURE_MAX, "%.*f",
           size >= 99.95 ? 0 : (size >= 9.995 ? 1 : 2), value);
  size_t len = drop_zeros(text);
  snprintf(text + len, STATUS_FIGURE_MAX - len, "%s", unit);
  return text;
}
