/* The options that every subcommand which asks a daemon has: -s, -H, -i, -t. */
#ifndef TOOLS_DAEMON_DAEMON_OPTIONS_H
#define TOOLS_DAEMON_DAEMON_OPTIONS_H

#include "host_model.h"
#include "lib/options.h"

#include <stdbool.h>

struct daemon_options {
  struct host_query query;
  double interval_s; /* of the readings; 0: not said */
};

/* Their part of a string and of a table for getopt_long(3). */
#define DAEMON_OPTIONS_SHORT "s:H:i:t:"
#define DAEMON_OPTIONS_LONG                                                    \
  {"socket", required_argument, NULL, 's'},                                    \
      {"host", required_argument, NULL, 'H'},                                  \
      {"interval", required_argument, NULL, 'i'}, {                            \
    "timeout", required_argument, NULL, 't'                                    \
  }

/* And of the help. */
#define DAEMON_OPTIONS_HELP                                                    \
  "  -s, --socket SOCKET  the plugin unixsock's socket\n"                      \
  "                       (default " UNIXSOCK_DEFAULT_PATH ")\n"               \
  "  -H, --host HOST      which host's values (default: the only one, or "     \
  "this machine)\n"                                                            \
  "  -i, --interval S     how often collectd reads: what is older than two "   \
  "intervals\n"                                                                \
  "                       is too old (default: not known; 300 s are too "      \
  "old)\n"                                                                     \
  "  -t, --timeout S      how long to wait for the daemon (default 10)\n"

void daemon_options_init(struct daemon_options *options);

#define DAEMON_OPTIONS_DEFAULTS                                                \
  {                                                                            \
    .query = {                                                                 \
      .socket_path = UNIXSOCK_DEFAULT_PATH,                                    \
      .limit_s = UNIXSOCK_DEFAULT_LIMIT_S                                      \
    }                                                                          \
  }

/* The same as rows of lib/options.h, for status and check. type: the
 * subcommand's struct; daemon: its member of type struct daemon_options. */
#define DAEMON_OPTIONS(type, daemon)                                           \
  {"socket",                                                                   \
   's',                                                                        \
   "SOCKET",                                                                   \
   "the plugin unixsock's socket\n(default " UNIXSOCK_DEFAULT_PATH ")",        \
   .kind = OPTIONS_TEXT,                                                       \
   .at = offsetof(type, daemon.query.socket_path)},                            \
      {"host",                                                                 \
       'H',                                                                    \
       "HOST",                                                                 \
       "which host's values (default: the only one, or this machine)",         \
       .kind = OPTIONS_LIVE_HOST,                                              \
       .at = offsetof(type, daemon.query.host)},                               \
      {"interval",                                                             \
       'i',                                                                    \
       "S",                                                                    \
       "how often collectd reads: what is older than two intervals\n"          \
       "is too old (default: not known; 300 s are too old)",                   \
       .kind = OPTIONS_SECONDS,                                                \
       .least = 0.001,                                                         \
       .at = offsetof(type, daemon.interval_s)},                               \
  {                                                                            \
    "timeout", 't', "S", "how long to wait for the daemon (default 10)",       \
        .kind = OPTIONS_SECONDS, .least = 0.1,                                 \
        .at = offsetof(type, daemon.query.limit_s)                             \
  }

/* Take one of these options; one that is none of them is left alone.
 * Returns whether it was one; *wrong: a message where its value is refused,
 * else NULL. */
bool daemon_options_take(int option, const char *value,
                         struct daemon_options *out, const char **wrong);

#endif
