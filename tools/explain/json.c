/* See json.h. */
#include "json.h"

#include "lib/json.h"
#include "page.h"
#include "verdict/incidents/catalogue.h"
#include "words.h"

static void key(FILE *out, const char *name) { fprintf(out, ",\"%s\":", name); }

static void number(FILE *out, const char *name, double value) {
  key(out, name);
  json_number(out, value);
}

static void string(FILE *out, const char *name, const char *text) {
  key(out, name);
  if (text)
    json_string(out, text);
  else
    fputs("null", out);
}

static void truth(FILE *out, const char *name, bool is) {
  fprintf(out, ",\"%s\":%s", name, is ? "true" : "false");
}

/* Groups of choices of terms; "!" before one that must not be met. */
static void write_rule(FILE *out, const struct explain_case *is,
                       const struct trace_rule *rule) {
  const struct trace_term *terms = rule->terms;

  fputs(",\"rule\":[[[", out);
  for (size_t i = 0; i < rule->terms_len; i++) {
    if (i > 0)
      fputs(terms[i].group != terms[i - 1].group     ? "]],[["
            : terms[i].choice != terms[i - 1].choice ? "],["
                                                     : ",",
            out);
    fprintf(out, "\"%s%s\"", terms[i].unless ? "!" : "",
            is->words[terms[i].test].key);
  }
  fputs("]]]", out);
}

static void write_test(FILE *out, const struct explain_case *is, int i) {
  static const char *const relations[] = {[TRACE_ABOVE] = "above",
                                          [TRACE_AT_LEAST] = "at least",
                                          [TRACE_BELOW] = "below",
                                          [TRACE_AT_MOST] = "at most"};
  const struct trace_test *test = &is->tests[i];

  fprintf(out, "\"%s\":{\"met\":%s", is->words[i].key,
          test->met ? "true" : "false");
  if (test->relation == TRACE_RULE) {
    write_rule(out, is, &is->rules[i]);
  } else if (test->relation != TRACE_FACT) {
    number(out, "figure", test->figure);
    string(out, "relation", relations[test->relation]);
    number(out, "limit", test->limit);
  }
  fputc('}', out);
}

/* Some incidents of one shape have tests that others of it have not. */
static bool is_used(const struct explain_case *is, int test) {
  bool used = is->rules[test].terms_len > 0 || test == is->long_frozen;

  for (int i = 0; !used && i < is->tests_len; i++)
    for (size_t k = 0; !used && k < is->rules[i].terms_len; k++)
      used = is->rules[i].terms[k].test == test;
  return used;
}

static void write_tests(FILE *out, const struct explain_case *is) {
  bool first = true;

  key(out, "tests");
  fputc('{', out);
  for (int i = 0; i < is->tests_len; i++) {
    if (!is_used(is, i))
      continue;
    if (!first)
      fputc(',', out);
    write_test(out, is, i);
    first = false;
  }
  fputc('}', out);
}

static void write_evidence(FILE *out, const struct explain_case *is) {
  const char *before = "";

  key(out, "evidence");
  fputc('[', out);
  for (const int *sign = is->evidence; *sign >= 0; sign++)
    if (is->tests[*sign].met) {
      fprintf(out, "%s\"%s\"", before, is->words[*sign].key);
      before = ",";
    }
  fputc(']', out);
}

static void write_outlook(FILE *out, const struct incident *incident,
                          const struct incident_rules *rules) {
  struct incident_outlook ahead;

  incident_look_ahead(incident, rules, &ahead);
  number(out, "votes", ahead.votes);
  number(out, "votes_needed", ahead.votes_needed);
  number(out, "votes_of", ahead.votes_of);
  number(out, "failures", ahead.failures);
  number(out, "failures_needed", ahead.failures_needed);
  number(out, "calm", ahead.calm);
  number(out, "calm_needed", ahead.calm_needed);
}

/* What the half-open, or SYN_SENT, or CLOSE_WAIT, are explained by. */
static void write_model(FILE *out, const struct expectation *model,
                        const struct expectation_now *now) {
  fputs(",\"model\":{\"by_share\":", out);
  json_number(out, now->by_share);
  number(out, "by_dwell", now->by_dwell);
  number(out, "by_recent", now->by_recent);
  number(out, "spread", now->spread);
  number(out, "sigmas", now->sigmas);
  number(out, "drift", now->drift);
  number(out, "usual_share", now->usual_share);
  number(out, "usual_dwell_s", now->usual_dwell_s);
  number(out, "readings", model->learnt);
  number(out, "learnt_s", model->learnt_s);
  number(out, "frozen_s", model->frozen_s);
  number(out, "half_open", model->slow.half_open);
  number(out, "aged", model->slow.aged);
  number(out, "established", model->slow.established);
  number(out, "completed", model->slow.completed);
  fputc('}', out);
}

static void write_models(FILE *out, const struct explain_view *view,
                         enum incident_kind kind) {
  const struct judge *judge = &view->host.before.judge;

  if (catalogue[kind].shape == CATALOGUE_SYN_FLOOD)
    write_model(out, &judge->syn_flood.model, &view->judgement.syn_flood.now);
  if (catalogue[kind].shape != CATALOGUE_EXCESS)
    return;
  const struct excess *memory = catalogue_memory(judge, kind);
  const struct excess_trace *trace = catalogue_trace(&view->trace, kind);
  write_model(out, &memory->model, &trace->now);
}

static void write_finding(FILE *out, const struct explain_view *view,
                          enum incident_kind kind) {
  const struct finding *finding = &view->judgement.finding[kind];
  struct explain_case is;

  explain_words_case(view, kind, &is);
  number(out, "observed", finding->observed);
  number(out, "expected", finding->expected);
  number(out, "upper", finding->upper);
  number(out, "failure_max", finding->failure_max);
  number(out, "score", finding->score);
  write_evidence(out, &is);
  write_outlook(out, explain_view_incident(view, kind),
                &view->rules->incident[kind]);
  write_models(out, view, kind);
  write_tests(out, &is);
}

static void write_incident(FILE *out, const struct explain_view *view,
                           enum incident_kind kind) {
  const struct incident *incident = explain_view_incident(view, kind);
  bool judged = view->is_judged && view->judgement.finding[kind].judged;

  fprintf(out, "{\"name\":\"%s\",\"severity\":\"%s\"",
          rules_incident_name(kind), explain_page_severity(incident->severity));
  truth(out, "enabled", view->rules->incident[kind].enable);
  truth(out, "judged", judged);
  truth(out, "agrees", view->odds[kind] == EXPLAIN_AGREES);
  key(out, "since");
  if (incident->severity != SEVERITY_OKAY)
    json_number(out, incident->since_s);
  else
    fputs("null", out);
  if (judged)
    write_finding(out, view, kind);
  fputc('}', out);
}

static void write_reading(FILE *out, const struct observation *seen) {
  fputs(",\"reading\":{\"dt\":", out);
  json_number(out, seen->dt_s);
  truth(out, "gap", seen->gap);
  for (int i = 0; i < SIGNAL_COUNT; i++)
    number(out, signals_type_instance((enum signal)i), seen->value[i]);
  fputc('}', out);
}

void explain_json_host(FILE *out, const struct explain_source *source,
                       const struct explain_view *view, int only) {
  const char *before = "";

  fputs("{\"host\":", out);
  json_string(out, view->host.name);
  string(out, "severity", explain_page_severity(explain_view_severity(view)));
  truth(out, "judged", view->is_judged);
  string(out, "config", source->config_path);
  string(out, "state", source->state_path);
  truth(out, "asked", source->is_asked);
  number(out, "saved", source->saved_s);
  if (view->is_judged) {
    number(out, "time", view->host.last.time_s);
    number(out, "interval", view->host.last.interval_s);
    write_reading(out, &view->judgement.seen);
  }
  key(out, "incidents");
  fputc('[', out);
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    if (only >= 0 && i != only)
      continue;
    fputs(before, out);
    write_incident(out, view, (enum incident_kind)i);
    before = ",";
  }
  fputs("]}\n", out);
}

void explain_json_series(FILE *out, const struct explain_series *series) {
  const struct incident *incident = &series->memory->incident;
  const struct baseline *baseline = &series->memory->baseline;

  fputs("{\"series\":", out);
  json_string(out, series->identifier);
  string(out, "watch", series->rules->name);
  string(out, "severity", explain_page_severity(incident->severity));
  number(out, "time", series->memory->time_s);
  number(out, "expected", series->next.expected);
  number(out, "lower", series->next.lower);
  number(out, "upper", series->next.upper);
  number(out, "values", baseline->learnt);
  number(out, "learnt_s", baseline->learnt_s);
  number(out, "frozen_s", baseline->frozen_s);
  write_outlook(out, incident, &series->rules->incident);
  fputs("}\n", out);
}
