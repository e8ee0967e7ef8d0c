/* What every subcommand of collectd-baseline offers to the table of them. */
#ifndef SUBCOMMAND_H
#define SUBCOMMAND_H

enum subcommand_exit {
  SUBCOMMAND_DONE = 0,
  SUBCOMMAND_FAILED = 1, /* said on stderr */
  SUBCOMMAND_USAGE = 2   /* the command line was not understood */
};

struct subcommand {
  const char *name;
  /* argv[0] is the subcommand's name. Returns the exit status. */
  int (*run)(int argc, char **argv);
  const char *help; /* one line */
};

int nagios_check_run(int argc, char **argv);
int explain_run(int argc, char **argv);
int learn_run(int argc, char **argv);
int plot_run(int argc, char **argv);
int replay_run(int argc, char **argv);
int status_run(int argc, char **argv);
int watch_run(int argc, char **argv);

#endif
