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
static const double decay_s = 60;       /* an expectation fades no faster, */
static const double aged_decay_s = 120; /* nor do entries that live 63 s */
static const double reference_s = 5 * 86400;
static const double cap_ratio = 1.5, cap_more = 3;   /* over the reference */
static const double cap_least = 6, cap_share = 0.08; /* of the table */
static const double reference_share_max = 0.10;
static const double reference_trim_ratio = 3, reference_trim_more = 6;
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
 * by the handshakes under way (NAN when their number is unknown). */
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

/* Until it has learned anything of its own, the slow means stand for it. */
static const struct expectation_means *
reference_of(const struct expectation *model) {
  return model->reference.established > 0 ? &model->reference : &model->slow;
}

/* What a week of calm explains of the unanswered entries, and a half more, is
 * the most that may be expected of them, however slowly they have become more;
 * and never more than a stated share of the table. */
static void judge_cap(const struct expectation *model,
                      const struct expectation_load *load, double fade,
                      double usual_aged_share, struct expectation_now *out) {
  struct expectation_means means =
      model->learnt > 0 ? *reference_of(model) : means_of(load);
  double share = share_of(means.aged, means.established, prior_aged);
  double dwell_s = (means.aged + 0.17) / (means.completed + 0.5);
  struct explained_by by =
      explain(model, load, fmin(share, reference_share_max), dwell_s);
  double of_table = cap_share / (1 - cap_share) * load->established;
  double share_cap = fmax(share, fmin(cap_ratio * share, cap_share));

  out->reference_aged = fmax(by.share, by.dwell);
  out->aged_cap = fmin(cap_ratio * out->reference_aged + cap_more,
                       fmax(cap_least, of_table));
  out->aged_cap = fmax(out->aged_cap, fade * model->recent_cap);
  out->usual_share =
      fmax(0, out->usual_share - fmax(0, usual_aged_share - share_cap));
}

/* What is above the cap leaves the expected count, too. */
static void apply_cap(const struct expectation_load *load,
                      struct expectation_now *out) {
  double above = out->expected_aged - out->aged_cap;

  if (!isnan(load->aged))
    out->expected = fmax(out->expected, out->expected_aged);
  if (above > 0) {
    out->expected = fmax(0, out->expected - above);
    out->expected_aged = out->aged_cap;
  }
  double table = out->expected_aged + load->established;
  out->usual_aged = table > 0 ? out->expected_aged / table : 0;
}

void expectation_judge(const struct expectation *model,
                       const struct expectation_load *load,
                       struct expectation_now *out) {
  struct expectation_means means =
      model->learnt > 0 ? model->slow : means_of(load);
  double fade = exp(-load->dt_s / decay_s);
  double fade_aged = exp(-load->dt_s / aged_decay_s);
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
      fmax(fmax(aged.share, aged.dwell), fade_aged * model->recent_aged);
  out->reference_aged = out->aged_cap = INFINITY;
  if (!isnan(load->aged))
    judge_cap(model, load, fade_aged, share_aged, out);
  apply_cap(load, out);
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

/* It answers for unanswered entries only: without their count it is not
 * learned. */
static void learn_reference(struct expectation *model,
                            const struct expectation_load *load,
                            const struct expectation_now *now, double capped) {
  struct expectation_load trimmed = *load;

  if (isnan(load->aged))
    return;
  model->reference = *reference_of(model);
  start(&model->reference, load, model->learnt);
  trimmed.aged = fmin(load->aged, reference_trim_ratio * now->reference_aged +
                                      reference_trim_more);
  means_approach(&model->reference, &trimmed, capped,
                 weight_of(load->dt_s, reference_s, model->learnt));
}

static void learn_slow(struct expectation *model,
                       const struct expectation_load *load,
                       const struct expectation_now *now) {
  double capped = fmin(load->half_open, now->expected + 4 * now->spread);
  struct expectation_load trimmed = *load;

  learn_reference(model, load, now, capped);
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
  model->recent_cap = isinf(now->aged_cap) ? 0 : now->aged_cap;
  model->frozen_s = frozen ? model->frozen_s + load->dt_s : 0;
  if (!frozen)
    learn_slow(model, load, now);
}

void expectation_adopt(struct expectation *model) {
  model->slow = model->shadow;
  model->learnt = fmax(model->learnt, 1);
  model->learnt_s += model->frozen_s; /* the shadow has learned meanwhile */
  model->drift = 0;
  model->frozen_s = 0;
}

void expectation_forget_shadow(struct expectation *model) {
  model->shadow = model->slow;
  model->shadow_learnt = fmin(model->shadow_learnt, model->learnt);
}

void expectation_interrupt(struct expectation *model) {
  model->drift = 0;
  model->recent = model->recent_aged = model->recent_cap = 0;
}
