/* See watch_options.h. */
#define _GNU_SOURCE
#include "watch_options.h"

#include "daemon_options.h"
#include "subcommand.h"
#include "watch_keys.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

static void print_usage(FILE *out) {
  fputs(
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
      "once.\n",
      out);
}

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

static int refuse(const char *wrong, const char *value) {
  fprintf(stderr, "collectd-baseline watch: %s\"%s\"\n", wrong, value);
  return SUBCOMMAND_USAGE;
}

/* Returns -1 to go on. */
static int take_option(int option, const char *value,
                       struct daemon_options *daemon,
                       struct watch_options *out) {
  const char *wrong = NULL;
  if (daemon_options_take(option, value, daemon, &wrong))
    return wrong == NULL ? -1 : refuse(wrong, value);
  switch (option) {
  case 'g':
    if (read_glyphs(value, out))
      return -1;
    return refuse("--glyphs must be braille, blocks or ascii, not ", value);
  case 'h':
    print_usage(stdout);
    return SUBCOMMAND_DONE;
  default:
    print_usage(stderr);
    return SUBCOMMAND_USAGE;
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
  while (status < 0 &&
         (option = getopt_long(argc, argv, DAEMON_OPTIONS_SHORT "g:h", known,
                               NULL)) != -1)
    status = take_option(option, optarg, &daemon, out);
  if (status >= 0)
    return status;
  if (optind < argc) {
    fprintf(stderr, "collectd-baseline watch: there is no argument \"%s\"\n",
            argv[optind]);
    print_usage(stderr);
    return SUBCOMMAND_USAGE;
  }
  if (daemon.interval_s < watch_keys_every_min_s) {
    fprintf(stderr,
            "collectd-baseline watch: --interval must be a number from %g to "
            "%g, not %g\n",
            watch_keys_every_min_s, watch_keys_every_max_s, daemon.interval_s);
    return SUBCOMMAND_USAGE;
  }
  out->query = daemon.query;
  out->every_s = daemon.interval_s;
  return -1;
}
