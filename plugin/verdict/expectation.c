/* The half-open model: what today's load explains. Pure. Sources: Little's law
 * for the dwell, Wilson's interval for shares, a cumulative sum (Page,
 * Biometrika 41, 1954) for small lasting excesses. */
#include "verdict/expectation.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const double hour_s = 3600, day_s = 86400;
static const double slow_s = 6 * 3600, shadow_s = 1800, dispersion_s = 7200;
static const double unanswered_share = 0.5;
static const double decay_s = 60;          /* an expectation fades no faster */
static const double prior_sockets = 30;    /* weight of the prior share ... */
static const double prior_half_open = 0.9; /* ... of 3 % half-open ... */
static const double prior_aged = 0.3;      /* ... and 1 % aged */
static const double first_day_share_max = 0.15;
static const double first_hour_dwell_max = 0.18;
static const double dwell_margin = 1.25;
static const double drift_allowance = 2, drift_step_max = 8, drift_max = 20;
static const double dispersion_start = 0.05, dispersion_floor = 0.005;

void expectation_init(struct expectation *model) {
  memset(model, 0, sizeof(*model));
  model->overdispersion = dispersion_start;
}

double expectation_wilson_lower(double part, double whole) {
  if (!(whole > 0))
    return NAN;
  double z2 = 4, share = part / whole;
  double centre = share + z2 / (2 * whole);
  double half =
      sqrt(z2 * share * (1 - share) / whole + z2 * z2 / (4 * whole * whole));
  return fmax(0, (centre - half) / (1 + z2 / whole));
}

/* Before the first snapshot is learnt, its own load stands for the means. */
static struct expectation_means means_of(const struct expectation_load *load) {
  return (struct expectation_means){
      .half_open = 0.03 * load->established,
      .aged = 0.01 * load->established,
      .established = load->established,
      .completed = isnan(load->completed) ? 0 : load->completed,
  };
}

static double share_of(double part, double established, double prior) {
  return (part + prior) / (part + established + prior_sockets);
}

/* Sockets of one kind that the load explains: by their share of the table, and
 * by the handshakes under way (NAN where their number is unknown). */
struct explained_by {
  double share, dwell;
};

static struct explained_by explain(const struct expectation *model,
                                   const struct expectation_load *load,
                                   double share, double dwell_s) {
  struct explained_by by;

  if (model->learnt_s < day_s)
    share = fmin(share, first_day_share_max);
  by.share = load->established * share / (1 - share);
  by.dwell = dwell_margin * dwell_s * load->completed;
  if (model->learnt_s < hour_s && !isnan(by.dwell))
    by.dwell = fmin(by.dwell, first_hour_dwell_max * (load->established + 30));
  return by;
}

static void judge_aged(const struct expectation_load *load,
                       struct expectation_now *now) {
  now->aged_known = !isnan(load->aged);
  now->unanswered_min =
      now->excess > 0 ? unanswered_share * now->excess : INFINITY;
  now->unanswered = load->aged - now->expected_aged >= now->unanswered_min;
}

void expectation_judge(const struct expectation *model,
                       const struct expectation_load *load,
                       struct expectation_now *out) {
  struct expectation_means means =
      model->learnt > 0 ? model->slow : means_of(load);
  double fade = exp(-load->dt_s / decay_s);
  double share = share_of(means.half_open, means.established, prior_half_open);
  double share_aged = share_of(means.aged, means.established, prior_aged);
  double dwell_s = (means.half_open + 0.5) / (means.completed + 0.5);
  double dwell_aged_s = (means.aged + 0.17) / (means.completed + 0.5);

  struct explained_by by = explain(model, load, share, dwell_s);
  struct explained_by aged = explain(model, load, share_aged, dwell_aged_s);

  out->usual_share = share;
  out->usual_dwell_s = dwell_s;
  out->by_share = by.share;
  out->by_dwell = by.dwell;
  out->by_recent = fade * model->recent;
  out->expected = fmax(fmax(by.share, by.dwell), out->by_recent);
  out->expected_aged =
      fmax(fmax(aged.share, aged.dwell), fade * model->recent_aged);
  out->variance_counts = out->expected + 4;
  out->variance_bursts = fmax(model->overdispersion, dispersion_floor) *
                         out->expected * out->expected;
  out->spread = sqrt(out->variance_counts + out->variance_bursts);
  out->excess = load->half_open - out->expected;
  out->sigmas = out->excess / out->spread;
  out->drift = model->drift;
  if (!isnan(out->sigmas))
    out->drift = fmin(drift_max,
                      fmax(0, model->drift + fmin(out->sigmas, drift_step_max) -
                                  drift_allowance));
  judge_aged(load, out);
}

static void approach(double *mean, double value, double weight) {
  if (!isnan(value))
    *mean += weight * (value - *mean);
}

static void means_approach(struct expectation_means *means,
                           const struct expectation_load *load,
                           double half_open, double weight) {
  approach(&means->half_open, half_open, weight);
  approach(&means->aged, load->aged, weight);
  approach(&means->established, load->established, weight);
  approach(&means->completed, load->completed, weight);
}

/* The first snapshot has no rates: the second one starts them. */
static void start(struct expectation_means *means,
                  const struct expectation_load *load, double learnt) {
  if (learnt == 0)
    *means = means_of(load);
  else if (learnt == 1 && means->completed == 0 && !isnan(load->completed))
    means->completed = load->completed;
}

static double weight_of(double dt_s, double memory_s, double learnt) {
  return fmax(fmin(1, dt_s / memory_s), 1 / (learnt + 30));
}

static void learn_dispersion(struct expectation *model,
                             const struct expectation_load *load,
                             const struct expectation_now *now) {
  double expected = now->expected;

  if (expected <= 2)
    return;
  double term = (now->excess * now->excess - expected) / (expected * expected);
  approach(&model->overdispersion, fmin(0.5, fmax(-0.2, term)),
           fmin(1, load->dt_s / dispersion_s));
}

static void learn_slow(struct expectation *model,
                       const struct expectation_load *load,
                       const struct expectation_now *now) {
  double capped = fmin(load->half_open, now->expected + 4 * now->spread);
  struct expectation_load trimmed = *load;

  start(&model->slow, load, model->learnt);
  if (trimmed.aged > capped)
    trimmed.aged = capped;
  means_approach(&model->slow, &trimmed, capped,
                 weight_of(load->dt_s, slow_s, model->learnt));
  learn_dispersion(model, load, now);
  model->learnt++;
  model->learnt_s += load->dt_s;
}

void expectation_learn(struct expectation *model,
                       const struct expectation_load *load,
                       const struct expectation_now *now, bool frozen) {
  start(&model->shadow, load, model->shadow_learnt);
  means_approach(&model->shadow, load, load->half_open,
                 weight_of(load->dt_s, shadow_s, model->shadow_learnt));
  model->shadow_learnt++;
  model->drift = now->drift;
  model->recent = now->expected;
  model->recent_aged = now->expected_aged;
  model->frozen_s = frozen ? model->frozen_s + load->dt_s : 0;
  if (!frozen)
    learn_slow(model, load, now);
}

void expectation_adopt(struct expectation *model) {
  model->slow = model->shadow;
  model->learnt = fmax(model->learnt, 1);
  model->learnt_s += model->frozen_s; /* the shadow has learnt meanwhile */
  model->drift = 0;
  model->frozen_s = 0;
}

void expectation_interrupt(struct expectation *model) {
  model->drift = 0;
  model->recent = model->recent_aged = 0;
}
