/* Before the first value and behind the last: is there what was asked for, and
 * which of it is worth drawing? */
#include "gather.h"

#include "history/file_names.h"
#include "lib/moment.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST_MAX = 700, BINS_MIN = 4096, BINS_PER_COLUMN = 4 };

static const char own_watch[] = "collectd-baseline plot";
static const double least_range_s = 60;
static const double most_empty = 0.1; /* of a range that was meant loosely */

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

int plot_gather_add_panel(struct plot_gather *gather,
                          const struct plot_preset *preset) {
  struct plot_panel *panel = malloc(sizeof(*panel));

  if (!panel)
    return -ENOMEM;
  gather->panel[gather->panels_len++] = panel;
  return plot_panel_init(panel, preset, capacity_of(gather));
}

/* One panel a metric, or one a preset, whatever will be there. */
static int add_panels(struct plot_gather *gather) {
  size_t asked = gather->asked.metrics_len;
  size_t len = asked > 0 ? asked : plot_panel_presets_len;
  int rc = 0;

  for (size_t i = 0; i < len && rc == 0; i++)
    rc = plot_gather_add_panel(gather,
                               asked > 0 ? NULL : &plot_panel_presets[i]);
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

static int refuse_hosts(struct plot_gather *gather, char *problem) {
  char list[LIST_MAX];

  plot_known_list(&gather->hosts, list, sizeof(list));
  return history_fail(problem, -EINVAL,
                      "the history has several hosts, and a picture shows one: "
                      "plot --host NAME; there are %s",
                      list);
}

static int refuse_metric(struct plot_gather *gather, size_t i, char *problem) {
  char list[LIST_MAX];
  bool near = gather->series.len > 0;

  plot_known_list(near ? &gather->series : &gather->plugins, list,
                  sizeof(list));
  return history_fail(problem, -EINVAL,
                      "--metric %.200s: there is no such series; %s %s",
                      gather->asked.metrics[i],
                      near ? "there are" : "of plugins there are", list);
}

static int check_metrics(struct plot_gather *gather, char *problem) {
  for (size_t i = 0; i < gather->asked.metrics_len; i++)
    if (!gather->panel[i]->line[0].bound)
      return refuse_metric(gather, i, problem);
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
  plot_known_list(&gather->plugins, list, sizeof(list));
  return history_fail(problem, -EINVAL,
                      "there is no value of plugin tcpstates, instance all%s%s;"
                      " name a series by --metric; of plugins there are %s",
                      gather->asked.host ? ", of host " : "",
                      gather->asked.host ? gather->asked.host : "", list);
}

/* Whether any incident that has a panel of its own occurred. */
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

/* A preset is drawn where its incident occurred; where none did, those of the
 * flood are. */
static bool is_worth(const struct plot_gather *gather,
                     const struct plot_panel *panel, bool quiet,
                     bool has_presets) {
  const struct plot_preset *preset = panel->preset;

  if (gather->asked.metrics_len > 0)
    return true;
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

/* As asked for, else what the values take up. */
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
  char start[PLOT_MOMENT_TEXT_MAX] = "its begin";
  char end[PLOT_MOMENT_TEXT_MAX] = "its end";
  char first[PLOT_MOMENT_TEXT_MAX], last[PLOT_MOMENT_TEXT_MAX];

  if (gather->first_s > gather->last_s)
    return history_fail(problem, -ENODATA, "the history has no value");
  if (!isinf(gather->asked.start_s))
    moment_write(gather->asked.start_s, start);
  if (!isinf(gather->asked.end_s))
    moment_write(gather->asked.end_s, end);
  moment_write(gather->first_s, first);
  moment_write(gather->last_s, last);
  return history_fail(problem, -ENODATA,
                      "there is no value from %s to %s; the history goes from "
                      "%s to %s",
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
