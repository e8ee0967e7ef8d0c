/* See nab_report.h. */
#include "nab_report.h"

#include "lib/json.h"

#include <math.h>
#include <time.h>

enum { TIME_SIZE = 32 };

static const char *const half_names[NAB_HALVES] = {"even", "odd", "all"};

static const char *write_time(double time_s, char out[TIME_SIZE]) {
  time_t time = (time_t)time_s;
  struct tm tm;

  strftime(out, TIME_SIZE, "%Y-%m-%d %H:%M:%S", gmtime_r(&time, &tm));
  return out;
}

static void print_score(const struct nab_score *score, bool normalised,
                        FILE *out) {
  fprintf(out, " %3zu/%-3zu %5zu %5zu", score->windows_told, score->windows,
          score->detections, score->false_alarms);
  for (int p = 0; p < NAB_PROFILES; p++)
    fprintf(out, " %8.2f",
            normalised ? nab_score_normalised(score, (enum nab_profile)p)
                       : score->raw[p]);
  fputc('\n', out);
}

void nab_report_heads(FILE *out) {
  fprintf(out, "%-4s %-60s %-7s %5s %5s %8s %8s %8s\n", "half",
          "file (raw scores)", "windows", "told", "false", "standard", "low FP",
          "low FN");
}

void nab_report_file(const struct nab_result *result, FILE *out) {
  fprintf(out, "%-4s %-60s", half_names[result->half], result->file->name);
  print_score(&result->score, false, out);
}

void nab_report_totals(const struct nab_total totals[NAB_HALVES], FILE *out) {
  for (int half = 0; half < NAB_HALVES; half++) {
    fprintf(out,
            "%-4s %2zu files, %6zu values; 0: nothing told, 100: perfect %4s",
            half_names[half], totals[half].files, totals[half].rows, "");
    print_score(&totals[half].score, true, out);
  }
}

static void print_row(const struct nab_details *details, size_t row,
                      const char *what, FILE *out) {
  const struct nab_verdict *verdict = &details->verdicts[row];
  char when[TIME_SIZE];

  fprintf(out, "%s %s value %g score %.3f", what,
          write_time(details->rows->time_s[row], when),
          details->rows->value[row], verdict->score);
  if (verdict->judged)
    fprintf(out, " expected %g (%g to %g)", verdict->expected, verdict->lower,
            verdict->upper);
  fputc('\n', out);
}

/* The rows from..last: of a window, behind the probation. */
static void print_window(const struct nab_details *details, size_t from,
                         size_t last, FILE *out) {
  const struct nab_verdict *verdicts = details->verdicts;
  size_t largest = from;

  for (size_t row = from; row <= last; row++) {
    if (verdicts[row].told) {
      print_row(details, row, "told at", out);
      return;
    }
    if (!(fabs(verdicts[row].score) <= fabs(verdicts[largest].score)) &&
        !isnan(verdicts[row].score))
      largest = row;
  }
  print_row(details, largest, "MISSED, largest score at", out);
}

static void print_false_alarms(const struct nab_details *details, size_t from,
                               size_t to, FILE *out) {
  for (size_t row = from; row < to; row++)
    if (details->verdicts[row].told)
      print_row(details, row, "  false alarm at", out);
}

void nab_report_details(const struct nab_result *result,
                        const struct nab_details *details, FILE *out) {
  size_t row = nab_score_probation(details->rows->len);
  const double *time_s = details->rows->time_s;
  char from[TIME_SIZE], to[TIME_SIZE];

  fprintf(out, "%s (%s)\n", result->file->name, half_names[result->half]);
  for (size_t i = 0; i < result->file->spans_len; i++) {
    const struct nab_window *window = &details->windows[i];
    print_false_alarms(details, row, window->first, out);
    fprintf(out, "  window %s to %s ", write_time(time_s[window->first], from),
            write_time(time_s[window->last], to));
    if (row < window->first)
      row = window->first;
    if (window->last < row) {
      fputs("in the probation\n", out);
      continue;
    }
    print_window(details, row, window->last, out);
    row = window->last + 1;
  }
  print_false_alarms(details, row, details->rows->len, out);
}

static void add_score(struct json_writer *json, const struct nab_score *score) {
  json_add_number(json, "windows", (double)score->windows);
  json_add_number(json, "windows_told", (double)score->windows_told);
  json_add_number(json, "detections", (double)score->detections);
  json_add_number(json, "false_alarms", (double)score->false_alarms);
  json_open(json, "raw", '{');
  for (int p = 0; p < NAB_PROFILES; p++)
    json_add_number(json, nab_score_profile_name((enum nab_profile)p),
                    score->raw[p]);
  json_close(json, '}');
}

static void add_total(struct json_writer *json, const char *key,
                      const struct nab_total *total) {
  json_open(json, key, '{');
  json_add_number(json, "files", (double)total->files);
  json_add_number(json, "values", (double)total->rows);
  add_score(json, &total->score);
  json_open(json, "score", '{');
  for (int p = 0; p < NAB_PROFILES; p++)
    json_add_number(json, nab_score_profile_name((enum nab_profile)p),
                    nab_score_normalised(&total->score, (enum nab_profile)p));
  json_close(json, '}');
  json_close(json, '}');
}

void nab_report_json(const struct nab_result *results, size_t len,
                     const struct nab_total totals[NAB_HALVES], FILE *out) {
  struct json_writer json = json_begin(out);

  json_open(&json, NULL, '{');
  for (int half = 0; half < NAB_HALVES; half++)
    add_total(&json, half_names[half], &totals[half]);
  json_open(&json, "files", '[');
  for (size_t i = 0; i < len; i++) {
    json_open(&json, NULL, '{');
    json_add_string(&json, "file", results[i].file->name);
    json_add_string(&json, "half", half_names[results[i].half]);
    add_score(&json, &results[i].score);
    json_close(&json, '}');
  }
  json_close(&json, ']');
  json_close(&json, '}');
  fputc('\n', out);
}
