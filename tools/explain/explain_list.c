/* See explain_list.h. */
#include "explain_list.h"

#include <string.h>

enum { LISTED_MAX = 20 };

void explain_list_series(const struct explain_page *page,
                         const struct explain_series *series) {
  const struct series_memory *memory = series->memory;
  const struct incident *incident = &memory->incident;
  struct incident_outlook ahead;
  char when[EXPLAIN_FIGURE_MAX], span[EXPLAIN_FIGURE_MAX];

  incident_look_ahead(incident, &series->rules->incident, &ahead);
  explain_page_say(page, 0, "%s: %s, by <Watch \"%s\">.", series->identifier,
                   explain_page_severity(incident->severity),
                   series->rules->name);
  if (memory->time_s > 0)
    explain_page_say(page, 2, "The last value is of %s, %s ago.",
                     explain_page_time(page, memory->time_s, when),
                     explain_page_duration(page->now_s - memory->time_s, span));
  explain_page_say(page, 2,
                   "The next one is expected to be %.6g, and nothing unusual "
                   "from %.6g to %.6g (Sigmas %.3g).",
                   series->next.expected, series->next.lower,
                   series->next.upper, series->rules->sigmas);
  explain_page_say(page, 2,
                   "Learnt from %.0f values, %s; nothing is learnt since %s.",
                   memory->baseline.learnt,
                   explain_page_duration(memory->baseline.learnt_s, span),
                   explain_page_duration(memory->baseline.frozen_s, when));
  if (incident->severity == SEVERITY_OKAY)
    explain_page_say(page, 2,
                     "Evidence in %d of the last %d values; %d raise it.",
                     ahead.votes, ahead.votes_of, ahead.votes_needed);
  else
    explain_page_say(page, 2,
                     "Open since %s; %d calm values in a row of %d are the "
                     "OKAY.",
                     explain_page_time(page, incident->since_s, when),
                     ahead.calm, ahead.calm_needed);
}

struct list {
  const struct explain_page *page;
  size_t len;
};

static int list_one(void *to, const struct explain_series *series) {
  struct list *list = to;
  enum severity severity = series->memory->incident.severity;
  const char *slash = strchr(series->identifier, '/');

  if (list->len++ == 0)
    explain_page_head(list->page, "watched series", SEVERITY_OKAY, "");
  if (list->len <= LISTED_MAX)
    explain_page_say(list->page, 2,
                     "%s %s: %s; usual from %.6g to %.6g, expected %.6g.",
                     series->rules->name, slash ? slash + 1 : "",
                     explain_page_severity(severity), series->next.lower,
                     series->next.upper, series->next.expected);
  return 0;
}

int explain_list_host(const struct explain_page *page,
                      const struct explain_source *source, const char *host) {
  struct list list = {page, 0};
  int rc = explain_series_each(source, host, NULL, list_one, &list);

  if (list.len > LISTED_MAX)
    explain_page_say(page, 2, "and %zu more; --watch NAME has them.",
                     list.len - LISTED_MAX);
  return rc;
}
