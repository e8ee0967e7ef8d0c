/* An incident's change -> a notice: severity, text, figures. Pure. */
#include "verdict/notice.h"

#include "notice_text.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/plain_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct {
  uint32_t bit;
  const char *name;
} evidence_names[] = {
    {SYN_FLOOD_EXCESS, "excess"},         {SYN_FLOOD_COOKIES, "cookies"},
    {SYN_FLOOD_FULL_QUEUE, "full_queue"}, {SYN_FLOOD_COLLAPSE, "collapse"},
    {SYN_FLOOD_RESETS, "resets"},         {SYN_FLOOD_ENTROPY, "entropy"},
};

static void add_number(struct notice *notice, const char *name, double number) {
  if (isnan(number))
    return;
  struct notice_item *item = &notice->items[notice->items_len++];
  item->name = name;
  item->is_text = false;
  item->number = number;
}

static void add_text(struct notice *notice, const char *name,
                     const char *text) {
  if (text[0] == '\0')
    return;
  struct notice_item *item = &notice->items[notice->items_len++];
  item->name = name;
  item->is_text = true;
  snprintf(item->text, sizeof(item->text), "%s", text);
  plain_text_make(item->text);
}

static void list_evidence(uint32_t evidence, char *text, size_t size) {
  size_t used = 0;

  text[0] = '\0';
  for (size_t i = 0; i < sizeof(evidence_names) / sizeof(evidence_names[0]);
       i++)
    if (evidence & evidence_names[i].bit && used < size)
      used += (size_t)snprintf(text + used, size - used, "%s%s",
                               used ? "," : "", evidence_names[i].name);
}

/* From which value on it is a FAILURE; not where it is one already by other
 * evidence, for then the value says nothing. */
static double failure_max(const struct finding *finding) {
  bool by_other = finding->severity == SEVERITY_FAILURE &&
                  finding->observed < finding->failure_max;

  return by_other ? NAN : finding->failure_max;
}

static void add_finding(const struct finding *finding, const char *data_source,
                        struct notice *notice) {
  char text[NOTICE_STRING_MAX];

  add_text(notice, "DataSource", data_source);
  add_number(notice, "CurrentValue", finding->observed);
  add_number(notice, "WarningMax", finding->upper);
  add_number(notice, "FailureMax", failure_max(finding));
  add_number(notice, "Expected", finding->expected);
  add_number(notice, "Score", finding->score);
  /* Not rounded up, nor ahead of a clock that was set back: nothing begins
   * after it is told. */
  snprintf(text, sizeof(text), "%.0f",
           floor(fmin(finding->since_s, notice->time_s)));
  add_text(notice, "Since", text);
  add_number(notice, "Samples", finding->samples);
}

static void compose_items(const struct judgement *judgement,
                          const struct finding *finding,
                          enum incident_kind incident, struct notice *notice) {
  const struct snapshot_queue *queue =
      catalogue_queue(&judgement->seen, incident);
  char text[NOTICE_STRING_MAX];

  add_finding(finding, "value", notice);
  if (incident == INCIDENT_SYN_FLOOD) {
    list_evidence(finding->evidence, text, sizeof(text));
    add_text(notice, "Evidence", text);
    add_text(notice, "TopSource", judgement->seen.top_source);
  }
  if (queue)
    add_text(notice, "Listener", queue->listener);
}

bool notice_compose(const struct judgement *judgement,
                    enum incident_kind incident, struct notice *out) {
  const struct finding *finding = &judgement->finding[incident];

  if (!finding->judged || finding->change == INCIDENT_UNCHANGED)
    return false;
  memset(out, 0, sizeof(*out));
  out->severity = finding->severity;
  out->time_s = judgement->seen.time_s;
  memcpy(out->host, judgement->host, sizeof(out->host));
  snprintf(out->instance, sizeof(out->instance), "%s",
           rules_incident_name(incident));
  locale_t before = plain_text_begin();
  notice_text_incident(judgement, incident, out->text);
  plain_text_end(before);
  plain_text_make(out->text);
  compose_items(judgement, finding, incident, out);
  return true;
}

bool notice_compose_series(const struct series_judgement *judgement,
                           struct notice *out) {
  const struct finding *finding = &judgement->finding;
  char parts[SERIES_IDENTIFIER_MAX];
  struct series_name name;

  if (!finding->judged || finding->change == INCIDENT_UNCHANGED ||
      identifier_split(judgement->identifier, parts, &name) != 0)
    return false;
  memset(out, 0, sizeof(*out));
  out->severity = finding->severity;
  out->time_s = judgement->time_s;
  snprintf(out->host, sizeof(out->host), "%s", name.host);
  snprintf(out->instance, sizeof(out->instance), "%s", judgement->rules->name);
  snprintf(out->type, sizeof(out->type), "%s", name.type);
  snprintf(out->type_instance, sizeof(out->type_instance), "%s",
           name.type_instance);
  locale_t before = plain_text_begin();
  notice_text_series(judgement, out->text);
  plain_text_end(before);
  add_finding(finding, *name.data_source ? name.data_source : "value", out);
  add_number(out, "WarningMin", finding->lower);
  return true;
}

const char notice_host_silent[] = "host_silent";

bool notice_compose_silence(const struct judgement *judgement,
                            const struct rules *rules, struct notice *out) {
  if (!rules->notify_silent ||
      !(judgement->fell_silent || judgement->came_back))
    return false;
  memset(out, 0, sizeof(*out));
  out->severity = judgement->fell_silent ? SEVERITY_WARNING : SEVERITY_OKAY;
  out->time_s = judgement->seen.time_s;
  memcpy(out->host, judgement->host, sizeof(out->host));
  snprintf(out->instance, sizeof(out->instance), "%s", notice_host_silent);
  notice_text_silence(judgement, out->text);
  return true;
}
