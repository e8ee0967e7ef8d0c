/* The subcommands of collectd-baseline, a row each, and how they end. */
#ifndef SUBCOMMAND_H
#define SUBCOMMAND_H

enum subcommand_exit {
  SUBCOMMAND_DONE = 0,
  SUBCOMMAND_FAILED = 1, /* said on stderr */
  SUBCOMMAND_USAGE = 2   /* the command line was not understood */
};

/* Name, function, a line of help. argv[0] of the function is the name; it
 * returns the exit status. */
#define SUBCOMMANDS(ROW)                                                       \
  ROW("bench-read", bench_read_run,                                            \
      "measure what a reading of tcpstates costs here")                        \
  ROW("check", nagios_check_run,                                               \
      "check for Nagios and Icinga: is an incident open?")                     \
  ROW("check-config", check_config_run,                                        \
      "name the mistakes in a collectd.conf, before a restart")                \
  ROW("explain", explain_run, "say what is open, why, and what clears it")    \
  ROW("incidents", incidents_run,                                              \
      "list what was open and when, how bad, for how long")                    \
  ROW("learn", learn_run, "build the saved state of the plugin from history")  \
  ROW("notify-test", notify_test_run,                                          \
      "send a test notification to whoever is told of incidents")              \
  ROW("plot", plot_run, "draw recorded values, expected values and incidents") \
  ROW("replay", replay_run, "judge recorded values as the plugin would")       \
  ROW("silence", silence_run, "hold notifications back for a while")           \
  ROW("status", status_run,                                                    \
      "show one host's TCP states, ratios and incidents")                      \
  ROW("watch", watch_run, "show them live in a terminal, with curves")

#define SUBCOMMAND_DECLARE(name, run, help) int run(int argc, char **argv);
SUBCOMMANDS(SUBCOMMAND_DECLARE)
#undef SUBCOMMAND_DECLARE

#endif
