/* See model.h. */
#include "model.h"

#include "verdict/incidents/catalogue.h"

#include <math.h>
#include <string.h>

/* One cell of a table with two columns. letter: as in DETECTION of the manual.
 */
struct cell {
  const char *label, *letter;
  double figure;
  enum explain_unit unit;
};

static void print_cells(const struct explain_page *page,
                        const struct cell *cells, size_t len) {
  char figure[WORDS_MAX];

  for (size_t i = 0; i < len; i++)
    fprintf(page->out, "%s%-21s %-2s %11s%s", i % 2 ? "   " : "  ",
            cells[i].label, cells[i].letter,
            explain_page_figure(cells[i].figure, cells[i].unit, figure),
            i % 2 || i + 1 == len ? "\n" : "");
}

/* Where the half-open connections are, and where they come from. */
static void print_origin(const struct explain_page *page,
                         const struct observation *seen) {
  if (seen->syn_queue.listener[0] != '\0' && seen->syn_queue.backlog > 0)
    explain_page_say(
        page, 2, "%s has the fullest SYN queue, with room for %lld.",
        seen->syn_queue.listener, (long long)seen->syn_queue.backlog);
  if (strcmp(seen->top_source, "scattered") == 0)
    explain_page_say(page, 2,
                     "Half-open connections come from everywhere: no network "
                     "has a fifth of them.");
  else if (seen->top_source[0] != '\0')
    explain_page_say(page, 2,
                     "The largest source of half-open connections is %s.",
                     seen->top_source);
}

static void print_reading(const struct explain_page *page,
                          const struct explain_view *view) {
  const struct observation *seen = &view->judgement.seen;
  const struct syn_flood_figures *figures = &view->judgement.syn_flood;
  const double *value = seen->value;
  double usual_entropy =
      isnan(figures->entropy) ? NAN : figures->usual_entropy.expected;
  const struct cell cells[] = {
      {"half-open", "S", value[SIGNAL_SYN_RECV], EXPLAIN_COUNT},
      {"of them unanswered", "A", value[SIGNAL_AGED], EXPLAIN_COUNT},
      {"established", "E", value[SIGNAL_ESTABLISHED], EXPLAIN_COUNT},
      {"handshakes completed", "P", value[SIGNAL_PASSIVE_OPENS], EXPLAIN_RATE},
      {"SYN cookies sent", "", value[SIGNAL_COOKIES_SENT], EXPLAIN_RATE},
      {"cookies returned", "", value[SIGNAL_COOKIES_RECEIVED], EXPLAIN_RATE},
      {"fullest SYN queue", "", value[SIGNAL_SYN_QUEUE], EXPLAIN_PERCENT},
      {"by unanswered ones", "", value[SIGNAL_SYN_QUEUE_AGED], EXPLAIN_PERCENT},
      {"reset by their peers", "", value[SIGNAL_EMBRYONIC_RESETS],
       EXPLAIN_RATE},
      {"accept queue refused", "", value[SIGNAL_LISTEN_OVERFLOWS],
       EXPLAIN_RATE},
      {"entropy of the states", "", value[SIGNAL_STATE_ENTROPY], EXPLAIN_COUNT},
      {"normal entropy", "", usual_entropy, EXPLAIN_COUNT},
      {"SYNs received", "", value[SIGNAL_SYNS], EXPLAIN_RATE},
  };
  size_t len = sizeof(cells) / sizeof(cells[0]);
  char span[WORDS_MAX];

  fprintf(page->out, "\n  THE READING, over %s%s\n",
          words_duration_prose(seen->dt_s, span),
          seen->gap ? ", after a gap: no rates yet" : "");
  /* The last one only where it is counted. */
  print_cells(page, cells, isnan(value[SIGNAL_SYNS]) ? len - 1 : len);
  print_origin(page, seen);
}

static void print_samples(const struct explain_page *page,
                          const struct expectation *model) {
  char span[WORDS_MAX];

  fprintf(page->out, "\n  LEARNED NORMAL, from %.0f readings, %s\n",
          model->learnt, words_duration_prose(model->learnt_s, span));
}

static void print_means(const struct explain_page *page,
                        const struct syn_flood *flood,
                        const struct expectation_now *now) {
  const struct expectation_means *mean = &flood->model.slow;
  const struct cell cells[] = {
      {"half-open", "", mean->half_open, EXPLAIN_COUNT},
      {"of them unanswered", "", mean->aged, EXPLAIN_COUNT},
      {"established", "", mean->established, EXPLAIN_COUNT},
      {"handshakes completed", "", mean->completed, EXPLAIN_RATE},
      {"share of half-open", "p", now->usual_share, EXPLAIN_SHARE},
      {"seconds per handshake", "W", now->usual_dwell_s, EXPLAIN_COUNT},
      {"cookies not returned", "", flood->unreturned, EXPLAIN_RATE},
      {"reset by their peers", "", flood->resets, EXPLAIN_RATE},
  };

  print_samples(page, &flood->model);
  if (flood->model.learnt > 0)
    print_cells(page, cells, sizeof(cells) / sizeof(cells[0]));
  else
    explain_page_say(page, 2,
                     "Nothing yet; this reading's own load is used instead.");
}

static const char *deciding(const struct expectation_now *now) {
  if (now->by_recent >= now->expected)
    return "the last expectation, which fades within a minute";
  return now->by_dwell >= now->expected ? "the handshakes under way"
                                        : "their normal share of the table";
}

static void print_expectation(const struct explain_page *page,
                              const struct expectation_now *now) {
  char expected[WORDS_MAX], spread[WORDS_MAX];
  const struct cell cells[] = {
      {"by share of the table", "", now->by_share, EXPLAIN_COUNT},
      {"by handshakes", "", now->by_dwell, EXPLAIN_COUNT},
      {"by last expectation", "", now->by_recent, EXPLAIN_COUNT},
      {"unanswered of them", "MA", now->expected_aged, EXPLAIN_COUNT},
      {"variance by chance", "", now->variance_counts, EXPLAIN_COUNT},
      {"variance learned here", "", now->variance_bursts, EXPLAIN_COUNT},
      {"above expected", "", now->excess, EXPLAIN_COUNT},
      {"above it, in spreads", "z", now->sigmas, EXPLAIN_COUNT},
  };
  const struct cell drift = {"deviations added up", "G", now->drift,
                             EXPLAIN_COUNT};

  fputs("\n  WHAT THE LOAD EXPLAINS\n", page->out);
  explain_page_say(
      page, 2, "%s half-open are expected (M), by %s; the spread is %s.",
      explain_page_figure(now->expected, EXPLAIN_COUNT, expected),
      deciding(now), explain_page_figure(now->spread, EXPLAIN_COUNT, spread));
  print_cells(page, cells, sizeof(cells) / sizeof(cells[0]));
  print_cells(page, &drift, 1);
}

void explain_model_flood(const struct explain_page *page,
                         const struct explain_view *view) {
  const struct expectation_now *now = &view->judgement.syn_flood.now;

  print_reading(page, view);
  print_means(page, &view->host.before.judge.syn_flood, now);
  print_expectation(page, now);
}

static void print_excess(const struct explain_page *page,
                         const struct excess *memory,
                         const struct excess_trace *trace) {
  const struct expectation_now *now = &trace->now;
  const struct cell cells[] = {
      {"by share of the table", "", now->by_share, EXPLAIN_COUNT},
      {"by connections opened", "", now->by_dwell, EXPLAIN_COUNT},
      {"by last expectation", "", now->by_recent, EXPLAIN_COUNT},
      {"opened", "", trace->load.completed, EXPLAIN_RATE},
      {"above expected", "", now->excess, EXPLAIN_COUNT},
      {"spread", "", now->spread, EXPLAIN_COUNT},
  };

  print_samples(page, &memory->model);
  print_cells(page, cells, sizeof(cells) / sizeof(cells[0]));
}

static void print_off_baseline(const struct explain_page *page,
                               const struct off_baseline *memory,
                               const struct off_baseline_trace *trace,
                               enum explain_unit unit) {
  char expected[WORDS_MAX], spread[WORDS_MAX];
  char span[WORDS_MAX];

  explain_page_say(page, 2,
                   "Learned normal: %s, spread %s; from %.0f readings, %s.",
                   explain_page_figure(trace->now.expected, unit, expected),
                   explain_page_figure(trace->now.spread, unit, spread),
                   memory->baseline.learnt,
                   words_duration_prose(memory->baseline.learnt_s, span));
}

static void print_overflow(const struct explain_page *page,
                           const struct accept_overflow *memory) {
  char usual[WORDS_MAX];

  explain_page_say(page, 2, "Learned normal: %s; from %.0f readings.",
                   explain_page_figure(memory->usual, EXPLAIN_PERCENT, usual),
                   memory->learnt);
}

static void print_held(const struct explain_page *page,
                       const struct explain_view *view,
                       const struct held_connections *memory,
                       const struct held_trace *trace) {
  const struct held_figures *seen = &view->judgement.held;
  const double *value = view->judgement.seen.value;
  const struct cell cells[] = {
      {"held", "X", seen->held, EXPLAIN_COUNT},
      {"bare ACKs", "Y", value[SIGNAL_BARE_ACKS], EXPLAIN_RATE},
      {"peers read nothing", "N", seen->zero_window, EXPLAIN_COUNT},
      {"send a few bytes", "", seen->drip, EXPLAIN_COUNT},
      {"say nothing", "", seen->mute, EXPLAIN_COUNT},
      {"spread of X", "", trace->now.spread, EXPLAIN_COUNT},
  };
  char usual[WORDS_MAX];

  explain_page_say(
      page, 2, "Learned normal of X: %s; from %.0f readings.",
      explain_page_figure(trace->now.expected, EXPLAIN_COUNT, usual),
      memory->usual.learnt);
  print_cells(page, cells, sizeof(cells) / sizeof(cells[0]));
}

void explain_model_other(const struct explain_page *page,
                         const struct explain_view *view,
                         enum incident_kind kind) {
  const void *memory = catalogue_memory(&view->host.before.judge, kind);
  const void *trace = catalogue_trace(&view->trace, kind);

  switch (catalogue[kind].shape) {
  case CATALOGUE_SYN_FLOOD: /* explain_model_flood */
    break;
  case CATALOGUE_ACCEPT_OVERFLOW:
    print_overflow(page, memory);
    break;
  case CATALOGUE_EXCESS:
    print_excess(page, memory, trace);
    break;
  case CATALOGUE_OFF_BASELINE:
    print_off_baseline(page, memory, trace,
                       catalogue[kind].percent ? EXPLAIN_PERCENT
                                               : EXPLAIN_COUNT);
    break;
  case CATALOGUE_HELD:
    print_held(page, view, memory, trace);
    break;
  }
}

/* The terms of the rule `frozen` are alternative reasons. */
void explain_model_frozen(const struct explain_page *page,
                          const struct explain_case *is) {
  const struct trace_rule *rule = &is->rules[is->frozen];
  char since[WORDS_MAX] = "", limit[WORDS_MAX] = "";

  if (!is->tests[is->frozen].met) {
    explain_page_say(page, 2, "This reading was learned.");
    return;
  }
  explain_page_say(page, 2, "Nothing is learned now, because:");
  for (size_t i = 0; i < rule->terms_len; i++)
    if (is->tests[rule->terms[i].test].met)
      explain_page_test(page, 4, "", &is->words[rule->terms[i].test],
                        &is->tests[rule->terms[i].test], false);
  if (is->long_frozen < 0)
    return;
  const struct trace_test *frozen = &is->tests[is->long_frozen];
  explain_page_say(page, 2,
                   "This has lasted for %s. After %s without an open incident, "
                   "the present load becomes the new normal.",
                   words_duration_prose(frozen->figure, since),
                   words_duration_prose(frozen->limit, limit));
}

/* --- what would change the severity --------------------------------------- */

static const char *readings(int count) {
  return count == 1 ? "reading" : "readings";
}

static void print_raise(const struct explain_page *page,
                        const struct explain_case *is,
                        const struct incident_outlook *ahead) {
  fputs("\n  FOR A WARNING\n", page->out);
  explain_page_say(
      page, 2,
      "Raised when %d of the last %d readings show evidence; %d of the last %d "
      "do.%s",
      ahead->votes_needed, ahead->votes_of, ahead->votes, ahead->votes_of,
      is->certain < 0 ? "" : " Or at once, by one that is beyond doubt:");
  if (is->certain >= 0)
    explain_page_rule(page, 4, is, is->certain);
}

static void print_worsen(const struct explain_page *page,
                         const struct explain_case *is,
                         const struct incident *incident,
                         const struct incident_outlook *ahead) {
  bool is_one = incident->severity == SEVERITY_FAILURE;

  fprintf(page->out, "\n  %s\n", is_one ? "A FAILURE IS" : "FOR A FAILURE");
  if (is->failure < 0) {
    explain_page_say(page, 2, "It never becomes a FAILURE.");
    return;
  }
  explain_page_say(page, 2, "This must be true in %d %s in a row; %d so far.%s",
                   ahead->failures_needed, readings(ahead->failures_needed),
                   ahead->failures,
                   is_one ? " It stays a FAILURE until its OKAY." : "");
  explain_page_rule(page, 4, is, is->failure);
}

static void print_adoption(const struct explain_page *page,
                           const struct incident *incident,
                           const struct incident_outlook *ahead) {
  char usual[WORDS_MAX], anyway[WORDS_MAX];
  const char *after = words_duration_prose(ahead->adopted_anyway_s, anyway);

  words_duration_prose(ahead->adopted_s, usual);
  if (incident->attack) {
    explain_page_say(page, 2,
                     "Its evidence shows an attack: it never becomes normal. "
                     "If it is harmless, raise MinExcess above twice its "
                     "excess, or the limit of its evidence.");
    return;
  }
  if (incident->severity == SEVERITY_WARNING)
    explain_page_say(
        page, 2,
        "Or it becomes the new normal: when it has been open for %s and its "
        "evidence shows no attack, or for %s in any case.",
        usual, after);
  else
    explain_page_say(
        page, 2, "Or it becomes the new normal, when it has been open for %s.",
        after);
}

static void print_clear(const struct explain_page *page,
                        const struct explain_case *is,
                        const struct incident *incident,
                        const struct incident_outlook *ahead) {
  int left = ahead->calm_needed - ahead->calm;

  fputs("\n  FOR AN OKAY\n", page->out);
  explain_page_say(
      page, 2,
      "%d calm %s in a row; %d so far, %d still needed. A reading is calm if:",
      ahead->calm_needed, readings(ahead->calm_needed), ahead->calm, left);
  explain_page_rule(page, 4, is, is->calm);
  print_adoption(page, incident, ahead);
}

void explain_model_ahead(const struct explain_page *page,
                         const struct explain_view *view,
                         enum incident_kind kind,
                         const struct explain_case *is) {
  const struct incident *incident = explain_view_incident(view, kind);
  struct incident_outlook ahead;

  incident_look_ahead(incident, &view->rules->incident[kind], &ahead);
  if (incident->severity == SEVERITY_OKAY) {
    print_raise(page, is, &ahead);
    return;
  }
  print_worsen(page, is, incident, &ahead);
  print_clear(page, is, incident, &ahead);
}
