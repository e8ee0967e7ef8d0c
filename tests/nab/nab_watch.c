/* See nab_watch.h. */
#include "nab_watch.h"

#include "verdict/series.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nab_watch {
  struct rules rules;
  struct rules_block block;
};

struct nab_watch *nab_watch_create(void) {
  struct nab_watch *watch = calloc(1, sizeof(*watch));
  struct rules_value plugin = {.type = RULES_STRING, .string = "nab"};
  char error[RULES_ERROR_MAX];

  if (!watch)
    return NULL;
  rules_defaults(&watch->rules);
  if (rules_open(&watch->rules, "Watch", "nab", &watch->block, error) != 0 ||
      rules_set(&watch->rules, &watch->block, "Plugin", &plugin, error) != 0) {
    free(watch);
    return NULL;
  }
  return watch;
}

void nab_watch_destroy(struct nab_watch *watch) { free(watch); }

/* A key that <Watch> does not know may be one of the plugin. */
int nab_watch_set(struct nab_watch *watch, const char *setting, char *problem) {
  const char *equals = strchr(setting, '=');
  char key[NAB_NAME_MAX] = "";
  char error[RULES_ERROR_MAX], top_error[RULES_ERROR_MAX];

  if (!equals || (size_t)(equals - setting) >= sizeof(key))
    return nab_text_refuse(problem, "%.100s is not KEY=VALUE", setting);
  memcpy(key, setting, (size_t)(equals - setting));
  struct rules_value value = {.type = RULES_STRING, .string = equals + 1};
  if (rules_set(&watch->rules, &watch->block, key, &value, error) != 0 &&
      rules_set(&watch->rules, &rules_top, key, &value, top_error) != 0)
    return nab_text_refuse(problem, "%s", error);
  return 0;
}

static int by_size(const void *a, const void *b) {
  double left = *(const double *)a, right = *(const double *)b;

  return (left > right) - (left < right);
}

/* The sender's interval: the median of the steps between rows. */
static double interval_of(const struct nab_rows *rows, double *steps) {
  size_t len = 0;

  for (size_t i = 1; i < rows->len; i++)
    if (rows->time_s[i] > rows->time_s[i - 1])
      steps[len++] = rows->time_s[i] - rows->time_s[i - 1];
  qsort(steps, len, sizeof(*steps), by_size);
  return len > 0 ? steps[len / 2] : 1;
}

static int judge_row(struct series *series, const struct nab_watch *watch,
                     const struct series_name *name,
                     const struct series_value *value,
                     struct nab_verdict *out) {
  struct series_judgement judgement;
  int rc = series_put(series, &watch->rules.series[watch->block.index], name,
                      value, &judgement);

  *out = (struct nab_verdict){.score = NAN};
  if (rc != 0)
    return rc == -ESTALE || rc == -ENODATA ? 0 : rc;
  out->judged = judgement.finding.judged;
  out->told = judgement.finding.change == INCIDENT_RAISED;
  out->score = judgement.finding.score;
  out->expected = judgement.finding.expected;
  out->lower = judgement.finding.lower;
  out->upper = judgement.finding.upper;
  return 0;
}

int nab_watch_judge(struct nab_watch *watch, const struct nab_file *file,
                    const struct nab_rows *rows, struct nab_verdict *out,
                    char *problem) {
  char error[RULES_ERROR_MAX];
  const char *base = strrchr(file->name, '/');
  struct series_name name = {
      "nab", "nab", "", "gauge", base ? base + 1 : file->name, ""};
  struct series_value value = {.kind = SERIES_GAUGE};
  double *steps = malloc(rows->len * sizeof(*steps));
  struct series *series = series_create(&watch->rules);
  int rc = steps && series ? rules_check(&watch->rules, error) : -ENOMEM;

  if (rc == 0)
    value.interval_s = interval_of(rows, steps);
  for (size_t i = 0; rc == 0 && i < rows->len; i++) {
    value.gauge = rows->value[i];
    value.time_s = value.now_s = rows->time_s[i];
    rc = judge_row(series, watch, &name, &value, &out[i]);
  }
  if (rc == -EINVAL)
    nab_text_refuse(problem, "%s", error);
  else if (rc != 0)
    nab_text_refuse(problem, "%s: %s", file->name, strerror(-rc));
  series_destroy(series);
  free(steps);
  return rc;
}
