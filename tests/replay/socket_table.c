/* Connections between the handshake and the end. Touches nothing but its own
 * structure. Source: see socket_table.h. */
#include "socket_table.h"

#include <math.h>
#include <string.h>

const double table_life_s[TABLE_LIVES] = {0.5, 8, 60, 900, 10800};

static const double fin_timeout_s = 60; /* tcp_fin_timeout */
static const double vanished = 0.01;    /* peers whose FIN never comes */
static const double drain_s = 2;        /* a frozen application wakes up */

static int64_t sum_lives(const int64_t lives[TABLE_LIVES]) {
  int64_t sum = 0;
  for (int i = 0; i < TABLE_LIVES; i++)
    sum += lives[i];
  return sum;
}

/* How many of count, each lasting life_s and beginning at any time in the
 * interval, are there at its end. */
static int64_t caught(struct dice *dice, int64_t count, double life_s,
                      double length_s) {
  return dice_binomial(dice, count, life_s / length_s);
}

static int64_t decay(struct dice *dice, int64_t *pool, double life_s,
                     double length_s) {
  int64_t gone = dice_binomial(dice, *pool, 1 - exp(-length_s / life_s));
  *pool -= gone;
  return gone;
}

/* One interval of connections of a mix. Returns how many ended. */
static int64_t flow(struct dice *dice, int64_t lives[TABLE_LIVES],
                    const struct connection_mix *mix, int64_t arriving,
                    double length_s) {
  int64_t ended = 0;
  double rest = 1;
  for (int i = 0; i < TABLE_LIVES; i++) {
    double life_s = table_life_s[i];
    double share = mix->share[i] / rest;
    int64_t fresh =
        i == TABLE_LIVES - 1 ? arriving : dice_binomial(dice, arriving, share);
    double stays = life_s / length_s * (1 - exp(-length_s / life_s));
    int64_t kept = dice_binomial(dice, fresh, stays);
    ended += decay(dice, &lives[i], life_s, length_s) + fresh - kept;
    lives[i] += kept;
    arriving -= fresh;
    rest -= mix->share[i];
  }
  return ended;
}

void socket_table_settle(struct socket_table *table,
                         const struct table_settings *settings,
                         double inbound_per_s, double outbound_per_s,
                         struct dice *dice) {
  for (int i = 0; i < TABLE_LIVES; i++) {
    double in = inbound_per_s * settings->inbound.share[i];
    double out = outbound_per_s * settings->outbound.share[i];
    table->inbound[i] = dice_poisson(dice, in * table_life_s[i]);
    table->outbound[i] = dice_poisson(dice, out * table_life_s[i]);
  }
  table->established = sum_lives(table->inbound) + sum_lives(table->outbound);
}

static void enter_time_wait(struct socket_table *table, int64_t count) {
  table->time_wait_slot[table->step % TABLE_TIME_WAIT_SLOTS] += count;
}

static void sum_time_wait(struct socket_table *table,
                          const struct table_settings *settings,
                          double length_s) {
  int64_t slots = (int64_t)(60 / length_s + 0.5);
  table->time_wait = 0;
  for (int64_t i = 0; i < slots || i == 0; i++) {
    int64_t step = table->step - i + TABLE_TIME_WAIT_SLOTS;
    table->time_wait += table->time_wait_slot[step % TABLE_TIME_WAIT_SLOTS];
  }
  if (table->time_wait > settings->max_time_wait)
    table->time_wait = settings->max_time_wait;
}

static void we_close(struct socket_table *table,
                     const struct table_settings *settings, int64_t count,
                     double round_trip_s, double length_s, struct dice *dice) {
  int64_t silent = dice_binomial(dice, count, vanished);
  table->silent_fin_wait2 += silent;
  table->fin_wait1 += caught(dice, count, round_trip_s, length_s);
  table->fin_wait2 +=
      caught(dice, count - silent, settings->peer_close_s, length_s);
  table->closing += caught(dice, count, round_trip_s * 0.01, length_s);
  enter_time_wait(table, count - silent);
}

static void peers_close(struct socket_table *table,
                        const struct table_settings *settings,
                        const struct table_interval *interval, int64_t count,
                        struct dice *dice) {
  double length_s = interval->length_s;
  if (interval->frozen) {
    table->frozen_close_wait += count;
    return;
  }
  table->close_wait += caught(dice, count, settings->close_s, length_s);
  table->last_ack += caught(dice, count, interval->round_trip_s, length_s);
}

static void end_inbound(struct socket_table *table,
                        const struct table_settings *settings,
                        const struct table_interval *interval, int64_t ended,
                        struct dice *dice, struct tally *tally) {
  int64_t resets = dice_binomial(dice, ended, settings->resets);
  tally->count[TALLY_ESTAB_RESETS] += resets;
  int64_t ours = interval->frozen
                     ? 0
                     : dice_binomial(dice, ended - resets, settings->we_close);
  we_close(table, settings, ours, interval->round_trip_s, interval->length_s,
           dice);
  peers_close(table, settings, interval, ended - resets - ours, dice);
}

static void connect_out(struct socket_table *table,
                        const struct table_settings *settings,
                        const struct table_interval *interval,
                        struct dice *dice, struct tally *tally) {
  double length_s = interval->length_s;
  double silent = interval->backends_silent ? 0.98 : settings->unreachable;
  int64_t opened = interval->opened;
  int64_t unanswered = dice_binomial(dice, opened, silent);
  int64_t refused = dice_binomial(dice, opened - unanswered, settings->refused);
  int64_t gave_up =
      decay(dice, &table->unanswered, settings->give_up_s, length_s);
  /* SYNs go out again after 1, 3, 7, 15 ... seconds. */
  int64_t again = dice_binomial(dice, table->unanswered, length_s / 20);
  int64_t fresh = dice_binomial(dice, unanswered * 3, 0.6);
  tally->count[TALLY_SYN_RETRANS] += again + fresh;
  tally->count[TALLY_ACTIVE_OPENS] += opened;
  tally->count[TALLY_ATTEMPT_FAILS] += refused + gave_up;
  table->unanswered += unanswered;
  int64_t connected = opened - unanswered - refused;
  table->syn_sent = table->unanswered + caught(dice, opened - unanswered,
                                               settings->backend_s, length_s);
  int64_t ended =
      flow(dice, table->outbound, &settings->outbound, connected, length_s);
  int64_t theirs = dice_binomial(dice, ended, 0.3);
  table->close_wait += caught(dice, theirs, settings->close_s * 4, length_s);
  table->last_ack += caught(dice, theirs, settings->backend_s, length_s);
  we_close(table, settings, ended - theirs, settings->backend_s, length_s,
           dice);
}

static void add_pools(struct socket_table *table,
                      const struct table_interval *interval,
                      struct dice *dice) {
  double length_s = interval->length_s;
  decay(dice, &table->silent_fin_wait2, fin_timeout_s, length_s);
  if (!interval->frozen)
    decay(dice, &table->frozen_close_wait, drain_s, length_s);
  table->leaked += dice_poisson(dice, interval->leaks_per_s * length_s);
  table->fin_wait2 += table->silent_fin_wait2;
  table->close_wait += table->leaked + table->frozen_close_wait;
  table->established = sum_lives(table->inbound) + sum_lives(table->outbound);
}

void socket_table_step(struct socket_table *table,
                       const struct table_settings *settings,
                       const struct table_interval *interval, struct dice *dice,
                       struct tally *tally) {
  table->step++;
  table->time_wait_slot[table->step % TABLE_TIME_WAIT_SLOTS] = 0;
  table->fin_wait1 = table->fin_wait2 = table->closing = 0;
  table->close_wait = table->last_ack = 0;
  int64_t ended = flow(dice, table->inbound, &settings->inbound,
                       interval->created, interval->length_s);
  end_inbound(table, settings, interval, ended, dice, tally);
  connect_out(table, settings, interval, dice, tally);
  add_pools(table, interval, dice);
  sum_time_wait(table, settings, interval->length_s);
}

int64_t socket_table_restart(struct socket_table *table, struct dice *dice,
                             struct tally *tally) {
  int64_t lost = sum_lives(table->inbound);
  int64_t resets = dice_binomial(dice, lost, 0.5);
  tally->count[TALLY_ESTAB_RESETS] += resets + table->leaked;
  enter_time_wait(table, lost - resets);
  memset(table->inbound, 0, sizeof(table->inbound));
  table->leaked = table->frozen_close_wait = 0;
  return lost;
}

void socket_table_clear(struct socket_table *table) {
  *table = (struct socket_table){.step = table->step};
}
