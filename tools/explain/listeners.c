/* Which listeners of a host are flooded, as they were saved. How each test of
 * them came out is not saved: the host's own are explained. */
#include "listeners.h"

#include "lib/words.h"
#include "verdict/state/state_text.h"

#include <string.h>

struct search {
  const struct explain_page *page;
  const char *host;
};

static int take(void *to, const char *host, const struct listeners_one *one) {
  const struct search *search = to;
  const struct explain_page *page = search->page;
  const struct incident *incident = &one->flood.incident;
  char name[JUDGE_LISTENER_MAX], since[WORDS_MAX], span[WORDS_MAX];

  if (incident->severity == SEVERITY_OKAY || strcmp(host, search->host) != 0)
    return 0;
  listeners_name(one->port, name);
  explain_page_say(
      page, 0,
      "%s: %s. %s of listener %s%s%s has been open for %s, since %s; %.0f "
      "unanswered half-open in its last reading.",
      host, words_severity(incident->severity),
      rules_incident_name(INCIDENT_SYN_FLOOD), name,
      one->address[0] != '\0' ? " at " : "", one->address,
      words_duration_prose(one->time_s - incident->since_s, span),
      explain_page_time(page, incident->since_s, since), one->flood.last_aged);
  return 0;
}

int explain_listeners(const struct explain_page *page,
                      const struct explain_source *source, const char *host) {
  struct search search = {page, host};
  struct state_text_reader reader = {NULL, NULL, &search};
  char error[STATE_TEXT_ERROR_MAX];

  return state_text_read_listeners(source->text, source->length, &reader, take,
                                   error);
}
