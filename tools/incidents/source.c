/* See source.h. Reads files. */
#include "source.h"

#include "io/state_file.h"
#include "judged/input.h"
#include "verdict/state/record_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double late_s = 120; /* of a record that is written regularly */

static int compare(const void *a, const void *b) {
  const struct record_incident *one = a, *other = b;

  if (one->begin_s != other->begin_s)
    return one->begin_s < other->begin_s ? -1 : 1;
  return strcmp(one->identity, other->identity);
}

/* Copies what the record holds, by the order of time. */
static int take_all(const struct record *record, struct incidents_list *out) {
  struct record_losses losses;
  size_t count = record_count(record);

  record_get_losses(record, &losses);
  out->dropped = losses.dropped + losses.refused;
  out->incidents = calloc(count + 1, sizeof(*out->incidents));
  if (!out->incidents)
    return -ENOMEM;
  out->len = record_copy(record, 0, out->incidents, count);
  qsort(out->incidents, out->len, sizeof(*out->incidents), compare);
  return 0;
}

void incidents_source_release(struct incidents_list *list) {
  free(list->incidents);
  list->incidents = NULL;
}

/* --- the daemon's record -------------------------------------------------- */

static int restore(void *to, const struct record_incident *incident) {
  int rc = record_restore(to, incident);

  return rc == -ENOMEM ? rc : 0;
}

static enum incidents_daemon find_daemon(const struct record_text_head *head,
                                         double now_s) {
  if (head->stopped)
    return INCIDENTS_ENDED;
  return head->saved_s + head->every_s + late_s >= now_s ? INCIDENTS_RUNS
                                                         : INCIDENTS_LOST;
}

static int read_text(const char *path, const char *text, size_t length,
                     struct incidents_list *out, char *problem) {
  struct record *record = record_create(RECORD_MAX);
  struct record_text_reader reader = {restore, record};
  struct record_text_head head;
  char why[RECORD_TEXT_ERROR_MAX] = "out of memory";
  int rc = record ? record_text_read(text, length, &reader, &head,
                                     &out->damaged, why)
                  : -ENOMEM;

  if (rc == 0)
    rc = take_all(record, out);
  record_destroy(record);
  if (rc != 0)
    return history_fail(problem, rc, "%.400s cannot be used: %s", path, why);
  out->first_s = head.begun_s;
  out->saved_s = head.saved_s;
  out->daemon = find_daemon(&head, out->now_s);
  return 0;
}

static int explain_missing(const char *path, int rc, char *problem) {
  if (rc == -EACCES || rc == -EPERM)
    return history_fail(problem, rc,
                        "%.400s: Permission denied: run this as root, or as "
                        "the user that collectd runs as",
                        path);
  if (rc == -ENOENT)
    return history_fail(
        problem, rc,
        "there is no record at %.400s: the daemon with the plugin baseline "
        "writes one beside its StateFile. If it uses another file, name its "
        "collectd.conf with -C, or the file with --state; or name a history",
        path);
  return history_fail(problem, rc, "%.400s: %s", path, strerror(-rc));
}

int incidents_source_record(const char *path, double now_s,
                            struct incidents_list *out, char *problem) {
  char *text = NULL;
  size_t length;

  *out = (struct incidents_list){.now_s = now_s};
  int rc = state_file_read(path, &text, &length);
  if (rc != 0)
    return explain_missing(path, rc, problem);
  rc = read_text(path, text, length, out, problem);
  free(text);
  return rc;
}

/* --- a history ------------------------------------------------------------ */

/* Looks on while a history is judged. */
struct judging {
  struct record *record;
  int error;
};

static void judged(void *context, const struct judgement *judgement) {
  struct judging *judging = context;
  int rc = record_take(judging->record, judgement);

  judging->error = rc == -ENOMEM ? rc : judging->error;
}

static void judged_series(void *context,
                          const struct series_judgement *judgement) {
  struct judging *judging = context;
  int rc = record_take_series(judging->record, judgement);

  judging->error = rc == -ENOMEM ? rc : judging->error;
}

static int judge(struct judged *judge_all, struct history *history,
                 char *const *paths, size_t len, char *problem) {
  history->taker = judged_taker(judge_all);
  int rc = judged_input_open(history, paths, len, problem);

  if (rc == 0)
    rc = history_run(history, problem);
  if (rc == 0)
    judged_finish(judge_all);
  history->tally.columns = 0; /* nobody asked for them: no loss */
  if (rc == 0)
    judged_input_losses(judge_all, &history->tally, stderr);
  return rc;
}

static int judge_into(struct judging *judging, struct history *history,
                      const struct rules *rules, char *const *paths, size_t len,
                      struct judged_report *report, char *problem) {
  struct judged_onlooker onlooker = {
      .judged = judged, .judged_series = judged_series, .context = judging};
  struct judged all;
  int rc = judging->record ? judged_init(&all, rules, report) : -ENOMEM;

  if (rc != 0)
    return history_fail(problem, rc, "out of memory");
  all.onlooker = &onlooker;
  rc = judged_silence(&all, problem);
  if (rc == 0)
    rc = judge(&all, history, paths, len, problem);
  judged_release(&all);
  if (rc == 0 && judging->error != 0)
    rc = history_fail(problem, judging->error, "out of memory");
  return rc;
}

int incidents_source_history(struct history *history, const struct rules *rules,
                             char *const *paths, size_t len,
                             struct incidents_list *out, char *problem) {
  struct judged_report report = {.out = NULL};
  struct judging judging = {.record = record_create(RECORD_MAX)};

  *out = (struct incidents_list){.from_history = true};
  int rc = judge_into(&judging, history, rules, paths, len, &report, problem);
  if (rc == 0 && take_all(judging.record, out) != 0)
    rc = history_fail(problem, -ENOMEM, "out of memory");
  record_destroy(judging.record);
  out->first_s = report.first_s > 0 ? report.first_s : NAN;
  out->now_s = out->saved_s = report.last_s;
  return rc;
}
