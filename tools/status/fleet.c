/* See fleet.h; the members of the JSON are described in collectd-baseline(1).
 * Touches only the stream it is given. */
#include "fleet.h"

#include "daemon/fleet_words.h"
#include "lib/json.h"

#include <string.h>

enum { NAME_MIN = 20, NAME_MAX = 48, SEVERITIES = HOST_FAILURE + 1 };

/* The worst first, as fleet_sort has them. */
static const enum host_severity order[SEVERITIES] = {
    HOST_FAILURE, HOST_WARNING, HOST_NOT_JUDGED, HOST_OKAY};

static void tally(const struct fleet *fleet, size_t count[SEVERITIES]) {
  memset(count, 0, SEVERITIES * sizeof(count[0]));
  for (size_t i = 0; i < fleet->len; i++)
    count[fleet->hosts[i].worst]++;
}

/* --- the table ------------------------------------------------------------ */

static void put_severity(FILE *out, enum host_severity severity, bool colour) {
  static const char *const styles[SEVERITIES] = {
      [HOST_NOT_JUDGED] = "",
      [HOST_OKAY] = "\033[32m",
      [HOST_WARNING] = "\033[33m",
      [HOST_FAILURE] = "\033[1;31m",
  };
  fprintf(out, "%s%-7s%s", colour ? styles[severity] : "",
          host_severity_word(severity), colour ? "\033[0m" : "");
}

static int name_columns(const struct status_fleet *view) {
  int columns = NAME_MIN;

  for (size_t i = 0; i < view->shown; i++) {
    size_t len = strlen(view->fleet->hosts[i].name);
    if (len > (size_t)columns && len <= NAME_MAX)
      columns = (int)len;
  }
  return columns;
}

static void draw_counts(FILE *out, const struct fleet *fleet) {
  size_t count[SEVERITIES];

  tally(fleet, count);
  fprintf(out, "%zu host%s: %zu FAILURE, %zu WARNING, %zu not judged, %zu OKAY",
          fleet->len, fleet->len == 1 ? "" : "s", count[HOST_FAILURE],
          count[HOST_WARNING], count[HOST_NOT_JUDGED], count[HOST_OKAY]);
  if (fleet->patterns)
    fprintf(out, " (of %zu)", fleet->known);
  fputs("\n\n", out);
}

static void draw_host(const struct status_fleet *view, FILE *out,
                      const struct fleet_host *host, int columns) {
  char words[FLEET_WORDS_MAX];

  put_severity(out, host->worst, view->colour);
  if (fleet_words(host, view->now_s, words)[0] == '\0')
    fprintf(out, " %s\n", host->name);
  else
    fprintf(out, " %-*s  %s\n", columns, host->name, words);
}

void status_fleet_draw(FILE *out, const struct status_fleet *view) {
  const struct fleet *fleet = view->fleet;
  int columns = name_columns(view);

  draw_counts(out, fleet);
  for (size_t i = 0; i < view->shown; i++)
    draw_host(view, out, &fleet->hosts[i], columns);
  if (view->shown < fleet->len)
    fprintf(out, "and %zu more; --limit 0 shows all\n",
            fleet->len - view->shown);
}

/* --- JSON ----------------------------------------------------------------- */

static const char *const keys[SEVERITIES] = {
    [HOST_FAILURE] = "failure",
    [HOST_WARNING] = "warning",
    [HOST_NOT_JUDGED] = "not_judged",
    [HOST_OKAY] = "okay",
};

static const char *word(enum host_severity severity) {
  return severity == HOST_NOT_JUDGED ? NULL : host_severity_word(severity);
}

static void add_incident(struct json_writer *json,
                         const struct fleet_host *host, int kind) {
  json_open(json, NULL, '{');
  json_add_string(json, "name", rules_incident_name((enum incident_kind)kind));
  json_add_string(json, "severity", word(host_severity(host->severity[kind])));
  json_add_number(json, "since", fleet_since_s(host, kind));
  json_add_truth(json, "silenced", host->silenced[kind]);
  json_close(json, '}');
}

static void add_host(struct json_writer *json, const struct fleet_host *host) {
  json_open(json, NULL, '{');
  json_add_string(json, "host", host->name);
  json_add_string(json, "severity", word(host->worst));
  json_add_number(json, "time", host->reading_s);
  json_add_number(json, "judged", host->judged_s);
  json_add_truth(json, "silent", host->silent > 0);
  json_open(json, "incidents", '[');
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (fleet_is_open(host, i) && host->worst != HOST_NOT_JUDGED)
      add_incident(json, host, i);
  json_close(json, ']');
  json_close(json, '}');
}

void status_fleet_json(FILE *out, const struct status_fleet *view) {
  struct json_writer json = json_begin(out);
  size_t count[SEVERITIES];

  tally(view->fleet, count);
  json_open(&json, NULL, '{');
  json_add_number(&json, "hosts", (double)view->fleet->len);
  json_add_number(&json, "known", (double)view->fleet->known);
  for (int i = 0; i < SEVERITIES; i++)
    json_add_number(&json, keys[order[i]], (double)count[order[i]]);
  json_add_number(&json, "left_out", (double)(view->fleet->len - view->shown));
  json_open(&json, "list", '[');
  for (size_t i = 0; i < view->shown; i++)
    add_host(&json, &view->fleet->hosts[i]);
  json_close(&json, ']');
  json_close(&json, '}');
  fputc('\n', out);
}
