/* Every value goes to two judges. What they say about one value is matched
 * before it is printed, and what they raise is kept until both have closed it,
 * to see who was first, and by how many readings. */
#include "compare.h"

#include "judged/input.h"
#include "lib/json.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { A, B, SIDES };

static const char *const side_name[SIDES] = {"A", "B"};
static const char both[] = "both";

/* An incident that either side has open. */
struct episode {
  struct episode *next;
  char name[RULES_NAME_MAX];
  char subject[SERIES_IDENTIFIER_MAX];
  bool open[SIDES];
  double raised_s[SIDES]; /* NAN: not raised by it */
  double interval_s;
};

/* Episodes that are over, of one incident or <Watch>. */
struct outcome {
  char name[RULES_NAME_MAX];
  uint64_t both, only[SIDES];
  double later; /* readings by which B came after A, a sum */
};

struct side {
  struct judged judge;
  struct judged_report report;
  struct judged_onlooker onlooker;
  struct replay_compare *owner;
  struct notice *notices; /* about the value that is being judged */
  size_t len, capacity;
};

/* A series as each judge knows it: each keeps a use of its own. */
struct twin {
  struct twin *next;
  struct history_series series[SIDES];
  bool wanted[SIDES];
};

struct replay_compare {
  struct side side[SIDES];
  struct twin *twins;
  struct episode *episodes;
  struct outcome outcomes[JUDGED_KINDS_MAX];
  size_t outcomes_len;
  uint64_t same; /* notifications of both */
  bool json, out_of_memory;
  FILE *out;
};

/* --- incidents ------------------------------------------------------------ */

static struct outcome *outcome_of(struct replay_compare *compare,
                                  const char *name) {
  size_t i = 0;

  while (i < compare->outcomes_len &&
         strcmp(compare->outcomes[i].name, name) != 0)
    i++;
  if (i == JUDGED_KINDS_MAX)
    return NULL;
  if (i == compare->outcomes_len) {
    snprintf(compare->outcomes[i].name, RULES_NAME_MAX, "%s", name);
    compare->outcomes_len++;
  }
  return &compare->outcomes[i];
}

static void count_episode(struct replay_compare *compare,
                          const struct episode *episode) {
  struct outcome *outcome = outcome_of(compare, episode->name);
  double later_s = episode->raised_s[B] - episode->raised_s[A];

  if (!outcome)
    return;
  if (isfinite(later_s)) {
    outcome->both++;
    outcome->later += later_s / episode->interval_s;
    return;
  }
  outcome->only[isnan(episode->raised_s[A]) ? B : A]++;
}

static struct episode **find_episode(struct replay_compare *compare,
                                     const char *name, const char *subject) {
  struct episode **at = &compare->episodes;

  while (*at && (strcmp((*at)->subject, subject) != 0 ||
                 strcmp((*at)->name, name) != 0))
    at = &(*at)->next;
  return at;
}

static struct episode *begin_episode(struct replay_compare *compare,
                                     const char *name, const char *subject,
                                     double interval_s) {
  struct episode *episode = calloc(1, sizeof(*episode));

  compare->out_of_memory |= !episode;
  if (!episode)
    return NULL;
  snprintf(episode->name, sizeof(episode->name), "%s", name);
  snprintf(episode->subject, sizeof(episode->subject), "%s", subject);
  episode->raised_s[A] = episode->raised_s[B] = NAN;
  episode->interval_s = interval_s;
  episode->next = compare->episodes;
  compare->episodes = episode;
  return episode;
}

static void end_episode(struct replay_compare *compare, struct episode **at) {
  struct episode *over = *at;

  if (!over)
    return;
  *at = over->next;
  count_episode(compare, over);
  free(over);
}

static void follow(struct side *side, const struct finding *finding,
                   const char *name, const char *subject, double interval_s) {
  struct replay_compare *compare = side->owner;
  bool is_open = finding->severity != SEVERITY_OKAY;
  int k = side == &compare->side[B] ? B : A;

  if (!finding->judged || finding->change == INCIDENT_UNCHANGED)
    return;
  struct episode *episode = *find_episode(compare, name, subject);
  if (finding->change == INCIDENT_RAISED && !episode)
    episode = begin_episode(compare, name, subject, interval_s);
  if (!episode)
    return;
  if (finding->change == INCIDENT_RAISED && isnan(episode->raised_s[k]))
    episode->raised_s[k] = finding->since_s;
  episode->open[k] = is_open;
  if (!episode->open[A] && !episode->open[B])
    end_episode(compare, find_episode(compare, name, subject));
}

/* --- what a judge shows ------------------------------------------------- */

static void see_host(void *context, const struct judgement *judgement) {
  char subject[JUDGE_HOST_MAX + JUDGE_LISTENER_MAX];

  listeners_subject(judgement->host, judgement->listener, subject,
                    sizeof(subject));
  for (int i = 0; i < INCIDENT_COUNT; i++)
    follow(context, &judgement->finding[i],
           rules_incident_name((enum incident_kind)i), subject,
           judgement->seen.interval_s);
}

static void see_series(void *context,
                       const struct series_judgement *judgement) {
  follow(context, &judgement->finding, judgement->rules->name,
         judgement->identifier, judgement->interval_s);
}

static void keep_notice(void *context, const struct notice *notice,
                        const char *subject) {
  struct side *side = context;

  (void)subject;
  if (side->len == side->capacity) {
    size_t more = side->capacity > 0 ? 2 * side->capacity : 8;
    struct notice *grown = realloc(side->notices, more * sizeof(*grown));
    side->owner->out_of_memory |= !grown;
    if (!grown)
      return;
    side->notices = grown;
    side->capacity = more;
  }
  side->notices[side->len++] = *notice;
}

/* --- what is printed ------------------------------------------------------ */

static void print(struct replay_compare *compare, const struct notice *notice,
                  const char *settings) {
  judged_report_print(notice, settings, compare->json, compare->out);
}

static bool is_same(const struct notice *a, const struct notice *b) {
  return a->time_s == b->time_s && a->severity == b->severity &&
         strcmp(a->host, b->host) == 0 &&
         strcmp(a->instance, b->instance) == 0 &&
         strcmp(a->type, b->type) == 0 &&
         strcmp(a->type_instance, b->type_instance) == 0;
}

/* Each side keeps its order: what B alone says stands before the next that both
 * say. */
static void print_all(struct replay_compare *compare) {
  struct side *a = &compare->side[A], *b = &compare->side[B];
  size_t next = 0;

  for (size_t i = 0; i < a->len; i++) {
    size_t k = next;
    while (k < b->len && !is_same(&a->notices[i], &b->notices[k]))
      k++;
    if (k == b->len) {
      print(compare, &a->notices[i], side_name[A]);
      continue;
    }
    for (; next < k; next++)
      print(compare, &b->notices[next], side_name[B]);
    print(compare, &a->notices[i], both);
    compare->same++;
    next++;
  }
  for (; next < b->len; next++)
    print(compare, &b->notices[next], side_name[B]);
  a->len = b->len = 0;
}

/* --- values --------------------------------------------------------------- */

static bool wants(void *context, struct history_series *series) {
  struct replay_compare *compare = context;
  struct twin *twin = malloc(sizeof(*twin));

  series->use = twin;
  if (!twin)
    return true; /* its first value ends the replay */
  for (int k = 0; k < SIDES; k++) {
    struct history_taker taker = judged_taker(&compare->side[k].judge);
    twin->series[k] = *series;
    twin->wanted[k] = taker.wants(taker.context, &twin->series[k]);
  }
  twin->next = compare->twins;
  compare->twins = twin;
  return twin->wanted[A] || twin->wanted[B];
}

static int take(void *context, const struct history_value *value) {
  struct replay_compare *compare = context;
  const struct twin *twin = value->series->use;
  struct history_value given = *value;
  int rc = twin ? 0 : -ENOMEM;

  for (int k = 0; k < SIDES && rc == 0; k++) {
    struct history_taker taker = judged_taker(&compare->side[k].judge);
    given.series = &twin->series[k];
    if (twin->wanted[k])
      rc = taker.take(taker.context, &given);
  }
  print_all(compare);
  return rc == 0 && compare->out_of_memory ? -ENOMEM : rc;
}

struct history_taker replay_compare_taker(struct replay_compare *compare) {
  return (struct history_taker){wants, take, compare};
}

int replay_compare_finish(struct replay_compare *compare) {
  for (int k = 0; k < SIDES; k++)
    judged_finish(&compare->side[k].judge);
  print_all(compare);
  while (compare->episodes)
    end_episode(compare, &compare->episodes);
  return compare->out_of_memory ? -ENOMEM : 0;
}

/* --- life ----------------------------------------------------------------- */

struct replay_compare *replay_compare_create(const struct rules *a,
                                             const struct rules *b, bool json,
                                             FILE *out) {
  struct replay_compare *compare = calloc(1, sizeof(*compare));
  const struct rules *rules[SIDES] = {a, b};

  if (!compare)
    return NULL;
  compare->json = json;
  compare->out = out;
  for (int k = 0; k < SIDES; k++) {
    struct side *side = &compare->side[k];
    side->owner = compare;
    side->onlooker = (struct judged_onlooker){.judged = see_host,
                                              .judged_series = see_series,
                                              .notice = keep_notice,
                                              .context = side};
    compare->out_of_memory |=
        judged_init(&side->judge, rules[k], &side->report) != 0;
    side->judge.onlooker = &side->onlooker;
  }
  if (!compare->out_of_memory)
    return compare;
  replay_compare_destroy(compare);
  return NULL;
}

int replay_compare_silence(struct replay_compare *compare, char *problem) {
  int rc = 0;

  for (int k = 0; k < SIDES && rc == 0; k++)
    rc = judged_silence(&compare->side[k].judge, problem);
  return rc;
}

void replay_compare_destroy(struct replay_compare *compare) {
  if (!compare)
    return;
  for (int k = 0; k < SIDES; k++) {
    judged_release(&compare->side[k].judge);
    free(compare->side[k].notices);
  }
  while (compare->twins) {
    struct twin *next = compare->twins->next;
    free(compare->twins);
    compare->twins = next;
  }
  while (compare->episodes) {
    struct episode *next = compare->episodes->next;
    free(compare->episodes);
    compare->episodes = next;
  }
  free(compare);
}

/* --- the summary ---------------------------------------------------------- */

static double mean_later(const struct outcome *outcome) {
  return outcome->both > 0 ? outcome->later / (double)outcome->both
                           : (double)NAN;
}

static void print_outcome(const struct outcome *outcome, FILE *out) {
  double later = mean_later(outcome);

  fprintf(out,
          "  %s: %" PRIu64 " by both, %" PRIu64 " only by A, %" PRIu64
          " only by B",
          outcome->name, outcome->both, outcome->only[A], outcome->only[B]);
  if (outcome->both > 0 && fabs(later) < 0.05)
    fputs("; B as early as A", out);
  else if (outcome->both > 0)
    fprintf(out, "; B %.1f readings %s than A", fabs(later),
            later > 0 ? "later" : "earlier");
  fputc('\n', out);
}

static void add_side(struct json_writer *json, const char *key,
                     const struct judged_report *report) {
  json_open(json, key, '{');
  json_add_number(json, "readings", (double)report->readings);
  json_add_number(json, "notifications", (double)judged_report_sent(report));
  json_close(json, '}');
}

static void print_json(const struct replay_compare *compare) {
  struct json_writer json = json_begin(compare->out);

  json_open(&json, NULL, '{');
  json_open(&json, "summary", '{');
  add_side(&json, "A", &compare->side[A].report);
  add_side(&json, "B", &compare->side[B].report);
  json_add_number(&json, "same_notifications", (double)compare->same);
  json_open(&json, "raised", '{');
  for (size_t i = 0; i < compare->outcomes_len; i++) {
    const struct outcome *outcome = &compare->outcomes[i];
    json_open(&json, outcome->name, '{');
    json_add_number(&json, "both", (double)outcome->both);
    json_add_number(&json, "only_A", (double)outcome->only[A]);
    json_add_number(&json, "only_B", (double)outcome->only[B]);
    json_add_number(&json, "B_later_readings", mean_later(outcome));
    json_close(&json, '}');
  }
  json_close(&json, '}');
  json_close(&json, '}');
  json_close(&json, '}');
  fputc('\n', compare->out);
}

void replay_compare_summary(struct replay_compare *compare,
                            const struct history_tally *tally, FILE *out) {
  const struct judged *judge = &compare->side[A].judge;

  if (compare->json)
    print_json(compare);
  fflush(compare->out);
  judged_report_range(&compare->side[A].report, out,
                      hosts_count(engine_hosts(judge->engine)));
  for (int k = 0; k < SIDES; k++) {
    const struct judged_report *report = &compare->side[k].report;
    fprintf(out, "notifications of %s: %" PRIu64 "\n", side_name[k],
            judged_report_sent(report));
    judged_report_kinds(report, out);
  }
  fprintf(out, "the same in both: %" PRIu64 "\n", compare->same);
  fprintf(out, "raised:%s\n", compare->outcomes_len > 0 ? "" : " nothing");
  for (size_t i = 0; i < compare->outcomes_len; i++)
    print_outcome(&compare->outcomes[i], out);
  judged_input_losses(judge, tally, out);
}
