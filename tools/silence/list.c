/* See list.h; the members of the JSON are described in collectd-baseline(1). */
#include "list.h"

#include "lib/json.h"
#include "lib/moment.h"

#include <math.h>
#include <string.h>

static bool is_on(const struct silences_one *one, double now_s) {
  return now_s < one->until_s;
}

/* When a <Maintenance> that runs now ends; 0: it does not run. */
static double maintenance_until(const struct silences *silences, size_t i,
                                double now_s) {
  const struct maintenance_rules *rules = &silences->rules->maintenance[i];
  struct schedule schedule = {
      .days = (unsigned)rules->days,
      .from_s = (int)rules->from_s,
      .to_s = (int)rules->to_s,
  };

  return schedule_until(&schedule, &silences->zones[i], now_s);
}

static void print_row(FILE *out, const char *until, const char *host,
                      const char *incident, const char *by, const char *why) {
  fprintf(out, "%-19s  %-20s  %-19s  %s%s%s\n", until, host, incident, by,
          why[0] != '\0' ? ": " : "", why);
}

static size_t print_maintenance(FILE *out, const struct silences *silences,
                                double now_s) {
  char until[MOMENT_MAX], by[RULES_NAME_MAX + 16];
  size_t shown = 0;

  for (size_t i = 0; i < silences->rules->maintenance_len; i++) {
    const struct maintenance_rules *rules = &silences->rules->maintenance[i];
    double until_s = maintenance_until(silences, i, now_s);
    if (until_s <= 0)
      continue;
    snprintf(by, sizeof(by), "<Maintenance \"%s\">", rules->name);
    print_row(out, moment_write(until_s, until), rules->host, rules->incident,
              by, "");
    shown++;
  }
  return shown;
}

void silence_list_text(FILE *out, const struct silences *silences,
                       double now_s) {
  char until[MOMENT_MAX];
  size_t shown = 0;

  print_row(out, "UNTIL", "HOST", "INCIDENT", "BY: WHY", "");
  for (size_t i = 0; i < silences->list.len; i++) {
    const struct silences_one *one = &silences->list.one[i];
    if (!is_on(one, now_s))
      continue;
    print_row(out, moment_write(one->until_s, until), one->host, one->incident,
              one->by[0] != '\0' ? one->by : "?", one->why);
    shown++;
  }
  shown += print_maintenance(out, silences, now_s);
  if (shown == 0)
    fputs("nothing is silenced now\n", out);
}

static void add_one(struct json_writer *json, const struct silences_one *one) {
  json_open(json, NULL, '{');
  json_add_string(json, "host", one->host);
  json_add_string(json, "incident", one->incident);
  json_add_number(json, "from", one->from_s);
  json_add_number(json, "until", one->until_s);
  json_add_string(json, "by", one->by);
  json_add_string(json, "why", one->why);
  json_close(json, '}');
}

static void add_maintenance(struct json_writer *json,
                            const struct maintenance_rules *rules,
                            double until_s) {
  json_open(json, NULL, '{');
  json_add_string(json, "name", rules->name);
  json_add_string(json, "host", rules->host);
  json_add_string(json, "incident", rules->incident);
  json_add_number(json, "until", until_s > 0 ? until_s : NAN);
  json_close(json, '}');
}

void silence_list_json(FILE *out, const struct silences *silences,
                       const char *path, double now_s) {
  struct json_writer writer = json_begin(out), *json = &writer;
  const struct rules *rules = silences->rules;

  json_open(json, NULL, '{');
  json_add_string(json, "file", path);
  json_open(json, "silences", '[');
  for (size_t i = 0; i < silences->list.len; i++)
    if (is_on(&silences->list.one[i], now_s))
      add_one(json, &silences->list.one[i]);
  json_close(json, ']');
  json_open(json, "maintenance", '[');
  for (size_t i = 0; i < rules->maintenance_len; i++)
    add_maintenance(json, &rules->maintenance[i],
                    maintenance_until(silences, i, now_s));
  json_close(json, ']');
  json_close(json, '}');
  fputc('\n', out);
}
