/* The command collectd-baseline: finds the subcommand and runs it. */
#include "project_config.h"

#include "subcommand.h"

#include <stdio.h>
#include <string.h>

#define SUBCOMMAND(name, run, help) {name, run, help},
static const struct {
  const char *name;
  int (*run)(int argc, char **argv);
  const char *help;
} subcommands[] = {SUBCOMMANDS(SUBCOMMAND)};
enum { SUBCOMMANDS_LEN = sizeof(subcommands) / sizeof(subcommands[0]) };

static void print_usage(FILE *out) {
  fputs("Usage: collectd-baseline SUBCOMMAND [OPTION]...\n"
        "       collectd-baseline --help | --version\n\n"
        "Subcommands (SUBCOMMAND --help shows its options):\n",
        out);
  for (size_t i = 0; i < SUBCOMMANDS_LEN; i++)
    fprintf(out, "  %-13s %s\n", subcommands[i].name, subcommands[i].help);
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
