/* See line.h. */
#include "line.h"

#include "conf/conf_silences.h"
#include "lib/words.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/plain_text.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NAGIOS_DECIMAL_MAX = 330 }; /* DBL_MAX has 309 digits */

const char nagios_not_judged[] =
    "no incident is judged: the daemon has no values of baseline. It does not "
    "load baseline, or a PostCacheChain does not write to it (then its log "
    "says "
    "so), or it has just started: the first judgement takes two intervals";

bool nagios_is_chosen(const struct nagios_choice *choice, const char *name) {
  for (size_t i = 0; i < choice->len; i++)
    if (strcmp(choice->names[i], name) == 0)
      return true;
  return choice->len == 0;
}

enum nagios_state nagios_worst(enum nagios_state a, enum nagios_state b) {
  static const int rank[] = {
      [NAGIOS_OK] = 0,
      [NAGIOS_UNKNOWN] = 1,
      [NAGIOS_WARNING] = 2,
      [NAGIOS_CRITICAL] = 3,
  };

  return rank[a] >= rank[b] ? a : b;
}

void nagios_head(FILE *out, enum nagios_state state) {
  static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

  fprintf(out, "BASELINE %s - ", names[state]);
}

void nagios_text(FILE *out, const char *text) {
  char plain[UNIXSOCK_PROBLEM_MAX];

  snprintf(plain, sizeof(plain), "%s", text);
  plain_text_make(plain);
  for (char *at = plain; *at != '\0'; at++)
    fputc(*at == '|' ? '?' : *at, out);
}

/* The guidelines for plugins allow only digits, '-' and '.' in a value, no
 * exponent. Nothing here is more precise than a thousandth. */
static const char *decimal(double value, char text[NAGIOS_DECIMAL_MAX]) {
  snprintf(text, NAGIOS_DECIMAL_MAX, "%.3f", fabs(value) < 0.0005 ? 0 : value);
  char *end = text + strlen(text);
  while (end[-1] == '0')
    *--end = '\0';
  if (end[-1] == '.')
    end[-1] = '\0';
  return text;
}

void nagios_figure(FILE *out, const char *label, double value, const char *unit,
                   const char *rest) {
  char text[NAGIOS_DECIMAL_MAX];

  if (isfinite(value))
    fprintf(out, " %s=%s%s%s", label, decimal(value, text), unit, rest);
  else
    fprintf(out, " %s=U", label);
}

enum nagios_state nagios_state_of(enum host_severity severity) {
  static const enum nagios_state states[] = {
      [HOST_NOT_JUDGED] = NAGIOS_UNKNOWN,
      [HOST_OKAY] = NAGIOS_OK,
      [HOST_WARNING] = NAGIOS_WARNING,
      [HOST_FAILURE] = NAGIOS_CRITICAL,
  };

  return states[severity];
}

/* A silenced incident is no alarm; the figures show it all the same. */
static enum nagios_state state_of(const struct host_incident *incident) {
  return incident->silenced_until_s <= 0 ? nagios_state_of(incident->severity)
                                         : NAGIOS_OK;
}

/* The worst first; equal ones by name. */
static int compare(const void *left, const void *right) {
  const struct host_incident *a = left, *b = right;
  enum nagios_state x = state_of(a);
  enum nagios_state y = state_of(b);

  if (x == y)
    return strcmp(a->name, b->name);
  return nagios_worst(x, y) == x ? -1 : 1;
}

static int compare_names(const void *left, const void *right) {
  const struct host_incident *a = left, *b = right;

  return strcmp(a->name, b->name);
}

/* ", 512 half-open (expected 4, limit 21)"; unknown figures are left out. */
static void write_figures(FILE *out, const struct host_incident *incident) {
  char figure[WORDS_MAX];
  enum incident_kind kind = host_incident_kind(incident);
  const char *unit = kind == INCIDENT_COUNT ? "" : catalogue[kind].checked;

  if (!isnan(incident->observed))
    fprintf(out, ", %s%s", words_figure(incident->observed, figure), unit);
  if (isnan(incident->expected) || isnan(incident->upper))
    return;
  fprintf(out, " (expected %s,", words_figure(incident->expected, figure));
  if (incident->observed < incident->lower)
    fprintf(out, " least %s)", words_figure(incident->lower, figure));
  else
    fprintf(out, " limit %s)", words_figure(incident->upper, figure));
}

/* ", at 0.0.0.0:443, from 192.0.2.0/24 40 %" */
static void write_more(FILE *out, const struct host_incident *incident) {
  char place[HOST_INCIDENT_WORDS_MAX], hindrance[HOST_INCIDENT_WORDS_MAX];

  host_incident_place(incident, place);
  host_incident_hindrance(incident, hindrance);
  fputs(place[0] != '\0' ? ", " : "", out);
  nagios_text(out, place);
  fputs(hindrance[0] != '\0' ? ", " : "", out);
  nagios_text(out, hindrance);
}

/* "no incident (5 judged; learning, 9 min left)" */
static void write_calm(FILE *out, const struct host_incident *incidents,
                       size_t len) {
  char hindrance[HOST_INCIDENT_WORDS_MAX] = "";
  double longest_s = 0;

  for (size_t i = 0; i < len; i++)
    if (incidents[i].learning_s > longest_s) {
      longest_s = incidents[i].learning_s;
      host_incident_hindrance(&(struct host_incident){.learning_s = longest_s},
                              hindrance);
    }
  fprintf(out, "no incident (%zu judged%s%s)", len,
          hindrance[0] != '\0' ? "; " : "", hindrance);
}

static void write_silenced(FILE *out, const char *host,
                           const struct host_incident *incident, double now_s) {
  char words[CONF_SILENCES_WORDS_MAX];

  if (incident->silenced_until_s <= 0)
    return;
  fputs(", ", out);
  nagios_text(out,
              conf_silences_words(host, incident->name,
                                  incident->silenced_until_s, now_s, words));
}

static void write_incident(FILE *out, const char *host,
                           const struct host_incident *incident, double now_s) {
  char since[HOST_INCIDENT_SINCE_MAX];

  nagios_text(out, incident->name);
  if (incident->severity == HOST_NOT_JUDGED) {
    fprintf(out, " is not judged%s", incident->unjudged[0] ? ": " : "");
    nagios_text(out, incident->unjudged);
    return;
  }
  fprintf(out, " %s", host_severity_word(incident->severity));
  host_incident_since(incident, now_s, since);
  if (since[0] != '\0')
    fprintf(out, " since %s", since);
  write_silenced(out, host, incident, now_s);
  if (incident->unmeasured_s > 0)
    fprintf(out, ", %s", host_incident_unmeasured);
  write_figures(out, incident);
  write_more(out, incident);
}

/* A label of these characters needs no quotes; other names are left out. */
static bool is_label(const char *name) {
  for (; *name != '\0'; name++)
    if (!isalnum((unsigned char)*name) && !strchr("_.-", *name))
      return false;
  return true;
}

/* The metrics that have a label for it, in the catalogue's order. */
static void write_metrics(FILE *out, const struct host_model *model) {
  for (enum shown_id id = 0; id < SHOWN_METRICS; id++) {
    const struct shown_metric *metric = shown_metric(id);
    bool is_percent = metric->unit[0] != '\0';
    if (metric->check_label)
      nagios_figure(out, metric->check_label, host_model_metric(model, id),
                    is_percent ? "%" : "", is_percent ? ";;;0;100" : ";;;0");
  }
}

/* As the daemon has it: 0, 1, 2. */
static double gauge_of(enum host_severity severity) {
  return severity == HOST_NOT_JUDGED ? NAN : (double)(severity - HOST_OKAY);
}

static void write_data(FILE *out, const struct host_model *model,
                       const struct host_incident *incidents, size_t len) {
  double upper = host_model_metric(model, SHOWN_FLOOD_UPPER);
  char rest[NAGIOS_DECIMAL_MAX + 8] = ";;;0", limit[NAGIOS_DECIMAL_MAX];

  if (isfinite(upper))
    snprintf(rest, sizeof(rest), ";%s;;0", decimal(upper, limit));
  fputs(" |", out);
  nagios_figure(out, "half_open", host_model_metric(model, SHOWN_SYN_RECV), "",
                rest);
  nagios_figure(out, "expected", host_model_metric(model, SHOWN_FLOOD_EXPECTED),
                "", ";;;0");
  write_metrics(out, model);
  for (size_t i = 0; i < len; i++)
    if (is_label(incidents[i].name))
      nagios_figure(out, incidents[i].name, gauge_of(incidents[i].severity), "",
                    ";0;1;0;2");
  fputc('\n', out);
}

/* One that cannot be judged, as without a listener, is no trouble unless it is
 * chosen. */
static bool counts(const struct nagios_choice *choice,
                   const struct host_incident *incident) {
  return nagios_is_chosen(choice, incident->name) &&
         (choice->len > 0 || incident->unjudged[0] == '\0');
}

/* The chosen incidents; one that is chosen by name and not judged is among
 * them, as not judged. out: twice HOST_INCIDENTS_MAX. */
static size_t choose(const struct host_model *model,
                     const struct nagios_choice *choice,
                     struct host_incident *out) {
  struct host_incident all[HOST_INCIDENTS_MAX];
  size_t all_len = host_incidents_read(model, all), len = 0;

  for (size_t i = 0; i < all_len; i++)
    if (counts(choice, &all[i]))
      out[len++] = all[i];
  size_t found = len;
  for (size_t i = 0; i < choice->len && len < 2 * HOST_INCIDENTS_MAX; i++) {
    bool judged = false;
    for (size_t k = 0; k < found; k++)
      judged = judged || strcmp(out[k].name, choice->names[i]) == 0;
    if (judged)
      continue;
    out[len] = (struct host_incident){.severity = HOST_NOT_JUDGED};
    snprintf(out[len].name, sizeof(out[len].name), "%s", choice->names[i]);
    len++;
  }
  qsort(out, len, sizeof(out[0]), compare);
  return len;
}

enum nagios_state nagios_line(FILE *out, const struct host_model *model,
                              const struct nagios_choice *choice,
                              double now_s) {
  struct host_incident incidents[2 * HOST_INCIDENTS_MAX];
  size_t len = choose(model, choice, incidents), shown = 0;

  if (len == 0)
    return nagios_unknown(out, nagios_not_judged);
  enum nagios_state worst = state_of(&incidents[0]);
  nagios_head(out, worst);
  nagios_text(out, model->host);
  fputs(": ", out);
  for (size_t i = 0; i < len; i++) {
    if (incidents[i].severity == HOST_OKAY)
      continue;
    fputs(shown++ > 0 ? "; " : "", out);
    write_incident(out, model->host, &incidents[i], now_s);
  }
  if (shown == 0)
    write_calm(out, incidents, len);
  /* The data keep one order, because graphs rely on it. */
  qsort(incidents, len, sizeof(incidents[0]), compare_names);
  write_data(out, model, incidents, len);
  return worst;
}

enum nagios_state nagios_unknown(FILE *out, const char *problem) {
  nagios_head(out, NAGIOS_UNKNOWN);
  nagios_text(out, problem);
  fputc('\n', out);
  return NAGIOS_UNKNOWN;
}
