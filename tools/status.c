/* Subcommand status: the live picture of one host, once or again and again. */
#define _GNU_SOURCE
#include "subcommand.h"

#include "status_draw.h"
#include "status_model.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_SOCKET "/var/run/collectd-unixsock"
#define CURSOR_HIDE "\033[?25l"
#define CURSOR_SHOW "\033[?25h"
#define HOME "\033[H"
#define CLEAR_SCREEN "\033[2J"
#define CLEAR_LINE "\033[K"
#define CLEAR_BELOW "\033[J"

enum { WATCH_MAX_S = 86400 };

struct status_options {
  const char *socket_path;
  const char *host; /* NULL: the daemon's only one, or this machine */
  long watch_s;     /* 0: once */
  bool colour;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static void print_usage(FILE *out) {
  fputs("Usage: collectd-baseline status [-s SOCKET] [-H HOST] [--watch N]\n"
        "\n"
        "Shows the TCP states, ratios, queues, counters and incidents of one "
        "host, as the\ncollectd daemon behind SOCKET has them.\n"
        "\n"
        "  -s, --socket SOCKET  the plugin unixsock's socket\n"
        "                       (default " DEFAULT_SOCKET ")\n"
        "  -H, --host HOST      which host's values (default: the only one, or "
        "this machine)\n"
        "  -w, --watch N        draw again every N seconds until interrupted\n"
        "  -h, --help           this text\n",
        out);
}

/* Returns the number of seconds, or -1. */
static long parse_seconds(const char *text) {
  char *end = NULL;
  errno = 0;
  long seconds = strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || seconds < 1 ||
      seconds > WATCH_MAX_S) {
    fprintf(stderr,
            "collectd-baseline: --watch is %s; it must be a whole number from "
            "1 to %d\n",
            text, WATCH_MAX_S);
    return -1;
  }
  return seconds;
}

/* Returns -1 to go on, else the exit status. */
static int parse_options(int argc, char **argv,
                         struct status_options *options) {
  static const struct option known[] = {
      {"socket", required_argument, NULL, 's'},
      {"host", required_argument, NULL, 'H'},
      {"watch", required_argument, NULL, 'w'},
      {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0},
  };
  int option = 0;
  while ((option = getopt_long(argc, argv, "s:H:w:h", known, NULL)) != -1) {
    switch (option) {
    case 's':
      options->socket_path = optarg;
      break;
    case 'H':
      options->host = optarg;
      break;
    case 'w':
      options->watch_s = parse_seconds(optarg);
      if (options->watch_s < 0)
        return SUBCOMMAND_USAGE;
      break;
    case 'h':
      print_usage(stdout);
      return SUBCOMMAND_DONE;
    default:
      print_usage(stderr);
      return SUBCOMMAND_USAGE;
    }
  }
  if (optind == argc)
    return -1;
  fprintf(stderr, "collectd-baseline: status takes no argument \"%s\"\n",
          argv[optind]);
  print_usage(stderr);
  return SUBCOMMAND_USAGE;
}

static void draw_now(FILE *out, const struct status_options *options,
                     const struct status_model *model) {
  char when[32] = "";
  time_t now = time(NULL);
  struct tm local = {0};
  if (localtime_r(&now, &local) != NULL)
    strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &local);
  status_draw(out, model, when, options->colour);
}

static int show_once(const struct status_options *options,
                     struct status_model *model) {
  char problem[STATUS_PROBLEM_MAX];
  if (status_model_fetch(options->socket_path, options->host, model, problem) !=
      0) {
    fprintf(stderr, "collectd-baseline: %s\n", problem);
    return SUBCOMMAND_FAILED;
  }
  draw_now(stdout, options, model);
  return SUBCOMMAND_DONE;
}

/* Over what stands there already: the screen does not flicker, as it would if
 * it were cleared first. */
static void overwrite_screen(const char *text) {
  fputs(HOME, stdout);
  for (; *text != '\0'; text++) {
    if (*text == '\n')
      fputs(CLEAR_LINE, stdout);
    fputc(*text, stdout);
  }
  fputs(CLEAR_BELOW, stdout);
}

static int show_again(const struct status_options *options, bool in_place,
                      struct status_model *model) {
  char problem[STATUS_PROBLEM_MAX];
  char *text = NULL;
  size_t text_len = 0;
  FILE *buffer = open_memstream(&text, &text_len);
  if (buffer == NULL) {
    fputs("collectd-baseline: out of memory\n", stderr);
    return SUBCOMMAND_FAILED;
  }
  /* A daemon that is being restarted is waited for. */
  if (status_model_fetch(options->socket_path, options->host, model, problem) ==
      0)
    draw_now(buffer, options, model);
  else
    fprintf(buffer, "collectd-baseline: %s\n", problem);
  fclose(buffer);
  if (in_place)
    overwrite_screen(text);
  else
    printf("%s\n", text);
  free(text);
  return fflush(stdout) == 0 ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
}

/* Returns early where a signal has asked to stop. Between the look at `stopped`
 * and the pause no signal may slip through unseen. */
static void wait_for_next(long seconds) {
  struct timespec pause = {.tv_sec = seconds};
  sigset_t stopping, usual;
  sigemptyset(&stopping);
  sigaddset(&stopping, SIGINT);
  sigaddset(&stopping, SIGTERM);
  sigaddset(&stopping, SIGHUP);
  sigprocmask(SIG_BLOCK, &stopping, &usual);
  if (!stopped)
    ppoll(NULL, 0, &pause, &usual);
  sigprocmask(SIG_SETMASK, &usual, NULL);
}

static int watch(const struct status_options *options,
                 struct status_model *model) {
  struct sigaction action = {.sa_handler = stop};
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);

  bool in_place = isatty(STDOUT_FILENO);
  int status = SUBCOMMAND_DONE;
  if (in_place)
    fputs(CURSOR_HIDE CLEAR_SCREEN, stdout);
  while (!stopped && status == SUBCOMMAND_DONE) {
    status = show_again(options, in_place, model);
    if (status == SUBCOMMAND_DONE)
      wait_for_next(options->watch_s);
  }
  if (in_place)
    fputs(CURSOR_SHOW, stdout);
  return status;
}

int status_run(int argc, char **argv) {
  struct status_options options = {
      .socket_path = DEFAULT_SOCKET,
      .colour = isatty(STDOUT_FILENO) && getenv("NO_COLOR") == NULL,
  };
  int status = parse_options(argc, argv, &options);
  if (status >= 0)
    return status;

  struct status_model *model = calloc(1, sizeof(*model));
  if (model == NULL) {
    fputs("collectd-baseline: out of memory\n", stderr);
    return SUBCOMMAND_FAILED;
  }
  status =
      options.watch_s > 0 ? watch(&options, model) : show_once(&options, model);
  free(model);
  return status;
}
