/* nab: a <Watch> on the Numenta Anomaly Benchmark. Reads the benchmark's folder
 * and writes to standard output. See README.md. */
#include "lib/options.h"
#include "nab_published.h"
#include "nab_report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct nab_options {
  const char *folder;
  bool totals, details, json, published;
  struct options_list settings;
};

#define AT(member) .at = offsetof(struct nab_options, member)
static const struct options_row rows[] = {
    {"folder", 'f', "FOLDER", "a clone of github.com/numenta/NAB",
     .kind = OPTIONS_TEXT, AT(folder)},
    {"totals", 't', NULL, "no line for each file", .kind = OPTIONS_FLAG,
     AT(totals)},
    {"details", 'd', NULL,
     "each window with its first detection or its\nlargest score, and each "
     "false alarm",
     .kind = OPTIONS_FLAG, AT(details)},
    {"json", 0, NULL, "one JSON object instead of the table",
     .kind = OPTIONS_FLAG, AT(json)},
    {"published", 'p', NULL,
     "check the scorer: score published results and\ncompare with the "
     "published scores",
     .kind = OPTIONS_FLAG, AT(published)},
    {"help", 'h', NULL, "this text", .kind = OPTIONS_HELP},
};
static const struct options_command command = {
    .name = "nab",
    .speaker = "nab",
    .usage = "Usage: nab --folder FOLDER [OPTION]... [KEY=VALUE]...\n"
             "KEY is an option of <Watch>, or of the plugin baseline.\n\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end = "\nExit status: 0 done; 1 not, or a published score is not "
                 "reached; 2 bad usage.\n",
    .takes_arguments = true,
    .arguments_at = offsetof(struct nab_options, settings),
};

static void add(struct nab_total *total, const struct nab_result *result,
                size_t rows_len) {
  total->files++;
  total->rows += rows_len;
  nab_score_add(&total->score, &result->score);
}

static void show(const struct nab_result *result,
                 const struct nab_details *details,
                 const struct nab_options *options) {
  if (options->details)
    nab_report_details(result, details, stdout);
  else if (!options->totals && !options->json)
    nab_report_file(result, stdout);
}

static int judge(struct nab_watch *watch, const struct nab_rows *data,
                 const struct nab_options *options, struct nab_result *result,
                 char *problem) {
  const struct nab_file *file = result->file;
  struct nab_window windows[NAB_WINDOWS_MAX];
  struct nab_verdict *verdicts = calloc(data->len, sizeof(*verdicts));
  bool *told = calloc(data->len, sizeof(*told));
  int rc = verdicts && told ? nab_corpus_place(file, data, windows, problem)
                            : nab_text_no_memory(problem);

  if (rc == 0)
    rc = nab_watch_judge(watch, file, data, verdicts, problem);
  if (rc == 0) {
    for (size_t row = 0; row < data->len; row++)
      told[row] = verdicts[row].told;
    nab_score_file(told, data->len, windows, file->spans_len, &result->score);
    show(result, &(struct nab_details){data, verdicts, windows}, options);
  }
  free(told);
  free(verdicts);
  return rc;
}

/* Result i of the corpus. */
static int measure(const struct nab_corpus *corpus, size_t i,
                   struct nab_watch *watch, const struct nab_options *options,
                   struct nab_result *result, struct nab_total *totals,
                   char *problem) {
  struct nab_rows data;

  result->file = &corpus->files[i];
  result->half = i % 2 == 0 ? NAB_EVEN : NAB_ODD;
  int rc = nab_corpus_read(corpus, result->file, NULL, &data, problem);
  if (rc == 0)
    rc = judge(watch, &data, options, result, problem);
  if (rc == 0) {
    add(&totals[result->half], result, data.len);
    add(&totals[NAB_ALL], result, data.len);
  }
  nab_corpus_release_rows(&data);
  return rc;
}

static int measure_all(const struct nab_corpus *corpus, struct nab_watch *watch,
                       const struct nab_options *options, char *problem) {
  struct nab_total totals[NAB_HALVES] = {{0}};
  struct nab_result *results = calloc(corpus->len + 1, sizeof(*results));
  int rc = results ? 0 : nab_text_no_memory(problem);

  for (size_t i = 0; rc == 0 && i < options->settings.len; i++)
    rc = nab_watch_set(watch, options->settings.items[i], problem);
  if (rc == 0 && !options->json && !options->details)
    nab_report_heads(stdout);
  for (size_t i = 0; results && rc == 0 && i < corpus->len; i++)
    rc = measure(corpus, i, watch, options, &results[i], totals, problem);
  if (rc == 0 && options->json)
    nab_report_json(results, corpus->len, totals, stdout);
  else if (rc == 0)
    nab_report_totals(totals, stdout);
  free(results);
  return rc;
}

/* Whether no figure of a printed score would differ. */
static bool is_same(const struct nab_published *published,
                    const double ours[NAB_PROFILES]) {
  for (int p = 0; p < NAB_PROFILES; p++)
    if (!(fabs(published->score[p] - ours[p]) < 0.00005))
      return false;
  return true;
}

/* Prints a detector's line. Returns 1 if its scores are as published, 0 if
 * there is nothing to compare, -1 if they differ. */
static int compare(const struct nab_corpus *corpus,
                   const struct nab_published *published) {
  char problem[NAB_PROBLEM_MAX];
  double ours[NAB_PROFILES];

  printf("%-18s", published->name);
  if (nab_published_score(corpus, published, ours, problem) != 0) {
    printf("  left out: %s\n", problem);
    return 0;
  }
  for (int p = 0; p < NAB_PROFILES; p++)
    printf("  %8.4f %8.4f", published->score[p], ours[p]);
  if (isnan(published->score[NAB_STANDARD])) {
    puts("  no score is published");
    return 0;
  }
  puts(is_same(published, ours) ? "  same" : "  DIFFERS");
  return is_same(published, ours) ? 1 : -1;
}

static int check_published(const struct nab_corpus *corpus, char *problem) {
  enum { LEAST = 3 };
  struct nab_published all[NAB_PUBLISHED_MAX];
  size_t len, same = 0, different = 0;
  int rc = nab_published_open(corpus, all, &len, problem);

  if (rc != 0)
    return rc;
  printf("%-18s  %-17s  %-17s  %-17s\n%-18s", "", "standard", "low FP",
         "low FN", "detector");
  for (int p = 0; p < NAB_PROFILES; p++)
    printf("  %8s %8s", "theirs", "ours");
  putchar('\n');
  for (size_t i = 0; i < len; i++) {
    int result = compare(corpus, &all[i]);
    same += result > 0;
    different += result < 0;
  }
  printf("%zu detectors score as published, %zu do not\n", same, different);
  if (different > 0 || same < LEAST)
    return nab_text_refuse(problem, "the scorer is not shown to be right");
  return 0;
}

static int run(const struct nab_options *options) {
  char problem[NAB_PROBLEM_MAX] = "";
  struct nab_corpus corpus;
  struct nab_watch *watch = nab_watch_create();
  int rc = nab_corpus_open(options->folder, &corpus, problem);

  if (rc == 0 && !watch)
    rc = nab_text_no_memory(problem);
  else if (rc == 0 && options->published)
    rc = check_published(&corpus, problem);
  else if (rc == 0)
    rc = measure_all(&corpus, watch, options, problem);
  if (rc != 0)
    fprintf(stderr, "nab: %s\n", problem);
  nab_watch_destroy(watch);
  nab_corpus_release(&corpus);
  return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv) {
  struct nab_options options = {0};
  int status = options_read(&command, argc, argv, &options);

  if (status < 0 && !options.folder)
    status = options_complain(&command, "--folder is missing", "");
  else if (status < 0)
    status = run(&options);
  options_release(&command, &options);
  return status;
}
