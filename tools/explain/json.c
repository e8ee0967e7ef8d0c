/* See json.h. */
#include "json.h"

#include "lib/json.h"
#include "lib/moment.h"
#include "lib/words.h"
#include "verdict/incidents/catalogue.h"
#include "words.h"

#include <math.h>

enum { TERM_MAX = 64 };

/* An array of groups of choices of terms; "!" before a term that must not be
 * met. */
static void write_rule(struct json_writer *json, const struct explain_case *is,
                       const struct trace_rule *rule) {
  char name[TERM_MAX];

  json_open(json, "rule", '[');
  json_open(json, NULL, '[');
  json_open(json, NULL, '[');
  for (size_t i = 0; i < rule->terms_len; i++) {
    const struct trace_term *term = &rule->terms[i];
    bool new_group = i > 0 && term->group != term[-1].group;
    if (new_group || (i > 0 && term->choice != term[-1].choice)) {
      json_close(json, ']');
      if (new_group) {
        json_close(json, ']');
        json_open(json, NULL, '[');
      }
      json_open(json, NULL, '[');
    }
    snprintf(name, sizeof(name), "%s%s", term->unless ? "!" : "",
             is->words[term->test].key);
    json_add_string(json, NULL, name);
  }
  json_close(json, ']');
  json_close(json, ']');
  json_close(json, ']');
}

static void write_test(struct json_writer *json, const struct explain_case *is,
                       int i) {
  static const char *const relations[] = {[TRACE_ABOVE] = "above",
                                          [TRACE_AT_LEAST] = "at least",
                                          [TRACE_BELOW] = "below",
                                          [TRACE_AT_MOST] = "at most"};
  const struct trace_test *test = &is->tests[i];

  json_open(json, is->words[i].key, '{');
  json_add_truth(json, "met", test->met);
  if (test->relation == TRACE_RULE) {
    write_rule(json, is, &is->rules[i]);
  } else if (test->relation != TRACE_FACT) {
    json_add_number(json, "figure", test->figure);
    json_add_string(json, "relation", relations[test->relation]);
    json_add_number(json, "limit", test->limit);
  }
  json_close(json, '}');
}

/* Incidents of one shape share a list of tests, but do not all use each test.
 */
static bool is_used(const struct explain_case *is, int test) {
  bool used = is->rules[test].terms_len > 0 || test == is->long_frozen;

  for (int i = 0; !used && i < is->tests_len; i++)
    for (size_t k = 0; !used && k < is->rules[i].terms_len; k++)
      used = is->rules[i].terms[k].test == test;
  return used;
}

static void write_tests(struct json_writer *json,
                        const struct explain_case *is) {
  json_open(json, "tests", '{');
  for (int i = 0; i < is->tests_len; i++)
    if (is_used(is, i))
      write_test(json, is, i);
  json_close(json, '}');
}

static void write_evidence(struct json_writer *json,
                           const struct explain_case *is) {
  json_open(json, "evidence", '[');
  for (const int *sign = is->evidence; *sign >= 0; sign++)
    if (is->tests[*sign].met)
      json_add_string(json, NULL, is->words[*sign].key);
  json_close(json, ']');
}

static void write_outlook(struct json_writer *json,
                          const struct incident *incident,
                          const struct incident_rules *rules) {
  struct incident_outlook ahead;

  incident_look_ahead(incident, rules, &ahead);
  json_add_number(json, "votes", ahead.votes);
  json_add_number(json, "votes_needed", ahead.votes_needed);
  json_add_number(json, "votes_of", ahead.votes_of);
  json_add_number(json, "failures", ahead.failures);
  json_add_number(json, "failures_needed", ahead.failures_needed);
  json_add_number(json, "calm", ahead.calm);
  json_add_number(json, "calm_needed", ahead.calm_needed);
}

/* What explains the sockets in SYN_RECV, SYN_SENT or CLOSE_WAIT. */
static void write_model(struct json_writer *json,
                        const struct expectation *model,
                        const struct expectation_now *now) {
  json_open(json, "model", '{');
  json_add_number(json, "by_share", now->by_share);
  json_add_number(json, "by_dwell", now->by_dwell);
  json_add_number(json, "by_recent", now->by_recent);
  json_add_number(json, "spread", now->spread);
  json_add_number(json, "sigmas", now->sigmas);
  json_add_number(json, "drift", now->drift);
  json_add_number(json, "usual_share", now->usual_share);
  json_add_number(json, "usual_dwell_s", now->usual_dwell_s);
  json_add_number(json, "readings", model->learnt);
  json_add_number(json, "learnt_s", model->learnt_s);
  json_add_number(json, "frozen_s", model->frozen_s);
  json_add_number(json, "half_open", model->slow.half_open);
  json_add_number(json, "aged", model->slow.aged);
  json_add_number(json, "established", model->slow.established);
  json_add_number(json, "completed", model->slow.completed);
  json_close(json, '}');
}

static void write_models(struct json_writer *json,
                         const struct explain_view *view,
                         enum incident_kind kind) {
  const struct judge *judge = &view->host.before.judge;

  if (catalogue[kind].shape == CATALOGUE_SYN_FLOOD)
    write_model(json, &judge->syn_flood.model, &view->judgement.syn_flood.now);
  if (catalogue[kind].shape != CATALOGUE_EXCESS)
    return;
  const struct excess *memory = catalogue_memory(judge, kind);
  const struct excess_trace *trace = catalogue_trace(&view->trace, kind);
  write_model(json, &memory->model, &trace->now);
}

static void write_finding(struct json_writer *json,
                          const struct explain_view *view,
                          enum incident_kind kind) {
  const struct finding *finding = &view->judgement.finding[kind];
  struct explain_case is;

  explain_words_case(view, kind, &is);
  json_add_number(json, "observed", finding->observed);
  json_add_number(json, "expected", finding->expected);
  json_add_number(json, "upper", finding->upper);
  json_add_number(json, "failure_max", finding->failure_max);
  json_add_number(json, "score", finding->score);
  write_evidence(json, &is);
  write_outlook(json, explain_view_incident(view, kind),
                &view->rules->incident[kind]);
  write_models(json, view, kind);
  write_tests(json, &is);
}

static void write_silenced(struct json_writer *json,
                           const struct silences_found *found) {
  if (found->until_s <= 0) {
    json_add_string(json, "silenced", NULL);
    return;
  }
  json_open(json, "silenced", '{');
  json_add_number(json, "until", found->until_s);
  json_add_string(json, "by", found->by);
  json_add_string(json, "why", found->why);
  json_add_truth(json, "maintenance", found->is_maintenance);
  json_close(json, '}');
}

static void write_incident(struct json_writer *json,
                           const struct explain_source *source, double now_s,
                           const struct explain_view *view,
                           enum incident_kind kind) {
  const struct incident *incident = explain_view_incident(view, kind);
  struct silences_found found =
      silences_find(&source->silences.silences, view->host.name,
                    rules_incident_name(kind), now_s);
  bool judged = view->is_judged && view->judgement.finding[kind].judged;

  json_open(json, NULL, '{');
  json_add_string(json, "name", rules_incident_name(kind));
  json_add_string(json, "severity", words_severity(incident->severity));
  json_add_truth(json, "enabled", view->rules->incident[kind].enable);
  json_add_truth(json, "judged", judged);
  json_add_truth(json, "agrees", view->odds[kind] == EXPLAIN_AGREES);
  json_add_number(json, "since",
                  incident->severity != SEVERITY_OKAY ? incident->since_s
                                                      : NAN);
  write_silenced(json, &found);
  if (judged)
    write_finding(json, view, kind);
  json_close(json, '}');
}

static void write_reading(struct json_writer *json,
                          const struct observation *seen) {
  json_open(json, "reading", '{');
  json_add_number(json, "dt", seen->dt_s);
  json_add_truth(json, "gap", seen->gap);
  for (int i = 0; i < SIGNAL_COUNT; i++)
    json_add_number(json, signals_type_instance((enum signal)i),
                    seen->value[i]);
  json_close(json, '}');
}

void explain_json_host(FILE *out, const struct explain_source *source,
                       const struct explain_view *view, int only) {
  struct json_writer writer = json_begin(out), *json = &writer;

  json_open(json, NULL, '{');
  json_add_string(json, "host", view->host.name);
  json_add_string(json, "severity",
                  words_severity(explain_view_severity(view)));
  json_add_truth(json, "judged", view->is_judged);
  json_add_string(json, "config", source->config_path);
  json_add_string(json, "state", source->state_path);
  json_add_truth(json, "asked", source->is_asked);
  json_add_number(json, "saved", source->saved_s);
  if (view->is_judged) {
    json_add_number(json, "time", view->host.last.time_s);
    json_add_number(json, "interval", view->host.last.interval_s);
    write_reading(json, &view->judgement.seen);
  }
  json_open(json, "incidents", '[');
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (only < 0 || i == only)
      write_incident(json, source, moment_now(), view, (enum incident_kind)i);
  json_close(json, ']');
  json_close(json, '}');
  fputc('\n', out);
}
