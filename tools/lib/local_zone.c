/* See local_zone.h. The zone is read once. */
#include "local_zone.h"

#include "io/time_zone.h"
#include "verdict/watch/weekend.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const double time_max_s = 1e15;

static const struct time_zone *find_zone(void) {
  static struct time_zone *zone;
  static bool is_read;

  if (is_read)
    return zone;
  is_read = true;
  int rc = time_zone_load(NULL, &zone);
  if (rc != 0)
    fprintf(stderr,
            "collectd-baseline: cannot read the time zone (TZ): %s; days and "
            "weeks are those of UTC\n",
            strerror(-rc));
  return zone;
}

double local_zone_offset(double time_s) {
  const struct time_zone *zone = find_zone();

  return zone && fabs(time_s) < time_max_s
             ? time_zone_offset_at(zone, (int64_t)time_s)
             : 0;
}

void local_zone_settle(struct rules *rules) {
  char name[TIME_ZONE_NAME_MAX];
  bool is_named = time_zone_name(name) && find_zone();

  if ((int)rules->weekend == WEEKEND_AUTO)
    rules->weekend = (double)weekend_of_zone(is_named ? name : NULL);
}
