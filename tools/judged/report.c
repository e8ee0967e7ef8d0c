/* Notifications as lines of text or JSON, and the summary after them. */
#include "report.h"

#include "lib/json.h"
#include "lib/moment.h"
#include "lib/words.h"

#include <inttypes.h>
#include <string.h>

static void print_text(FILE *out, const struct notice *notice) {
  char when[MOMENT_MAX];

  fprintf(out, "%s %s %s %s\n", moment_write(notice->time_s, when),
          notice->host, words_severity(notice->severity), notice->text);
}

static void add_values(struct json_writer *json, const struct notice *notice) {
  json_open(json, "values", '{');
  for (size_t i = 0; i < notice->items_len; i++) {
    const struct notice_item *item = &notice->items[i];
    if (item->is_text)
      json_add_string(json, item->name, item->text);
    else
      json_add_number(json, item->name, item->number);
  }
  json_close(json, '}');
}

static void print_json(FILE *out, const struct notice *notice,
                       const char *settings) {
  struct json_writer json = json_begin(out);

  json_open(&json, NULL, '{');
  if (settings)
    json_add_string(&json, "settings", settings);
  json_add_number(&json, "time", notice->time_s);
  json_add_string(&json, "host", notice->host);
  json_add_string(&json, "incident", notice->instance);
  if (notice->type[0] != '\0') /* of a watched series */
    json_add_string(&json, "type", notice->type);
  if (notice->type[0] != '\0' || notice->type_instance[0] != '\0')
    json_add_string(&json, "type_instance", notice->type_instance);
  json_add_string(&json, "severity", words_severity(notice->severity));
  json_add_string(&json, "message", notice->text);
  add_values(&json, notice);
  json_close(&json, '}');
  fputc('\n', out);
}

static void count(struct judged_report *report, const struct notice *notice) {
  size_t i = 0;

  while (i < report->kinds_len &&
         strcmp(report->kinds[i].name, notice->instance) != 0)
    i++;
  if (i == JUDGED_KINDS_MAX)
    return;
  if (i == report->kinds_len) {
    report->kinds[i] = (struct judged_kind){.name = ""};
    memcpy(report->kinds[i].name, notice->instance,
           sizeof(report->kinds[i].name));
    report->kinds_len++;
  }
  report->kinds[i].sent[notice->severity]++;
}

void judged_report_notice(struct judged_report *report,
                          const struct notice *notice) {
  if (report->out && report->json)
    print_json(report->out, notice, NULL);
  else if (report->out)
    print_text(report->out, notice);
  count(report, notice);
}

void judged_report_print(const struct notice *notice, const char *settings,
                         bool json, FILE *out) {
  if (json) {
    print_json(out, notice, settings);
    return;
  }
  fprintf(out, "%-5s", settings);
  print_text(out, notice);
}

void judged_report_open(struct judged_report *report,
                        const struct finding *finding, double time_s,
                        const char *name, const char *host) {
  struct judged_longest *longest = &report->longest;
  bool open = finding->severity != SEVERITY_OKAY;
  bool closes = !open && finding->change != INCIDENT_UNCHANGED;

  if (!finding->judged || (!open && !closes) ||
      time_s - finding->since_s <= longest->open_s)
    return;
  snprintf(longest->what, sizeof(longest->what), "%s on %s", name, host);
  longest->since_s = finding->since_s;
  longest->open_s = time_s - finding->since_s;
  longest->closed = closes;
}

static void print_longest(const struct judged_longest *longest, FILE *out) {
  char lasted[WORDS_MAX], since[MOMENT_MAX];

  if (longest->open_s <= 0) {
    fputs("longest open: none\n", out);
    return;
  }
  fprintf(out, "longest open: %s, %s from %s%s\n", longest->what,
          words_duration_hours(longest->open_s, lasted),
          moment_write(longest->since_s, since),
          longest->closed ? "" : ", open at the end");
}

static void print_kind(const struct judged_kind *kind, FILE *out) {
  const uint64_t *sent = kind->sent;

  fprintf(out,
          "  %s: %" PRIu64 " (%" PRIu64 " WARNING, %" PRIu64
          " FAILURE, %" PRIu64 " OKAY)\n",
          kind->name,
          sent[SEVERITY_OKAY] + sent[SEVERITY_WARNING] + sent[SEVERITY_FAILURE],
          sent[SEVERITY_WARNING], sent[SEVERITY_FAILURE], sent[SEVERITY_OKAY]);
}

uint64_t judged_report_sent(const struct judged_report *report) {
  uint64_t total = 0;

  for (size_t i = 0; i < report->kinds_len; i++)
    for (int k = 0; k <= SEVERITY_FAILURE; k++)
      total += report->kinds[i].sent[k];
  return total;
}

void judged_report_kinds(const struct judged_report *report, FILE *out) {
  for (size_t i = 0; i < report->kinds_len; i++)
    print_kind(&report->kinds[i], out);
}

void judged_report_range(const struct judged_report *report, FILE *out,
                         size_t hosts) {
  char first[MOMENT_MAX], last[MOMENT_MAX];

  fprintf(out, "readings: %" PRIu64, report->readings);
  if (report->last_s > 0)
    fprintf(out, ", from %s to %s", moment_write(report->first_s, first),
            moment_write(report->last_s, last));
  fprintf(out, "\nhosts: %zu\n", hosts);
  if (report->watched > 0)
    fprintf(out, "watched values: %" PRIu64 "\n", report->watched);
}

void judged_report_summary(const struct judged_report *report, FILE *out,
                           size_t hosts) {
  judged_report_range(report, out, hosts);
  fprintf(out, "notifications: %" PRIu64 "\n", judged_report_sent(report));
  judged_report_kinds(report, out);
  print_longest(&report->longest, out);
}
