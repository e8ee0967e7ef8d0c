/* Shares as percentages. Pure. */
#include "table/percent.h"

#include <math.h>

double percent_of(double part, double whole) {
  if (isnan(part) || !(whole > 0))
    return NAN;
  return fmin(fmax(100 * part / whole, 0), 100);
}
