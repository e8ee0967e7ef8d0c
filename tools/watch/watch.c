/* Subcommand watch: the live picture of one host, and the table of all. Keys,
 * signals, the daemon's answers and the clock meet here. */
#define _GNU_SOURCE
#include "subcommand.h"

#include "daemon/daemon_options.h"
#include "draw.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "panes.h"
#include "terminal.h"

#include <locale.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct watch_options {
  struct host_query query;
  bool all_hosts;
  double every_s;
  bool has_glyphs; /* else by terminal and locale */
  enum watch_glyphs glyphs;
};

static int take_glyphs(const struct options_command *command, const char *text,
                       void *out) {
  static const char *const names[] = {
      [WATCH_BRAILLE] = "braille",
      [WATCH_BLOCKS] = "blocks",
      [WATCH_ASCII] = "ascii",
  };
  struct watch_options *options = out;
  (void)command;
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (strcmp(text, names[i]) == 0) {
      options->glyphs = (enum watch_glyphs)i;
      options->has_glyphs = true;
      return OPTIONS_GO_ON;
    }
  return OPTIONS_REFUSED;
}

static int take_port(const struct options_command *command, const char *text,
                     void *out) {
  struct watch_options *options = out;
  (void)command;
  return daemon_options_port(text, &options->query.port);
}

#define AT(member) .at = offsetof(struct watch_options, member)
static const struct options_row rows[] = {
    {"socket", 's', "SOCKET",
     "socket of collectd's plugin unixsock\n(default " UNIXSOCK_DEFAULT_PATH
     ")",
     .kind = OPTIONS_TEXT, AT(query.socket_path)},
    {"host", 'H', "HOST",
     "which host (default: the only one, this machine,\n"
     "or the first of several)",
     .kind = OPTIONS_LIVE_HOST, AT(query.host)},
    {"all-hosts", 0, NULL,
     "first the table of all hosts, the worst first; with -H of\n"
     "those that match it: 'web*,*@web1'",
     .kind = OPTIONS_FLAG, AT(all_hosts)},
    {"interval", 'i', "S", "how many seconds between requests (default 1)",
     .kind = OPTIONS_SECONDS, .least = WATCH_EVERY_MIN_S, AT(every_s)},
    {"timeout", 't', "S",
     "how many seconds to wait for the daemon (default 10; 60 for\n"
     "the table of all hosts)",
     .kind = OPTIONS_SECONDS, .least = 0.1, AT(query.limit_s)},
    {"glyphs", 'g', "KIND",
     "draw curves in braille, blocks or ascii (default: what\n"
     "terminal and locale can show)",
     .kind = OPTIONS_OWN, .take = take_glyphs,
     .wrong = "--glyphs must be braille, blocks or ascii, not "},
    {"port", 0, "PORT", "first the curves of the listener on this local port",
     .kind = OPTIONS_OWN, .take = take_port, .wrong = PORT_REFUSED},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "watch",
    .usage =
        "Usage: collectd-baseline watch [-s SOCKET] [-H HOST] [-i SECONDS]\n"
        "       collectd-baseline watch --all-hosts [-s SOCKET] [-H "
        "PATTERN]\n\n"
        "Shows one host live in a terminal: its incidents, TCP states and "
        "ratios, and the\n"
        "curves of the last minutes; or the table of all hosts. ? shows the "
        "keys, q quits.\n\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end =
        "\n"
        "Without a terminal, `collectd-baseline status` prints the values "
        "once.\n",
};

/* A slow daemon spends no more than a fifth of its time on answers. */
static const double rest_factor = 4;
/* Hosts rarely come and go; listing them costs as much as asking for values. */
static const double hosts_every_s = 60;

struct watch_run {
  struct watch_session session;
  struct watch_source *source;
  struct watch_question question;
  double limit_s, table_limit_s; /* of a question; while the table is shown */
  double asked_s, asked_at_s; /* the last question, wall clock and monotonic */
  double ask_at_s;            /* the next question, monotonic */
  double hosts_at_s;
  sigset_t waiting;
  bool redraw;
  bool terminal_gone;
};

static int complain(const char *problem) {
  fprintf(stderr, "collectd-baseline watch: %s\n", problem);
  return SUBCOMMAND_FAILED;
}

static void ask(struct watch_run *run, double now_s) {
  bool choosing = run->session.choice.choosing;
  bool wants_hosts = choosing || now_s >= run->hosts_at_s;
  run->question.query.limit_s = choosing ? run->table_limit_s : run->limit_s;
  run->question.query.host = run->session.choice.host;
  run->question.wants_hosts = wants_hosts;
  run->asked_s = moment_now();
  run->asked_at_s = now_s;
  run->ask_at_s = now_s + run->session.choice.every_s;
  int rc = watch_source_ask(run->source, &run->question);
  if (rc == 0) {
    if (wants_hosts)
      run->hosts_at_s = now_s + hosts_every_s;
    return;
  }
  struct watch_answer none = {.failed = true};
  snprintf(none.problem, sizeof(none.problem),
           "cannot start a process to ask it: %s", strerror(-rc));
  watch_session_take(&run->session, &none, run->asked_s);
}

static void take_answer(struct watch_run *run) {
  struct watch_answer answer;
  if (!watch_source_take(run->source, &answer))
    return;
  double now_s = moment_steady();
  watch_session_take(&run->session, &answer, run->asked_s);
  watch_fetch_release(&answer);
  run->ask_at_s = fmax(run->asked_at_s + run->session.choice.every_s,
                       now_s + rest_factor * (now_s - run->asked_at_s));
}

static void take_keys(struct watch_run *run) {
  int key = WATCH_KEY_NONE;
  while ((key = watch_screen_key()) != WATCH_KEY_NONE) {
    double every_s = run->session.choice.every_s;
    run->redraw |= key == WATCH_KEY_REDRAW;
    if (watch_session_press(&run->session, key, watch_draw_page())) {
      watch_source_drop(run->source);
      run->ask_at_s = 0;
    }
    if (run->session.choice.every_s < every_s)
      run->ask_at_s =
          fmin(run->ask_at_s, run->asked_at_s + run->session.choice.every_s);
  }
}

/* Wait for a key, an answer, a signal, the next question, or the next second of
 * the clock on the screen. */
static void await(struct watch_run *run) {
  struct pollfd fds[] = {
      {.fd = STDIN_FILENO, .events = POLLIN},
      {.fd = watch_source_fd(run->source), .events = POLLIN},
  };
  double now_s = moment_now();
  double wait_s = floor(now_s) + 1 - now_s;
  if (!watch_source_is_asking(run->source))
    wait_s = fmin(wait_s, run->ask_at_s - moment_steady());
  wait_s = fmax(wait_s, 0);
  struct timespec wait = {.tv_nsec = (long)(wait_s * 1e9) % 1000000000L,
                          .tv_sec = (time_t)wait_s};
  if (ppoll(fds, 2, &wait, &run->waiting) > 0 &&
      (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
    run->terminal_gone = true;
}

static void draw(struct watch_run *run) {
  struct watch_picture picture =
      watch_session_picture(&run->session, moment_now());
  picture.port = run->question.query.port;
  watch_draw(&picture, run->redraw);
  run->redraw = false;
}

static void live(struct watch_run *run) {
  while (!run->session.choice.leaving && !run->terminal_gone &&
         watch_signals_end_asked() == 0) {
    double now_s = moment_steady();
    if (now_s >= run->ask_at_s && !watch_source_is_asking(run->source))
      ask(run, now_s);
    draw(run);
    await(run);
    if (watch_signals_resized()) {
      watch_screen_resize();
      run->redraw = true;
    }
    take_keys(run);
    take_answer(run);
  }
}

/* q and Ctrl-C end the program normally. Another signal ends it as that signal
 * does by default, so that its parent sees it. */
static int leave(const struct watch_run *run) {
  int asked = watch_signals_end_asked();
  watch_signals_end();
  if (asked != 0 && asked != SIGINT)
    raise(asked);
  return run->terminal_gone ? SUBCOMMAND_FAILED : SUBCOMMAND_DONE;
}

static int show(struct watch_run *run) {
  char problem[WATCH_TERMINAL_PROBLEM_MAX];
  run->source = watch_source_create();
  if (run->source == NULL)
    return complain("out of memory");
  watch_signals_begin(&run->waiting);
  if (watch_screen_begin(getenv("NO_COLOR") == NULL, problem) != 0) {
    watch_source_destroy(run->source);
    watch_signals_end();
    return complain(problem);
  }
  live(run);
  watch_source_destroy(run->source);
  watch_screen_end();
  return leave(run);
}

/* Problems that fit in a line of text are reported before the terminal is
 * taken.
 */
int watch_run(int argc, char **argv) {
  char problem[WATCH_TERMINAL_PROBLEM_MAX];
  struct watch_options options = {
      .query = {.socket_path = UNIXSOCK_DEFAULT_PATH},
      .every_s = 1,
  };
  struct watch_answer first;
  int status = options_read(&command, argc, argv, &options);
  double given_s = options.query.limit_s; /* 0: not */
  if (status < 0)
    status = daemon_options_finish(&command, options.all_hosts, &options.query);
  if (status >= 0)
    return status;
  struct watch_question question = {.query = options.query,
                                    .wants_hosts = true};
  if (options.all_hosts) {
    question.patterns = options.query.host;
    question.query.host = "";
  }
  double asked_s = moment_now();
  setlocale(LC_CTYPE, "");
  if (watch_terminal_check(problem) != 0)
    return complain(problem);
  watch_fetch(&question, &first);
  if (first.failed) {
    watch_fetch_release(&first);
    return complain(first.problem);
  }
  struct watch_run run = {
      .question = question,
      .limit_s = given_s > 0 ? given_s : UNIXSOCK_DEFAULT_LIMIT_S,
      .table_limit_s = given_s > 0 ? given_s : DAEMON_OPTIONS_ALL_LIMIT_S,
      .hosts_at_s = moment_steady() + hosts_every_s,
      .ask_at_s = moment_steady() + options.every_s,
  };
  status = SUBCOMMAND_FAILED;
  enum watch_glyphs glyphs =
      options.has_glyphs ? options.glyphs : watch_terminal_glyphs();
  if (watch_session_begin(&run.session, &first, asked_s, options.every_s,
                          glyphs) != 0)
    complain("out of memory");
  else
    status = show(&run);
  watch_session_end(&run.session);
  watch_fetch_release(&first);
  return status;
}
