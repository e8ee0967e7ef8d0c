/* Series, values and judgements -> the panels they are drawn in. */
#include "gather.h"

#include "history/file_names.h"
#include "judged/judged.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WATCHED_MAX = 4 };

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

/* --- which series there are ----------------------------------------------- */

static void note(struct plot_gather *gather,
                 const struct history_series *series) {
  char name[SERIES_IDENTIFIER_MAX];
  bool near = false;

  plot_known_add(&gather->plugins, series->plugin);
  for (size_t i = 0; i < gather->asked.metrics_len; i++)
    near = near || strcmp(gather->metric[i].plugin, series->plugin) == 0;
  if (near) {
    plot_panel_name(series, name);
    plot_known_add(&gather->series, name);
  }
}

/* What is asked for and judged by an incident that is switched off has the
 * generic baseline. */
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
    plot_known_add(&gather->hosts, gather->panel[i]->series.host);
    plot_known_add(&gather->hosts, series->host);
  }
  return NULL;
}

/* A watched series has a panel where it raises an incident. */
static struct plot_line *bind_watched(struct plot_gather *gather,
                                      const struct history_series *series,
                                      const struct series_rules *watch) {
  if (!watch || gather->panels_len >= plot_panel_presets_len + WATCHED_MAX ||
      gather->panels_len == PLOT_PANELS_MAX)
    return NULL;
  gather->error = plot_gather_add_panel(gather, NULL);
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
  plot_known_add(&gather->hosts, series->host);
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

/* --- what they hold ------------------------------------------------------- */

static bool in_range(const struct plot_gather *gather, double time_s) {
  return time_s >= gather->asked.start_s && time_s <= gather->asked.end_s;
}

/* Before WarmUp is over nothing is judged by what is expected, which is wild
 * then, but in accept_overflow, whose limit is not learnt. */
static bool is_warm(const struct plot_gather *gather,
                    const struct plot_panel *panel, double interval_s,
                    const struct finding *finding) {
  static const double warm_up_readings = 30;
  double warm_up_s = gather->rules.warm_up_s;
  bool fixed = panel->band == PLOT_BAND_INCIDENT &&
               panel->incident == INCIDENT_ACCEPT_OVERFLOW;

  return fixed || warm_up_s <= 0 ||
         (finding->samples >= warm_up_readings &&
          finding->samples * interval_s >= warm_up_s);
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

/* As `replay --scores` does it. */
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

/* Of hosts that are drawn; of a <Watch>, where its series is or the presets
 * are. */
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
