/* Subcommand notify-test: one notification, marked as a test, through the
 * daemon's own plugins to whoever is told of incidents. Source: PUTNOTIF in
 * collectd-unixsock(5). */
#include "subcommand.h"

#include "conf/conf_look.h"
#include "daemon/unixsock.h"
#include "lib/json.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "lib/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { HOST_MAX = 128, COMMAND_MAX = 2048 };

static const char instance[] = "test";
static const char message[] =
    "TEST: a test notification by collectd-baseline notify-test; nothing is "
    "wrong, nothing is to be done";

struct notify_test_options {
  const char *socket_path, *host, *config, *severity;
  double limit_s;
  bool json;
};

#define AT(member) .at = offsetof(struct notify_test_options, member)

static int take_severity(const struct options_command *command,
                         const char *text, void *out) {
  static const char *const names[] = {"okay", "warning", "failure"};
  struct notify_test_options *options = out;

  (void)command;
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (strcasecmp(names[i], text) == 0) {
      options->severity = names[i];
      return OPTIONS_GO_ON;
    }
  return OPTIONS_REFUSED;
}

static const struct options_row rows[] = {
    {"socket", 's', "SOCKET",
     "socket of collectd's plugin unixsock\n(default " UNIXSOCK_DEFAULT_PATH
     ")",
     .kind = OPTIONS_TEXT, AT(socket_path)},
    {"host", 'H', "HOST",
     "the host it is about (default: Hostname of the\nconfiguration, else this "
     "machine)",
     .kind = OPTIONS_LIVE_HOST, AT(host)},
    {"severity", 'S', "SEVERITY", "okay, warning or failure (default warning)",
     .kind = OPTIONS_OWN,
     .wrong = "--severity must be okay, warning or failure, not ",
     .take = take_severity},
    {"config", 'C', "FILE",
     "the daemon's configuration, which says who is told\n(default "
     "/etc/collectd/collectd.conf, if it can be read)",
     .kind = OPTIONS_TEXT, AT(config)},
    {"timeout", 't', "S",
     "how many seconds to wait for the daemon (default 30)",
     .kind = OPTIONS_SECONDS, .least = 0.1, AT(limit_s)},
    {"json", 0, NULL, "one JSON object instead of the text",
     .kind = OPTIONS_FLAG, AT(json)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "notify-test",
    .usage =
        "Usage: collectd-baseline notify-test [OPTION]...\n"
        "\n"
        "Sends one notification, marked TEST, through the daemon's "
        "notification plugins,\nas if the plugin baseline had an incident "
        "\"test\". It reaches whoever is told of\nreal ones. An alert that it "
        "opens is closed by --severity okay.\n"
        "\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .help_column = 24,
    .usage_end = "\n"
                 "Exit status: 0 the daemon has taken it; 1 it has not; 2 "
                 "usage.\n",
};

/* What is sent, and what became of it. */
struct test {
  const struct notify_test_options *options;
  const char *config; /* NULL: it could not be read */
  struct conf_tree tree;
  char host[HOST_MAX];
  double time_s, took_s;
  char answer[UNIXSOCK_PROBLEM_MAX]; /* the daemon's line */
};

static int complain(const char *words) {
  fprintf(stderr, "collectd-baseline notify-test: %s\n", words);
  return SUBCOMMAND_FAILED;
}

static void pass_over(void *context, enum conf_tree_mistake mistake,
                      const char *file, unsigned line, bool in_folder,
                      const char *words) {
  (void)context, (void)mistake, (void)file, (void)line, (void)in_folder;
  (void)words;
}

/* Returns 0; or -1, after a complaint, if a file that was named cannot be read.
 */
static int read_config(struct test *test) {
  const struct conf_tree_listener listener = {pass_over, NULL};
  const char *named = test->options->config;
  char words[CONF_ERROR_MAX];

  const char *path = named ? named : conf_look_usual();
  int rc = conf_tree_read_file(&test->tree, path, &listener, words);
  if (rc == 0)
    test->config = path;
  if (rc == 0 || !named)
    return 0;
  complain(words);
  return -1;
}

static void choose_host(struct test *test) {
  char machine[HOST_MAX] = "localhost";

  gethostname(machine, sizeof(machine) - 1);
  const char *host = test->options->host;
  if (!host)
    host = conf_look_global(&test->tree, "Hostname", machine);
  words_clean(host, test->host, sizeof(test->host));
}

/* Quotes and backslashes get a backslash before them. */
static void quote(const char *text, char *out, size_t size) {
  size_t used = 0;

  for (; *text != '\0' && used + 3 < size; text++) {
    if (*text == '"' || *text == '\\')
      out[used++] = '\\';
    out[used++] = *text;
  }
  out[used] = '\0';
}

static void write_command(const struct test *test, char *out) {
  char host[2 * HOST_MAX];

  quote(test->host, host, sizeof(host));
  snprintf(out, COMMAND_MAX,
           "PUTNOTIF severity=%s time=%.3f host=\"%s\" plugin=\"baseline\" "
           "plugin_instance=\"%s\" s:Test=\"true\" message=\"%s\"",
           test->options->severity, test->time_s, host, instance, message);
}

/* Returns 0 and the daemon's line, or -errno. */
static int talk(struct test *test, struct unixsock *daemon) {
  char line[COMMAND_MAX];
  const char *answer = NULL;

  write_command(test, line);
  int rc = unixsock_send(daemon, line);
  if (rc == 0)
    rc = unixsock_line(daemon, &answer);
  if (rc == 0)
    words_clean(answer, test->answer, sizeof(test->answer));
  return rc;
}

/* The daemon answers when its plugins have returned. */
static void explain(const struct test *test, int error, char *problem) {
  if (error == ETIMEDOUT)
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "%.200s: no answer within %.15g s: a notification plugin has not "
             "returned (notify_email waits for its mail server), or collectd "
             "hangs; -t waits longer",
             test->options->socket_path, test->options->limit_s);
  else
    unixsock_explain(test->options->socket_path, error, problem);
}

static int send_test(struct test *test) {
  char problem[UNIXSOCK_PROBLEM_MAX];
  struct unixsock *daemon = NULL;
  double begun_s = moment_steady();
  int rc = unixsock_open(test->options->socket_path, test->options->limit_s,
                         &daemon);

  test->time_s = moment_now();
  if (rc == 0) {
    rc = talk(test, daemon);
    unixsock_close(daemon);
  }
  test->took_s = moment_steady() - begun_s;
  if (rc == 0)
    return SUBCOMMAND_DONE;
  explain(test, -rc, problem);
  return complain(problem);
}

static bool is_taken(const struct test *test) {
  return strncmp(test->answer, "0 ", 2) == 0;
}

static void print_sent(const struct test *test) {
  char when[MOMENT_MAX];

  printf("Sent to %s:\n", test->options->socket_path);
  printf("  Severity: %s\n", test->options->severity);
  printf("  Time: %s\n", moment_write(test->time_s, when));
  printf("  Host: %s\n", test->host);
  printf("  Plugin: baseline\n  PluginInstance: %s\n", instance);
  printf("  Test: true\n  Message: %s\n", message);
  printf("Answered after %.2f s: %s\n", test->took_s, test->answer);
}

/* The texts of an option's values, wherever in the plugin's blocks it stands
 * first: NotificationExec "nobody" "/usr/bin/handler". */
static void print_values(const struct test *test,
                         const struct conf_look_told *told) {
  const struct conf_node *block = NULL;

  while (told->option &&
         (block = conf_look_block(&test->tree, told->plugin, block)) != NULL)
    for (size_t i = 0; i < block->children_len; i++) {
      const struct conf_node *option = &block->children[i];
      if (!conf_node_is(option, told->option))
        continue;
      printf("    %s", option->key);
      for (size_t j = 0; j < option->values_len; j++)
        printf(" %s", option->values[j].text ? option->values[j].text : "...");
      putchar('\n');
    }
}

static void print_told(const struct test *test) {
  struct conf_look_told told;
  size_t i = 0;

  if (!test->config) {
    puts("The configuration could not be read (-C FILE): so who was told is "
         "not known here.");
    return;
  }
  for (; conf_look_told(&test->tree, i, &told); i++) {
    if (i == 0)
      printf("By %s these plugins have passed it on; look at\n", test->config);
    printf("  %s: %s\n", told.plugin, told.note);
    print_values(test, &told);
  }
  if (i == 0)
    printf("By %s no plugin passes notifications on: nobody was told. Load "
           "exec, notify_email or another one (collectd-baseline "
           "check-config).\n",
           test->config);
  else
    puts("What does not arrive was lost behind collectd: its log and that of "
         "the plugin say why.");
}

static void print_text(const struct test *test) {
  print_sent(test);
  if (!is_taken(test)) {
    puts("The daemon has refused it: nobody was told.");
    return;
  }
  print_told(test);
  if (strcmp(test->options->severity, "okay") != 0)
    puts("Where it has opened an alert, --severity okay closes it.");
}

static void print_json(const struct test *test) {
  struct json_writer json = json_begin(stdout);
  struct conf_look_told told;

  json_open(&json, NULL, '{');
  json_add_string(&json, "socket", test->options->socket_path);
  json_open(&json, "sent", '{');
  json_add_string(&json, "severity", test->options->severity);
  json_add_number(&json, "time", test->time_s);
  json_add_string(&json, "host", test->host);
  json_add_string(&json, "plugin", "baseline");
  json_add_string(&json, "plugin_instance", instance);
  json_add_string(&json, "message", message);
  json_close(&json, '}');
  json_add_string(&json, "answer", test->answer);
  json_add_truth(&json, "accepted", is_taken(test));
  json_add_number(&json, "seconds", test->took_s);
  json_add_string(&json, "config", test->config);
  json_open(&json, "plugins", '[');
  for (size_t i = 0; conf_look_told(&test->tree, i, &told); i++)
    json_add_string(&json, NULL, told.plugin);
  json_close(&json, ']');
  json_close(&json, '}');
  putchar('\n');
}

static int run(struct test *test) {
  if (read_config(test) != 0)
    return SUBCOMMAND_FAILED;
  choose_host(test);
  int status = send_test(test);
  if (status != SUBCOMMAND_DONE)
    return status;
  if (test->options->json)
    print_json(test);
  else
    print_text(test);
  if (fflush(stdout) != 0 || ferror(stdout))
    return complain("what was found cannot be written to standard output");
  return is_taken(test) ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

int notify_test_run(int argc, char **argv) {
  struct notify_test_options options = {.socket_path = UNIXSOCK_DEFAULT_PATH,
                                        .severity = "warning",
                                        .limit_s = 30};
  int status = options_read(&command, argc, argv, &options);

  if (status >= 0)
    return status;
  struct test test = {.options = &options};
  status = run(&test);
  conf_tree_release(&test.tree);
  return status;
}
