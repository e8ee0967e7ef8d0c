/* See traffic.h. */
#include "traffic.h"

#include <math.h>
#include <string.h>

/* Readings: the plugin reads the whole table, and asks about each socket. */
enum { FULL_EVERY = 60, ASKED_EVERY = 200 };

static const double noise_s = 300, noise_size = 0.1;
static const double probes_each =
    0.5; /* a second, of a peer without a window */

void traffic_begin(struct traffic *traffic, enum host_class class,
                   uint64_t seed, uint64_t stream) {
  struct dice *dice = &traffic->dice;
  bool mobile = class == HOST_MOBILE;

  dice_seed(dice, seed, stream);
  traffic->data_per_open = dice_log_between(dice, 4, 40);
  traffic->acks_per_open = dice_log_between(dice, 1.5, 5);
  traffic->noise = dice_normal(dice);
  traffic->starving = NAN;
  traffic->zero = dice_log_between(dice, 0.001, mobile ? 0.03 : 0.01);
  traffic->starved = traffic->zero * dice_between(dice, 0.05, 0.3);
  traffic->drip = dice_log_between(dice, 0.0005, 0.02);
  traffic->mute = dice_log_between(dice, 0.002, 0.1);
}

void traffic_reboot(struct traffic *traffic) {
  traffic->opened = traffic->segments = traffic->resets = traffic->data = 0;
  traffic->probes = traffic->aborts = 0;
  memset(&traffic->held, 0, sizeof(traffic->held));
}

void traffic_second(struct traffic *traffic, const struct event_list *events,
                    double now_s, double inbound_per_s, double refused) {
  struct holding now = {.established = 0};

  for (int i = 0; i < events->len; i++)
    if (events->items[i].active)
      holding_add(&events->items[i], now_s - events->items[i].start_s,
                  inbound_per_s, &now);
  traffic->opened += now.opened;
  traffic->data += now.data;
  traffic->probes += now.probes;
  traffic->aborts += now.aborts;
  traffic->resets += refused;
  /* A SYN-ACK and a FIN are no data. */
  traffic->segments += now.data + now.acks + now.probes + now.opened + refused;
  traffic->now = now;
}

static void ordinary(struct traffic *traffic, double length_s, double opened,
                     double established) {
  double keep = exp(-length_s / noise_s);
  double probes = probes_each * traffic->zero * established * length_s;

  traffic->noise = traffic->noise * keep +
                   dice_normal(&traffic->dice) * sqrt(1 - keep * keep);
  double much = exp(noise_size * traffic->noise);
  double data = traffic->data_per_open * much * opened;
  traffic->data += data;
  traffic->probes += probes;
  traffic->segments +=
      data + probes + (1 + traffic->acks_per_open * much) * opened;
}

static double some_of(struct traffic *traffic, double connections,
                      double share) {
  return (double)dice_binomial(&traffic->dice, (int64_t)connections, share);
}

static void look(struct traffic *traffic, double established) {
  const struct holding *now = &traffic->now;
  struct holders *seen = &traffic->holders;
  double of[HOLDER_KINDS] = {
      [HOLDER_ZERO_WINDOW] =
          now->zero_window + some_of(traffic, established, traffic->zero),
      [HOLDER_DRIP] = now->drip + some_of(traffic, established, traffic->drip),
      [HOLDER_STARVED] =
          now->starved + some_of(traffic, established, traffic->starved),
      [HOLDER_MUTE] = now->mute + some_of(traffic, established, traffic->mute),
  };

  for (int i = 0; i < HOLDER_KINDS; i++)
    seen->kind[i] = (uint64_t)llround(of[i]);
  seen->sockets =
      (uint64_t)llround(established + now->established + now->fin_wait1);
}

static void count(struct kernel_counters *counters, enum kernel_counter counter,
                  double value) {
  counters->known[counter] = true;
  counters->value[counter] = (int64_t)value;
}

void traffic_read(struct traffic *traffic, double now_s, double length_s,
                  double opened, double established, double passive_opens) {
  struct kernel_counters counters = {.known = {false}};

  ordinary(traffic, length_s, opened, established);
  count(&counters, COUNTER_PASSIVE_OPENS, passive_opens);
  count(&counters, COUNTER_OUT_SEGS, traffic->segments);
  count(&counters, COUNTER_OUT_RSTS, traffic->resets);
  count(&counters, COUNTER_ORIG_DATA_SENT, traffic->data);
  count(&counters, COUNTER_WIN_PROBE, traffic->probes);
  held_note(&traffic->held, now_s, established + traffic->now.established,
            &counters);
  if (traffic->by_proc) {
    traffic->looked = true;
    look(traffic, established);
    traffic->starving = held_starving(
        &traffic->held, traffic->holders.kind[HOLDER_ZERO_WINDOW]);
    return;
  }
  enum held_look wants = held_wants(&traffic->held, now_s);
  if (wants == HELD_NO_LOOK && traffic->readings % FULL_EVERY == 0)
    wants = HELD_LOOK;
  if (traffic->readings++ % ASKED_EVERY == 0)
    wants = HELD_LOOK_INFO;
  traffic->looked = wants != HELD_NO_LOOK;
  traffic->asked = traffic->holders.asked = wants == HELD_LOOK_INFO;
  if (!traffic->looked)
    return;
  look(traffic, established);
  held_looked(&traffic->held, now_s, &traffic->holders);
}
