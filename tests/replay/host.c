/* One simulated host, second by second. Touches nothing but its own
 * structure. */
#include "host.h"

#include <math.h>
#include <string.h>

static const double monday_s = 1767571200; /* 2026-01-05 00:00:00 UTC */
static const double give_up_share = 0.3;   /* of clients that are cut off */
static const double stray_clump = 1.5;

enum {
  STREAM_LOAD,
  STREAM_QUEUE,
  STREAM_TABLE,
  STREAM_EVENT,
  STREAM_ATTACK,
  STREAM_BESIDE,
  STREAM_TRAFFIC
};

double host_clock(const struct host *host) {
  return host->start_wall_s + (double)host->now_s + host->clock_step_s;
}

/* The users' clock: a wrong clock on the host does not change their day. */
static double users_week_s(const struct host *host) {
  return host->start_wall_s + (double)host->now_s - monday_s;
}

static double outbound_per_s(const struct host *host, double inbound_per_s) {
  const struct load_settings *load = &host->settings.load;
  return load->outbound_per_s + load->outbound_per_request * inbound_per_s;
}

static void set_path(struct host *host) {
  const struct host_settings *settings = &host->settings;
  const struct effects *effects = &host->effects;
  double loss = settings->loss + effects->loss;
  if (effects->round_trip == host->path_round_trip && loss == host->path_loss)
    return;
  host->path_round_trip = effects->round_trip;
  host->path_loss = loss;
  handshake_path_init(&host->path, settings->round_trip_s * effects->round_trip,
                      settings->round_trip_sigma, loss);
}

void host_begin(struct host *host, uint64_t seed) {
  const struct host_settings *settings = &host->settings;
  dice_seed(&host->load_dice, seed, STREAM_LOAD);
  dice_seed(&host->queue_dice, seed, STREAM_QUEUE);
  dice_seed(&host->table_dice, seed, STREAM_TABLE);
  dice_seed(&host->event_dice, seed, STREAM_EVENT);
  dice_seed(&host->attack_dice, seed, STREAM_ATTACK);
  dice_seed(&host->beside_dice, seed, STREAM_BESIDE);
  traffic_begin(&host->traffic, settings->class, seed, STREAM_TRAFFIC);
  load_init(&host->load, &host->load_dice);
  host->queue.backlog = settings->backlog;
  host->queue.max_syn_backlog = settings->max_syn_backlog;
  host->queue.cookies = settings->cookies;
  host->queue.retries = settings->retries;
  host->queue.proven = settings->proven;
  host->effects = (struct effects){.load = 1, .round_trip = 1};
  set_path(host);
  double rate = settings->load.inbound_per_s *
                load_curve(&settings->load, users_week_s(host));
  socket_table_settle(&host->table, &settings->table, rate,
                      outbound_per_s(host, rate), &host->table_dice);
  for (int i = 0; i < TALLY_END; i++)
    host->tally.count[i] = dice_poisson(&host->table_dice, 5e4 * rate);
  host->restarted = true;
}

static int64_t refused_so_far(const struct host *host) {
  const int64_t *count = host->tally.count;
  return count[TALLY_REQ_Q_FULL_DO_COOKIES] + count[TALLY_LISTEN_DROPS];
}

static void restart_server(struct host *host) {
  int64_t lost =
      socket_table_restart(&host->table, &host->table_dice, &host->tally);
  syn_queue_clear(&host->queue);
  host->returning += (double)lost * (1 - give_up_share);
  host->return_s = dice_log_between(&host->event_dice, 5, 60);
}

static void reboot(struct host *host) {
  restart_server(host);
  socket_table_clear(&host->table);
  memset(&host->tally, 0, sizeof(host->tally));
  traffic_reboot(&host->traffic);
  host->interval_created = 0;
}

static void begin_event(struct host *host, struct event *event) {
  event->active = true;
  if (event->kind == EVENT_CLOCK)
    host->clock_step_s += event->factor;
  if (event->kind == EVENT_DEPLOY)
    restart_server(host);
  if (event->kind == EVENT_REBOOT)
    reboot(host);
  holding_size(event, (double)host->table.established);
  if (event->share > 0 && event->kind == EVENT_FLOOD)
    event->rate =
        event_rate_of_share(event, host->table.established, host->queue.total,
                            (double)syn_queue_life_s(&host->queue));
  event->began_wall_s = host_clock(host);
  event->established = host->table.established;
  event->refused_before = refused_so_far(host);
  event->overflows_before = host->tally.count[TALLY_LISTEN_OVERFLOWS];
}

static void end_event(struct host *host, struct event *event) {
  event->active = false;
  event->over = true;
  event->ended_wall_s = host_clock(host);
  event->refused = refused_so_far(host) - event->refused_before;
  event->overflows =
      host->tally.count[TALLY_LISTEN_OVERFLOWS] - event->overflows_before;
  if (event->kind == EVENT_LEAK)
    restart_server(host);
  if (event->kind == EVENT_GAP || event->kind == EVENT_REBOOT)
    host->restarted = true;
}

static void run_events(struct host *host) {
  double now_s = (double)host->now_s;
  if (now_s < host->uneventful_until_s)
    return;
  struct effects effects = {.load = 1, .round_trip = 1};
  double next_s = INFINITY;
  for (int i = 0; i < host->events.len; i++) {
    struct event *event = &host->events.items[i];
    if (event->over)
      continue;
    if (now_s >= event->start_s && !event->active)
      begin_event(host, event);
    if (now_s >= event->start_s + event->duration_s)
      end_event(host, event);
    else if (event->active)
      event_apply(event, now_s, &effects);
    if (!event->over)
      next_s = fmin(next_s, event->start_s);
  }
  host->uneventful_until_s = next_s;
  host->effects = effects;
  set_path(host);
}

/* After a restart lost clients come back, the impatient ones first. */
static int64_t returning_now(struct host *host) {
  if (host->returning < 1)
    return 0;
  double back = host->returning / host->return_s;
  int64_t count = dice_poisson(&host->event_dice, back);
  host->returning -= (double)count;
  return count;
}

static int64_t strays(struct host *host, double per_s) {
  if (per_s <= 0)
    return 0;
  int64_t count = dice_poisson(&host->event_dice, per_s / stray_clump);
  return count +
         dice_poisson(&host->event_dice, (double)count * (stray_clump - 1));
}

static struct syn_arrivals arrivals_now(struct host *host) {
  const struct load_settings *load = &host->settings.load;
  const struct effects *effects = &host->effects;
  struct dice *dice = &host->attack_dice;
  int64_t clients = load_arrivals(load, host->inbound_per_s * effects->load,
                                  &host->load_dice);
  int64_t vanish = dice_binomial(&host->load_dice, clients, load->vanish);
  double silent = load->stray_per_s * (1 - load->strays_reset);
  double resets = load->stray_per_s * load->strays_reset;
  struct syn_arrivals arrivals = {.live = clients - vanish};
  arrivals.dead = vanish + strays(host, silent);
  arrivals.dead += effects->dead + dice_poisson(dice, effects->dead_per_s);
  arrivals.probe = effects->probes;
  arrivals.probe += dice_poisson(dice, effects->probe_per_s);
  arrivals.reset = strays(host, resets);
  arrivals.reset += dice_poisson(dice, effects->reset_per_s);
  return arrivals;
}

static double accepts_per_s(const struct host *host) {
  const struct effects *effects = &host->effects;
  if (effects->frozen)
    return 0;
  if (effects->accepts > 0)
    return effects->accepts * host->inbound_per_s * effects->load;
  return host->settings.accepts_per_s;
}

/* A SYN to another listening socket whose accept queue is full: no entry. */
static void overflow_elsewhere(struct host *host) {
  if (host->effects.overflows_per_s <= 0)
    return;
  int64_t count =
      dice_poisson(&host->beside_dice, host->effects.overflows_per_s);
  host->tally.count[TALLY_LISTEN_OVERFLOWS] += count;
  host->tally.count[TALLY_LISTEN_DROPS] += count;
}

static void follow_peaks(struct host *host) {
  int64_t aged = syn_queue_aged(&host->queue);
  if (host->queue.total > host->half_open_peak)
    host->half_open_peak = host->queue.total;
  if (aged > host->aged_peak)
    host->aged_peak = aged;
}

static void run_second(struct host *host) {
  run_events(host);
  struct syn_arrivals arrivals = arrivals_now(host);
  double refused = 0;
  if (host->effects.port_closed) {
    host->returning += (double)arrivals.live * (1 - give_up_share);
    refused = (double)arrivals.live;
    arrivals = (struct syn_arrivals){0};
  } else {
    arrivals.live += returning_now(host);
  }
  host->queue.accepts_per_s = accepts_per_s(host);
  syn_queue_tick(&host->queue, host->now_s, &arrivals, &host->path,
                 &host->queue_dice, &host->tally);
  overflow_elsewhere(host);
  traffic_second(&host->traffic, &host->events, (double)host->now_s,
                 host->inbound_per_s * host->effects.load, refused);
  if (host->follow_peaks)
    follow_peaks(host);
  host->now_s++;
}

static void follow_flood(const struct host *host, struct event *event) {
  static const double memory_s = 300;
  double half_open = (double)host->queue.total;
  double open = half_open + (double)host->table.established;
  if (event->kind != EVENT_FLOOD || open <= 0)
    return;
  double weight = fmin(1, host->interval_s / memory_s);
  double unanswered = 100 * (double)syn_queue_aged(&host->queue) / open;
  double failed = 100 * half_open / open;
  event->unanswered += weight * (unanswered - event->unanswered);
  event->failed += weight * (failed - event->failed);
  if (event->unanswered >= 15 && event->unanswered_15_wall_s == 0)
    event->unanswered_15_wall_s = host_clock(host);
  if (event->failed > 40 && event->completion_60_wall_s == 0)
    event->completion_60_wall_s = host_clock(host);
}

static void follow_events(struct host *host) {
  double half_open = (double)host->queue.total;
  double open = half_open + (double)host->table.established;
  double share = open > 0 ? 100 * half_open / open : 0;
  for (int i = 0; i < host->events.len; i++) {
    struct event *event = &host->events.items[i];
    if (!event->active)
      continue;
    follow_flood(host, event);
    if (share > event->share_peak)
      event->share_peak = share;
    if ((double)host->now_s > event->start_s + event->duration_s / 2) {
      event->late_share_sum += share;
      event->late_readings++;
    }
    if (host->queue.total > event->half_open_peak)
      event->half_open_peak = host->queue.total;
    if (host->table.syn_sent > event->syn_sent_peak)
      event->syn_sent_peak = host->table.syn_sent;
    if (host->table.close_wait > event->close_wait_peak)
      event->close_wait_peak = host->table.close_wait;
    double in_use = 100.0 * (double)host->table.time_wait /
                    (double)host->settings.table.max_time_wait;
    if (in_use > event->time_wait_peak)
      event->time_wait_peak = in_use;
  }
}

bool host_step(struct host *host) {
  const struct host_settings *settings = &host->settings;
  int length_s = host->interval_s;
  host->inbound_per_s =
      load_step(&host->load, &settings->load, users_week_s(host), length_s,
                &host->load_dice);
  host->interval_created = host->tally.count[TALLY_PASSIVE_OPENS];
  host->half_open_peak = host->aged_peak = 0;
  for (int i = 0; i < length_s; i++)
    run_second(host);
  const struct effects *effects = &host->effects;
  double per_s = outbound_per_s(host, host->inbound_per_s * effects->load) +
                 effects->outbound_per_s;
  int64_t created =
      host->tally.count[TALLY_PASSIVE_OPENS] - host->interval_created;
  struct table_interval interval = {
      .length_s = length_s,
      .round_trip_s = settings->round_trip_s * effects->round_trip,
      .created = created > 0 ? created : 0,
      .opened = dice_poisson(&host->table_dice, per_s * length_s),
      .leaks_per_s = effects->leaks_per_s,
      .frozen = effects->frozen,
      .backends_silent = effects->backends_silent,
  };
  socket_table_step(&host->table, &settings->table, &interval,
                    &host->table_dice, &host->tally);
  follow_events(host);
  if (host->follow_held)
    traffic_read(&host->traffic, (double)host->now_s, length_s,
                 (double)(interval.created + interval.opened),
                 (double)host->table.established,
                 (double)host->tally.count[TALLY_PASSIVE_OPENS] +
                     host->traffic.opened);
  return !effects->silent;
}

void host_end(struct host *host) {
  for (int i = 0; i < host->events.len; i++) {
    if (host->events.items[i].active)
      end_event(host, &host->events.items[i]);
  }
}
