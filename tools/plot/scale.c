/* Values -> a readable axis. */
#include "scale.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>

static const double zero_share = 0.75; /* low from here on: 0 is left out */

/* The smallest of 1, 2, 2.5, 5 times a power of ten that is not below width. */
static double round_up(double width) {
  static const double steps[] = {1, 2, 2.5, 5, 10};
  double power = pow(10, floor(log10(width)));
  size_t i = 0;

  while (i < 4 && steps[i] * power < width * (1 - 1e-9))
    i++;
  return steps[i] * power;
}

static void find_prefix(struct plot_scale *scale) {
  static const struct {
    double from, factor;
    const char *prefix;
  } prefixes[] = {
      {1e15, 1e15, "P"}, {1e12, 1e12, "T"}, {1e9, 1e9, "G"},
      {1e6, 1e6, "M"},   {1e4, 1e3, "k"},   {1e-2, 1, ""},
      {1e-3, 1e-3, "m"}, {1e-6, 1e-6, "µ"}, {0, 1e-9, "n"},
  };
  double largest = fmax(fabs(scale->low), fabs(scale->high));
  size_t i = 0;

  while (largest < prefixes[i].from)
    i++;
  scale->factor = prefixes[i].factor;
  scale->prefix = prefixes[i].prefix;
}

static void find_decimals(struct plot_scale *scale) {
  double step = scale->step / scale->factor;

  scale->decimals = 0;
  while (scale->decimals < 9 &&
         fabs(step - nearbyint(step)) > 1e-6 * fabs(step)) {
    step *= 10;
    scale->decimals++;
  }
}

/* Where nothing varies, there is an axis about it all the same. */
static void widen(double *low, double *high) {
  double about = fmax(fabs(*low), fabs(*high));

  if (*high - *low > 1e-9 * about)
    return;
  if (*low > 0)
    *low = 0;
  else if (*high < 0)
    *high = 0;
  else
    *high = 1;
}

struct plot_scale plot_scale_fit(double low, double high, size_t most,
                                 int from_zero, double limit) {
  struct plot_scale scale = {.factor = 1, .prefix = ""};

  if (low > 0 && (from_zero || low < zero_share * high))
    low = 0;
  if (high < 0 && (from_zero || high > zero_share * low))
    high = 0;
  widen(&low, &high);
  high = fmin(high, limit);
  scale.step = round_up((high - low) / (double)(most - 1));
  for (;;) {
    scale.low = floor(low / scale.step + 1e-9) * scale.step;
    scale.high = ceil(high / scale.step - 1e-9) * scale.step;
    scale.len = (size_t)(nearbyint((scale.high - scale.low) / scale.step)) + 1;
    if (scale.len <= most || most < 3)
      break;
    scale.step = round_up(scale.step * 1.01);
  }
  find_prefix(&scale);
  find_decimals(&scale);
  return scale;
}

double plot_scale_tick(const struct plot_scale *scale, size_t i) {
  return scale->low + scale->step * (double)i;
}

void plot_scale_text(const struct plot_scale *scale, size_t i, char *out) {
  double tick = plot_scale_tick(scale, i) / scale->factor;

  if (fabs(tick) < 1e-9 * fabs(scale->step / scale->factor) + 1e-300)
    snprintf(out, PLOT_SCALE_TEXT_MAX, "0");
  else
    snprintf(out, PLOT_SCALE_TEXT_MAX, "%.*f%s%s", scale->decimals, tick,
             *scale->prefix ? " " : "", scale->prefix);
}
