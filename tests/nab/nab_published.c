/* See nab_published.h. */
#include "nab_published.h"

#include "nab_json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads the value of a profile. */
typedef double take_profile(struct nab_json *json);

static void read_profiles(struct nab_json *json, take_profile *take,
                          double out[NAB_PROFILES]) {
  char name[NAB_NAME_MAX];

  for (nab_json_open(json, '{'); nab_json_more(json, '}');) {
    nab_json_key(json, name, sizeof(name));
    double value = take(json);
    for (int p = 0; p < NAB_PROFILES; p++)
      if (strcmp(name, nab_score_profile_name((enum nab_profile)p)) == 0)
        out[p] = value;
  }
}

static double take_threshold(struct nab_json *json) {
  char name[NAB_NAME_MAX];
  double threshold = NAN;

  for (nab_json_open(json, '{'); nab_json_more(json, '}');) {
    nab_json_key(json, name, sizeof(name));
    double value = nab_json_number(json);
    if (strcmp(name, "threshold") == 0)
      threshold = value;
  }
  return threshold;
}

/* Whom a detector's values are for; NULL: nobody. */
typedef double *find_values(const char *name, struct nab_published *all,
                            size_t *len);

static double *add_thresholds(const char *name, struct nab_published *all,
                              size_t *len) {
  if (*len == NAB_PUBLISHED_MAX)
    return NULL;
  struct nab_published *one = &all[(*len)++];
  memcpy(one->name, name, sizeof(one->name));
  for (int p = 0; p < NAB_PROFILES; p++)
    one->threshold[p] = one->score[p] = NAN;
  return one->threshold;
}

static double *find_scores(const char *name, struct nab_published *all,
                           size_t *len) {
  for (size_t i = 0; i < *len; i++)
    if (strcmp(all[i].name, name) == 0)
      return all[i].score;
  return NULL;
}

static int read_detectors(const char *folder, const char *path,
                          find_values *find, take_profile *take,
                          struct nab_published *all, size_t *len,
                          char *problem) {
  char name[NAB_NAME_MAX];
  char *text = NULL;
  size_t length;
  int rc = nab_text_read(folder, path, &text, &length, problem);

  if (rc != 0)
    return rc;
  struct nab_json json = nab_json_begin(text, length);
  for (nab_json_open(&json, '{'); nab_json_more(&json, '}');) {
    double unwanted[NAB_PROFILES];
    nab_json_key(&json, name, sizeof(name));
    double *out = find(name, all, len);
    read_profiles(&json, take, out ? out : unwanted);
  }
  nab_json_finish(&json);
  if (json.problem)
    rc = nab_text_refuse(problem, "%s/%s: line %zu: %s", folder, path,
                         nab_json_line(&json), json.problem);
  free(text);
  return rc;
}

int nab_published_open(const struct nab_corpus *corpus,
                       struct nab_published *out, size_t *len, char *problem) {
  *len = 0;
  int rc = read_detectors(corpus->folder, "config/thresholds.json",
                          add_thresholds, take_threshold, out, len, problem);
  if (rc == 0)
    rc = read_detectors(corpus->folder, "results/final_results.json",
                        find_scores, nab_json_number, out, len, problem);
  return rc;
}

static int score_rows(const struct nab_published *published,
                      const struct nab_file *file, const struct nab_rows *rows,
                      struct nab_score *sum, char *problem) {
  struct nab_window windows[NAB_WINDOWS_MAX];
  struct nab_score score;
  bool *told = calloc(rows->len, sizeof(*told));
  int rc = told ? nab_corpus_place(file, rows, windows, problem)
                : nab_text_no_memory(problem);

  for (int p = 0; rc == 0 && p < NAB_PROFILES; p++) {
    for (size_t row = 0; row < rows->len; row++)
      told[row] = rows->score[row] >= published->threshold[p];
    nab_score_file(told, rows->len, windows, file->spans_len, &score);
    nab_score_add(&sum[p], &score);
  }
  free(told);
  return rc;
}

int nab_published_score(const struct nab_corpus *corpus,
                        const struct nab_published *published,
                        double out[NAB_PROFILES], char *problem) {
  struct nab_score sum[NAB_PROFILES] = {{0}}; /* a threshold each */
  int rc = 0;

  for (size_t i = 0; rc == 0 && i < corpus->len; i++) {
    struct nab_rows rows;
    const struct nab_file *file = &corpus->files[i];
    rc = nab_corpus_read(corpus, file, published->name, &rows, problem);
    if (rc == 0)
      rc = score_rows(published, file, &rows, sum, problem);
    nab_corpus_release_rows(&rows);
  }
  for (int p = 0; rc == 0 && p < NAB_PROFILES; p++)
    out[p] = nab_score_normalised(&sum[p], (enum nab_profile)p);
  return rc;
}
