/* See scale.h. Axes of values and of time. Time steps below a day are even and
 * meet full minutes and hours of the local clock; a change of the clock puts no
 * two ticks close together. Days, months and years follow the calendar. */
#include "scale.h"

#include "lib/moment.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* --- values --------------------------------------------------------------- */

static const double range_max = 1e6; /* of a logarithmic axis */
static const double zero_share =
    0.75; /* the axis starts at 0 if low / high is below */

/* The smallest of 1, 2, 2.5, 5 times a power of ten that is at least width. */
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

/* Values that do not vary get an axis too. */
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
                                 bool from_zero, double limit) {
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

/* In powers of ten above linear_to, which is 1; 0 is 0. */
static double place_of(const struct plot_scale *scale, double value) {
  double times = value / scale->linear_to;

  return times <= 1 ? times : 1 + log10(times);
}

static double floor_power(double value) {
  return pow(10, floor(log10(value) + 1e-9));
}

struct plot_scale plot_scale_fit_log(double low, double high, double usual,
                                     size_t most) {
  struct plot_scale scale = {.factor = 1, .prefix = ""};
  double first = fmin(fmax(usual, high / range_max), high / 10);

  scale.linear_to = floor_power(first);
  scale.low = low >= scale.linear_to ? floor_power(low) : 0;
  scale.linear_to = fmax(scale.linear_to, scale.low);
  scale.high = fmax(round_up(high), 10 * scale.linear_to);
  double decades = floor(log10(scale.high / scale.linear_to) + 1e-9);
  size_t room = most - 1 - (scale.low <= 0);
  scale.step = pow(10, ceil(decades / (double)room));
  scale.len =
      1 + (size_t)floor(decades / log10(scale.step) + 1e-9) + (scale.low <= 0);
  return scale;
}

double plot_scale_part(const struct plot_scale *scale, double value) {
  if (scale->linear_to <= 0)
    return (value - scale->low) / (scale->high - scale->low);
  double low = place_of(scale, scale->low);
  return (place_of(scale, value) - low) / (place_of(scale, scale->high) - low);
}

/* Powers of ten, behind 0 if the axis begins there. */
static double log_tick(const struct plot_scale *scale, size_t i) {
  if (i == 0)
    return scale->low;
  return scale->linear_to * pow(scale->step, (double)(i - (scale->low <= 0)));
}

double plot_scale_tick(const struct plot_scale *scale, size_t i) {
  if (scale->linear_to > 0)
    return log_tick(scale, i);
  return scale->low + scale->step * (double)i;
}

static void write_number(const struct plot_scale *scale, double number,
                         char *out) {
  double tick = number / scale->factor;

  if (fabs(tick) < 1e-9 * fabs(scale->step / scale->factor) + 1e-300)
    snprintf(out, PLOT_SCALE_TEXT_MAX, "0");
  else
    snprintf(out, PLOT_SCALE_TEXT_MAX, "%.*f%s%s", scale->decimals, tick,
             *scale->prefix ? " " : "", scale->prefix);
}

/* Each power of ten has a prefix of its own. */
void plot_scale_text(const struct plot_scale *scale, size_t i, char *out) {
  double number = plot_scale_tick(scale, i);
  struct plot_scale alone = {.low = number, .high = number, .step = number};

  if (scale->linear_to > 0 && number > 0) {
    find_prefix(&alone);
    find_decimals(&alone);
    write_number(&alone, number, out);
  } else {
    write_number(scale, number, out);
  }
}

/* --- time ----------------------------------------------------------------- */

enum time_unit { SECONDS, HOURS, DAYS, MONTHS, YEARS };

struct time_step {
  enum time_unit unit;
  int count;
  double about_s;
  const char *text, *below; /* of strftime(3) */
};

#define DAY 86400.0
#define MONTH (30.44 * DAY)
#define YEAR (365.25 * DAY)
static const char by_day[] = "%a %d %b %Y";

static const struct time_step time_steps[] = {
    {SECONDS, 1, 1, "%H:%M:%S", by_day},
    {SECONDS, 2, 2, "%H:%M:%S", by_day},
    {SECONDS, 5, 5, "%H:%M:%S", by_day},
    {SECONDS, 10, 10, "%H:%M:%S", by_day},
    {SECONDS, 15, 15, "%H:%M:%S", by_day},
    {SECONDS, 30, 30, "%H:%M:%S", by_day},
    {SECONDS, 60, 60, "%H:%M", by_day},
    {SECONDS, 120, 120, "%H:%M", by_day},
    {SECONDS, 300, 300, "%H:%M", by_day},
    {SECONDS, 600, 600, "%H:%M", by_day},
    {SECONDS, 900, 900, "%H:%M", by_day},
    {SECONDS, 1800, 1800, "%H:%M", by_day},
    {HOURS, 1, 3600, "%H:%M", by_day},
    {HOURS, 2, 7200, "%H:%M", by_day},
    {HOURS, 3, 10800, "%H:%M", by_day},
    {HOURS, 6, 21600, "%H:%M", by_day},
    {HOURS, 12, 43200, "%H:%M", by_day},
    {DAYS, 1, DAY, "%d %b", "%Y"},
    {DAYS, 2, 2 * DAY, "%d %b", "%Y"},
    {DAYS, 7, 7 * DAY, "%d %b", "%Y"}, /* Mondays */
    {MONTHS, 1, MONTH, "%b", "%Y"},
    {MONTHS, 2, 2 * MONTH, "%b", "%Y"},
    {MONTHS, 3, 3 * MONTH, "%b", "%Y"},
    {MONTHS, 6, 6 * MONTH, "%b", "%Y"},
    {YEARS, 1, YEAR, "%Y", ""},
    {YEARS, 2, 2 * YEAR, "%Y", ""},
    {YEARS, 5, 5 * YEAR, "%Y", ""},
    {YEARS, 10, 10 * YEAR, "%Y", ""},
    {YEARS, 50, 50 * YEAR, "%Y", ""},
    {YEARS, 500, 500 * YEAR, "%Y", ""},
};
enum { STEPS_LEN = sizeof(time_steps) / sizeof(time_steps[0]) };

static const struct time_step *find_step(double range_s, size_t most) {
  size_t i = 0;

  while (i + 1 < STEPS_LEN &&
         range_s / time_steps[i].about_s > (double)most - 1)
    i++;
  return &time_steps[i];
}

static struct tm local_of(double time_s) {
  time_t whole = (time_t)floor(time_s);
  struct tm local = {.tm_mday = 1};

  localtime_r(&whole, &local);
  return local;
}

/* The last moment of the grid that is not after start_s. */
static double begin(const struct time_step *step, double start_s) {
  struct tm local = local_of(start_s);
  double grid_s = step->unit == HOURS ? 3600 : step->count;

  if (step->unit <= HOURS) {
    double offset_s = (double)local.tm_gmtoff;
    return floor((start_s + offset_s) / grid_s) * grid_s - offset_s;
  }
  struct tm day = {.tm_year = local.tm_year, .tm_mday = 1, .tm_isdst = -1};
  if (step->unit == DAYS)
    day.tm_mday = local.tm_mday;
  if (step->unit != YEARS)
    day.tm_mon = local.tm_mon;
  return (double)mktime(&day);
}

static double advance(const struct time_step *step, double time_s) {
  struct tm local = local_of(time_s);
  struct tm day = {.tm_year = local.tm_year, .tm_isdst = -1};

  if (step->unit <= HOURS)
    return time_s + (step->unit == HOURS ? 3600 : step->count);
  day.tm_mon = local.tm_mon + (step->unit == MONTHS);
  day.tm_mday = step->unit == DAYS ? local.tm_mday + 1 : 1;
  if (step->unit == YEARS) {
    day.tm_year++;
    day.tm_mon = 0;
  }
  return (double)mktime(&day);
}

/* Whether a moment of the grid gets a tick. */
static bool is_met(const struct time_step *step, double time_s) {
  struct tm local = local_of(time_s);

  switch (step->unit) {
  case HOURS:
    return local.tm_hour % step->count == 0;
  case DAYS:
    if (step->count == 7)
      return local.tm_wday == 1;
    return (long)floor((time_s + (double)local.tm_gmtoff) / DAY) %
               step->count ==
           0;
  case MONTHS:
    return local.tm_mon % step->count == 0;
  case YEARS:
    return (local.tm_year + 1900) % step->count == 0;
  case SECONDS:
    break;
  }
  return true;
}

static void set(const struct time_step *step, double time_s, const char *last,
                struct plot_tick *out) {
  out->time_s = time_s;
  out->below[0] = '\0';
  moment_format(time_s, step->text, out->text, sizeof(out->text));
  if (*step->below)
    moment_format(time_s, step->below, out->below, sizeof(out->below));
  if (strcmp(out->below, last) == 0)
    out->below[0] = '\0';
}

size_t plot_ticks(double start_s, double end_s, size_t most,
                  struct plot_tick *out) {
  const struct time_step *step = find_step(end_s - start_s, most);
  char last[PLOT_TICK_TEXT_MAX] = "";
  double before_s = -INFINITY;
  size_t len = 0;

  for (double time_s = begin(step, start_s);
       time_s <= end_s && len < PLOT_TICKS_MAX;) {
    if (time_s >= start_s && is_met(step, time_s) &&
        time_s - before_s > 0.6 * step->about_s) {
      set(step, time_s, last, &out[len]);
      if (out[len].below[0] != '\0')
        memcpy(last, out[len].below, sizeof(last));
      before_s = time_s;
      len++;
    }
    double next_s = advance(step, time_s);
    if (!(next_s > time_s))
      break; /* beyond the calendar of the C library */
    time_s = next_s;
  }
  return len;
}
