/* Arrivals over time. Pure. Source of the measure: the effective number of
 * bins, Kish, Survey Sampling (1965), 8.2. */
#include "verdict/arrivals.h"

#include <math.h>

static const double bin_s = 10;    /* or an interval, if that is longer */
static const double slack_s = 0.5; /* readings come a little early */
static const double memory_s = 150;

double arrivals_add(struct arrivals *arrivals, double events, double dt_s) {
  arrivals->bin += events;
  arrivals->bin_s += dt_s;
  double sum = arrivals->sum + arrivals->bin;
  double squares = arrivals->squares + arrivals->bin * arrivals->bin;

  if (arrivals->bin_s >= bin_s - slack_s) {
    double keep = exp(-arrivals->bin_s / memory_s);
    arrivals->sum = keep * sum;
    arrivals->squares = keep * keep * squares;
    arrivals->bin = arrivals->bin_s = 0;
  }
  return squares > 0 ? sum * sum / squares : 0;
}
