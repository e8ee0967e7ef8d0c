/* The classes of hosts and the ranges they are drawn from. Touches nothing
 * else. Source: what small and large web servers, API gateways, mobile
 * backends and message brokers report; no recording is copied. */
#include "host_class.h"

#include <string.h>

struct range {
  double low, high;
};

struct class_ranges {
  const char *name;
  struct range inbound, swing, minutes_noise, hours_noise, clump;
  struct range round_trip_s, round_trip_sigma, loss;
  struct range vanish, outbound, outbound_per_request;
  double life_share[TABLE_LIVES];
  double most_brief; /* largest share of the longer lives that some hosts of
                        the class do without */
  int64_t backlog[4];
};

static const struct class_ranges classes[HOST_CLASSES] = {
    [HOST_IDLE] = {.name = "idle",
                   .inbound = {0.01, 0.08},
                   .swing = {0, 0.4},
                   .minutes_noise = {0.2, 0.5},
                   .hours_noise = {0.2, 0.5},
                   .clump = {1, 2},
                   .round_trip_s = {0.02, 0.15},
                   .round_trip_sigma = {0.5, 0.9},
                   .loss = {0.0005, 0.004},
                   .vanish = {0.0005, 0.004},
                   .outbound = {0.01, 0.1},
                   .outbound_per_request = {0, 0.2},
                   .life_share = {0.5, 0.3, 0.15, 0.04, 0.01},
                   .most_brief = 0.5,
                   .backlog = {128, 128, 511, 4096}},
    [HOST_QUIET] = {.name = "quiet",
                    .inbound = {0.3, 2},
                    .swing = {0.2, 0.6},
                    .minutes_noise = {0.15, 0.35},
                    .hours_noise = {0.15, 0.35},
                    .clump = {1.5, 4},
                    .round_trip_s = {0.02, 0.12},
                    .round_trip_sigma = {0.5, 0.9},
                    .loss = {0.0005, 0.004},
                    .vanish = {0.0005, 0.003},
                    .outbound = {0.02, 0.3},
                    .outbound_per_request = {0, 0.5},
                    .life_share = {0.45, 0.35, 0.19, 0.0095, 0.0005},
                    .most_brief = 0.9,
                    .backlog = {128, 511, 511, 4096}},
    [HOST_MEDIUM] = {.name = "medium",
                     .inbound = {8, 40},
                     .swing = {0.3, 0.7},
                     .minutes_noise = {0.08, 0.2},
                     .hours_noise = {0.08, 0.2},
                     .clump = {1.5, 4},
                     .round_trip_s = {0.02, 0.1},
                     .round_trip_sigma = {0.5, 0.9},
                     .loss = {0.0005, 0.004},
                     .vanish = {0.0003, 0.002},
                     .outbound = {0.1, 1},
                     .outbound_per_request = {0.05, 0.5},
                     .life_share = {0.5, 0.35, 0.145, 0.0048, 0.0002},
                     .most_brief = 0.95,
                     .backlog = {128, 511, 1024, 4096}},
    [HOST_BUSY] = {.name = "busy",
                   .inbound = {80, 350},
                   .swing = {0.4, 0.75},
                   .minutes_noise = {0.05, 0.15},
                   .hours_noise = {0.05, 0.15},
                   .clump = {1.2, 3},
                   .round_trip_s = {0.02, 0.08},
                   .round_trip_sigma = {0.5, 0.9},
                   .loss = {0.0005, 0.003},
                   .vanish = {0.0002, 0.001},
                   .outbound = {0.5, 5},
                   .outbound_per_request = {0.02, 0.2},
                   .life_share = {0.55, 0.33, 0.115, 0.0048, 0.0002},
                   .most_brief = 0.95,
                   .backlog = {511, 1024, 4096, 4096}},
    [HOST_MOBILE] = {.name = "mobile",
                     .inbound = {5, 50},
                     .swing = {0.3, 0.7},
                     .minutes_noise = {0.08, 0.2},
                     .hours_noise = {0.08, 0.2},
                     .clump = {1, 2},
                     .round_trip_s = {0.2, 0.4},
                     .round_trip_sigma = {0.3, 0.45},
                     .loss = {0.01, 0.03},
                     .vanish = {0.001, 0.004},
                     .outbound = {0.1, 1},
                     .outbound_per_request = {0.05, 0.5},
                     .life_share = {0.45, 0.33, 0.2, 0.0195, 0.0005},
                     .most_brief = 0.7,
                     .backlog = {511, 1024, 4096, 4096}},
    [HOST_KEEPALIVE] = {.name = "keepalive",
                        .inbound = {0.05, 0.4},
                        .swing = {0.1, 0.3},
                        .minutes_noise = {0.15, 0.4},
                        .hours_noise = {0.1, 0.3},
                        .clump = {1, 1.5},
                        .round_trip_s = {0.02, 0.12},
                        .round_trip_sigma = {0.5, 0.9},
                        .loss = {0.0005, 0.004},
                        .vanish = {0.0005, 0.003},
                        .outbound = {0.02, 0.3},
                        .outbound_per_request = {0, 0.5},
                        .life_share = {0.1, 0.1, 0.1, 0.3, 0.4},
                        .most_brief = 0,
                        .backlog = {511, 1024, 4096, 4096}},
};

const char *host_class_name(enum host_class class) {
  return classes[class].name;
}

bool host_class_parse(const char *name, enum host_class *out) {
  for (int i = 0; i < HOST_CLASSES; i++) {
    if (strcmp(name, classes[i].name) == 0) {
      *out = (enum host_class)i;
      return true;
    }
  }
  return false;
}

static double even(struct dice *dice, struct range range) {
  return dice_between(dice, range.low, range.high);
}

static double spread(struct dice *dice, struct range range) {
  return dice_log_between(dice, range.low, range.high);
}

static struct load_settings draw_load(const struct class_ranges *ranges,
                                      struct dice *dice) {
  return (struct load_settings){
      .inbound_per_s = spread(dice, ranges->inbound),
      .day_swing = even(dice, ranges->swing),
      .half_day_swing = dice_between(dice, 0, 0.2),
      .weekend = dice_between(dice, 0.5, 1.2),
      .peak_hour = dice_between(dice, 10, 21),
      .growth_per_week = 0.02,
      .minutes_noise = even(dice, ranges->minutes_noise),
      .hours_noise = even(dice, ranges->hours_noise),
      .gamma_shape = dice_between(dice, 15, 60),
      .clump = even(dice, ranges->clump),
      .outbound_per_s = spread(dice, ranges->outbound),
      .outbound_per_request = even(dice, ranges->outbound_per_request),
      .vanish = spread(dice, ranges->vanish),
      .stray_per_s = dice_log_between(dice, 0.003, 0.06),
      .strays_reset = dice_between(dice, 0.5, 0.9),
  };
}

static struct table_settings draw_table(const struct class_ranges *ranges,
                                        struct dice *dice) {
  struct table_settings settings = {
      .outbound.share = {0.75, 0.15, 0.08, 0.0195, 0.0005},
      .we_close = dice_between(dice, 0.2, 0.8),
      .resets = dice_between(dice, 0.01, 0.1),
      .close_s = dice_log_between(dice, 0.005, 0.5),
      .peer_close_s = dice_log_between(dice, 0.05, 1),
      .backend_s = dice_log_between(dice, 0.0005, 0.06),
      .refused = dice_log_between(dice, 0.0005, 0.01),
      .unreachable = dice_log_between(dice, 0.0002, 0.005),
      .give_up_s = dice_log_between(dice, 5, 60),
      .listeners = 3 + dice_pick(dice, 12),
      .max_time_wait = 65536 << dice_pick(dice, 3),
  };
  double luck = dice_unit(dice);
  double brief = ranges->most_brief * luck * luck;
  settings.inbound.share[0] = 1;
  for (int i = 1; i < TABLE_LIVES; i++) {
    settings.inbound.share[i] = ranges->life_share[i] * (1 - brief);
    settings.inbound.share[0] -= settings.inbound.share[i];
  }
  return settings;
}

struct host_settings host_class_draw(enum host_class class, struct dice *dice) {
  const struct class_ranges *ranges = &classes[class];
  struct host_settings settings = {
      .class = class,
      .load = draw_load(ranges, dice),
      .table = draw_table(ranges, dice),
      .round_trip_s = even(dice, ranges->round_trip_s),
      .round_trip_sigma = even(dice, ranges->round_trip_sigma),
      .loss = even(dice, ranges->loss),
      .proven = dice_between(dice, 0.2, 0.8),
      .backlog = ranges->backlog[dice_pick(dice, 4)],
      .max_syn_backlog = 512 << dice_pick(dice, 4),
      .cookies = dice_chance(dice, 0.1) ? 0 : 1,
      .retries = 5,
  };
  settings.accepts_per_s = 100 + 40 * settings.load.inbound_per_s;
  return settings;
}
