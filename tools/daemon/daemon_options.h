/* The options that status and check share: -s, -H, -i, -t; and --port. */
#ifndef TOOLS_DAEMON_DAEMON_OPTIONS_H
#define TOOLS_DAEMON_DAEMON_OPTIONS_H

#include "host_model.h"
#include "lib/options.h"

struct daemon_options {
  struct host_query query;
  double interval_s; /* of the readings; 0: not given */
};

/* Reads a port's number, 1 to 65535. Returns as a row's take does. */
int daemon_options_port(const char *text, unsigned *port);

/* How long collectd may take for all hosts, in seconds: it takes 5 to list the
 * values of 20,000, docs/scale.md. */
#define DAEMON_OPTIONS_ALL_LIMIT_S 60

/* After the options were read. of_all: many hosts are asked for; then -H has
 * patterns, and the daemon more time if none was given.
 * Returns OPTIONS_GO_ON, or the exit status of a complaint. */
int daemon_options_finish(const struct options_command *command, bool of_all,
                          struct host_query *query);

#define PORT_REFUSED "--port must be a number from 1 to 65535, not "

#define DAEMON_OPTIONS_DEFAULTS                                                \
  {                                                                            \
    .query = {                                                                 \
      .socket_path = UNIXSOCK_DEFAULT_PATH,                                    \
      .limit_s = 0 /* as daemon_options_finish says */                         \
    }                                                                          \
  }

/* Their rows for lib/options.h. type: the subcommand's struct; daemon: its
 * member of type struct daemon_options. */
#define DAEMON_OPTIONS(type, daemon)                                           \
  {"socket",                                                                   \
   's',                                                                        \
   "SOCKET",                                                                   \
   "socket of collectd's plugin unixsock\n(default " UNIXSOCK_DEFAULT_PATH     \
   ")",                                                                        \
   .kind = OPTIONS_TEXT,                                                       \
   .at = offsetof(type, daemon.query.socket_path)},                            \
      {"host",                                                                 \
       'H',                                                                    \
       "HOST",                                                                 \
       "which host (default: the only one, or this machine)",                  \
       .kind = OPTIONS_LIVE_HOST,                                              \
       .at = offsetof(type, daemon.query.host)},                               \
      {"interval",                                                             \
       'i',                                                                    \
       "S",                                                                    \
       "the interval of collectd; values are too old after two\n"              \
       "intervals (without this option after 300 s)",                          \
       .kind = OPTIONS_SECONDS,                                                \
       .least = 0.001,                                                         \
       .at = offsetof(type, daemon.interval_s)},                               \
  {                                                                            \
    "timeout", 't', "S",                                                       \
        "how many seconds to wait for the daemon (default 10; 60 for\n"        \
        "all hosts)",                                                          \
        .kind = OPTIONS_SECONDS, .least = 0.1,                                 \
        .at = offsetof(type, daemon.query.limit_s)                             \
  }

#endif
