/* What is told of an incident, in words: by text and page alike. Pure. */
#ifndef TOOLS_INCIDENTS_FACTS_H
#define TOOLS_INCIDENTS_FACTS_H

#include "source.h"

enum { INCIDENTS_FACT_MAX = 512 };

/* Whether it is over. */
enum incidents_state {
  INCIDENTS_OVER,
  INCIDENTS_OPEN,
  INCIDENTS_OPEN_THEN, /* it was when the daemon ended, or wrote last */
  INCIDENTS_VANISHED   /* it ended, and nobody knows when */
};
enum incidents_state incidents_facts_state(const struct incidents_list *list,
                                           const struct record_incident *is);

/* "over", "open", "open_or_over", "unknown": for programs. */
const char *incidents_facts_state_key(enum incidents_state state);

/* The time until which it is known to have lasted; and how long that is. */
double incidents_facts_until_s(const struct incidents_list *list,
                               const struct record_incident *is);
double incidents_facts_lasted_s(const struct incidents_list *list,
                                const struct record_incident *is);

/* Each writes into text, INCIDENTS_FACT_MAX bytes, and returns it. */

/* "24 min, until 10:40:10: no evidence any more" */
const char *incidents_facts_end(const struct incidents_list *list,
                                const struct record_incident *is, char *text);

/* "812 half-open at 10:18:30 (expected 12, limit 48), 23.4 standard deviations
 * above"; "" where no figure is known. */
const char *incidents_facts_peak(const struct record_incident *is, char *text);

/* What the incident means, a sentence; "" for a watched series. */
const char *incidents_facts_meaning(const struct record_incident *is);

/* The evidence at *words, a sentence; "" for one that is not known here. *words
 * moves behind it. Returns NULL at the end. */
const char *incidents_facts_evidence(const char **words);

/* "3 incidents on 2 hosts, 1 of them open" */
const char *incidents_facts_summary(const struct incidents_list *list,
                                    char *text);

/* A time, without its day if that is the other's. */
const char *incidents_facts_clock(double time_s, double other_s, char *text);

#endif
