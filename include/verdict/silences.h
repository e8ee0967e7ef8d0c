/* What is not notified for a while: the <Maintenance> blocks of the settings
 * and what the operator has silenced. Everything is judged and learned as ever;
 * only notices are held back, and given when the silence ends. Pure. */
#ifndef VERDICT_SILENCES_H
#define VERDICT_SILENCES_H

#include "verdict/incidents/incident.h"
#include "verdict/schedule.h"

#include <stddef.h>

enum {
  SILENCES_MAX = 1000,
  SILENCES_LONGEST_S = 30 * 86400,
  SILENCES_BY_MAX = 64,
  SILENCES_WHY_MAX = 128,
};

/* One that the operator has begun. Patterns are those of the shell. */
struct silences_one {
  double from_s, until_s; /* since 1970 */
  char host[RULES_PATTERN_MAX];
  char incident[RULES_PATTERN_MAX]; /* or a <Watch>, or "host_silent" */
  char by[SILENCES_BY_MAX];         /* a user's name, "" unknown */
  char why[SILENCES_WHY_MAX];       /* "" not given */
};

struct silences_list {
  size_t len;
  struct silences_one *one;
};

/* All that counts. */
struct silences {
  struct silences_list list;
  const struct rules *rules; /* their <Maintenance> blocks */
  /* One for each of them; NULL: they do not count. */
  const struct schedule_zone *zones;
};

/* The silence that lasts longest. */
struct silences_found {
  double until_s;  /* 0: there is none */
  const char *by;  /* "" unknown; of a <Maintenance> its name */
  const char *why; /* "" not given; points into the silences or rules */
  bool is_maintenance;
};

/* silences: NULL for none at all. now_s: the receiver's clock. */
struct silences_found silences_find(const struct silences *silences,
                                    const char *host, const char *incident,
                                    double now_s);

/* After each judgement of an incident, before its notice: hold the notice back,
 * or give what was held back. until_s: when the silence ends; 0 there is none.
 * Sets the members of finding that are about silences. */
void silences_gate(struct incident *incident, struct finding *finding,
                   double until_s);

/* Whether a notice was held back and its incident is closed: perhaps it is
 * never judged again. */
bool silences_owes_close(const struct incident *incident);

/* Then, when no silence is left: the finding of that notice alone. */
void silences_give_close(struct incident *incident, struct finding *finding);

/* The change to put into a notice. */
enum incident_change silences_change(const struct finding *finding);

#endif
