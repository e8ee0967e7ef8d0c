/* The options of a subcommand as a table, from which the command line is read
 * and the help printed:
 *
 *     struct status_options {
 *       const char *socket_path;
 *       double limit_s;
 *       bool json;
 *     };
 *     #define AT(member) .at = offsetof(struct status_options, member)
 *     static const struct options_row rows[] = {
 *         {"socket", 's', "SOCKET", "the plugin unixsock's socket",
 *          .kind = OPTIONS_TEXT, AT(socket_path)},
 *         {"timeout", 't', "S", "how long to wait for the daemon (default 10)",
 *          .kind = OPTIONS_SECONDS, .least = 0.1, AT(limit_s)},
 *         {"json", 0, NULL, "one JSON object instead of the table",
 *          .kind = OPTIONS_FLAG, AT(json)},
 *         {"help", 'h', NULL, "this text", .kind = OPTIONS_HELP},
 *     };
 *     static const struct options_command command = {
 *         .name = "status",
 *         .usage = "Usage: collectd-baseline status [OPTION]...\n\n",
 *         .rows = rows,
 *         .rows_len = sizeof(rows) / sizeof(rows[0]),
 *         .usage_end = "\nExit status: 0 shown; 1 nothing to show.\n",
 *     };
 *
 *     struct status_options options = {.limit_s = 10};
 *     int status = options_read(&command, argc, argv, &options);
 *     if (status >= 0)
 *       return status;
 *
 * A row begins with its name, letter, argument and help, in this form:
 * tests/check_command_manual.py reads them. */
#ifndef TOOLS_LIB_OPTIONS_H
#define TOOLS_LIB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* What an option's value is, and what it is stored as. */
enum options_kind {
  OPTIONS_FLAG,      /* no value; bool */
  OPTIONS_TEXT,      /* const char *, of argv */
  OPTIONS_HOST,      /* the same: a host that history may name */
  OPTIONS_LIVE_HOST, /* the same: a host as a daemon names it */
  OPTIONS_SECONDS,   /* double, from row's least to 86400 */
  OPTIONS_MOMENT,    /* struct moment, of moment.h */
  OPTIONS_TIME,      /* double: such a moment, or "-3d" before now */
  OPTIONS_LIST,      /* struct options_list; may be repeated */
  OPTIONS_OWN,       /* row's take stores it */
  OPTIONS_HELP       /* no value: prints the help */
};

/* Values in the order given, each of argv. */
struct options_list {
  char **items; /* to be freed, by options_release */
  size_t len;
};

struct options_command;
enum { OPTIONS_GO_ON = -1, OPTIONS_REFUSED = -2 };

struct options_row {
  const char *name;     /* "socket" */
  char letter;          /* 's'; 0: none */
  const char *argument; /* "SOCKET"; NULL: the option has no value */
  const char *help;     /* "\n" goes on in the next line, below the first */
  enum options_kind kind;
  size_t at;    /* offsetof within the subcommand's struct */
  double least; /* of OPTIONS_SECONDS */
  size_t most;  /* of OPTIONS_LIST; 0: no limit */

  /* The complaint, before the value that is refused; NULL: as its kind has it.
   */
  const char *wrong;

  /* Of OPTIONS_OWN. out: the subcommand's struct. Returns OPTIONS_GO_ON,
   * OPTIONS_REFUSED for the complaint `wrong`, or an exit status where it has
   * complained itself. */
  int (*take)(const struct options_command *command, const char *text,
              void *out);

  void (*help_more)(FILE *out); /* prints lines behind help; NULL: none */
};

struct options_command {
  const char *name;      /* "status" */
  const char *speaker;   /* of complaints; NULL: as command and name */
  const char *usage;     /* the help before the options */
  const char *usage_end; /* and behind them */
  const struct options_row *rows;
  size_t rows_len;      /* at most OPTIONS_MAX */
  int help_column;      /* where texts begin; 0: 23 */
  bool takes_arguments; /* beside options; else one is refused */
  size_t arguments_at;  /* of the struct options_list they go to */

  /* For a subcommand that does not complain on stderr; NULL: all others.
   * Returns the exit status. */
  int (*complain)(const char *words, const char *what);
};
enum { OPTIONS_MAX = 32 };

/* Reads a command line into *out, which holds the defaults. Arguments beside
 * options are appended to their list last. Returns OPTIONS_GO_ON, or the exit
 * status of a subcommand that is done: after --help, after a complaint, or
 * without memory. */
int options_read(const struct options_command *command, int argc, char **argv,
                 void *out);

/* Frees the lists in *out, also after an options_read that failed. */
void options_release(const struct options_command *command, void *out);

/* Complains about the command line: words, then what. Returns the exit status.
 * For what options_read cannot know: options that exclude each other. */
int options_complain(const struct options_command *command, const char *words,
                     const char *what);

#endif
