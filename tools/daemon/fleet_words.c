/* See fleet_words.h. */
#include "fleet_words.h"

#include "lib/words.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char ended[] = "no values come any more";

double fleet_since_s(const struct fleet_host *host, int kind) {
  return host->judged_s - host->open_s[kind];
}

__attribute__((format(printf, 2, 3))) static void
append(char *text, const char *format, ...) {
  size_t used = strlen(text);
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(text + used, FLEET_WORDS_MAX - used, format, arguments);
  va_end(arguments);
}

static void add_incident(const struct fleet_host *host, int kind, double now_s,
                         char *text) {
  char lasts[WORDS_MAX];
  double since_s = fleet_since_s(host, kind);

  append(text, "%s%s %s", text[0] != '\0' ? "; " : "",
         rules_incident_name((enum incident_kind)kind),
         host_severity_word(host_severity(host->severity[kind])));
  if (!isnan(since_s))
    append(text, " %s", words_duration_short(now_s - since_s, lasts));
  if (host->silenced[kind])
    append(text, ", silenced");
}

static void explain_unjudged(const struct fleet_host *host, double now_s,
                             char *text) {
  char lasts[WORDS_MAX];

  if (host->silent > 0)
    append(text, "%s", ended);
  else if (isnan(host->judged_s))
    append(text, "not judged yet");
  else if (host->reading_s > now_s)
    append(text, "last reading is in the future: its clock is wrong");
  else
    append(text, "last judgement %s ago",
           words_duration_short(now_s - host->judged_s, lasts));
}

const char *fleet_words(const struct fleet_host *host, double now_s,
                        char *text) {
  text[0] = '\0';
  if (host->worst == HOST_NOT_JUDGED) {
    explain_unjudged(host, now_s, text);
    return text;
  }
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (fleet_is_open(host, i))
      add_incident(host, i, now_s, text);
  if (host->silent > 0)
    append(text, "; %s", ended);
  return text;
}
