/* The life of request sockets between SYN and the end of the handshake: the
 * kernel's timers and what they prune. Admission is in syn_admission.c. Touches
 * nothing but its own structures. Source: reqsk_timer_handler, syn_ack_recalc,
 * tcp_check_req in net/ipv4 of the kernel. */
#include "syn_queue.h"
#include "syn_tick.h"

#include <math.h>
#include <string.h>

/* In silence, at each SYN-ACK sent again. */
static const double client_gives_up = 0.01;

static int64_t at_most(int64_t value, int64_t limit) {
  return value < limit ? value : limit;
}

static int64_t at_least(int64_t value, int64_t limit) {
  return value > limit ? value : limit;
}

static double still_out(double age_s, double median_s, double sigma) {
  if (age_s <= 0)
    return 1;
  return 0.5 * erfc(log(age_s / median_s) / (sigma * sqrt(2)));
}

void handshake_path_init(struct handshake_path *path, double median_s,
                         double sigma, double loss) {
  enum { STEPS = 50 };
  for (int k = 0; k < SYN_QUEUE_PATH_AGES; k++) {
    double sum = 0;
    for (int i = 0; i < STEPS; i++)
      sum += still_out(k + (i + 0.5) / (double)STEPS, median_s, sigma);
    path->pending[k] = sum / (double)STEPS;
  }
  path->loss = loss;
}

int64_t syn_queue_life_s(const struct syn_queue *queue) {
  return (2 << queue->retries) - 1;
}

int64_t syn_queue_probes(const struct syn_queue *queue) {
  int64_t probes = 0;
  for (int second = 0; second < SYN_QUEUE_RING_S; second++)
    probes += queue->waiting[second][REQUEST_PROBE];
  return probes;
}

int64_t syn_queue_aged(const struct syn_queue *queue) {
  return queue->total - queue->young;
}

int64_t syn_queue_limit(const struct syn_queue *queue) {
  int64_t quarter = queue->max_syn_backlog >> 2;
  int64_t unproven = queue->max_syn_backlog - quarter + 1;
  return queue->cookies == 0 ? at_most(queue->backlog, unproven)
                             : queue->backlog;
}

void syn_queue_clear(struct syn_queue *queue) {
  memset(queue->waiting, 0, sizeof(queue->waiting));
  memset(queue->again, 0, sizeof(queue->again));
  queue->resetting = queue->on_way = 0;
  queue->total = queue->young = 0;
  queue->accept_depth = 0;
}

int64_t syn_tick_hand_over(struct syn_tick *tick, int64_t answered) {
  struct syn_queue *queue = tick->queue;
  int64_t room = queue->backlog + 1 - queue->accept_depth + tick->accepts;
  int64_t created = at_most(answered, at_least(room, 0));
  queue->accept_depth += created;
  tick->tally->count[TALLY_PASSIVE_OPENS] += created;
  tick->tally->count[TALLY_LISTEN_OVERFLOWS] += answered - created;
  tick->tally->count[TALLY_LISTEN_DROPS] += answered - created;
  return created;
}

void syn_tick_allow(struct syn_tick *tick, double seconds) {
  double capacity = tick->queue->accepts_per_s * seconds;
  tick->accepts = (int64_t)(capacity + dice_unit(tick->dice));
}

void syn_tick_accept(struct syn_tick *tick) {
  struct syn_queue *queue = tick->queue;
  queue->accept_depth -= at_most(tick->accepts, queue->accept_depth);
}

static int64_t *born(struct syn_tick *tick, int64_t age_s) {
  int64_t second = tick->now - age_s + SYN_QUEUE_RING_S;
  return tick->queue->waiting[second % SYN_QUEUE_RING_S];
}

/* Of the entries whose timer runs out for the timeouts-th time, how many the
 * kernel drops: all at the last one, else the excess of old ones over half of
 * the queue. */
static int64_t expired(const struct syn_queue *queue, int timeouts,
                       int64_t due) {
  if (timeouts >= queue->retries)
    return due;
  if (timeouts < 2)
    return 0;
  int64_t half = at_least(8, queue->backlog) / 2;
  int64_t crowded = queue->young << (queue->retries - timeouts);
  int64_t least = at_least(half + 1, crowded);
  return at_most(due, at_least(queue->total - least + 1, 0));
}

static void drop_expired(struct syn_tick *tick, int64_t *cohort, int64_t due,
                         int64_t drop) {
  tick->queue->total -= drop;
  for (int kind = 0; kind < REQUEST_KINDS; kind++) {
    int64_t taken = dice_portion(tick->dice, cohort[kind], due, drop);
    due -= cohort[kind];
    drop -= taken;
    cohort[kind] -= taken;
  }
}

/* The client whose packet was lost answers the SYN-ACK that was sent again. */
static void answer_lost(struct syn_tick *tick, int64_t *cohort) {
  double loss = tick->path->loss;
  int64_t gone =
      dice_binomial(tick->dice, cohort[REQUEST_LOST], client_gives_up);
  cohort[REQUEST_LOST] -= gone;
  cohort[REQUEST_DEAD] += gone;
  int64_t answers =
      dice_binomial(tick->dice, cohort[REQUEST_LOST], 1 - syn_tick_loss(loss));
  int64_t late = dice_binomial(tick->dice, answers, tick->path->pending[0]);
  cohort[REQUEST_LOST] -= answers;
  tick->queue->on_way += late;
  int64_t created = syn_tick_hand_over(tick, answers - late);
  tick->queue->total -= created;
  cohort[REQUEST_STUCK] += answers - late - created;
}

static void answer_stuck(struct syn_tick *tick, int64_t *cohort) {
  int64_t gone =
      dice_binomial(tick->dice, cohort[REQUEST_STUCK], client_gives_up);
  cohort[REQUEST_STUCK] -= gone;
  cohort[REQUEST_DEAD] += gone;
  int64_t created = syn_tick_hand_over(tick, cohort[REQUEST_STUCK]);
  cohort[REQUEST_STUCK] -= created;
  tick->queue->total -= created;
}

static void run_timer(struct syn_tick *tick, int timeouts) {
  int64_t *cohort = born(tick, (2 << timeouts) - 1);
  int64_t due = 0;
  for (int kind = 0; kind < REQUEST_KINDS; kind++)
    due += cohort[kind];
  if (due == 0)
    return;
  int64_t drop = expired(tick->queue, timeouts, due);
  if (drop > 0)
    drop_expired(tick, cohort, due, drop);
  if (timeouts == 0)
    tick->queue->young -= due;
  tick->tally->count[TALLY_SYN_RETRANS] += due - drop;
  if (cohort[REQUEST_STUCK] > 0)
    answer_stuck(tick, cohort);
  if (cohort[REQUEST_LOST] > 0)
    answer_lost(tick, cohort);
}

/* Answers on a long way arrive, the first of them before the SYN-ACK is sent
 * again. */
static void receive_late(struct syn_tick *tick, int age_s) {
  int64_t *cohort = born(tick, age_s);
  if (cohort[REQUEST_LIVE] == 0)
    return;
  const double *pending = tick->path->pending;
  double stays = age_s < SYN_QUEUE_PATH_AGES && pending[age_s - 1] > 0
                     ? pending[age_s] / pending[age_s - 1]
                     : 0;
  int64_t still = dice_binomial(tick->dice, cohort[REQUEST_LIVE], stays);
  int64_t answers = cohort[REQUEST_LIVE] - still;
  int64_t created = syn_tick_hand_over(tick, answers);
  cohort[REQUEST_LIVE] = still;
  cohort[REQUEST_STUCK] += answers - created;
  tick->queue->total -= created;
  if (age_s == 1)
    tick->queue->young -= created;
}

static void receive_on_way(struct syn_tick *tick) {
  int64_t answers = tick->queue->on_way;
  if (answers == 0)
    return;
  int64_t created = syn_tick_hand_over(tick, answers);
  tick->queue->on_way = 0;
  tick->queue->total -= created;
  born(tick, 2)[REQUEST_STUCK] += answers - created;
}

void syn_queue_tick(struct syn_queue *queue, int64_t now,
                    const struct syn_arrivals *arrivals,
                    const struct handshake_path *path, struct dice *dice,
                    struct tally *tally) {
  struct syn_tick tick = {
      .queue = queue, .now = now, .path = path, .dice = dice, .tally = tally};
  if (queue->total > 0) {
    syn_tick_allow(&tick, 0.5);
    for (int age_s = 1; age_s <= SYN_QUEUE_PATH_AGES; age_s++)
      receive_late(&tick, age_s);
    receive_on_way(&tick);
    for (int timeouts = queue->retries; timeouts >= 0; timeouts--)
      run_timer(&tick, timeouts);
    syn_tick_accept(&tick);
  }
  syn_tick_admit(&tick, arrivals);
}
