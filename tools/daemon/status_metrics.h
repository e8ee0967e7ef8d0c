/* The ratios and queues of a reading in the order shown: tables that the
 * drawing and the JSON have in common. */
#ifndef TOOLS_DAEMON_STATUS_METRICS_H
#define TOOLS_DAEMON_STATUS_METRICS_H

/* Of plugin tcpstates, instance all. */
struct status_metric {
  const char *label; /* at most 19 columns */
  const char *type, *type_instance;
  int decimals;
  const char *unit;
};

enum { STATUS_RATIOS = 7, STATUS_QUEUES = 4 };
extern const struct status_metric status_ratios[STATUS_RATIOS];
extern const struct status_metric status_queues[STATUS_QUEUES];

/* In at most seven characters: "0", "4.25", "512", "99999", "120k", "1.5M"; "-"
 * where it is not known or beyond 1e12. text: STATUS_FIGURE_MAX bytes. Returns
 * text. */
enum { STATUS_FIGURE_MAX = 16 };
const char *status_metrics_figure(double value, char *text);

#endif
