/* See facts.h. */
#include "facts.h"

#include "lib/moment.h"
#include "lib/words.h"
#include "verdict/incidents/catalogue.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 2, 3))) static void add(char *text,
                                                      const char *format, ...) {
  size_t used = strlen(text);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text + used, INCIDENTS_FACT_MAX - used, format, arguments);
  va_end(arguments);
}

const char *incidents_facts_clock(double time_s, double other_s, char *text) {
  if (!moment_clock(time_s, other_s, "%Y-%m-%d %H:%M:%S", text, MOMENT_MAX))
    moment_write(time_s, text);
  return text;
}

/* --- its end -------------------------------------------------------------- */

enum incidents_state incidents_facts_state(const struct incidents_list *list,
                                           const struct record_incident *is) {
  if (is->end == RECORD_UNKNOWN)
    return INCIDENTS_VANISHED;
  if (is->end != RECORD_OPEN)
    return INCIDENTS_OVER;
  return list->from_history || list->daemon == INCIDENTS_RUNS
             ? INCIDENTS_OPEN
             : INCIDENTS_OPEN_THEN;
}

const char *incidents_facts_state_key(enum incidents_state state) {
  static const char *const keys[] = {[INCIDENTS_OVER] = "over",
                                     [INCIDENTS_OPEN] = "open",
                                     [INCIDENTS_OPEN_THEN] = "open_or_over",
                                     [INCIDENTS_VANISHED] = "unknown"};

  return keys[state];
}

double incidents_facts_until_s(const struct incidents_list *list,
                               const struct record_incident *is) {
  switch (incidents_facts_state(list, is)) {
  case INCIDENTS_OPEN:
    return fmax(list->now_s, is->begin_s);
  case INCIDENTS_OPEN_THEN:
    return is->seen_s;
  default:
    return is->end_s;
  }
}

double incidents_facts_lasted_s(const struct incidents_list *list,
                                const struct record_incident *is) {
  return fmax(0, incidents_facts_until_s(list, is) - is->begin_s);
}

static const char *const ends[RECORD_ENDS] = {
    [RECORD_CLEARED] = "there is no evidence of it any more",
    [RECORD_GONE] = "no socket listens any more",
    [RECORD_ADOPTED] = "it has lasted and is the new normal",
    [RECORD_SILENT] = "its values do not come any more",
    [RECORD_DISABLED] = "it was disabled in the configuration",
};

const char *incidents_facts_end(const struct incidents_list *list,
                                const struct record_incident *is, char *text) {
  double until_s = incidents_facts_until_s(list, is);
  char lasted[WORDS_MAX], until[MOMENT_MAX], saved[MOMENT_MAX];

  words_duration_notice(incidents_facts_lasted_s(list, is), lasted);
  incidents_facts_clock(until_s, is->begin_s, until);
  moment_write(list->saved_s, saved);
  text[0] = '\0';
  switch (incidents_facts_state(list, is)) {
  case INCIDENTS_OVER:
    add(text, "%s, until %s: %s", lasted, until, ends[is->end]);
    break;
  case INCIDENTS_OPEN:
    add(text, "open for %s%s", lasted,
        list->from_history ? ", at the end of the history" : "");
    break;
  case INCIDENTS_OPEN_THEN:
    add(text,
        "open or end unknown: %s or longer, seen last at %s; the daemon "
        "%s at %s",
        lasted, until,
        list->daemon == INCIDENTS_ENDED ? "ended" : "wrote its record last",
        saved);
    break;
  case INCIDENTS_VANISHED:
    add(text,
        "end unknown: %s or longer, seen last at %s; then the daemon did "
        "not run, or did not record",
        lasted, until);
    break;
  }
  return text;
}

/* --- its figures ---------------------------------------------------------- */

static void add_figure(char *text, const char *before, double figure,
                       const char *unit) {
  char number[WORDS_MAX];

  if (isfinite(figure))
    add(text, "%s%s%s", before, words_figure(figure, number), unit);
}

/* The limit that was crossed. */
static double limit_of(const struct record_peak *peak) {
  return peak->observed < peak->lower ? peak->lower : peak->upper;
}

static void add_score(char *text, double score) {
  if (!isfinite(score))
    return;
  bool most = fabs(score) >= (double)INCIDENT_SCORE_MAX;
  add(text, ", %s%.*f standard deviations %s", most ? "over " : "",
      most ? 0 : 1, fabs(score), score < 0 ? "below" : "above");
}

const char *incidents_facts_peak(const struct record_incident *is, char *text) {
  const struct record_peak *peak = &is->peak;
  enum incident_kind kind =
      is->of_series ? INCIDENT_COUNT : catalogue_find(is->name);
  bool known = kind != INCIDENT_COUNT;
  const char *unit = known && catalogue[kind].percent ? " %" : "";
  char when[MOMENT_MAX];

  text[0] = '\0';
  if (peak->time_s <= 0 || !isfinite(peak->observed))
    return text;
  add_figure(text, known ? "" : "value ", peak->observed, unit);
  if (known)
    add(text, " %s", catalogue[kind].observed);
  add(text, " at %s", incidents_facts_clock(peak->time_s, is->begin_s, when));
  if (isfinite(peak->expected)) {
    add_figure(text, " (expected ", peak->expected, unit);
    add_figure(text, ", limit ", limit_of(peak), unit);
    add(text, ")");
  }
  add_score(text, peak->score);
  return text;
}

/* --- what it means -------------------------------------------------------- */

const char *incidents_facts_meaning(const struct record_incident *is) {
  enum incident_kind kind =
      is->of_series ? INCIDENT_COUNT : catalogue_find(is->name);

  return kind == INCIDENT_COUNT ? "" : catalogue[kind].meaning;
}

static const struct {
  const char *name, *sentence;
} evidence[] = {
    {"excess", "More connections were half-open than the load explains."},
    {"cookies", "The kernel sent SYN cookies that nobody returned."},
    {"full_queue", "The SYN queue of a listening socket was full."},
    {"collapse", "Fewer handshakes were completed than is normal here."},
    {"resets", "Peers reset connections that were half-open."},
    {"entropy", "The mix of TCP states was not the normal one."},
};

const char *incidents_facts_evidence(const char **words) {
  size_t length = strcspn(*words, ",");
  const char *word = *words;

  if (*word == '\0')
    return NULL;
  *words += length + (word[length] == ',');
  for (size_t i = 0; i < sizeof(evidence) / sizeof(evidence[0]); i++)
    if (strlen(evidence[i].name) == length &&
        strncmp(word, evidence[i].name, length) == 0)
      return evidence[i].sentence;
  return "";
}

/* --- all of them ---------------------------------------------------------- */

static size_t count_hosts(const struct incidents_list *list) {
  size_t hosts = 0;

  for (size_t i = 0; i < list->len; i++) {
    size_t k = 0;
    while (k < i &&
           strcmp(list->incidents[k].host, list->incidents[i].host) != 0)
      k++;
    hosts += k == i;
  }
  return hosts;
}

static size_t count_state(const struct incidents_list *list,
                          enum incidents_state state) {
  size_t count = 0;

  for (size_t i = 0; i < list->len; i++)
    count += incidents_facts_state(list, &list->incidents[i]) == state;
  return count;
}

const char *incidents_facts_summary(const struct incidents_list *list,
                                    char *text) {
  size_t open = count_state(list, INCIDENTS_OPEN);
  size_t doubtful = count_state(list, INCIDENTS_OPEN_THEN);
  size_t hosts = count_hosts(list);

  text[0] = '\0';
  if (list->len == 0) {
    add(text, "no incidents");
    return text;
  }
  add(text, "%zu incident%s on %zu host%s", list->len,
      list->len == 1 ? "" : "s", hosts, hosts == 1 ? "" : "s");
  if (open > 0)
    add(text, ", %zu open", open);
  if (doubtful > 0)
    add(text, ", %zu open or end unknown", doubtful);
  return text;
}
