/* Subcommand status: the picture of one host now. */
#include "subcommand.h"

#include "draw.h"
#include "json.h"
#include "status_options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct status_view {
  const struct status_options *options;
  struct host_model *model;
  bool colour;
};

static double now_s(void) {
  struct timespec now = {0};

  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Returns 0, or -1 with *problem filled. */
static int fetch(const struct status_view *view, char *problem) {
  const struct daemon_options *daemon = &view->options->daemon;

  if (host_model_fetch(&daemon->query, view->model, problem) != 0)
    return -1;
  return host_model_check_age(view->model, now_s(), daemon->interval_s,
                              problem);
}

static int complain(const char *problem) {
  fprintf(stderr, "collectd-baseline status: %s\n", problem);
  return SUBCOMMAND_FAILED;
}

static int show_hosts(const struct host_query *query) {
  char problem[UNIXSOCK_PROBLEM_MAX];
  struct listing_hosts hosts = {0};
  int rc = host_model_hosts(query, &hosts, problem);

  for (size_t i = 0; i < hosts.len; i++)
    puts(hosts.name[i]);
  listing_hosts_release(&hosts);
  return rc == 0 ? SUBCOMMAND_DONE : complain(problem);
}

static int show_once(const struct status_view *view) {
  char problem[UNIXSOCK_PROBLEM_MAX];

  if (fetch(view, problem) != 0)
    return complain(problem);
  if (view->options->json)
    status_json(stdout, view->model, now_s(), view->options->daemon.interval_s);
  else
    status_draw(stdout, view->model, now_s(), view->colour);
  return SUBCOMMAND_DONE;
}

static int show(const struct status_view *view) {
  const struct status_options *options = view->options;
  int status = SUBCOMMAND_DONE;

  if (options->hosts)
    status = show_hosts(&options->daemon.query);
  else
    status = show_once(view);
  if (fflush(stdout) == 0 && !ferror(stdout))
    return status;
  return complain("what was found cannot be written to standard output");
}

int status_run(int argc, char **argv) {
  struct status_options options;
  int status = status_options_read(argc, argv, &options);

  if (status >= 0)
    return status;
  struct status_view view = {
      .options = &options,
      .model = calloc(1, sizeof(*view.model)),
      .colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL,
  };
  if (view.model == NULL)
    return complain("out of memory");
  status = show(&view);
  free(view.model);
  return status;
}
