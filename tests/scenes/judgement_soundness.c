/* See judgement_soundness.h. Every function returns NULL, or what is wrong. */
#include "judgement_soundness.h"

#include "verdict/incidents/catalogue.h"

#include <math.h>

#define MUST(is)                                                               \
  do                                                                           \
    if (!(is))                                                                 \
      return #is;                                                              \
  while (0)

/* What a trace says of one incident. */
struct decision {
  enum incident_kind kind;
  const struct trace_test *tests;
  int len;
  const struct trace_rule *rules;
  bool evidence, failure, calm;
};

static bool compares(const struct trace_test *test) {
  switch (test->relation) {
  case TRACE_ABOVE:
    return test->figure > test->limit;
  case TRACE_AT_LEAST:
    return test->figure >= test->limit;
  case TRACE_BELOW:
    return test->figure < test->limit;
  case TRACE_AT_MOST:
    return test->figure <= test->limit;
  default:
    return test->met;
  }
}

/* Whether a choice has terms, and each of them holds. */
static bool choice_holds(const struct trace_rule *rule, int group, int choice,
                         const struct trace_test *tests) {
  bool used = false;

  for (size_t i = 0; i < rule->terms_len; i++) {
    const struct trace_term *term = &rule->terms[i];
    if (term->group != group || term->choice != choice)
      continue;
    used = true;
    if (tests[term->test].met == term->unless)
      return false;
  }
  return used;
}

/* A rule by itself: holds where no group is without a choice that holds. In
 * whatever order the terms stand. */
static bool holds(const struct trace_rule *rule,
                  const struct trace_test *tests) {
  for (size_t i = 0; i < rule->terms_len; i++) {
    int group = rule->terms[i].group;
    bool any = false;
    for (size_t k = 0; k < rule->terms_len && !any; k++)
      any = rule->terms[k].group == group &&
            choice_holds(rule, group, rule->terms[k].choice, tests);
    if (!any)
      return false;
  }
  return true;
}

static const char *check_tests(const struct decision *is) {
  for (int i = 0; i < is->len; i++) {
    const struct trace_rule *rule = &is->rules[i];
    if (rule->terms_len == 0)
      continue;
    MUST(is->tests[i].relation == TRACE_RULE);
    MUST(is->tests[i].met == holds(rule, is->tests));
    for (size_t k = 0; k < rule->terms_len; k++) {
      const struct trace_test *term = &is->tests[rule->terms[k].test];
      MUST(compares(term) == term->met);
    }
  }
  return NULL;
}

/* What changed is what the tests say must change, and nothing else did. */
static const char *check_change(const struct finding *finding,
                                const struct decision *is,
                                enum severity before) {
  MUST(finding->severity <= SEVERITY_FAILURE);
  switch (finding->change) {
  case INCIDENT_RAISED:
    MUST(is->evidence);
    MUST(before == SEVERITY_OKAY && finding->severity == SEVERITY_WARNING);
    break;
  case INCIDENT_WORSENED:
    MUST(is->failure);
    MUST(before == SEVERITY_WARNING && finding->severity == SEVERITY_FAILURE);
    break;
  case INCIDENT_CLEARED:
    MUST(is->calm);
    /* Timewait sockets near the limit may be usual. */
    MUST(!is->evidence || is->kind == INCIDENT_TIME_WAIT_PRESSURE);
    MUST(before != SEVERITY_OKAY && finding->severity == SEVERITY_OKAY);
    break;
  case INCIDENT_ADOPTED:
    MUST(before != SEVERITY_OKAY && finding->severity == SEVERITY_OKAY);
    break;
  default:
    MUST(finding->severity == before);
    break;
  }
  return NULL;
}

/* Accept queues have no score, the mix of states has no FAILURE. Sockets that
 * were not counted leave syn_flood nothing but its counters. */
static const char *check_figures(const struct finding *finding,
                                 enum incident_kind kind,
                                 const struct observation *seen) {
  if (kind == INCIDENT_SYN_FLOOD && (isnan(seen->value[SIGNAL_SYN_RECV]) ||
                                     isnan(seen->value[SIGNAL_ESTABLISHED])))
    return NULL;
  MUST(isfinite(finding->observed));
  MUST(isfinite(finding->expected));
  MUST(isfinite(finding->lower) && isfinite(finding->upper));
  MUST(isfinite(finding->samples) && isfinite(finding->since_s));
  MUST(kind == INCIDENT_ACCEPT_OVERFLOW || isfinite(finding->score));
  MUST(kind == INCIDENT_STATE_SHIFT || kind == INCIDENT_STRAYS ||
       kind == INCIDENT_HELD_CONNECTIONS || isfinite(finding->failure_max));
  return NULL;
}

static const char *check_incident(const struct judge *before,
                                  const struct judgement *out,
                                  const struct decision *is) {
  const struct finding *finding = &out->finding[is->kind];
  struct judge copy = *before;
  enum severity severity = judge_incident(&copy, is->kind)->severity;

  const char *wrong = check_tests(is);
  if (!wrong)
    wrong = check_change(finding, is, severity);
  return wrong ? wrong : check_figures(finding, is->kind, &out->seen);
}

static const char *check_flood(const struct judge *before,
                               const struct judgement *out,
                               const struct trace_test *test) {
  const struct finding *finding = &out->finding[INCIDENT_SYN_FLOOD];
  const struct decision is = {INCIDENT_SYN_FLOOD,
                              test,
                              FLOOD_TESTS,
                              syn_flood_trace_rules,
                              test[FLOOD_EVIDENCE].met,
                              test[FLOOD_FAILURE].met,
                              test[FLOOD_CALM].met};
  uint32_t bits = 0;

  bits |= test[FLOOD_EXCESS].met ? SYN_FLOOD_EXCESS : 0u;
  bits |= test[FLOOD_COOKIES].met ? SYN_FLOOD_COOKIES : 0u;
  bits |= test[FLOOD_FULL_QUEUE].met ? SYN_FLOOD_FULL_QUEUE : 0u;
  bits |= test[FLOOD_COLLAPSE].met ? SYN_FLOOD_COLLAPSE : 0u;
  bits |= test[FLOOD_RESETS].met ? SYN_FLOOD_RESETS : 0u;
  bits |= test[FLOOD_ENTROPY].met ? SYN_FLOOD_ENTROPY : 0u;
  bits |= test[FLOOD_PEAK].met ? SYN_FLOOD_PEAK : 0u;
  MUST(finding->evidence == bits);
  MUST(test[FLOOD_EVIDENCE].met ==
       ((bits & ~(unsigned)SYN_FLOOD_ENTROPY) != 0));
  if (finding->change == INCIDENT_UNCHANGED && test[FLOOD_CERTAIN].met)
    MUST(finding->severity != SEVERITY_OKAY);
  return check_incident(before, out, &is);
}

static const char *check_accept(const struct judge *before,
                                const struct judgement *out,
                                const struct trace_test *test) {
  const struct finding *finding = &out->finding[INCIDENT_ACCEPT_OVERFLOW];
  const struct decision is = {INCIDENT_ACCEPT_OVERFLOW,
                              test,
                              ACCEPT_TESTS,
                              accept_overflow_rules,
                              test[ACCEPT_EVIDENCE].met,
                              test[ACCEPT_FAILURE].met,
                              test[ACCEPT_CALM].met};

  MUST(finding->evidence == test[ACCEPT_OVERFLOWS].met);
  return check_incident(before, out, &is);
}

static const char *check_excess(const struct judge *before,
                                const struct judgement *out,
                                enum incident_kind kind,
                                const struct excess_trace *trace) {
  const struct trace_test *test = trace->test;
  const struct decision is = {kind,
                              test,
                              EXCESS_TESTS,
                              catalogue[kind].rules,
                              test[EXCESS_EVIDENCE].met,
                              test[EXCESS_FAILURE].met,
                              test[EXCESS_CALM].met};

  MUST(out->finding[kind].evidence == test[EXCESS_EVIDENCE].met);
  return check_incident(before, out, &is);
}

static const char *check_off_baseline(const struct judge *before,
                                      const struct judgement *out,
                                      enum incident_kind kind,
                                      const struct off_baseline_trace *trace) {
  const struct trace_test *test = trace->test;
  bool fails =
      kind == INCIDENT_TIME_WAIT_PRESSURE && test[OFF_BASELINE_FAILURE].met;
  const struct decision is = {kind,
                              test,
                              OFF_BASELINE_TESTS,
                              catalogue[kind].rules,
                              test[OFF_BASELINE_EVIDENCE].met,
                              fails,
                              test[OFF_BASELINE_CALM].met};

  MUST(out->finding[kind].evidence == test[OFF_BASELINE_EVIDENCE].met);
  return check_incident(before, out, &is);
}

static const char *check_held(const struct judge *before,
                              const struct judgement *out,
                              const struct held_trace *trace) {
  const struct finding *finding = &out->finding[INCIDENT_HELD_CONNECTIONS];
  const struct trace_test *test = trace->test;
  const struct decision is = {INCIDENT_HELD_CONNECTIONS,
                              test,
                              HELD_TESTS,
                              held_connections_rules,
                              test[HELD_EVIDENCE].met,
                              test[HELD_FAILURE].met,
                              test[HELD_CALM].met};

  MUST((finding->evidence != 0) == test[HELD_EVIDENCE].met);
  MUST(!test[HELD_EVIDENCE].met || finding->severity != SEVERITY_OKAY);
  MUST(finding->change != INCIDENT_ADOPTED);
  return check_incident(before, out, &is);
}

/* A struct of doubles only. */
static bool are_finite(const void *struct_of_doubles, size_t size) {
  const double *values = struct_of_doubles;

  for (size_t i = 0; i < size / sizeof(double); i++)
    if (!isfinite(values[i]))
      return false;
  return true;
}

static const char *check_flood_memory(const struct syn_flood *flood) {
  MUST(are_finite(&flood->model, sizeof(flood->model)));
  MUST(are_finite(&flood->entropy, sizeof(flood->entropy)));
  MUST(are_finite(&flood->unreturned,
                  offsetof(struct syn_flood, cookies_s) -
                      offsetof(struct syn_flood, unreturned)));
  MUST(!isnan(flood->cookies_s) && !isnan(flood->source_s));
  MUST(are_finite(&flood->source_share, sizeof(flood->source_share)));
  MUST(are_finite(&flood->quiet_s, offsetof(struct syn_flood, excess_run) -
                                       offsetof(struct syn_flood, quiet_s)));
  return NULL;
}

static const char *check_overflow_memory(const struct accept_overflow *memory) {
  MUST(isfinite(memory->usual));
  MUST(isfinite(memory->learnt));
  return NULL;
}

static const char *check_excess_memory(const struct excess *memory) {
  MUST(are_finite(&memory->model, sizeof(memory->model)));
  MUST(isfinite(memory->lasting_s));
  return NULL;
}

static const char *check_off_memory(const struct off_baseline *memory) {
  MUST(are_finite(&memory->baseline, sizeof(memory->baseline)));
  return NULL;
}

static const char *check_sight(const struct held_sight *sight) {
  MUST(isfinite(sight->value) && sight->value >= 0);
  MUST(!isnan(sight->age_s) && sight->age_s >= 0);
  MUST(!isnan(sight->since_s) && isfinite(sight->met_s));
  MUST(sight->usual >= 0 && sight->usual <= 1 && isfinite(sight->looks));
  return NULL;
}

static const char *check_held_memory(const struct held_connections *memory) {
  MUST(are_finite(&memory->usual, sizeof(memory->usual)));
  MUST(are_finite(&memory->suspect_s,
                  offsetof(struct held_connections, zero_window) -
                      offsetof(struct held_connections, suspect_s)));
  const char *wrong = check_sight(&memory->zero_window);
  if (!wrong)
    wrong = check_sight(&memory->starved);
  if (!wrong)
    wrong = check_sight(&memory->drip);
  return wrong ? wrong : check_sight(&memory->mute);
}

static const char *check_memory(const struct judge *judge) {
  const char *wrong = NULL;

  for (int i = 0; !wrong && i < INCIDENT_COUNT; i++) {
    const void *memory = catalogue_memory(judge, (enum incident_kind)i);
    switch (catalogue[i].shape) {
    case CATALOGUE_SYN_FLOOD:
      wrong = check_flood_memory(memory);
      break;
    case CATALOGUE_ACCEPT_OVERFLOW:
      wrong = check_overflow_memory(memory);
      break;
    case CATALOGUE_EXCESS:
      wrong = check_excess_memory(memory);
      break;
    case CATALOGUE_OFF_BASELINE:
      wrong = check_off_memory(memory);
      break;
    case CATALOGUE_HELD:
      wrong = check_held_memory(memory);
      break;
    }
  }
  return wrong;
}

/* One that was judged. */
static const char *check_kind(enum incident_kind kind,
                              const struct judge *before,
                              const struct judgement *out,
                              const struct judge_trace *trace) {
  const void *how = catalogue_trace(trace, kind);

  switch (catalogue[kind].shape) {
  case CATALOGUE_SYN_FLOOD:
    return check_flood(before, out, how);
  case CATALOGUE_ACCEPT_OVERFLOW:
    return check_accept(before, out, how);
  case CATALOGUE_EXCESS:
    return check_excess(before, out, kind, how);
  case CATALOGUE_OFF_BASELINE:
    return check_off_baseline(before, out, kind, how);
  case CATALOGUE_HELD:
    return check_held(before, out, how);
  }
  return "an incident is known";
}

const char *judgement_soundness(const struct judge *before,
                                const struct judge *judge,
                                const struct judgement *out,
                                const struct judge_trace *trace) {
  const char *wrong = check_memory(judge);

  for (int i = 0; i < INCIDENT_COUNT && !wrong; i++) {
    const struct finding *finding = &out->finding[i];
    if (finding->judged)
      wrong = check_kind((enum incident_kind)i, before, out, trace);
    else if (finding->change != INCIDENT_UNCHANGED)
      wrong = "nothing changes that was not judged";
  }
  return wrong;
}
