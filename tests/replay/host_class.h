/* What kind of host: its load, its network, its limits. Each host of a class is
 * drawn at random within the ranges of the class. Touches nothing else. */
#ifndef REPLAY_HOST_CLASS_H
#define REPLAY_HOST_CLASS_H

#include "socket_table.h"

enum host_class {
  HOST_IDLE,
  HOST_QUIET,
  HOST_MEDIUM,
  HOST_BUSY,
  HOST_MOBILE,
  HOST_KEEPALIVE,
  HOST_CLASSES
};

struct load_settings {
  double inbound_per_s; /* handshakes by clients, mean over a week */
  double day_swing, half_day_swing, weekend; /* shape of the curves */
  double peak_hour;
  double growth_per_week;
  double minutes_noise, hours_noise; /* sigma of the logarithm */
  double gamma_shape;                /* of the noise from one reading to next */
  double clump;                      /* handshakes a visit, above 1 */
  double outbound_per_s, outbound_per_request;
  double vanish;       /* share of clients that leave in mid-handshake */
  double stray_per_s;  /* background SYNs that nobody follows up */
  double strays_reset; /* share of these whose source answers with RST */
};

struct host_settings {
  enum host_class class;
  struct load_settings load;
  struct table_settings table;
  double round_trip_s, round_trip_sigma, loss;
  double accepts_per_s, proven;
  int64_t backlog, max_syn_backlog;
  int cookies, retries;
};

const char *host_class_name(enum host_class class);
/* Returns false, *out untouched, for a name that is none. */
bool host_class_parse(const char *name, enum host_class *out);

struct host_settings host_class_draw(enum host_class class, struct dice *dice);

#endif
