/* See watch_options.h. */
#define _GNU_SOURCE
#include "watch_options.h"

#include "daemon/daemon_options.h"
#include "keys.h"
#include "subcommand.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "Usage: collectd-baseline watch [-s SOCKET] [-H HOST] [-i SECONDS]\n"
    "\n"
    "The live picture of one host in a terminal: its incidents, TCP states "
    "and ratios,\nand the curves of the last minutes. ? shows the keys, q "
    "leaves.\n"
    "\n"
    "  -s, --socket SOCKET  the plugin unixsock's socket\n"
    "                       (default " UNIXSOCK_DEFAULT_PATH ")\n"
    "  -H, --host HOST      which host's values (default: the only one, this "
    "machine,\n"
    "                       or the first of several)\n"
    "  -i, --interval S     ask the daemon every so many seconds (default "
    "1)\n"
    "  -t, --timeout S      how long to wait for the daemon (default 10)\n"
    "  -g, --glyphs KIND    draw curves in braille, blocks or ascii "
    "(default: "
    "what\n"
    "                       terminal and locale can show)\n"
    "  -h, --help           this text\n"
    "\n"
    "Without a terminal, `collectd-baseline status` prints the values "
    "once.\n";

static bool read_glyphs(const char *text, struct watch_options *out) {
  static const char *const names[] = {
      [WATCH_BRAILLE] = "braille",
      [WATCH_BLOCKS] = "blocks",
      [WATCH_ASCII] = "ascii",
  };
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
    if (strcmp(text, names[i]) == 0) {
      out->glyphs = (enum watch_glyphs)i;
      out->has_glyphs = true;
      return true;
    }
  return false;
}

static int refuse(const char *words, const char *what) {
  fprintf(stderr, "collectd-baseline watch: %s%s\n%s", words, what,
          "Try collectd-baseline watch --help.\n");
  return SUBCOMMAND_USAGE;
}

/* What collectd itself may be slower than, but nobody reads. */
static const char *check_interval(double seconds) {
  return seconds < watch_keys_every_min_s
             ? "--interval must be a number from 0.1 to 86400, not "
             : NULL;
}

/* Returns -1 to go on. last: the argument the option stands in. */
static int take_option(int option, const char *last,
                       struct daemon_options *daemon,
                       struct watch_options *out) {
  const char *wrong = NULL;
  if (daemon_options_take(option, optarg, daemon, &wrong)) {
    if (option == 'i')
      wrong = check_interval(wrong == NULL ? daemon->interval_s : 0);
    return wrong == NULL ? -1 : refuse(wrong, optarg);
  }
  switch (option) {
  case 'g':
    if (read_glyphs(optarg, out))
      return -1;
    return refuse("--glyphs must be braille, blocks or ascii, not ", optarg);
  case 'h':
    fputs(usage, stdout);
    return SUBCOMMAND_DONE;
  default:
    return refuse("unknown option, or one without its value: ", last);
  }
}

int watch_options_read(int argc, char **argv, struct watch_options *out) {
  static const struct option known[] = {
      DAEMON_OPTIONS_LONG,
      {"glyphs", required_argument, NULL, 'g'},
      {"help", no_argument, NULL, 'h'},
      {NULL, 0, NULL, 0},
  };
  struct daemon_options daemon;
  int option = 0, status = -1;
  *out = (struct watch_options){0};
  daemon_options_init(&daemon);
  daemon.interval_s = 1;
  opterr = 0;
  while (status < 0 &&
         (option = getopt_long(argc, argv, DAEMON_OPTIONS_SHORT "g:h", known,
                               NULL)) != -1)
    status = take_option(option, argv[optind - 1], &daemon, out);
  if (status < 0 && optind < argc)
    status = refuse("no argument is taken: ", argv[optind]);
  out->query = daemon.query;
  out->every_s = daemon.interval_s;
  return status;
}
