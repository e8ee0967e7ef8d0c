/* Connections beyond what arrivals explain. By Little's law a host has as many
 * connections as arrive a second, times how long each is held; with both
 * learned, what new arrivals explain is a filter of their rate that has the
 * usual hold as its time constant. Touches nothing but its arguments. Source:
 * Little, A Proof for the Queuing Formula L = lambda W, 1961; for the counters,
 * __tcp_transmit_skb() and tcp_xmit_probe_skb() in net/ipv4/tcp_output.c. */
#include "table/held.h"

#include <math.h>

static const double learn_least_s = 60, learn_s = 1800;

/* A longer hold would explain too much: whoever waits for a server's time-out
 * comes and goes like a client. */
static const double hold_most_s = 20, hold_least_s = 0.1;

static const double rate_s = 5; /* what a rate is smoothed over */

/* Noise is what differs from this average; a ramp is none. */
static const double trend_s = 30, noise_deviations = 3;

/* What is suspected ... */
static const double beyond_least = 64, beyond_deviations = 6;
static const double rise_s = 300, rise_deviations = 3,
                    silent_rise_deviations = 1;
static const double probes_least = 8, probes_times = 6;
enum { BEYOND_RUN = 2 };

/* ... and for how long after its last cause; what a look found holds good for a
 * while, too. */
static const double stay_s = 60, look_stays_s = 150;

/* While there is suspicion nothing is learned, at first. What lasts without any
 * sign of somebody who holds becomes usual, and slowly all else. */
static const double patience_s = 600, relearn_s = 600,
                    relearn_evident_s = 86400;

/* Arrivals whose data is missing by less are as usual; for a look it is enough
 * that they seem not to be. */
static const double unsaid_deviations = 3, unsaid_perhaps = 1,
                    unsaid_surely = 6;

/* A peer that reads a little takes a segment now and then. */
static const double hung_data = 2, hung_least_s = 10;

/* From look to look, less what a reading may be early. */
static const double look_every_s = 1.5, ask_every_s = 3.5;

/* Readings from one look without suspicion to the next: on some hosts clients
 * always wait, or send bit by bit. A look costs as much as six readings. */
enum { CALM_LOOK_EVERY = 200 };

static const uint64_t evident_least = 32, evident_part = 5;

static bool known_in_both(const struct held *held,
                          const struct kernel_counters *now,
                          enum kernel_counter counter) {
  return held->counters.known[counter] && now->known[counter];
}

/* A second, since the last reading; NAN if the counter went backwards or is not
 * known. */
static double rate_of(const struct held *held, double elapsed_s,
                      const struct kernel_counters *now,
                      enum kernel_counter counter) {
  uint64_t step =
      (uint64_t)now->value[counter] - (uint64_t)held->counters.value[counter];
  return known_in_both(held, now, counter) && step <= INT64_MAX
             ? (double)step / elapsed_s
             : NAN;
}

static double bare_acks_of(const struct held *held, double elapsed_s,
                           const struct kernel_counters *now) {
  return rate_of(held, elapsed_s, now, COUNTER_OUT_SEGS) -
         rate_of(held, elapsed_s, now, COUNTER_OUT_RSTS) -
         rate_of(held, elapsed_s, now, COUNTER_ORIG_DATA_SENT) -
         rate_of(held, elapsed_s, now, COUNTER_WIN_PROBE);
}

/* How long a connection is held, on average. */
static double usual_hold(const struct held_usual *usual) {
  if (!(usual->arrivals > 0))
    return hold_most_s;
  double hold_s = usual->connections / usual->arrivals;
  return fmin(fmax(hold_s, hold_least_s), hold_most_s);
}

static void follow(double *average, double value, double weight) {
  if (!isnan(value))
    *average += weight * (value - *average);
}

/* A rate that was not known is taken as the next one that is. */
static void smooth(double *rate, double value, double elapsed_s) {
  if (isnan(*rate))
    *rate = value;
  follow(rate, value, -expm1(-elapsed_s / rate_s));
}

struct rates {
  double connections, arrivals, bare_acks, probes, data;
};

/* One burst is no noise. */
static void learn_square(double *square, double value, double least,
                         double weight) {
  double most = fmax(least, noise_deviations * sqrt(*square));
  double noise = fmin(fabs(value), most);

  follow(square, noise * noise, weight);
}

static void learn_noise(struct held *held, double weight) {
  struct held_usual *usual = &held->usual;

  learn_square(&usual->square, held->deviation, beyond_least, weight);
  learn_square(&usual->rise_square, held->rise, beyond_least, weight);
  follow(&usual->together, held->change * held->spoken_change, weight);
  follow(&usual->alone, held->spoken_change * held->spoken_change, weight);
  if (!isnan(held->unsaid))
    learn_square(&usual->mute_square, held->unsaid,
                 fmax(1, usual->arrivals / 10), weight);
}

static void learn(struct held *held, const struct rates *now, double elapsed_s,
                  double over_s) {
  struct held_usual *usual = &held->usual;
  double all_s = usual->learned_s + elapsed_s;
  bool again = held->suspected && !held->risen;
  double weight = fmin(1, elapsed_s / (again ? over_s : fmin(over_s, all_s)));

  follow(&usual->connections, now->connections, weight);
  follow(&usual->arrivals, now->arrivals, weight);
  follow(&usual->bare_acks, now->bare_acks, weight);
  follow(&usual->probes, now->probes, weight);
  if (!held->many_hung)
    follow(&usual->data, now->data, weight);
  if (!held->suspected)
    learn_noise(held, weight);
  usual->learned_s = fmin(all_s, learn_s);
}

/* How far unsaid may be off, a second: more where more is said. */
static double unsaid_most(const struct held *held, double deviations) {
  const struct held_usual *usual = &held->usual;
  double more = usual->data > 0 ? fmax(1, held->data_rate / usual->data) : 1;

  return deviations * more * sqrt(usual->mute_square);
}

/* Arrivals, a second, beyond those whose usual share of data was sent. */
static void compare_data(struct held *held, const struct rates *now,
                         double elapsed_s) {
  const struct held_usual *usual = &held->usual;

  smooth(&held->arrival_rate, now->arrivals, elapsed_s);
  smooth(&held->data_rate, now->data, elapsed_s);
  held->unsaid =
      usual->data > 0 && !isnan(now->data)
          ? held->arrival_rate - held->data_rate * usual->arrivals / usual->data
          : NAN;
}

/* Whoever connects and says nothing explains no connection: a client does say
 * something. Checks of a port come and go, and hold none. */
static double explaining(const struct held *held, double arrivals,
                         double deviations) {
  if (isnan(held->unsaid))
    return arrivals;
  double silent = fmax(0, held->unsaid - unsaid_most(held, deviations));
  return fmax(0, arrivals - silent);
}

/* A filter of the arrivals, less those that say nothing. */
static void follow_explained(const struct held *held, double *explained,
                             double arrivals, double elapsed_s,
                             double deviations) {
  double hold_s = usual_hold(&held->usual);
  double these = explaining(held, arrivals, deviations);

  follow(explained, these * hold_s, -expm1(-elapsed_s / hold_s));
}

/* By how much connections follow those explained: where some stay for an
 * instant and some for hours, less than one for one. */
static double follows(const struct held_usual *usual) {
  if (!(usual->alone > 0))
    return 1;
  return fmin(fmax(0, usual->together / usual->alone), 1);
}

/* What came within minutes, and is not explained. */
static void see_rise(struct held *held, const struct rates *now,
                     double elapsed_s) {
  double weight = -expm1(-elapsed_s / rise_s);

  if (held->usual.learned_s <= 0)
    held->level = held->spoken = held->spoken_level = now->connections;
  follow_explained(held, &held->spoken, now->arrivals, elapsed_s,
                   unsaid_perhaps);
  held->change = now->connections - held->level;
  held->spoken_change = held->spoken - held->spoken_level;
  held->rise = held->change - follows(&held->usual) * held->spoken_change;
  follow(&held->level, now->connections, weight);
  follow(&held->spoken_level, held->spoken, weight);
}

static void explain(struct held *held, const struct rates *now,
                    double elapsed_s) {
  const struct held_usual *usual = &held->usual;
  double more = 1;

  if (usual->learned_s <= 0)
    held->explained = now->connections;
  compare_data(held, now, elapsed_s);
  follow_explained(held, &held->explained, now->arrivals, elapsed_s,
                   unsaid_deviations);
  smooth(&held->bare_rate, now->bare_acks, elapsed_s);
  held->beyond =
      fmax(0, now->connections - fmax(usual->connections, held->explained));
  follow(&held->trend, held->beyond, -expm1(-elapsed_s / trend_s));
  held->deviation = held->beyond - held->trend;
  if (usual->arrivals > 0)
    more = fmax(1, held->arrival_rate / usual->arrivals);
  double bare_acks = held->bare_rate - usual->bare_acks * more;
  if (isnan(now->bare_acks))
    bare_acks = NAN;
  held->bare_acks = bare_acks < 0 ? 0 : bare_acks;
}

static bool is_cause(struct held *held, const struct rates *now) {
  const struct held_usual *usual = &held->usual;
  double least = fmax(beyond_least, beyond_deviations * sqrt(usual->square));

  held->beyond_run = held->beyond >= least ? held->beyond_run + 1 : 0;
  return held->beyond_run >= BEYOND_RUN ||
         now->probes >= fmax(probes_least, probes_times * usual->probes);
}

/* Two signs add up: many come that say nothing, and there are more. */
static bool has_risen(const struct held *held) {
  bool silent = held->unsaid >= unsaid_most(held, unsaid_surely);
  double noise = sqrt(held->usual.rise_square);
  double deviations = silent ? silent_rise_deviations : rise_deviations;

  return held->rise >= fmax(beyond_least, deviations * noise);
}

static void suspect(struct held *held, double time_s, bool cause) {
  if (time_s - held->asked_s > look_stays_s)
    held->evident = false;
  if (cause && !held->suspected) {
    held->suspected = true;
    held->since_s = time_s;
    held->looked_s = held->asked_s = -INFINITY;
  }
  if (cause)
    held->caused_s = time_s;
  if (time_s - held->caused_s > stay_s && !held->evident)
    held->suspected = false;
}

/* Over how long to learn; 0: not now. A rise is worth a look, but it may be no
 * more than a crowd that stays. */
static double learning_time(const struct held *held, double time_s) {
  if (!held->suspected || (held->risen && !held->evident))
    return held->beyond_run > 0 ? 0 : learn_s;
  if (held->evident)
    return relearn_evident_s;
  return time_s - held->since_s < patience_s ? 0 : relearn_s;
}

static void judge(struct held *held, double time_s, const struct rates *now,
                  double elapsed_s) {
  explain(held, now, elapsed_s);
  see_rise(held, now, elapsed_s);
  bool ready = held->usual.learned_s >= learn_least_s;
  bool cause = ready && is_cause(held, now);
  bool risen = ready && has_risen(held);
  if (cause || !held->suspected)
    held->risen = !cause && risen;
  suspect(held, time_s, cause || risen);
  double over_s = learning_time(held, time_s);
  if (over_s > 0)
    learn(held, now, elapsed_s, over_s);
  if (!ready)
    held->beyond = held->bare_acks = NAN;
}

void held_note(struct held *held, double time_s, double connections,
               const struct kernel_counters *counters) {
  double elapsed_s = time_s - held->time_s;

  if (held->counted && !(elapsed_s > 0))
    return;
  struct rates now = {
      connections,
      rate_of(held, elapsed_s, counters, COUNTER_PASSIVE_OPENS),
      bare_acks_of(held, elapsed_s, counters),
      rate_of(held, elapsed_s, counters, COUNTER_WIN_PROBE),
      rate_of(held, elapsed_s, counters, COUNTER_ORIG_DATA_SENT),
  };
  if (!held->counted || isnan(connections) || isnan(now.arrivals))
    held->beyond = held->bare_acks = NAN;
  else
    judge(held, time_s, &now, elapsed_s);
  if (!held->counted)
    held->bare_rate = held->arrival_rate = held->data_rate = NAN;
  held->elapsed_s = held->counted ? elapsed_s : 0;
  held->counted = true;
  if (held->since_asked < CALM_LOOK_EVERY)
    held->since_asked++;
  held->time_s = time_s;
  held->counters = *counters;
}

double held_starving(struct held *held, uint64_t zero_windows) {
  const struct held_usual *usual = &held->usual;

  held->many_hung = zero_windows >= evident_least;
  if (zero_windows == 0 || isnan(held->beyond) || isnan(held->unsaid)) {
    held->hung_s = 0;
    return zero_windows == 0 ? 0 : NAN;
  }
  double each = usual->data / usual->arrivals; /* segments of an arrival */
  double data = each * (unsaid_most(held, unsaid_deviations) - held->unsaid);
  bool hung = data <= hung_data * (double)zero_windows;
  held->hung_s = hung ? held->hung_s + held->elapsed_s : 0;
  return held->hung_s >= hung_least_s ? (double)zero_windows : NAN;
}

enum held_look held_wants(const struct held *held, double time_s) {
  if (!held->suspected) {
    bool due = !held->looked || held->since_asked >= CALM_LOOK_EVERY;
    bool ready = held->usual.learned_s >= learn_least_s;
    return due && ready && held->beyond_run == 0 ? HELD_LOOK_INFO
                                                 : HELD_NO_LOOK;
  }
  if (time_s - held->asked_s >= ask_every_s)
    return HELD_LOOK_INFO;
  return time_s - held->looked_s >= look_every_s ? HELD_LOOK : HELD_NO_LOOK;
}

/* Beyond what a host always has: more when it has more connections. */
static double kind_beyond(const struct held *held,
                          const struct holders *holders, int kind) {
  const struct held_usual *usual = &held->usual;
  double more = usual->connections > 0
                    ? (double)holders->sockets / usual->connections
                    : 1;

  return (double)holders->kind[kind] - fmax(1, more) * held->usual_kind[kind];
}

static bool is_evident(const struct held *held, const struct holders *holders) {
  uint64_t hung = holders->kind[HOLDER_ZERO_WINDOW];
  double most = 0;

  if (!holders_know_kinds(holders))
    return hung >= evident_least && hung * evident_part >= holders->sockets;
  for (int i = HOLDER_DRIP; i < HOLDER_KINDS; i++)
    most = fmax(most, kind_beyond(held, holders, i));
  return most >= (double)evident_least && !(most < held->beyond / 2);
}

void held_looked(struct held *held, double time_s,
                 const struct holders *holders) {
  held->looked = true;
  held->looked_s = time_s;
  if (!holders->asked)
    return;
  held->asked_s = time_s;
  held->since_asked = 0;
  if (held->suspected)
    held->evident = is_evident(held, holders);
  else
    for (int i = 0; i < HOLDER_KINDS; i++)
      held->usual_kind[i] = (double)holders->kind[i];
}

void held_values_clear(struct held_values *values) {
  values->beyond = values->bare_acks = NAN;
  values->zero_window = values->sockets = NAN;
  for (int i = 0; i < HOLDER_KINDS; i++)
    values->kind[i] = NAN;
}

void held_values_take(struct held_values *values,
                      const struct holders *holders) {
  const struct listener *listener = holders_listener(holders);

  values->zero_window = (double)holders->kind[HOLDER_ZERO_WINDOW];
  values->sockets = (double)holders->sockets;
  for (int i = HOLDER_DRIP; holders_know_kinds(holders) && i < HOLDER_KINDS;
       i++)
    values->kind[i] = (double)holders->kind[i];
  /* Without tcp_info not all of them are seen: the place stays. */
  if (!holders->asked && values->holders > 0)
    return;
  values->listener_known = listener != NULL;
  if (listener != NULL)
    values->listener = *listener;
  values->source = holders->at->source;
  values->holders = holders->at->total[TCP_STATE_SYN_RECV];
}
