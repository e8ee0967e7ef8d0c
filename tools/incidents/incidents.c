/* Subcommand incidents: what was open and when, from the daemon's record or
 * from a history, as text, JSON or a page. */
#include "subcommand.h"

#include "conf/conf_state.h"
#include "html.h"
#include "json.h"
#include "judged/input.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "lib/replace_file.h"
#include "text.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* --- the command line ----------------------------------------------------- */

struct incidents_options {
  struct history_options history;
  struct options_list settings, paths, hosts, incidents;
  const char *state; /* NULL: that of the settings */
  struct moment since, until;
  bool open, json;
  const char *html; /* a file; NULL: none */
};

#define AT(member) .at = offsetof(struct incidents_options, member)
static const struct options_row rows[] = {
    {"since", 0, "TIME",
     "only what was open after TIME: 2026-11-22T10:00[:30]\n"
     "[Z|+01:00], local without a zone; 2026-11-22; seconds\n"
     "since 1970; or -12h, -90m, -7d, -2w: before now, or\n"
     "before the history's end",
     .kind = OPTIONS_MOMENT, AT(since)},
    {"until", 0, "TIME", "only what was open before TIME",
     .kind = OPTIONS_MOMENT, AT(until)},
    {"host", 'H', "PATTERN",
     "only hosts that match, as in the shell; may be repeated",
     .kind = OPTIONS_LIST, AT(hosts)},
    {"incident", 0, "PATTERN",
     "only incidents, or <Watch> blocks, of a name that\n"
     "matches; may be repeated",
     .kind = OPTIONS_LIST, AT(incidents)},
    {"open", 0, NULL, "only what is open, or may be", .kind = OPTIONS_FLAG,
     AT(open)},
    {"json", 0, NULL, "one JSON object instead of text", .kind = OPTIONS_FLAG,
     AT(json)},
    {"html", 0, "FILE",
     "write a page instead, complete in one file; of a history\n"
     "with pictures",
     .kind = OPTIONS_TEXT, AT(html)},
    {"config", 'C', "FILE",
     "the daemon's collectd.conf, whose StateFile has the\n"
     "record beside it (default: /etc/collectd/collectd.conf\n"
     "or /etc/collectd.conf); of a history its settings; may\n"
     "be repeated",
     .kind = OPTIONS_LIST, AT(settings)},
    {"state", 0, "FILE",
     "the StateFile: the record is FILE.incidents. With PATH,\n"
     "the history is only for the pictures",
     .kind = OPTIONS_TEXT, AT(state)},
    {"interval", 0, "S",
     "seconds between two rows of a history (default: median\n"
     "of the first)",
     .kind = OPTIONS_SECONDS, .least = 0.001, AT(history.interval_s)},
    HISTORY_SKIP_BAD(struct incidents_options, history),
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};
#undef AT

static const struct options_command command = {
    .name = "incidents",
    .usage =
        "Usage: collectd-baseline incidents [OPTION]... [PATH]...\n\n"
        "Lists which incidents were open and when, on which host and listener, "
        "how bad\n"
        "they were, for how long, and what the evidence was: from the record "
        "that the\n"
        "daemon keeps beside its StateFile; or, with PATH, from a history as "
        "replay reads\n"
        "it: what the plugin would have raised.\n\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .takes_arguments = true,
    .arguments_at = offsetof(struct incidents_options, paths),
    .usage_end = "\n"
                 "Exit status: 0 listed, whether there were incidents or not; "
                 "1 not listed; 2 usage.\n",
};

/* --- what is asked for ---------------------------------------------------- */

static double seconds_of(const struct moment *moment, double now_s,
                         double without) {
  if (!moment->given)
    return without;
  return moment->relative ? now_s - moment->seconds : moment->seconds;
}

static bool matches(const struct options_list *patterns, const char *text) {
  bool found = patterns->len == 0;

  for (size_t i = 0; i < patterns->len; i++)
    found = found || fnmatch(patterns->items[i], text, 0) == 0;
  return found;
}

/* Keeps what was open in the range. One that is open, or may be, has no end. */
static void choose(const struct incidents_options *options,
                   struct incidents_list *list) {
  double since_s = seconds_of(&options->since, list->now_s, -INFINITY);
  double until_s = seconds_of(&options->until, list->now_s, INFINITY);
  size_t kept = 0;

  for (size_t i = 0; i < list->len; i++) {
    const struct record_incident *is = &list->incidents[i];
    bool open = is->end == RECORD_OPEN;
    if ((open || is->end_s >= since_s) && is->begin_s <= until_s &&
        (open || !options->open) && matches(&options->hosts, is->host) &&
        matches(&options->incidents, is->name))
      list->incidents[kept++] = *is;
  }
  list->len = kept;
}

/* --- output --------------------------------------------------------------- */

static int fail(const char *problem) {
  fprintf(stderr, "collectd-baseline incidents: %s\n", problem);
  return SUBCOMMAND_FAILED;
}

static int fail_to_write(const char *path, int error) {
  fprintf(stderr, "collectd-baseline incidents: cannot write %s: %s\n", path,
          strerror(error));
  return SUBCOMMAND_FAILED;
}

static int write_page(const struct incidents_list *list,
                      const struct incidents_pictures *pictures,
                      const char *path) {
  char *page = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&page, &length);
  int rc = out ? incidents_html(list, pictures, out) : -ENOMEM;

  if (out && fclose(out) != 0)
    rc = -ENOMEM;
  if (rc == 0)
    rc = replace_file(path, page, length);
  free(page);
  return rc == 0 ? SUBCOMMAND_DONE : fail_to_write(path, -rc);
}

static void warn(const struct incidents_list *list) {
  if (list->damaged > 0)
    fprintf(stderr,
            "collectd-baseline incidents: %zu lines of the record are damaged "
            "or missing; the others are listed\n",
            list->damaged);
  if (list->from_history && list->dropped > 0)
    fprintf(stderr,
            "collectd-baseline incidents: the newest %d incidents are listed; "
            "%llu others are not\n",
            (int)RECORD_MAX, (unsigned long long)list->dropped);
}

/* path: of the record; NULL: a history. */
static int show(const struct incidents_options *options,
                const struct incidents_pictures *pictures,
                struct incidents_list *list, const char *path) {
  warn(list);
  choose(options, list);
  if (options->html)
    return write_page(list, pictures, options->html);
  if (options->json)
    incidents_json(list, path, stdout);
  else
    incidents_text(list, stdout);
  if (fflush(stdout) != 0 || ferror(stdout))
    return fail_to_write("the list", errno);
  return SUBCOMMAND_DONE;
}

/* --- the work ------------------------------------------------------------- */

enum { RECORD_PATH_MAX = 2 * RULES_PATH_MAX + 16 };

_Static_assert((int)CONF_STATE_PROBLEM_MAX <= (int)HISTORY_PROBLEM_MAX,
               "a problem fits");

/* The record beside the StateFile. path: RECORD_PATH_MAX bytes. */
static int find_record(const struct incidents_options *options, char *path,
                       char *problem) {
  const char *config =
      options->settings.len > 0 ? options->settings.items[0] : NULL;
  struct rules *rules = malloc(sizeof(*rules));
  struct conf_state state;

  if (!rules)
    return history_fail(problem, -ENOMEM, "out of memory");
  int rc = conf_state_find(config, options->state, rules, &state, problem);
  free(rules);
  if (rc == 0)
    snprintf(path, RECORD_PATH_MAX, "%s.incidents", state.path);
  return rc;
}

static int list_record(const struct incidents_options *options,
                       const struct incidents_pictures *pictures,
                       char *problem) {
  char path[RECORD_PATH_MAX];
  struct incidents_list list = {.len = 0};
  int rc = find_record(options, path, problem);

  if (rc == 0)
    rc = incidents_source_record(path, moment_now(), &list, problem);
  int status = rc == 0 ? show(options, pictures, &list, path) : fail(problem);
  incidents_source_release(&list);
  return status;
}

static int list_history(const struct incidents_options *options,
                        const struct incidents_pictures *pictures,
                        const struct rules *rules, char *problem) {
  struct history history = {.options = options->history,
                            .tally = {.said = judged_input_say}};
  struct incidents_list list;
  int rc = incidents_source_history(&history, rules, options->paths.items,
                                    options->paths.len, &list, problem);
  int status = rc == 0 ? show(options, pictures, &list, NULL) : fail(problem);

  history_close(&history);
  incidents_source_release(&list);
  return status;
}

static int list(const struct incidents_options *options) {
  char problem[HISTORY_PROBLEM_MAX];
  struct rules *rules = malloc(sizeof(*rules));
  struct incidents_pictures pictures = {
      options->history, rules, options->paths.items, options->paths.len};
  int status;

  if (!rules)
    return fail("out of memory");
  if (options->paths.len > 0 &&
      judged_input_settings(options->settings.items, options->settings.len,
                            rules, problem) != 0)
    status = fail(problem);
  else if (options->state || options->paths.len == 0)
    status = list_record(options, &pictures, problem);
  else
    status = list_history(options, &pictures, rules, problem);
  free(rules);
  return status;
}

/* Before any work. */
static int check_page(const char *path) {
  int rc = replace_file_check(path);

  return rc == 0 ? OPTIONS_GO_ON : fail_to_write(path, -rc);
}

int incidents_run(int argc, char **argv) {
  struct incidents_options options = {.state = NULL};
  int status = options_read(&command, argc, argv, &options);

  if (status == OPTIONS_GO_ON && options.json && options.html)
    status =
        options_complain(&command, "--json and --html exclude each other", "");
  if (status == OPTIONS_GO_ON && options.html)
    status = check_page(options.html);
  if (status == OPTIONS_GO_ON)
    status = list(&options);
  options_release(&command, &options);
  return status;
}
