/* See holding.h. */
#include "holding.h"

#include <math.h>

static const double timeout_s = 60; /* of the server, for a header or body */
static const double first_probe_s = 0.2; /* then twice as late each time */
static const double room = 1000;         /* connections of the server */

/* What each of an event's clients does. */
struct manner {
  double acks, data;                /* a second, each */
  double zero, drip, starved, mute; /* shares, of those that are old enough */
  double life_s; /* it connects again after so long; INFINITY: it stays */
  double mute_s; /* it says something then */
};

static bool holds(enum event_kind kind) {
  return (kind >= EVENT_KEEPALIVE && kind <= EVENT_CHECKS) ||
         (kind >= EVENT_SLOWLORIS && kind <= EVENT_SILENT);
}

static struct manner manner_of(const struct event *event) {
  double line_s = event->line_s > 0 ? event->line_s : 5;
  double life_s = event->life_s > 0 ? event->life_s : timeout_s;

  switch (event->kind) {
  case EVENT_SLOWLORIS:
  case EVENT_SLOWPOST:
    return (struct manner){.acks = 1 / line_s, .drip = 1, .life_s = life_s};
  case EVENT_SLOWREAD:
    return (struct manner){.zero = 1, .starved = 1, .life_s = INFINITY};
  case EVENT_SILENT:
    return (struct manner){.mute = 1, .mute_s = INFINITY, .life_s = life_s};
  case EVENT_KEEPALIVE:
    return (struct manner){.data = 0.05, .life_s = 75};
  case EVENT_WEBSOCKETS:
    return (struct manner){.acks = 0.02, .data = 0.05, .life_s = INFINITY};
  case EVENT_POOL:
    return (struct manner){.mute = 0.85, .mute_s = 45, .life_s = INFINITY};
  case EVENT_MOBILE:
    return (struct manner){
        .data = 22, .zero = 0.9, .starved = 0.01, .life_s = INFINITY};
  case EVENT_VIDEO:
    return (struct manner){.data = 30, .zero = 0.9, .life_s = INFINITY};
  case EVENT_UPLOADS:
    return (struct manner){.acks = 7.6, .drip = 0.05, .life_s = 30};
  case EVENT_VANISH: /* most have segments sent again: that is no hold */
    return (struct manner){.zero = 0.03, .starved = 0.03, .life_s = INFINITY};
  case EVENT_CHECKS:
    return (struct manner){.life_s = 0.05};
  default:
    return (struct manner){.life_s = INFINITY};
  }
}

/* Connections that are at least so old. */
static double older(const struct event *event, const struct manner *is,
                    double age_s, double least_s) {
  if (age_s <= least_s || is->life_s <= least_s)
    return 0;
  if (event->count <= 0) /* they come, stay for a life, and go */
    return event->rate * (fmin(age_s, is->life_s) - least_s);
  double came = fmin(event->count, event->rate * (age_s - least_s));
  return came * (1 - least_s / is->life_s);
}

static double opened(const struct event *event, const struct manner *is,
                     double age_s) {
  if (event->count <= 0 || event->rate * age_s < event->count)
    return event->rate;
  return event->count / is->life_s;
}

/* Probes a second of all who have come, each fewer the older it is. */
static double probes(const struct event *event, double age_s) {
  double sum = 0, each_s = event->count / event->rate;

  for (double came_s = 0; came_s < fmin(age_s, each_s); came_s++)
    sum += event->rate / (M_LN2 * (age_s - came_s + first_probe_s));
  return sum;
}

/* The server gives those up that read nothing, and they stay in FIN_WAIT1. */
static void give_up(const struct event *event, double age_s,
                    struct holding *out) {
  double given_up = event->rate * (age_s - timeout_s);

  if (event->kind != EVENT_SLOWREAD || given_up <= 0)
    return;
  given_up = fmin(given_up, event->count);
  out->established -= given_up;
  out->fin_wait1 += given_up;
}

static void wait_for_backend(const struct event *event, double age_s,
                             double inbound_per_s, struct holding *out) {
  out->established += inbound_per_s * fmin(age_s, event->factor);
}

void holding_size(struct event *event, double established) {
  static const double come_s = 8;

  if (!holds(event->kind) || !(event->share > 0))
    return;
  double count = round(event->share / 100 * established);
  if (event->kind == EVENT_SILENT) {
    event->rate = count / (event->life_s > 0 ? event->life_s : timeout_s);
    return;
  }
  event->count = fmax(1, count);
  event->rate = event->count / come_s;
}

void holding_add(const struct event *event, double age_s, double inbound_per_s,
                 struct holding *out) {
  struct manner is = manner_of(event);

  if (!holds(event->kind))
    return;
  if (event->kind == EVENT_BACKEND) {
    wait_for_backend(event, age_s, inbound_per_s, out);
    return;
  }
  double open = older(event, &is, age_s, 0);
  bool vanished = event->kind == EVENT_VANISH; /* they were there before */
  out->established += vanished ? 0.2 * open : open;
  out->opened += vanished ? 0 : opened(event, &is, age_s);
  out->acks += is.acks * open;
  if (event->kind == EVENT_SILENT || event->kind == EVENT_CHECKS)
    /* of the FIN when they leave */
    out->acks += 1.3 * (age_s > is.life_s ? event->rate : 0);
  out->data += is.data * open;
  out->zero_window += is.zero * older(event, &is, age_s, 1);
  out->starved += is.starved * older(event, &is, age_s, 10);
  out->drip += is.drip * older(event, &is, age_s, 5);
  out->mute += age_s < is.mute_s ? is.mute * older(event, &is, age_s, 1) : 0;
  out->probes +=
      is.starved > 0.5 ? is.zero * probes(event, age_s) : 0.5 * is.zero * open;
  if (open > room && event_is_attack(event->kind))
    out->aborts += 10;
  give_up(event, age_s, out);
}
