/* Subcommand explain: the current judgement, step by step. */
#include "subcommand.h"

#include "explain_hosts.h"
#include "explain_list.h"
#include "explain_options.h"
#include "json.h"
#include "text.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct work {
  const struct explain_options *options;
  struct explain_page page;
  struct explain_source source;
  struct hosts_host host;
  struct explain_view view;
  size_t shown; /* series */
};

static double now_s(void) {
  struct timespec now = {0};

  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* The names of the hosts that are known may be part of the problem. */
static int fail(const char *problem) {
  char text[EXPLAIN_PROBLEM_MAX];

  fflush(stdout);
  snprintf(text, sizeof(text), "%s", problem);
  fprintf(stderr, "collectd-baseline explain: %s\n", plain_text_make(text));
  return SUBCOMMAND_FAILED;
}

static int show_series(void *to, const struct explain_series *series) {
  struct work *work = to;

  if (work->options->json)
    explain_json_series(work->page.out, series);
  else
    explain_list_series(&work->page, series);
  work->shown++;
  return 0;
}

static int explain_watch(struct work *work) {
  const char *watch = work->options->watch;
  char problem[EXPLAIN_PROBLEM_MAX];
  int rc = explain_series_each(&work->source, work->options->host, watch,
                               show_series, work);

  if (rc == 0 && work->shown > 0)
    return SUBCOMMAND_DONE;
  snprintf(problem, sizeof(problem),
           rc == 0 ? "%.400s has no series of <Watch \"%.60s\">: is that its "
                     "name in the settings, and has one of its values come?"
                   : "%.400s: the series of %.60s cannot be read",
           work->source.state_path, watch);
  return fail(problem);
}

static int explain_host(struct work *work) {
  const struct explain_options *options = work->options;
  char problem[EXPLAIN_PROBLEM_MAX];

  if (explain_hosts_find(&work->source, options->host, &work->host, problem) !=
      0)
    return fail(problem);
  explain_view_make(&work->host, &work->source.rules, &work->view);
  if (options->json) {
    explain_json_host(work->page.out, &work->source, &work->view,
                      options->incident);
    return SUBCOMMAND_DONE;
  }
  explain_text_host(&work->page, &work->source, &work->view, options->incident);
  if (options->incident < 0 &&
      explain_list_host(&work->page, &work->source, work->host.name) != 0)
    return fail("out of memory");
  return SUBCOMMAND_DONE;
}

static int explain(struct work *work) {
  char problem[EXPLAIN_PROBLEM_MAX];
  double began_s = now_s();

  if (explain_source_open(&work->options->wanted, began_s, &work->source,
                          problem) != 0)
    return fail(problem);
  work->page.now_s = now_s();
  int status = work->options->watch ? explain_watch(work) : explain_host(work);
  explain_source_release(&work->source);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    snprintf(problem, sizeof(problem), "cannot write: %s", strerror(errno));
    return fail(problem);
  }
  return status;
}

int explain_run(int argc, char **argv) {
  struct explain_options options;
  int status = explain_options_read(argc, argv, &options);

  if (status >= 0)
    return status;
  struct work *work = calloc(1, sizeof(*work));
  if (!work)
    return fail("out of memory");
  work->options = &options;
  work->page.out = stdout;
  work->page.colour =
      isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL && !options.json;
  status = explain(work);
  free(work);
  return status;
}
