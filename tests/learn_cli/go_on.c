/* go_on: values judged as the plugin would that begins with a saved state, and
 * each notification as a line of JSON, as `replay --json` has it.
 * usage: go_on STATE PATH... */
#include "../../tools/replay_input.h"
#include "io/state_file.h"
#include "verdict/state_text.h"

#include <stdio.h>
#include <stdlib.h>

static int load_host(void *to, const struct watch_host *host) {
  struct replay_judge *judge = to;

  return watch_restore(judge->watch, host);
}

static int load_series(void *to, const char *identifier,
                       const struct series_memory *memory) {
  struct replay_judge *judge = to;

  return series_restore(judge->series, identifier, memory);
}

/* As the plugin's keeper, but for MaxAge. */
static int load(struct replay_judge *judge, const char *path) {
  struct state_text_reader reader = {load_host, load_series, judge};
  char *text = NULL, why[STATE_TEXT_ERROR_MAX] = "";
  size_t length = 0;
  int rc = state_file_read(path, &text, &length);

  if (rc == 0)
    rc = state_text_read(text, length, &reader, why);
  free(text);
  if (rc != 0)
    fprintf(stderr, "go_on: %s: %d %s\n", path, rc, why);
  return rc;
}

static int judge_all(struct history *history, struct replay_judge *judge,
                     char **paths, size_t len) {
  char problem[HISTORY_PROBLEM_MAX];

  history->taker = replay_judge_taker(judge);
  int rc = replay_input_open(history, paths, len, problem);
  if (rc == 0)
    rc = history_run(history, problem);
  if (rc == 0)
    replay_judge_finish(judge);
  else
    fprintf(stderr, "go_on: %s\n", problem);
  return rc;
}

int main(int argc, char **argv) {
  static struct rules rules;
  static struct replay_report report;
  char *settings = getenv("GO_ON_CONFIG");
  struct history history = {.tally = {.said = replay_input_say}};
  struct replay_judge judge;
  char problem[HISTORY_PROBLEM_MAX];

  report = (struct replay_report){.out = stdout, .json = true};
  if (argc < 3 ||
      replay_input_settings(&settings, settings != NULL, &rules, problem) ||
      replay_judge_init(&judge, &rules, &report) != 0)
    return EXIT_FAILURE;
  int rc = load(&judge, argv[1]);
  if (rc == 0)
    rc = judge_all(&history, &judge, argv + 2, (size_t)argc - 2);
  history_close(&history);
  replay_judge_release(&judge);
  return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
