/* Notifications as lines of text or JSON, and the summary behind them. */
#include "report.h"

#include "lib/json.h"
#include "lib/words.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

static void print_time(FILE *out, double time_s) {
  time_t whole = (time_t)time_s;
  struct tm local;
  char text[64] = "?";

  if (localtime_r(&whole, &local))
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &local);
  fputs(text, out);
}

static void print_text(FILE *out, const struct notice *notice) {
  print_time(out, notice->time_s);
  fprintf(out, " %s %s %s\n", notice->host, words_severity(notice->severity),
          notice->text);
}

static void print_member(FILE *out, const char *before, const char *name,
                         const char *text) {
  fprintf(out, "%s\"%s\":", before, name);
  json_string(out, text);
}

static void print_values(FILE *out, const struct notice *notice) {
  fputs(",\"values\":{", out);
  for (size_t i = 0; i < notice->items_len; i++) {
    const struct notice_item *item = &notice->items[i];
    const char *before = i > 0 ? "," : "";
    if (item->is_text) {
      print_member(out, before, item->name, item->text);
      continue;
    }
    fprintf(out, "%s\"%s\":", before, item->name);
    json_number(out, item->number);
  }
  fputs("}}\n", out);
}

static void print_json(FILE *out, const struct notice *notice) {
  fputs("{\"time\":", out);
  json_number(out, notice->time_s);
  print_member(out, ",", "host", notice->host);
  print_member(out, ",", "incident", notice->instance);
  if (notice->type[0] != '\0') { /* of a watched series */
    print_member(out, ",", "type", notice->type);
    print_member(out, ",", "type_instance", notice->type_instance);
  }
  print_member(out, ",", "severity", words_severity(notice->severity));
  print_member(out, ",", "message", notice->text);
  print_values(out, notice);
}

static void count(struct judged_report *report, const struct notice *notice) {
  size_t i = 0;

  while (i < report->kinds_len &&
         strcmp(report->kinds[i].name, notice->instance) != 0)
    i++;
  if (i == REPLAY_KINDS_MAX)
    return;
  if (i == report->kinds_len) {
    report->kinds[i] = (struct replay_kind){.name = ""};
    memcpy(report->kinds[i].name, notice->instance,
           sizeof(report->kinds[i].name));
    report->kinds_len++;
  }
  report->kinds[i].sent[notice->severity]++;
}

void judged_report_notice(struct judged_report *report,
                          const struct notice *notice) {
  if (report->out && report->json)
    print_json(report->out, notice);
  else if (report->out)
    print_text(report->out, notice);
  count(report, notice);
}

void judged_report_open(struct judged_report *report,
                        const struct finding *finding, double time_s,
                        const char *name, const char *host) {
  struct replay_longest *longest = &report->longest;
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

static void print_duration(FILE *out, double duration_s) {
  long long s = (long long)(duration_s + 0.5);

  if (s < 120)
    fprintf(out, "%lld s", s);
  else if (s < 7200)
    fprintf(out, "%lld min", s / 60);
  else
    fprintf(out, "%lld h %lld min", s / 3600, s / 60 % 60);
}

static void print_longest(const struct replay_longest *longest, FILE *out) {
  fputs("longest open: ", out);
  if (longest->open_s <= 0) {
    fputs("none\n", out);
    return;
  }
  fprintf(out, "%s, ", longest->what);
  print_duration(out, longest->open_s);
  fputs(" from ", out);
  print_time(out, longest->since_s);
  fputs(longest->closed ? "\n" : ", open at the end\n", out);
}

static void print_kind(const struct replay_kind *kind, FILE *out) {
  const uint64_t *sent = kind->sent;

  fprintf(out,
          "  %s: %" PRIu64 " (%" PRIu64 " WARNING, %" PRIu64
          " FAILURE, %" PRIu64 " OKAY)\n",
          kind->name,
          sent[SEVERITY_OKAY] + sent[SEVERITY_WARNING] + sent[SEVERITY_FAILURE],
          sent[SEVERITY_WARNING], sent[SEVERITY_FAILURE], sent[SEVERITY_OKAY]);
}

void judged_report_summary(const struct judged_report *report, FILE *out,
                           size_t hosts) {
  uint64_t total = 0;

  fprintf(out, "readings: %" PRIu64, report->readings);
  if (report->last_s > 0) {
    fputs(", from ", out);
    print_time(out, report->first_s);
    fputs(" to ", out);
    print_time(out, report->last_s);
  }
  fprintf(out, "\nhosts: %zu\n", hosts);
  if (report->watched > 0)
    fprintf(out, "watched values: %" PRIu64 "\n", report->watched);
  for (size_t i = 0; i < report->kinds_len; i++)
    for (int k = 0; k <= SEVERITY_FAILURE; k++)
      total += report->kinds[i].sent[k];
  fprintf(out, "notifications: %" PRIu64 "\n", total);
  for (size_t i = 0; i < report->kinds_len; i++)
    print_kind(&report->kinds[i], out);
  print_longest(&report->longest, out);
}
