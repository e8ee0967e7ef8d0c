/* See gather.h. Looks on while a history is judged: series, values, judgements
 * and notices become panels, curves, bands and incidents. Pure. */
#include "gather.h"

#include "history/file_names.h"
#include "judged/judged.h"
#include "lib/moment.h"
#include "lib/words.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WATCHED_MAX = 4, LIST_MAX = 700, BINS_MIN = 4096, BINS_PER_COLUMN = 4 };

static const char own_watch[] = "collectd-baseline plot";
static const double least_range_s = 60;
static const double most_empty = 0.1; /* share of a relative range */

/* --- what is asked for ---------------------------------------------------- */

static bool is_asked(const struct history_series *asked,
                     const struct history_series *series) {
  struct history_series alike = *asked;

  if (strcmp(asked->host, "*") == 0)
    memcpy(alike.host, series->host, sizeof(alike.host));
  return history_identifier_equal(&alike, series);
}

static bool is_host(const struct plot_asked *asked,
                    const struct history_series *series) {
  return !asked->host || strcmp(asked->host, series->host) == 0;
}

bool plot_gather_concerns(const struct plot_asked *asked,
                          const struct rules *rules,
                          const struct history_series *series) {
  const char *words = NULL;
  struct history_series metric;
  bool is_rate = false;
  size_t line = 0;

  if (!is_host(asked, series))
    return false;
  struct series_name name = judged_series_name(series);
  if (asked->metrics_len == 0)
    return plot_panel_find_preset(series, &line) != NULL ||
           identifier_match(rules, &name) != NULL;
  for (size_t i = 0; i < asked->metrics_len; i++)
    if (history_identifier_read(asked->metrics[i], strlen(asked->metrics[i]),
                                "*", &metric, &is_rate, &words) == 0 &&
        is_asked(&metric, series))
      return true;
  return false;
}

/* --- names for error messages --------------------------------------------- */

static void known_add(struct plot_known *known, const char *name) {
  for (size_t i = 0; i < known->len; i++)
    if (strncmp(known->name[i], name, SERIES_IDENTIFIER_MAX - 1) == 0)
      return;
  if (known->len == PLOT_KNOWN_MAX)
    known->more++;
  else
    snprintf(known->name[known->len++], SERIES_IDENTIFIER_MAX, "%s", name);
}

static int compare_names(const void *a, const void *b) { return strcmp(a, b); }

static void known_list(struct plot_known *known, char *out, size_t size) {
  struct words_list list = words_list_begin(out, size, SIZE_MAX);

  qsort(known->name, known->len, sizeof(known->name[0]), compare_names);
  for (size_t i = 0; i < known->len; i++)
    words_list_add(&list, known->name[i]);
  list.more += known->more;
  words_list_end(&list);
  if (out[0] == '\0')
    snprintf(out, size, "nothing");
}

/* --- create, destroy ------------------------------------------------------ */

static size_t capacity_of(const struct plot_gather *gather) {
  size_t bins = BINS_PER_COLUMN * gather->asked.columns;

  return bins > BINS_MIN ? bins : BINS_MIN;
}

static int read_metrics(struct plot_gather *gather, char *problem) {
  const char *words = NULL;
  bool is_rate = false;

  for (size_t i = 0; i < gather->asked.metrics_len; i++) {
    const char *text = gather->asked.metrics[i];
    if (history_identifier_read(text, strlen(text), "*", &gather->metric[i],
                                &is_rate, &words) != 0)
      return history_fail(problem, -EINVAL, "--metric \"%.200s\": %s", text,
                          words);
    for (size_t k = 0; k < i; k++)
      if (history_identifier_equal(&gather->metric[k], &gather->metric[i]))
        return history_fail(problem, -EINVAL, "--metric \"%.200s\" twice",
                            text);
  }
  return 0;
}

static int add_panel(struct plot_gather *gather,
                     const struct plot_preset *preset) {
  struct plot_panel *panel = malloc(sizeof(*panel));

  if (!panel)
    return -ENOMEM;
  gather->panel[gather->panels_len++] = panel;
  return plot_panel_init(panel, preset, capacity_of(gather));
}

/* A panel for each metric, or for each preset, before its series is known. */
static int add_panels(struct plot_gather *gather) {
  size_t asked = gather->asked.metrics_len;
  size_t len = asked > 0 ? asked : plot_panel_presets_len;
  int rc = 0;

  for (size_t i = 0; i < len && rc == 0; i++)
    rc = add_panel(gather, asked > 0 ? NULL : &plot_panel_presets[i]);
  return rc;
}

int plot_gather_create(const struct rules *rules,
                       const struct plot_asked *asked, struct plot_gather **out,
                       char *problem) {
  struct plot_gather *gather = calloc(1, sizeof(*gather));
  struct rules_block block;
  char words[RULES_ERROR_MAX];

  if (!gather)
    return history_fail(problem, -ENOMEM, "out of memory");
  gather->asked = *asked;
  gather->rules = *rules;
  gather->rules.series_len = 0;
  gather->first_s = INFINITY;
  gather->last_s = -INFINITY;
  plot_spans_init(&gather->spans);
  gather->generic = series_create(&gather->rules);
  int rc = gather->generic ? read_metrics(gather, problem) : -ENOMEM;
  if (rc == 0)
    rc = rules_open(&gather->rules, "Watch", own_watch, &block, words);
  if (rc == 0)
    rc = add_panels(gather);
  if (rc == -ENOMEM)
    history_fail(problem, rc, "out of memory");
  *out = rc == 0 ? gather : NULL;
  if (rc != 0)
    plot_gather_destroy(gather);
  return rc;
}

void plot_gather_destroy(struct plot_gather *gather) {
  if (!gather)
    return;
  for (size_t i = 0; i < gather->panels_len; i++) {
    plot_panel_release(gather->panel[i]);
    free(gather->panel[i]);
  }
  plot_spans_release(&gather->spans);
  series_destroy(gather->generic);
  free(gather);
}

/* --- before the first value ----------------------------------------------- */

static int refuse_hosts(struct plot_gather *gather, char *problem) {
  char list[LIST_MAX];

  known_list(&gather->hosts, list, sizeof(list));
  return history_fail(problem, -EINVAL,
                      "the history has several hosts, and a picture shows one: "
                      "plot --host NAME; the hosts are %s",
                      list);
}

static int refuse_metric(struct plot_gather *gather, size_t i, char *problem) {
  char list[LIST_MAX];
  bool near = gather->series.len > 0;

  known_list(near ? &gather->series : &gather->plugins, list, sizeof(list));
  return history_fail(
      problem, -EINVAL, "--metric %.200s: there is no such series; the %s %s",
      gather->asked.metrics[i], near ? "series are" : "plugins are", list);
}

static int check_metrics(struct plot_gather *gather, char *problem) {
  size_t needed = gather->asked.metrics_len - gather->asked.optional_len;
  bool any = false;

  for (size_t i = 0; i < gather->asked.metrics_len; i++) {
    bool bound = gather->panel[i]->line[0].bound;
    if (!bound && i < needed)
      return refuse_metric(gather, i, problem);
    any = any || (bound && i >= needed);
  }
  if (gather->asked.optional_len > 0 && !any)
    return history_fail(problem, -EINVAL,
                        "--port: the history has no %.200s; tcpstates sends it "
                        "with \"ReportListeners true\"",
                        gather->asked.metrics[needed]);
  return gather->hosts.len > 1 ? refuse_hosts(gather, problem) : 0;
}

int plot_gather_begin(struct plot_gather *gather, char *problem) {
  char list[LIST_MAX];

  if (gather->error != 0)
    return history_fail(problem, gather->error, "%s", strerror(-gather->error));
  if (gather->asked.metrics_len > 0)
    return check_metrics(gather, problem);
  if (gather->hosts.len > 1)
    return refuse_hosts(gather, problem);
  if (gather->hosts.len == 1)
    return 0;
  known_list(&gather->plugins, list, sizeof(list));
  return history_fail(
      problem, -EINVAL,
      "there are no values of plugin tcpstates, instance all%s%s; name a "
      "series with --metric; the plugins are %s",
      gather->asked.host ? ", of host " : "",
      gather->asked.host ? gather->asked.host : "", list);
}

/* --- series --------------------------------------------------------------- */

static void note(struct plot_gather *gather,
                 const struct history_series *series) {
  char name[SERIES_IDENTIFIER_MAX];
  bool near = false;

  known_add(&gather->plugins, series->plugin);
  for (size_t i = 0; i < gather->asked.metrics_len; i++)
    near = near || strcmp(gather->metric[i].plugin, series->plugin) == 0;
  if (near) {
    plot_panel_name(series, name);
    known_add(&gather->series, name);
  }
}

/* A metric whose incident is switched off gets the generic baseline. */
static struct plot_line *bind(const struct plot_gather *gather,
                              struct plot_panel *panel, size_t i,
                              const struct history_series *series,
                              const struct series_rules *watch) {
  plot_panel_bind(panel, i, series, watch);
  if (!panel->preset && panel->band == PLOT_BAND_INCIDENT &&
      !gather->rules.incident[panel->incident].enable)
    panel->band = PLOT_BAND_GENERIC;
  return &panel->line[i];
}

static struct plot_line *bind_metric(struct plot_gather *gather,
                                     const struct history_series *series,
                                     const struct series_rules *watch) {
  for (size_t i = 0; i < gather->asked.metrics_len; i++) {
    if (!is_asked(&gather->metric[i], series))
      continue;
    if (!gather->panel[i]->line[0].bound)
      return bind(gather, gather->panel[i], 0, series, watch);
    known_add(&gather->hosts, gather->panel[i]->series.host);
    known_add(&gather->hosts, series->host);
  }
  return NULL;
}

/* A watched series gets a panel; it is dropped if no incident is raised. */
static struct plot_line *bind_watched(struct plot_gather *gather,
                                      const struct history_series *series,
                                      const struct series_rules *watch) {
  if (!watch || gather->panels_len >= plot_panel_presets_len + WATCHED_MAX ||
      gather->panels_len == PLOT_PANELS_MAX)
    return NULL;
  gather->error = add_panel(gather, NULL);
  if (gather->error != 0)
    return NULL;
  return bind(gather, gather->panel[gather->panels_len - 1], 0, series, watch);
}

static struct plot_line *bind_preset(struct plot_gather *gather,
                                     const struct history_series *series,
                                     const struct series_rules *watch) {
  size_t i = 0;
  const struct plot_preset *preset = plot_panel_find_preset(series, &i);

  if (!preset && !watch)
    return NULL;
  known_add(&gather->hosts, series->host);
  if (gather->host[0] == '\0')
    memcpy(gather->host, series->host, sizeof(gather->host));
  if (strcmp(gather->host, series->host) != 0)
    return NULL;
  if (!preset)
    return bind_watched(gather, series, watch);
  struct plot_panel *panel = gather->panel[preset - plot_panel_presets];
  return panel->line[i].bound ? NULL : bind(gather, panel, i, series, watch);
}

static bool wants(void *context, struct history_series *series,
                  const struct series_rules *watch, void **use) {
  struct plot_gather *gather = context;
  struct plot_line *line = NULL;

  if (!is_host(&gather->asked, series))
    return false;
  note(gather, series);
  if (gather->asked.metrics_len > 0)
    line = bind_metric(gather, series, watch);
  else
    line = bind_preset(gather, series, watch);
  *use = line;
  return line != NULL;
}

/* --- values, judgements, notices ------------------------------------------ */

static bool in_range(const struct plot_gather *gather, double time_s) {
  return time_s >= gather->asked.start_s && time_s <= gather->asked.end_s;
}

/* During the warm-up, expected values vary wildly and are not used; only the
 * limit of accept_overflow is fixed. */
static bool is_warm(const struct plot_gather *gather,
                    const struct plot_panel *panel, double interval_s,
                    const struct finding *finding) {
  bool fixed = panel->band == PLOT_BAND_INCIDENT &&
               panel->incident == INCIDENT_ACCEPT_OVERFLOW;

  return fixed || rules_is_warm(&gather->rules, finding->samples,
                                finding->samples * interval_s);
}

static void put_finding(const struct plot_gather *gather,
                        struct plot_panel *panel, double time_s,
                        double interval_s, const struct finding *finding) {
  if (!finding->judged || !in_range(gather, time_s))
    return;
  if (!is_warm(gather, panel, interval_s, finding))
    return;
  plot_bins_put(&panel->expected, time_s, finding->expected, interval_s);
  plot_bins_put(&panel->lower, time_s, finding->lower, interval_s);
  plot_bins_put(&panel->upper, time_s, finding->upper, interval_s);
}

/* As in `replay --scores`. */
static int judge_generic(struct plot_gather *gather, struct plot_panel *panel,
                         const struct history_value *value) {
  struct series_judgement judgement;
  struct series_name name = judged_series_name(value->series);
  struct series_value given = judged_series_value(value, value->time_s);
  int rc = series_put(gather->generic, &gather->rules.series[0], &name, &given,
                      &judgement);

  if (rc == 0)
    put_finding(gather, panel, value->time_s, value->interval_s,
                &judgement.finding);
  return rc == -ENOMEM ? rc : 0;
}

static int take(void *context, const struct history_value *value, void *use) {
  struct plot_gather *gather = context;
  struct plot_line *line = use;
  struct plot_panel *panel = line->panel;
  double number = plot_panel_number(line, value);

  gather->first_s = fmin(gather->first_s, value->time_s);
  gather->last_s = fmax(gather->last_s, value->time_s);
  if (in_range(gather, value->time_s))
    plot_bins_put(&line->bins, value->time_s, number, value->interval_s);
  if (gather->error != 0)
    return gather->error;
  if (panel->band == PLOT_BAND_GENERIC && !panel->watch)
    return judge_generic(gather, panel, value);
  return 0;
}

static void take_judgement(void *context, const struct judgement *judgement) {
  struct plot_gather *gather = context;
  const struct observation *seen = &judgement->seen;

  for (size_t i = 0; i < gather->panels_len; i++) {
    struct plot_panel *panel = gather->panel[i];
    if (strcmp(panel->series.host, judgement->host) != 0)
      continue;
    if (panel->band == PLOT_BAND_INCIDENT)
      put_finding(gather, panel, seen->time_s, seen->interval_s,
                  &judgement->finding[panel->incident]);
    if (panel->band == PLOT_BAND_USUAL && in_range(gather, seen->time_s) &&
        judgement->finding[INCIDENT_SYN_FLOOD].judged &&
        !(judgement->silent_s > 0))
      plot_bins_put(&panel->expected, seen->time_s,
                    judgement->syn_flood.usual_completion, seen->interval_s);
  }
}

static void take_series_judgement(void *context,
                                  const struct series_judgement *judgement) {
  struct plot_gather *gather = context;

  for (size_t i = 0; i < gather->panels_len; i++) {
    struct plot_panel *panel = gather->panel[i];
    if (panel->band == PLOT_BAND_GENERIC && panel->watch &&
        strcmp(panel->identifier, judgement->identifier) == 0)
      put_finding(gather, panel, judgement->time_s, judgement->interval_s,
                  &judgement->finding);
  }
}

/* Notices about a drawn host; those of a <Watch> only if its series is drawn or
 * no metric is asked for. */
static bool is_drawn(const struct plot_gather *gather,
                     const struct notice *notice, const char *subject) {
  for (size_t i = 0; i < gather->panels_len; i++)
    if (strcmp(gather->panel[i]->series.host, notice->host) == 0 &&
        (notice->type[0] == '\0' || gather->asked.metrics_len == 0 ||
         strcmp(gather->panel[i]->identifier, subject) == 0))
      return true;
  return false;
}

static void take_notice(void *context, const struct notice *notice,
                        const char *subject) {
  struct plot_gather *gather = context;

  if (!is_drawn(gather, notice, subject))
    return;
  int rc =
      plot_spans_put(&gather->spans, notice, subject, gather->asked.start_s);
  if (gather->error == 0)
    gather->error = rc;
}

struct judged_onlooker plot_gather_onlooker(struct plot_gather *gather) {
  return (struct judged_onlooker){
      wants, take, take_judgement, take_series_judgement, take_notice, gather};
}

/* --- after the last value ------------------------------------------------- */

/* Whether an incident of this kind occurred. */
static bool has_incident(const struct plot_gather *gather,
                         enum incident_kind kind) {
  return plot_spans_has(&gather->spans, rules_incident_name(kind),
                        gather->host);
}

static bool is_quiet(const struct plot_gather *gather) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (has_incident(gather, (enum incident_kind)i))
      return false;
  return true;
}

/* A preset is drawn if its incident occurred; if none did, those of syn_flood
 * are drawn. */
static bool is_worth(const struct plot_gather *gather,
                     const struct plot_panel *panel, bool quiet,
                     bool has_presets) {
  const struct plot_preset *preset = panel->preset;

  if (gather->asked.metrics_len > 0)
    return panel->line[0].bound;
  if (!plot_panel_has_values(panel))
    return false;
  if (!preset)
    return !has_presets || plot_spans_has(&gather->spans, panel->watch->name,
                                          panel->identifier);
  if (!plot_panel_exceeds(panel, preset->least))
    return false;
  return preset->incident == INCIDENT_COUNT ||
         has_incident(gather, preset->incident) ||
         (quiet && preset->incident == INCIDENT_SYN_FLOOD);
}

static void drop_panels(struct plot_gather *gather) {
  bool quiet = is_quiet(gather), has_presets = false;
  size_t kept = 0;

  for (size_t i = 0; i < gather->panels_len; i++)
    has_presets = has_presets || (gather->panel[i]->preset &&
                                  plot_panel_has_values(gather->panel[i]));
  for (size_t i = 0; i < gather->panels_len; i++) {
    struct plot_panel *panel = gather->panel[i];
    if (is_worth(gather, panel, quiet, has_presets)) {
      gather->panel[kept++] = panel;
      continue;
    }
    plot_panel_release(panel);
    free(panel);
  }
  gather->panels_len = kept;
}

/* The range that was asked for; open ends are those of the values. */
static bool find_range(struct plot_gather *gather) {
  double first_s = INFINITY, last_s = -INFINITY, from_s = 0, to_s = 0;

  for (size_t i = 0; i < gather->panels_len; i++)
    for (size_t k = 0; k < PLOT_LINES_MAX; k++)
      if (plot_bins_range(&gather->panel[i]->line[k].bins, &from_s, &to_s)) {
        first_s = fmin(first_s, from_s);
        last_s = fmax(last_s, to_s);
      }
  if (first_s > last_s)
    return false;
  gather->start_s =
      isinf(gather->asked.start_s) ? first_s : gather->asked.start_s;
  gather->end_s = isinf(gather->asked.end_s) ? last_s : gather->asked.end_s;
  if (gather->asked.start_is_relative &&
      first_s - gather->start_s >
          most_empty * (gather->end_s - gather->start_s))
    gather->start_s = first_s;
  if (gather->end_s - gather->start_s < least_range_s) {
    double middle_s = (gather->start_s + gather->end_s) / 2;
    gather->start_s = middle_s - least_range_s / 2;
    gather->end_s = middle_s + least_range_s / 2;
  }
  return true;
}

static int refuse_range(const struct plot_gather *gather, char *problem) {
  char start[MOMENT_MAX] = "its beginning";
  char end[MOMENT_MAX] = "its end";
  char first[MOMENT_MAX], last[MOMENT_MAX];

  if (gather->first_s > gather->last_s)
    return history_fail(problem, -ENODATA, "the history has no values");
  if (!isinf(gather->asked.start_s))
    moment_write(gather->asked.start_s, start);
  if (!isinf(gather->asked.end_s))
    moment_write(gather->asked.end_s, end);
  moment_write(gather->first_s, first);
  moment_write(gather->last_s, last);
  return history_fail(
      problem, -ENODATA,
      "there are no values from %s to %s; the history goes from %s to %s",
      start, end, first, last);
}

int plot_gather_finish(struct plot_gather *gather, char *problem) {
  if (gather->error != 0)
    return history_fail(problem, gather->error, "%s", strerror(-gather->error));
  plot_spans_cut(&gather->spans, gather->asked.start_s, gather->asked.end_s);
  drop_panels(gather);
  if (!find_range(gather))
    return refuse_range(gather, problem);
  return 0;
}
