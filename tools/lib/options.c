/* A table of options -> a command line read by getopt_long(3), complaints and
 * help. Touches the command line, stdout, stderr and, for a relative time, the
 * clock. */
#include "options.h"

#include "moment.h"
#include "number.h"
#include "subcommand.h"
#include "verdict/judge.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FIRST_VALUE = 256, WRONG_MAX = 128, USUAL_COLUMN = 23 };
static const double seconds_max = 86400;

int options_complain(const struct options_command *command, const char *words,
                     const char *what) {
  if (command->complain)
    return command->complain(words, what);
  if (command->speaker)
    fputs(command->speaker, stderr);
  else
    fprintf(stderr, "collectd-baseline %s", command->name);
  fprintf(stderr, ": %s%s\nTry collectd-baseline %s --help.\n", words, what,
          command->name);
  return SUBCOMMAND_USAGE;
}

/* --- values --------------------------------------------------------------- */

static bool read_seconds(const char *text, double least, double *out) {
  struct number number;
  const char *end = text + strlen(text);

  if (number_read(text, end, &number) != end || !(number.value >= least) ||
      number.value > seconds_max)
    return false;
  *out = number.value;
  return true;
}

static bool is_host(const char *text) {
  return *text != '\0' && strlen(text) < JUDGE_HOST_MAX && !strchr(text, '/');
}

static bool read_time(const char *text, double *out) {
  struct moment moment;

  if (!moment_read(text, &moment))
    return false;
  *out = moment.relative ? (double)time(NULL) - moment.seconds : moment.seconds;
  return true;
}

static int out_of_memory(const struct options_command *command) {
  fprintf(stderr, "collectd-baseline %s: out of memory\n", command->name);
  return SUBCOMMAND_FAILED;
}

static int append(const struct options_command *command,
                  struct options_list *list, size_t most, char *text) {
  if (most > 0 && list->len >= most)
    return OPTIONS_REFUSED;
  char **grown = realloc(list->items, (list->len + 1) * sizeof(*grown));
  if (!grown)
    return out_of_memory(command);
  list->items = grown;
  list->items[list->len++] = text;
  return OPTIONS_GO_ON;
}

static int print_help(const struct options_command *command);

static int accept_if(bool accepted) {
  return accepted ? OPTIONS_GO_ON : OPTIONS_REFUSED;
}

/* Stores a value. Returns as a row's take does. */
static int store(const struct options_command *command,
                 const struct options_row *row, char *text, void *out) {
  void *at = (char *)out + row->at;

  switch (row->kind) {
  case OPTIONS_FLAG:
    *(bool *)at = true;
    return OPTIONS_GO_ON;
  case OPTIONS_TEXT:
    *(const char **)at = text;
    return OPTIONS_GO_ON;
  case OPTIONS_HOST:
    *(const char **)at = text;
    return accept_if(is_host(text));
  case OPTIONS_LIVE_HOST:
    *(const char **)at = text;
    return accept_if(text[0] != '\0' && !strchr(text, '/'));
  case OPTIONS_SECONDS:
    return accept_if(read_seconds(text, row->least, at));
  case OPTIONS_MOMENT:
    return accept_if(moment_read(text, at));
  case OPTIONS_TIME:
    return accept_if(read_time(text, at));
  case OPTIONS_LIST:
    return append(command, at, row->most, text);
  case OPTIONS_OWN:
    return row->take(command, text, out);
  case OPTIONS_HELP:
    break;
  }
  return print_help(command);
}

/* --- complaints ----------------------------------------------------------- */

/* What a value is refused with. text: WRONG_MAX bytes. */
static const char *wrong_of(const struct options_row *row, char *text) {
  if (row->wrong)
    return row->wrong;
  switch (row->kind) {
  case OPTIONS_SECONDS:
    snprintf(text, WRONG_MAX, "--%s must be a number from %g to %g, not ",
             row->name, row->least, seconds_max);
    break;
  case OPTIONS_MOMENT:
    snprintf(text, WRONG_MAX,
             "--%s must be a time like 2026-11-22T10:00 or -3h, not ",
             row->name);
    break;
  case OPTIONS_TIME:
    return "a time must look like 2026-11-22T10:00, 1790000000 (seconds since "
           "1970) or -3d, not ";
  case OPTIONS_LIVE_HOST:
    snprintf(text, WRONG_MAX,
             "--%s must be a host name as collectd writes it, with _ instead "
             "of /, not ",
             row->name);
    break;
  default:
    snprintf(text, WRONG_MAX, "--%s cannot be ", row->name);
  }
  return text;
}

static int take(const struct options_command *command,
                const struct options_row *row, void *out) {
  char wrong[WRONG_MAX];
  int status = store(command, row, optarg, out);

  if (status == OPTIONS_REFUSED)
    return options_complain(command, wrong_of(row, wrong), optarg);
  return status;
}

/* --- help ----------------------------------------------------------------- */

/* The text of a row, its later lines below the first. used: how far the line is
 * written; a text that would touch it begins in the next line. */
static void print_text(const char *text, int used, int column) {
  if (used > column - 2) {
    fputc('\n', stdout);
    used = 0;
  }
  printf("%*s", column - used, "");
  for (; *text != '\0'; text++) {
    fputc(*text, stdout);
    if (*text == '\n')
      printf("%*s", column, "");
  }
  fputc('\n', stdout);
}

static int print_help(const struct options_command *command) {
  int column = command->help_column > 0 ? command->help_column : USUAL_COLUMN;

  fputs(command->usage, stdout);
  for (size_t i = 0; i < command->rows_len; i++) {
    const struct options_row *row = &command->rows[i];
    int used = row->letter ? printf("  -%c, ", row->letter) : printf("      ");
    used += printf("--%s", row->name);
    if (row->argument)
      used += printf(" %s", row->argument);
    print_text(row->help, used, column);
    if (row->help_more)
      row->help_more(stdout);
  }
  fputs(command->usage_end, stdout);
  return SUBCOMMAND_DONE;
}

/* --- the command line ------------------------------------------------------
 */

/* The table as getopt_long(3) wants it. */
struct getopt_tables {
  struct option longs[OPTIONS_MAX + 1];
  char letters[2 * OPTIONS_MAX + 1];
};

static void fill_tables(const struct options_command *command,
                        struct getopt_tables *tables) {
  char *letter = tables->letters;

  for (size_t i = 0; i < command->rows_len && i < OPTIONS_MAX; i++) {
    const struct options_row *row = &command->rows[i];
    tables->longs[i] = (struct option){
        row->name, row->argument ? required_argument : no_argument, NULL,
        FIRST_VALUE + (int)i};
    if (row->letter == 0)
      continue;
    *letter++ = row->letter;
    if (row->argument)
      *letter++ = ':';
  }
}

/* value: of getopt_long. NULL for an option that is unknown. */
static const struct options_row *find_row(const struct options_command *command,
                                          int value) {
  if (value >= FIRST_VALUE)
    return &command->rows[value - FIRST_VALUE];
  for (size_t i = 0; i < command->rows_len; i++)
    if (command->rows[i].letter != 0 && command->rows[i].letter == value)
      return &command->rows[i];
  return NULL;
}

static int take_arguments(const struct options_command *command, int argc,
                          char **argv, void *out) {
  int status = OPTIONS_GO_ON;

  if (!command->takes_arguments && optind < argc)
    return options_complain(command, "unexpected argument: ", argv[optind]);
  for (int i = optind; i < argc && status == OPTIONS_GO_ON; i++)
    status = append(command, (void *)((char *)out + command->arguments_at), 0,
                    argv[i]);
  return status;
}

int options_read(const struct options_command *command, int argc, char **argv,
                 void *out) {
  struct getopt_tables tables = {0};
  int status = OPTIONS_GO_ON;

  fill_tables(command, &tables);
  opterr = 0;
  while (status == OPTIONS_GO_ON) {
    int value = getopt_long(argc, argv, tables.letters, tables.longs, NULL);
    if (value == -1)
      return take_arguments(command, argc, argv, out);
    const struct options_row *row = find_row(command, value);
    status = row ? take(command, row, out)
                 : options_complain(command,
                                    "unknown option, or its value is missing: ",
                                    argv[optind - 1]);
  }
  return status;
}

static void release_list(struct options_list *list) {
  free(list->items);
  *list = (struct options_list){0};
}

void options_release(const struct options_command *command, void *out) {
  for (size_t i = 0; i < command->rows_len; i++)
    if (command->rows[i].kind == OPTIONS_LIST)
      release_list((void *)((char *)out + command->rows[i].at));
  if (command->takes_arguments)
    release_list((void *)((char *)out + command->arguments_at));
}
