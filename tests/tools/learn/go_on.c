/* go_on: values judged as the plugin would that begins with a saved state, and
 * each notification as a line of JSON, as `replay --json` has it.
 * usage: go_on STATE PATH... */
#include "io/state_file.h"
#include "judged/input.h"
#include "verdict/state/state_text.h"

#include <stdio.h>
#include <stdlib.h>

/* As the plugin's keeper, but for MaxAge. */
static int load(struct judged *judge, const char *path) {
  struct engine_loaded loaded;
  char *text = NULL, why[STATE_TEXT_ERROR_MAX] = "";
  size_t length = 0;
  int rc = state_file_read(path, &text, &length);

  if (rc == 0)
    rc = engine_load(judge->engine, text, length, 0, &loaded, why);
  free(text);
  if (rc != 0)
    fprintf(stderr, "go_on: %s: %d %s\n", path, rc, why);
  return rc;
}

static int judge_all(struct history *history, struct judged *judge,
                     char **paths, size_t len) {
  char problem[HISTORY_PROBLEM_MAX];

  history->taker = judged_taker(judge);
  int rc = judged_input_open(history, paths, len, problem);
  if (rc == 0)
    rc = history_run(history, problem);
  if (rc == 0)
    judged_finish(judge);
  else
    fprintf(stderr, "go_on: %s\n", problem);
  return rc;
}

int main(int argc, char **argv) {
  static struct rules rules;
  static struct judged_report report;
  char *settings = getenv("GO_ON_CONFIG");
  struct history history = {.tally = {.said = judged_input_say}};
  struct judged judge;
  char problem[HISTORY_PROBLEM_MAX];

  report = (struct judged_report){.out = stdout, .json = true};
  if (argc < 3 ||
      judged_input_settings(&settings, settings != NULL, &rules, problem) ||
      judged_init(&judge, &rules, &report) != 0)
    return EXIT_FAILURE;
  int rc = load(&judge, argv[1]);
  if (rc == 0)
    rc = judge_all(&history, &judge, argv + 2, (size_t)argc - 2);
  history_close(&history);
  judged_release(&judge);
  return rc == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
