/* Which days are the weekend, by the country of a time zone. Source: the
 * supplemental week data of the Unicode CLDR. */
#ifndef VERDICT_WATCH_WEEKEND_H
#define VERDICT_WATCH_WEEKEND_H

enum weekend {
  WEEKEND_AUTO, /* by the time zone; unknown: Saturday and Sunday */
  WEEKEND_SAT_SUN,
  WEEKEND_FRI_SAT,
  WEEKEND_THU_FRI,
  WEEKEND_FRI_SUN, /* Friday and Sunday */
  WEEKEND_FRI,
  WEEKEND_SAT,
  WEEKEND_SUN,
  WEEKEND_NONE
};
#define WEEKEND_CHOICES "auto|sat-sun|fri-sat|thu-fri|fri+sun|fri|sat|sun|none"

/* The days, bit 0 Monday .. bit 6 Sunday. */
unsigned weekend_days(enum weekend weekend);

/* As the option says it: "sat-sun". */
const char *weekend_name(enum weekend weekend);

/* zone: an IANA name such as "Asia/Riyadh"; NULL or unknown: SAT_SUN. */
enum weekend weekend_of_zone(const char *zone);

#endif
