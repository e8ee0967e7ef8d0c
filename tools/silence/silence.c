/* Subcommand silence: writes the file beside the StateFile that the plugin
 * reads once an interval. Who may write there may silence. */
#include "subcommand.h"

#include "conf/conf_state.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "lib/words.h"
#include "list.h"
#include "store.h"
#include "verdict/listeners.h"
#include "verdict/notice.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <fnmatch.h>
#include <math.h>
#include <pwd.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct silence_options {
  const char *config_path, *state_path;
  const char *why;
  bool list, end, json;
  struct options_list words; /* HOST INCIDENT [DURATION] */
};

#define AT(member) .at = offsetof(struct silence_options, member)
static const struct options_row rows[] = {
    {"why", 0, "TEXT", "the reason, for those who find it silenced",
     .kind = OPTIONS_TEXT, AT(why)},
    {"list", 0, NULL, "show what is silenced now", .kind = OPTIONS_FLAG,
     AT(list)},
    {"end", 0, NULL, "end the silence of HOST and INCIDENT now",
     .kind = OPTIONS_FLAG, AT(end)},
    {"json", 0, NULL, "with --list: one JSON object", .kind = OPTIONS_FLAG,
     AT(json)},
    {"config", 'C', "FILE",
     "the daemon's collectd.conf (default:\n"
     "/etc/collectd/collectd.conf or /etc/collectd.conf)",
     .kind = OPTIONS_TEXT, AT(config_path)},
    {"state", 0, "FILE", "its StateFile, if that is another",
     .kind = OPTIONS_TEXT, AT(state_path)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};
#undef AT

static const struct options_command command = {
    .name = "silence",
    .usage =
        "Usage: collectd-baseline silence [OPTION]... HOST INCIDENT DURATION\n"
        "       collectd-baseline silence [OPTION]... --end HOST INCIDENT\n"
        "       collectd-baseline silence [OPTION]... --list\n\n"
        "Holds notifications back for a while. All is judged, learned and "
        "shown "
        "as ever;\n"
        "what is still open when the silence ends is notified then. HOST and "
        "INCIDENT may\n"
        "be patterns of the shell, in quotes; INCIDENT may also be a <Watch> "
        "or\n"
        "host_silent. DURATION is such as 30m, 2h, 1d or 1h30m, at most "
        "30d.\n\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end =
        "\n"
        "The daemon takes it up within an interval, at most 10 seconds.\n"
        "Exit status: 0 done; 1 not done; 2 usage.\n",
    .takes_arguments = true,
    .arguments_at = offsetof(struct silence_options, words),
};

static int fail(const char *problem) {
  char text[CONF_STATE_PROBLEM_MAX];

  snprintf(text, sizeof(text), "%s", problem);
  fflush(stdout);
  fprintf(stderr, "collectd-baseline silence: %s\n", plain_text_make(text));
  return SUBCOMMAND_FAILED;
}

/* --- the command line ----------------------------------------------------- */

static double unit_of(char letter) {
  switch (letter) {
  case 's':
    return 1;
  case 'm':
    return 60;
  case 'h':
    return 3600;
  case 'd':
    return 86400;
  default:
    return NAN;
  }
}

/* "2h", "1h30m"; NAN for what is none. */
static double read_duration(const char *text) {
  double seconds = 0;

  if (*text == '\0')
    return NAN;
  while (*text != '\0') {
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 9)
      return NAN;
    seconds += (double)strtol(text, NULL, 10) * unit_of(text[digits]);
    if (isnan(seconds))
      return NAN;
    text += digits + 1;
  }
  return seconds;
}

static int check_words(const struct silence_options *options) {
  size_t wanted = options->list ? 0 : options->end ? 2 : 3;

  if (options->list && options->end)
    return options_complain(&command, "--list and --end exclude each other",
                            "");
  if (options->why && (options->list || options->end))
    return options_complain(&command, "--why is for a new silence", "");
  if (options->json && !options->list)
    return options_complain(&command, "--json is for --list", "");
  if (options->words.len > wanted)
    return options_complain(
        &command, "too many arguments: ", options->words.items[wanted]);
  if (options->words.len == wanted)
    return OPTIONS_GO_ON;
  return options_complain(
      &command,
      options->end ? "HOST and INCIDENT must be given"
                   : "HOST, INCIDENT and DURATION must be given (or --list)",
      "");
}

static int check_duration(const struct silence_options *options) {
  if (options->list || options->end)
    return OPTIONS_GO_ON;
  double seconds = read_duration(options->words.items[2]);
  if (seconds > 0 && seconds <= (double)SILENCES_LONGEST_S)
    return OPTIONS_GO_ON;
  return options_complain(
      &command, "DURATION must be such as 30m, 2h or 1d, at most 30d, not ",
      options->words.items[2]);
}

/* --- the work ------------------------------------------------------------- */

struct work {
  const struct silence_options *options;
  double now_s;
  struct rules rules;
  struct conf_state state;
  struct conf_silences known;
  struct silence_store store;
};

static bool matches(const char *pattern, const char *name) {
  return fnmatch(pattern, name, 0) == 0;
}

/* Of PerListener: "syn_flood/443-local". */
static bool is_listener(const char *pattern) {
  char name[RULES_NAME_MAX + JUDGE_LISTENER_MAX], port[JUDGE_LISTENER_MAX];
  bool known = false;

  for (unsigned i = 1; !known && i <= UINT16_MAX; i++) {
    listeners_name((uint16_t)i, port);
    snprintf(name, sizeof(name), "%s/%s",
             rules_incident_name(INCIDENT_SYN_FLOOD), port);
    known = matches(pattern, name);
  }
  return known;
}

/* Whether anything can have this name: a misspelt silence silences nothing. */
static bool is_known(const struct rules *rules, const char *pattern) {
  bool known = matches(pattern, notice_host_silent);

  for (int i = 0; i < INCIDENT_COUNT; i++)
    known =
        known || matches(pattern, rules_incident_name((enum incident_kind)i));
  for (size_t i = 0; i < rules->series_len; i++)
    known = known || matches(pattern, rules->series[i].name);
  return known || is_listener(pattern);
}

static int refuse_incident(const struct rules *rules, const char *pattern) {
  char problem[CONF_STATE_PROBLEM_MAX], names[CONF_STATE_PROBLEM_MAX - 200];
  struct words_list list = words_list_begin(names, sizeof(names), SIZE_MAX);

  for (int i = 0; i < INCIDENT_COUNT; i++)
    words_list_add(&list, rules_incident_name((enum incident_kind)i));
  words_list_add(&list, notice_host_silent);
  for (size_t i = 0; i < rules->series_len; i++)
    words_list_add(&list, rules->series[i].name);
  words_list_end(&list);
  snprintf(problem, sizeof(problem), "there is no incident %.60s; known are %s",
           pattern, names);
  return fail(problem);
}

/* The user who asked, also through sudo. */
static const char *user(void) {
  const char *sudo = getenv("SUDO_USER");
  const struct passwd *entry = getpwuid(getuid());

  if (sudo && geteuid() == 0)
    return sudo;
  return entry ? entry->pw_name : "";
}

static int take_text(const char *what, const char *text, char *out,
                     size_t size) {
  char problem[CONF_STATE_PROBLEM_MAX];

  if (strlen(text) < size && plain_text_is(text, strlen(text))) {
    memcpy(out, text, strlen(text) + 1);
    return 0;
  }
  snprintf(problem, sizeof(problem),
           "%s must have at most %zu characters, and no control characters",
           what, size - 1);
  fail(problem);
  return -1;
}

static int make_one(const struct work *work, struct silences_one *one) {
  char *const *words = work->options->words.items;
  const char *why = work->options->why ? work->options->why : "";

  memset(one, 0, sizeof(*one));
  one->from_s = floor(work->now_s);
  one->until_s = one->from_s + read_duration(words[2]);
  snprintf(one->by, sizeof(one->by), "%s", user());
  plain_text_make(one->by);
  if (take_text("HOST", words[0], one->host, sizeof(one->host)) != 0 ||
      take_text("INCIDENT", words[1], one->incident, sizeof(one->incident)) !=
          0 ||
      take_text("the text of --why", why, one->why, sizeof(one->why)) != 0)
    return -1;
  if (silences_text_is_sound(one))
    return 0;
  fail("HOST and INCIDENT must not be empty");
  return -1;
}

/* The daemon makes the lock when it starts, and the state soon after. */
static void warn_of_strange_place(const struct work *work) {
  char lock[sizeof(work->state.path) + 8];

  snprintf(lock, sizeof(lock), "%s.lock", work->state.path);
  if (access(work->state.path, F_OK) != 0 && access(lock, F_OK) != 0)
    fprintf(stderr,
            "collectd-baseline silence: no daemon has saved anything at %s: if "
            "its StateFile is another, name its collectd.conf with -C\n",
            work->state.path);
}

static int begin_silence(struct work *work) {
  char problem[CONF_SILENCES_PROBLEM_MAX], until[MOMENT_MAX];
  struct silences_one one;

  if (make_one(work, &one) != 0)
    return SUBCOMMAND_FAILED;
  if (!is_known(&work->rules, one.incident))
    return refuse_incident(&work->rules, one.incident);
  warn_of_strange_place(work);
  if (silence_store_open(work->state.path, &work->store, problem) != 0 ||
      silence_store_put(&work->store, &one, work->now_s, problem) != 0 ||
      silence_store_write(&work->store, work->now_s, problem) != 0)
    return fail(problem);
  printf("%s on %s is silenced until %s\n", one.incident, one.host,
         moment_write(one.until_s, until));
  return SUBCOMMAND_DONE;
}

static int end_silence(struct work *work) {
  char *const *words = work->options->words.items;
  char problem[CONF_SILENCES_PROBLEM_MAX];

  if (silence_store_open(work->state.path, &work->store, problem) != 0)
    return fail(problem);
  if (!silence_store_remove(&work->store, words[0], words[1], work->now_s)) {
    snprintf(problem, sizeof(problem),
             "there is no silence of %.120s on %.120s; --list shows those that "
             "there are, with their patterns",
             words[1], words[0]);
    return fail(problem);
  }
  if (silence_store_write(&work->store, work->now_s, problem) != 0)
    return fail(problem);
  printf("%s on %s is not silenced any more\n", words[1], words[0]);
  return SUBCOMMAND_DONE;
}

static int show_list(struct work *work) {
  char problem[CONF_SILENCES_PROBLEM_MAX], path[CONF_SILENCES_PATH_MAX];

  conf_silences_path(work->state.path, path);
  if (conf_silences_zones(&work->rules, &work->known, problem) != 0 ||
      conf_silences_read(path, &work->known.silences.list, problem) != 0)
    return fail(problem);
  if (work->options->json)
    silence_list_json(stdout, &work->known.silences, path, work->now_s);
  else
    silence_list_text(stdout, &work->known.silences, work->now_s);
  return SUBCOMMAND_DONE;
}

static int run(const struct silence_options *options) {
  struct work *work = calloc(1, sizeof(*work));
  char problem[CONF_STATE_PROBLEM_MAX];

  if (!work)
    return fail("out of memory");
  work->options = options;
  work->now_s = moment_now();
  work->store.lock_fd = -1;
  int status = SUBCOMMAND_FAILED;
  if (conf_state_find(options->config_path, options->state_path, &work->rules,
                      &work->state, problem) != 0)
    fail(problem);
  else
    status = options->list  ? show_list(work)
             : options->end ? end_silence(work)
                            : begin_silence(work);
  if (fflush(stdout) != 0 || ferror(stdout))
    status = fail("cannot write to standard output");
  conf_silences_release(&work->known);
  silence_store_close(&work->store);
  free(work);
  return status;
}

int silence_run(int argc, char **argv) {
  struct silence_options options = {.why = NULL};
  int status = options_read(&command, argc, argv, &options);

  if (status == OPTIONS_GO_ON)
    status = check_words(&options);
  if (status == OPTIONS_GO_ON)
    status = check_duration(&options);
  if (status == OPTIONS_GO_ON)
    status = run(&options);
  options_release(&command, &options);
  return status;
}
