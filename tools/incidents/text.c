/* See text.h. Each incident has a head of fixed columns, so that a list can be
 * skimmed, and lines of its own below. */
#include "text.h"

#include "facts.h"
#include "lib/moment.h"
#include "lib/words.h"

#include <math.h>
#include <string.h>

static void print_list(const char *name, const char *words, FILE *out) {
  if (words[0] == '\0')
    return;
  fprintf(out, "    %s: ", name);
  for (; *words != '\0'; words++) {
    fputc(*words, out);
    if (*words == ',')
      fputc(' ', out);
  }
  fputc('\n', out);
}

static void print_notice(const char *name, const char *text, FILE *out) {
  if (text[0] != '\0')
    fprintf(out, "    %s: %s\n", name, text);
}

static void print_incident(const struct incidents_list *list,
                           const struct record_incident *is, FILE *out) {
  char text[INCIDENTS_FACT_MAX], when[MOMENT_MAX];

  fprintf(out, "%s %s %s %s%s%s%s\n", moment_write(is->begin_s, when),
          words_severity(is->severity), is->name, record_subject(is),
          is->listener[0] != '\0' ? " on " : "", is->listener,
          strstr(is->flags, "silenced") ? " (silenced)" : "");
  fprintf(out, "    %s\n", incidents_facts_end(list, is, text));
  if (incidents_facts_peak(is, text)[0] != '\0')
    fprintf(out, "    at its worst: %s\n", text);
  if (is->worsened_s > 0)
    fprintf(out, "    FAILURE from %s on\n",
            incidents_facts_clock(is->worsened_s, is->begin_s, when));
  print_list("evidence", is->evidence, out);
  print_list("top source", is->top_source, out);
  print_notice("first", is->first, out);
  print_notice("worse", is->worst, out);
  print_notice("over", is->last, out);
}

static void print_summary(const struct incidents_list *list, FILE *out) {
  char text[INCIDENTS_FACT_MAX], when[MOMENT_MAX];

  fprintf(out, "%s", incidents_facts_summary(list, text));
  if (isfinite(list->first_s))
    fprintf(out, "; nothing is known from before %s",
            moment_write(list->first_s, when));
  fputc('\n', out);
}

void incidents_text(const struct incidents_list *list, FILE *out) {
  for (size_t i = 0; i < list->len; i++) {
    print_incident(list, &list->incidents[i], out);
    fputc('\n', out);
  }
  print_summary(list, out);
}
