/* See fleet_load.h. */
#include "fleet_load.h"

#include "scenes/random_load.h"

enum { COOKIES_PER_S = 500 };

bool fleet_load_is_flooded(const struct fleet_load *load, unsigned host) {
  return host - load->flood_host < load->flood_hosts;
}

/* Flooded readings up to this one, this one among them. */
static int flooded_readings(const struct fleet_load *load, unsigned host,
                            int reading) {
  int end = reading + 1 < load->flood_until ? reading + 1 : load->flood_until;
  bool flooded = fleet_load_is_flooded(load, host) && end > load->flood_from;
  return flooded ? end - load->flood_from : 0;
}

static double calm_gauge(enum signal signal, struct random_load *random) {
  switch (signal) {
  case SIGNAL_ESTABLISHED:
  case SIGNAL_ACTIVE:
    return random_count(random, 200);
  case SIGNAL_SYN_RECV:
    return random_count(random, 3);
  case SIGNAL_CLOSE_WAIT:
  case SIGNAL_SYN_SENT:
    return random_count(random, 1);
  case SIGNAL_AGED:
    return 0;
  case SIGNAL_STATE_ENTROPY:
    return 0.3 + 0.01 * random_unit(random);
  default:
    return random_unit(random);
  }
}

static double flooded_gauge(enum signal signal, double calm) {
  switch (signal) {
  case SIGNAL_SYN_RECV:
    return 511;
  case SIGNAL_AGED:
    return 500;
  case SIGNAL_SYN_QUEUE:
    return 100;
  case SIGNAL_SYN_QUEUE_AGED:
    return 98;
  default:
    return calm;
  }
}

static struct random_load seed(unsigned host, enum signal signal, int reading) {
  return (struct random_load){(uint64_t)host << 40 ^ (uint64_t)signal << 32 ^
                              (uint64_t)reading};
}

double fleet_load_gauge(const struct fleet_load *load, unsigned host,
                        enum signal signal, int reading) {
  struct random_load random = seed(host, signal, reading);
  double calm = calm_gauge(signal, &random);
  bool flood =
      reading < load->flood_until && flooded_readings(load, host, reading) > 0;
  return flood ? flooded_gauge(signal, calm) : calm;
}

int64_t fleet_load_counter(const struct fleet_load *load, unsigned host,
                           enum signal signal, int reading) {
  struct random_load random = seed(host, signal, reading);
  int64_t interval_s = load->interval_s, readings = reading + 1000;
  switch (signal) {
  case SIGNAL_PASSIVE_OPENS:
  case SIGNAL_ACTIVE_OPENS:
    return 20 * interval_s * readings + (int64_t)(20 * random_unit(&random));
  case SIGNAL_COOKIES_SENT:
    return COOKIES_PER_S * interval_s * flooded_readings(load, host, reading);
  default:
    return 0;
  }
}
