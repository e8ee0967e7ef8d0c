/* Arriving SYNs: entry, cookie or drop. Under pressure the second is cut in
 * slices, so that an entry that leaves makes room for the next one. Touches
 * nothing but the queue. Source: tcp_conn_request, tcp_syn_flood_action,
 * cookie_v4_check in net/ipv4 of the kernel. */
#include "syn_tick.h"

#include <math.h>
#include <string.h>

enum { SLICES_UNDER_PRESSURE = 10 };

static const double cookie_fails = 0.002; /* late or foreign ACKs */

static int64_t sum_of(const struct syn_arrivals *arrivals) {
  return arrivals->live + arrivals->dead + arrivals->reset + arrivals->probe;
}

static struct syn_arrivals
draw(struct dice *dice, const struct syn_arrivals *from, int64_t count) {
  struct syn_arrivals drawn = {0};
  int64_t whole = sum_of(from);
  drawn.live = dice_portion(dice, from->live, whole, count);
  whole -= from->live;
  count -= drawn.live;
  drawn.dead = dice_portion(dice, from->dead, whole, count);
  whole -= from->dead;
  count -= drawn.dead;
  drawn.probe = dice_portion(dice, from->probe, whole, count);
  drawn.reset = count - drawn.probe;
  return drawn;
}

static struct syn_arrivals without(const struct syn_arrivals *from,
                                   const struct syn_arrivals *taken) {
  return (struct syn_arrivals){.live = from->live - taken->live,
                               .dead = from->dead - taken->dead,
                               .reset = from->reset - taken->reset,
                               .probe = from->probe - taken->probe};
}

/* A client that was refused sends its SYN again after 1, 2 and 4 more
 * seconds, then its user has gone. */
static void try_again(struct syn_tick *tick, int64_t refused) {
  int64_t whole = 0;
  for (int i = 0; i < SYN_TICK_ATTEMPTS; i++)
    whole += tick->attempts[i];
  for (int i = 0; i < SYN_TICK_ATTEMPTS - 1; i++) {
    int64_t again = dice_portion(tick->dice, tick->attempts[i], whole, refused);
    int64_t second = tick->now + (1 << i);
    whole -= tick->attempts[i];
    refused -= again;
    tick->queue->again[second % SYN_QUEUE_PATH_AGES][i] += again;
  }
}

static void drop(struct syn_tick *tick, const struct syn_arrivals *dropped) {
  tick->tally->count[TALLY_LISTEN_DROPS] += sum_of(dropped);
  if (dropped->live > 0)
    try_again(tick, dropped->live);
}

static void overflow(struct syn_tick *tick,
                     const struct syn_arrivals *dropped) {
  tick->tally->count[TALLY_LISTEN_OVERFLOWS] += sum_of(dropped);
  drop(tick, dropped);
}

static bool accept_queue_full(const struct syn_queue *queue) {
  return queue->accept_depth > queue->backlog;
}

static void send_cookies(struct syn_tick *tick,
                         const struct syn_arrivals *arrivals) {
  int64_t *count = tick->tally->count;
  double loss = tick->path->loss;
  int64_t answers =
      dice_binomial(tick->dice, arrivals->live, 1 - syn_tick_loss(loss));
  count[TALLY_SYNCOOKIES_SENT] += sum_of(arrivals);
  if (answers < arrivals->live)
    try_again(tick, arrivals->live - answers);
  int64_t failed = dice_binomial(tick->dice, answers, cookie_fails);
  count[TALLY_SYNCOOKIES_FAILED] += failed;
  count[TALLY_SYNCOOKIES_RECV] += answers - failed;
  syn_tick_hand_over(tick, answers - failed);
}

/* No entry for these: the queue is full, or cookies are always sent. */
static void refuse(struct syn_tick *tick, const struct syn_arrivals *refused) {
  int64_t *count = tick->tally->count;
  if (sum_of(refused) == 0)
    return;
  if (tick->queue->cookies == 0) {
    count[TALLY_REQ_Q_FULL_DROP] += sum_of(refused);
    drop(tick, refused);
    return;
  }
  count[TALLY_REQ_Q_FULL_DO_COOKIES] += sum_of(refused);
  if (accept_queue_full(tick->queue))
    overflow(tick, refused);
  else
    send_cookies(tick, refused);
}

static void enter(struct syn_tick *tick, const struct syn_arrivals *entering) {
  struct syn_queue *queue = tick->queue;
  int64_t *cohort = queue->waiting[tick->now % SYN_QUEUE_RING_S];
  int64_t lost = dice_binomial(tick->dice, entering->live,
                               syn_tick_loss(tick->path->loss));
  cohort[REQUEST_LOST] += lost;
  cohort[REQUEST_DEAD] += entering->dead;
  cohort[REQUEST_PROBE] += entering->probe;
  queue->resetting += entering->reset;
  queue->total += sum_of(entering);
  queue->young += sum_of(entering);
  tick->live_pool += entering->live - lost;
}

/* Without cookies the last quarter of tcp_max_syn_backlog is for clients that
 * have been here before. Returns those of arrivals that may enter. */
static struct syn_arrivals pass_last_quarter(struct syn_tick *tick,
                                             struct syn_arrivals arrivals) {
  struct syn_queue *queue = tick->queue;
  int64_t three_quarters =
      queue->max_syn_backlog - (queue->max_syn_backlog >> 2);
  int64_t room = three_quarters + 1 - queue->total;
  if (queue->cookies != 0 || sum_of(&arrivals) <= room)
    return arrivals;
  struct syn_arrivals proven = {
      .live = dice_binomial(tick->dice, arrivals.live, queue->proven)};
  struct syn_arrivals unproven = without(&arrivals, &proven);
  int64_t count = sum_of(&unproven) < room ? sum_of(&unproven) : room;
  struct syn_arrivals pass = draw(tick->dice, &unproven, count > 0 ? count : 0);
  struct syn_arrivals dropped = without(&unproven, &pass);
  drop(tick, &dropped);
  pass.live += proven.live;
  return pass;
}

static void admit_slice(struct syn_tick *tick,
                        const struct syn_arrivals *arrivals) {
  struct syn_queue *queue = tick->queue;
  int64_t room = queue->cookies == 2 ? 0 : queue->backlog - queue->total;
  if (room > 0 && accept_queue_full(queue)) {
    overflow(tick, arrivals);
    return;
  }
  struct syn_arrivals enters = *arrivals;
  if (sum_of(arrivals) > room)
    enters = draw(tick->dice, arrivals, room > 0 ? room : 0);
  struct syn_arrivals refused = without(arrivals, &enters);
  enters = pass_last_quarter(tick, enters);
  enter(tick, &enters);
  refuse(tick, &refused);
}

static void answer(struct syn_tick *tick, int64_t answers) {
  struct syn_queue *queue = tick->queue;
  int64_t created = syn_tick_hand_over(tick, answers);
  int64_t stuck = answers - created;
  tick->live_pool -= answers;
  queue->waiting[tick->now % SYN_QUEUE_RING_S][REQUEST_STUCK] += stuck;
  queue->total -= created;
  queue->young -= created;
}

static void reset(struct syn_tick *tick, int64_t resets) {
  tick->queue->resetting -= resets;
  tick->queue->total -= resets;
  tick->queue->young -= resets;
  tick->tally->count[TALLY_EMBRYONIC_RSTS] += resets;
  tick->tally->count[TALLY_ATTEMPT_FAILS] += resets;
}

/* One slice of 1 / slices seconds. Answer times are held to be exponential
 * within it, with the path's mean. */
static void run_slice(struct syn_tick *tick,
                      const struct syn_arrivals *arrivals, int slices) {
  struct syn_queue *queue = tick->queue;
  double mean_s = tick->path->pending[0];
  double slice_s = 1.0 / slices;
  double stays = exp(-slice_s / mean_s);
  double new_stays = slices == 1 ? mean_s : mean_s / slice_s * (1 - stays);
  syn_tick_allow(tick, slice_s / 2);
  int64_t old = dice_binomial(tick->dice, tick->live_pool, stays);
  answer(tick, tick->live_pool - old);
  if (queue->resetting > 0)
    reset(tick, queue->resetting -
                    dice_binomial(tick->dice, queue->resetting, stays));
  int64_t resetting = queue->resetting;
  admit_slice(tick, arrivals);
  int64_t fresh = tick->live_pool - old;
  answer(tick, fresh - dice_binomial(tick->dice, fresh, new_stays));
  fresh = queue->resetting - resetting;
  reset(tick, fresh - dice_binomial(tick->dice, fresh, new_stays));
  syn_tick_accept(tick);
}

static bool under_pressure(const struct syn_tick *tick,
                           const struct syn_arrivals *arrivals) {
  const struct syn_queue *queue = tick->queue;
  int64_t arriving = sum_of(arrivals);
  return (double)(queue->accept_depth + arriving) > queue->accepts_per_s / 2 ||
         (queue->cookies != 2 &&
          queue->total + arriving > syn_queue_limit(queue));
}

void syn_tick_admit(struct syn_tick *tick,
                    const struct syn_arrivals *arrivals) {
  struct syn_queue *queue = tick->queue;
  struct syn_arrivals left = *arrivals;
  int64_t *again = queue->again[tick->now % SYN_QUEUE_PATH_AGES];
  tick->attempts[0] = arrivals->live;
  for (int i = 0; i < SYN_TICK_ATTEMPTS - 1; i++) {
    tick->attempts[i + 1] = again[i];
    left.live += again[i];
    again[i] = 0;
  }
  int slices = under_pressure(tick, &left) ? SLICES_UNDER_PRESSURE : 1;
  for (int i = slices; i > 0; i--) {
    struct syn_arrivals slice =
        i == 1 ? left
               : draw(tick->dice, &left,
                      dice_binomial(tick->dice, sum_of(&left), 1.0 / i));
    left = without(&left, &slice);
    run_slice(tick, &slice, slices);
  }
  queue->waiting[tick->now % SYN_QUEUE_RING_S][REQUEST_LIVE] = tick->live_pool;
}
