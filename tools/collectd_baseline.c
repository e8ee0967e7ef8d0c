/* The command collectd-baseline: finds the subcommand and runs it. */
#include "project_config.h"

#include "subcommand.h"

#include <stdio.h>
#include <string.h>

static const struct subcommand subcommands[] = {
    {"check", nagios_check_run,
     "check for Nagios and Icinga: is an incident open?"},
    {"explain", explain_run, "explain the current judgement step by step"},
    {"learn", learn_run, "build the saved state of the plugin from history"},
    {"plot", plot_run, "draw recorded values, expected values and incidents"},
    {"replay", replay_run, "judge recorded values as the plugin would"},
    {"status", status_run, "show one host's TCP states, ratios and incidents"},
    {"watch", watch_run, "show them live in a terminal, with curves"},
};
enum { SUBCOMMANDS_LEN = sizeof(subcommands) / sizeof(subcommands[0]) };

static void print_usage(FILE *out) {
  fputs("Usage: collectd-baseline SUBCOMMAND [OPTION]...\n"
        "       collectd-baseline --help | --version\n\n"
        "Subcommands (SUBCOMMAND --help shows its options):\n",
        out);
  for (size_t i = 0; i < SUBCOMMANDS_LEN; i++)
    fprintf(out, "  %-10s %s\n", subcommands[i].name, subcommands[i].help);
}

int main(int argc, char **argv) {
  if (argc < 2) {
    print_usage(stderr);
    return SUBCOMMAND_USAGE;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
    print_usage(stdout);
    return SUBCOMMAND_DONE;
  }
  if (strcmp(argv[1], "--version") == 0) {
    puts("collectd-baseline " PACKAGE_VERSION);
    return SUBCOMMAND_DONE;
  }
  for (size_t i = 0; i < SUBCOMMANDS_LEN; i++)
    if (strcmp(argv[1], subcommands[i].name) == 0)
      return subcommands[i].run(argc - 1, argv + 1);

  fprintf(stderr, "collectd-baseline: there is no subcommand \"%s\"\n",
          argv[1]);
  print_usage(stderr);
  return SUBCOMMAND_USAGE;
}
