/* Command lines through a table of options: what is stored, what is refused
 * with which words, and the help. */
#include "daemon/daemon_options.h"
#include "lib/moment.h"
#include "lib/options.h"
#include "scenes/suite.h"
#include "subcommand.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct taken {
  bool json;
  const char *state, *host, *live_host, *own;
  double every_s, since_s;
  struct moment start;
  struct options_list paths, metrics;
};
#define AT(member) .at = offsetof(struct taken, member)

static int take_own(const struct options_command *command, const char *text,
                    void *out) {
  struct taken *taken = out;

  if (strcmp(text, "mine") == 0) {
    taken->own = text;
    return OPTIONS_GO_ON;
  }
  if (strcmp(text, "exit") == 0)
    return options_complain(command, "told so", "");
  return OPTIONS_REFUSED;
}

static void print_names(FILE *out) {
  fputs("                       mine exit\n", out);
}

static const struct options_row rows[] = {
    {"state", 's', "FILE", "the state\n(default: none)", .kind = OPTIONS_TEXT,
     AT(state)},
    {"host", 'H', "HOST", "of history", .kind = OPTIONS_HOST, AT(host)},
    {"live-host", 0, "HOST", "of a daemon", .kind = OPTIONS_LIVE_HOST,
     AT(live_host)},
    {"every", 'e', "S", "how often", .kind = OPTIONS_SECONDS, .least = 0.1,
     AT(every_s)},
    {"start", 0, "TIME", "from when on", .kind = OPTIONS_MOMENT, AT(start)},
    {"since", 0, "TIME", "from when on", .kind = OPTIONS_TIME, AT(since_s)},
    {"from", 0, "PATH", "may be repeated", .kind = OPTIONS_LIST, AT(paths)},
    {"metric", 'm', "IDENTIFIER", "two of them", .kind = OPTIONS_LIST,
     .most = 2, .wrong = "too many: --metric ", AT(metrics)},
    {"own", 0, "NAME", "one of", .kind = OPTIONS_OWN, .take = take_own,
     .wrong = "--own must be mine, not ", .help_more = print_names},
    {"json", 0, NULL, "an object", .kind = OPTIONS_FLAG, AT(json)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};
#define COMMAND                                                                \
  .name = "try", .usage = "Usage: try\n\n", .rows = rows,                      \
  .rows_len = COUNT(rows), .usage_end = "\nThe end.\n"
static const struct options_command with_arguments = {
    COMMAND, .takes_arguments = true,
    .arguments_at = offsetof(struct taken, paths)};
static const struct options_command plain = {COMMAND};

/* --- what was printed ----------------------------------------------------- */

enum { SAID_MAX = 4096 };

static int redirect(FILE *stream, FILE *to) {
  fflush(stream);
  int kept = dup(fileno(stream));
  ck_assert_int_ge(dup2(fileno(to), fileno(stream)), 0);
  return kept;
}

static void restore(FILE *stream, int kept) {
  fflush(stream);
  dup2(kept, fileno(stream));
  close(kept);
}

static char said[SAID_MAX];

/* words: the command line behind its name, separated by blanks; "_" is an empty
 * argument. All that is printed goes to `said`. The words live as long as the
 * next call. */
static int read_words(const struct options_command *command, const char *words,
                      void *out) {
  static char copy[512];
  char *argv[32] = {"try"};
  int argc = 1;
  FILE *file = tmpfile();

  ck_assert_ptr_nonnull(file);
  snprintf(copy, sizeof(copy), "%s", words);
  for (char *word = strtok(copy, " "); word; word = strtok(NULL, " "))
    argv[argc++] = strcmp(word, "_") == 0 ? "" : word;
  optind = 0; /* glibc begins anew */
  int kept_out = redirect(stdout, file), kept_err = redirect(stderr, file);
  int status = options_read(command, argc, argv, out);
  restore(stdout, kept_out);
  restore(stderr, kept_err);
  ck_assert_int_eq(fseek(file, 0, SEEK_SET), 0);
  said[fread(said, 1, SAID_MAX - 1, file)] = '\0';
  fclose(file);
  return status;
}

/* --- what is taken -------------------------------------------------------- */

START_TEST(every_kind_is_stored) {
  struct taken taken = {.every_s = 5};

  int status = read_words(&plain,
                          "--state f -H web1 --live-host=a --own mine --json "
                          "--start 1790000000 --since 1790000001.5",
                          &taken);
  ck_assert_int_eq(status, OPTIONS_GO_ON);
  ck_assert_str_eq(said, "");
  ck_assert_str_eq(taken.state, "f");
  ck_assert_str_eq(taken.host, "web1");
  ck_assert_str_eq(taken.live_host, "a");
  ck_assert_str_eq(taken.own, "mine");
  ck_assert(taken.json);
  ck_assert(taken.start.given && !taken.start.relative);
  ck_assert_double_eq(taken.start.seconds, 1790000000);
  ck_assert_double_eq(taken.since_s, 1790000001.5);
  ck_assert_double_eq(taken.every_s, 5);
}
END_TEST

START_TEST(letters_stand_for_names) {
  struct taken taken = {0};

  ck_assert_int_eq(read_words(&plain, "-sf -e 0.1", &taken), OPTIONS_GO_ON);
  ck_assert_str_eq(taken.state, "f");
  ck_assert_double_eq(taken.every_s, 0.1);
}
END_TEST

START_TEST(a_time_before_now_counts_from_now) {
  struct taken taken = {0};
  double now_s = (double)time(NULL);

  ck_assert_int_eq(read_words(&plain, "--since -1h", &taken), OPTIONS_GO_ON);
  ck_assert_double_ge(taken.since_s, now_s - 3600);
  ck_assert_double_le(taken.since_s, now_s - 3600 + 60);
}
END_TEST

START_TEST(lists_keep_the_order_and_arguments_come_last) {
  static const char *const expected[] = {"a", "b", "c", "--x"};
  struct taken taken = {0};

  int status = read_words(
      &with_arguments, "c --from a --json --from b -m 1 -m 2 -- --x", &taken);
  ck_assert_int_eq(status, OPTIONS_GO_ON);
  ck_assert_uint_eq(taken.paths.len, COUNT(expected));
  for (size_t i = 0; i < COUNT(expected); i++)
    ck_assert_str_eq(taken.paths.items[i], expected[i]);
  ck_assert_uint_eq(taken.metrics.len, 2);
  options_release(&with_arguments, &taken);
  ck_assert_ptr_null(taken.paths.items);
  ck_assert_ptr_null(taken.metrics.items);
  options_release(&with_arguments, &taken);
}
END_TEST

/* --- what is refused ------------------------------------------------------ */

#define TRY "\nTry collectd-baseline try --help.\n"
static const struct {
  const char *words, *said;
} refused[] = {
    {"--nothing", "unknown option, or its value is missing: --nothing"},
    {"-x", "unknown option, or its value is missing: -x"},
    {"--state", "unknown option, or its value is missing: --state"},
    {"--json=1", "unknown option, or its value is missing: --json=1"},
    {"more", "unexpected argument: more"},
    {"-H a/b", "--host cannot be a/b"},
    {"-H _", "--host cannot be "},
    {"--live-host a/b", "--live-host must be a host name as collectd writes "
                        "it, with _ instead of /, not a/b"},
    {"--live-host _", "--live-host must be a host name as collectd writes it, "
                      "with _ instead of /, not "},
    {"-e 0.09", "--every must be a number from 0.1 to 86400, not 0.09"},
    {"-e 86401", "--every must be a number from 0.1 to 86400, not 86401"},
    {"-e 1s", "--every must be a number from 0.1 to 86400, not 1s"},
    {"-e _", "--every must be a number from 0.1 to 86400, not "},
    {"-e nan", "--every must be a number from 0.1 to 86400, not nan"},
    {"--start x", "--start must be a time like 2026-11-22T10:00 or -3h, not x"},
    {"--since x", "a time must look like 2026-11-22T10:00, 1790000000 (seconds "
                  "since 1970) or -3d, not x"},
    {"-m a -m b -m c", "too many: --metric c"},
    {"--own other", "--own must be mine, not other"},
    {"--own exit", "told so"},
};

START_TEST(what_is_refused_is_named) {
  struct taken taken = {0};
  char expected[SAID_MAX];

  int status = read_words(&plain, refused[_i].words, &taken);
  snprintf(expected, sizeof(expected), "collectd-baseline try: %s" TRY,
           refused[_i].said);
  ck_assert_int_eq(status, SUBCOMMAND_USAGE);
  ck_assert_str_eq(said, expected);
  options_release(&plain, &taken);
}
END_TEST

START_TEST(the_first_mistake_ends_the_reading) {
  struct taken taken = {0};

  read_words(&plain, "-e x --json more", &taken);
  ck_assert(!taken.json);
  ck_assert_ptr_null(strstr(said, "more"));
}
END_TEST

static int complain(const char *words, const char *what) {
  printf("UNKNOWN: %s%s\n", words, what);
  return 3;
}

START_TEST(a_subcommand_may_complain_in_its_own_way) {
  struct options_command own = plain;
  struct taken taken = {0};

  own.complain = complain;
  ck_assert_int_eq(read_words(&own, "-e x", &taken), 3);
  ck_assert_str_eq(
      said, "UNKNOWN: --every must be a number from 0.1 to 86400, not x\n");
  own.complain = NULL;
  own.speaker = "collectd-baseline: try";
  ck_assert_int_eq(read_words(&own, "more", &taken), SUBCOMMAND_USAGE);
  ck_assert_str_eq(said,
                   "collectd-baseline: try: unexpected argument: more" TRY);
}
END_TEST

/* --- help ----------------------------------------------------------------- */

START_TEST(the_help_is_the_table) {
  struct taken taken = {0};

  ck_assert_int_eq(read_words(&plain, "-h", &taken), SUBCOMMAND_DONE);
  ck_assert_str_eq(said, "Usage: try\n\n"
                         "  -s, --state FILE     the state\n"
                         "                       (default: none)\n"
                         "  -H, --host HOST      of history\n"
                         "      --live-host HOST\n"
                         "                       of a daemon\n"
                         "  -e, --every S        how often\n"
                         "      --start TIME     from when on\n"
                         "      --since TIME     from when on\n"
                         "      --from PATH      may be repeated\n"
                         "  -m, --metric IDENTIFIER\n"
                         "                       two of them\n"
                         "      --own NAME       one of\n"
                         "                       mine exit\n"
                         "      --json           an object\n"
                         "  -h, --help           print this help\n\n"
                         "The end.\n");
}
END_TEST

START_TEST(the_column_of_the_texts_can_be_chosen) {
  struct options_command wide = plain;
  struct taken taken = {0};

  wide.help_column = 27;
  wide.rows_len = 1;
  ck_assert_int_ne(read_words(&wide, "-h", &taken), SUBCOMMAND_DONE);
  wide.rows = &rows[COUNT(rows) - 1];
  ck_assert_int_eq(read_words(&wide, "-h", &taken), SUBCOMMAND_DONE);
  ck_assert_str_eq(said, "Usage: try\n\n"
                         "  -h, --help               print this help\n\n"
                         "The end.\n");
}
END_TEST

START_TEST(the_rows_of_a_daemon_have_their_help) {
  struct scene {
    struct daemon_options daemon;
  } out;
  static const struct options_row daemon_rows[] = {
      DAEMON_OPTIONS(struct scene, daemon),
      {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP}};
  const struct options_command command = {.name = "try",
                                          .usage = "",
                                          .usage_end = "",
                                          .rows = daemon_rows,
                                          .rows_len = COUNT(daemon_rows)};

  out.daemon = (struct daemon_options)DAEMON_OPTIONS_DEFAULTS;
  ck_assert_str_eq(out.daemon.query.socket_path, UNIXSOCK_DEFAULT_PATH);
  ck_assert_int_eq(daemon_options_finish(&command, false, &out.daemon.query),
                   OPTIONS_GO_ON);
  ck_assert_double_eq(out.daemon.query.limit_s, UNIXSOCK_DEFAULT_LIMIT_S);
  ck_assert_int_eq(read_words(&command, "-s /run/x -H web1 -i 0.5 -t 3", &out),
                   -1);
  ck_assert_str_eq(out.daemon.query.socket_path, "/run/x");
  ck_assert_str_eq(out.daemon.query.host, "web1");
  ck_assert_double_eq(out.daemon.interval_s, 0.5);
  ck_assert_int_eq(daemon_options_finish(&command, true, &out.daemon.query),
                   OPTIONS_GO_ON);
  ck_assert_double_eq(out.daemon.query.limit_s, 3);
  read_words(&command, "--help", &out);
  ck_assert_str_eq(
      said,
      "  -s, --socket SOCKET  socket of collectd's plugin unixsock\n"
      "                       (default /var/run/collectd-unixsock)\n"
      "  -H, --host HOST      which host (default: the only one, or this "
      "machine)\n"
      "  -i, --interval S     the interval of collectd; values are too old "
      "after two\n"
      "                       intervals (without this option after 300 s)\n"
      "  -t, --timeout S      how many seconds to wait for the daemon (default "
      "10; 60 for\n"
      "                       all hosts)\n"
      "  -h, --help           print this help\n");
}
END_TEST

SUITE(options) {
  Suite *suite = suite_create("options");
  TCase *tcase = tcase_create("table");
  tcase_add_test(tcase, every_kind_is_stored);
  tcase_add_test(tcase, letters_stand_for_names);
  tcase_add_test(tcase, a_time_before_now_counts_from_now);
  tcase_add_test(tcase, lists_keep_the_order_and_arguments_come_last);
  tcase_add_loop_test(tcase, what_is_refused_is_named, 0, (int)COUNT(refused));
  tcase_add_test(tcase, the_first_mistake_ends_the_reading);
  tcase_add_test(tcase, a_subcommand_may_complain_in_its_own_way);
  tcase_add_test(tcase, the_help_is_the_table);
  tcase_add_test(tcase, the_column_of_the_texts_can_be_chosen);
  tcase_add_test(tcase, the_rows_of_a_daemon_have_their_help);
  suite_add_tcase(suite, tcase);
  return suite;
}
