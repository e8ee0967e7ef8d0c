/* Time zones whose people do not rest on Saturday and Sunday. Pure. */
#include "verdict/watch/weekend.h"

#include <stddef.h>
#include <string.h>

enum { MON, TUE, WED, THU, FRI, SAT, SUN };
#define DAY(day) (1U << (day))

unsigned weekend_days(enum weekend weekend) {
  static const unsigned days[] = {
      [WEEKEND_AUTO] = DAY(SAT) | DAY(SUN),
      [WEEKEND_SAT_SUN] = DAY(SAT) | DAY(SUN),
      [WEEKEND_FRI_SAT] = DAY(FRI) | DAY(SAT),
      [WEEKEND_THU_FRI] = DAY(THU) | DAY(FRI),
      [WEEKEND_FRI_SUN] = DAY(FRI) | DAY(SUN),
      [WEEKEND_FRI] = DAY(FRI),
      [WEEKEND_SAT] = DAY(SAT),
      [WEEKEND_SUN] = DAY(SUN),
      [WEEKEND_NONE] = 0,
  };

  return days[weekend];
}

const char *weekend_name(enum weekend weekend) {
  static const char *const names[] = {
      [WEEKEND_AUTO] = "auto",       [WEEKEND_SAT_SUN] = "sat-sun",
      [WEEKEND_FRI_SAT] = "fri-sat", [WEEKEND_THU_FRI] = "thu-fri",
      [WEEKEND_FRI_SUN] = "fri+sun", [WEEKEND_FRI] = "fri",
      [WEEKEND_SAT] = "sat",         [WEEKEND_SUN] = "sun",
      [WEEKEND_NONE] = "none",
  };

  return names[weekend];
}

static const struct {
  const char *zone;
  enum weekend weekend;
} zones[] = {
    {"Africa/Algiers", WEEKEND_FRI_SAT},  {"Africa/Cairo", WEEKEND_FRI_SAT},
    {"Africa/Djibouti", WEEKEND_FRI},     {"Africa/Kampala", WEEKEND_SUN},
    {"Africa/Khartoum", WEEKEND_FRI_SAT}, {"Africa/Tripoli", WEEKEND_FRI_SAT},
    {"Asia/Aden", WEEKEND_FRI_SAT},       {"Asia/Amman", WEEKEND_FRI_SAT},
    {"Asia/Baghdad", WEEKEND_FRI_SAT},    {"Asia/Bahrain", WEEKEND_FRI_SAT},
    {"Asia/Brunei", WEEKEND_FRI_SUN},     {"Asia/Calcutta", WEEKEND_SUN},
    {"Asia/Damascus", WEEKEND_FRI_SAT},   {"Asia/Dhaka", WEEKEND_FRI_SAT},
    {"Asia/Gaza", WEEKEND_FRI_SAT},       {"Asia/Hebron", WEEKEND_FRI_SAT},
    {"Asia/Jerusalem", WEEKEND_FRI_SAT},  {"Asia/Kabul", WEEKEND_THU_FRI},
    {"Asia/Kathmandu", WEEKEND_SAT},      {"Asia/Katmandu", WEEKEND_SAT},
    {"Asia/Kolkata", WEEKEND_SUN},        {"Asia/Kuwait", WEEKEND_FRI_SAT},
    {"Asia/Muscat", WEEKEND_FRI_SAT},     {"Asia/Qatar", WEEKEND_FRI_SAT},
    {"Asia/Riyadh", WEEKEND_FRI_SAT},     {"Asia/Tehran", WEEKEND_FRI},
    {"Asia/Tel_Aviv", WEEKEND_FRI_SAT},   {"Egypt", WEEKEND_FRI_SAT},
    {"Indian/Maldives", WEEKEND_FRI_SAT}, {"Iran", WEEKEND_FRI},
    {"Israel", WEEKEND_FRI_SAT},          {"Libya", WEEKEND_FRI_SAT},
};

enum weekend weekend_of_zone(const char *zone) {
  for (size_t i = 0; zone && i < sizeof(zones) / sizeof(zones[0]); i++)
    if (strcmp(zones[i].zone, zone) == 0)
      return zones[i].weekend;
  return WEEKEND_SAT_SUN;
}
