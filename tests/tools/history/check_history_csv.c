/* The syntax of recorded values: cells, identifiers, heads. */
#include "history/csv.h"
#include "history/file_names.h"

#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) ((int)(sizeof(table) / sizeof((table)[0])))

/* One letter a cell, the time first: N number, E empty, U unknown, X neither.
 */
static const struct {
  const char *line, *kinds;
} lines[] = {
    {"1,2,3", "NNN"},
    {"1,,", "NEE"},
    {"", "E"},
    {",", "EE"},
    {"1, 2 ,\t3\t", "NNN"},
    {"1,nan,NaN,U,u,-nan", "NUUUUU"},
    {"1,\"2\",\"\",\"nan\"", "NNEU"},
    {"\"1\" , \" 2\"", "NX"},
    {"1,x,1x,\"a,b\",inf", "NXXXX"},
    {"1,\"a\"\"b\"", "NX"},
    {"1,2\r", "NN"},
    {"1,2\"", "NX"},
};

START_TEST(line_is_cut_into_cells) {
  static const char letters[] = {[CSV_EMPTY] = 'E',
                                 [CSV_UNKNOWN] = 'U',
                                 [CSV_NUMBER] = 'N',
                                 [CSV_NO_NUMBER] = 'X'};
  struct csv_cell cells[8];
  char text[64], kinds[16] = "";

  strcpy(text, lines[_i].line);
  long seen = csv_line_read(text, strlen(text), NULL, 7, &cells[0], &cells[1]);
  for (long i = 0; i <= seen; i++)
    kinds[i] = letters[cells[i].kind];
  ck_assert_str_eq(kinds, lines[_i].kinds);
}
END_TEST

static const char *const broken[] = {"1,\"", "1,\"2", "1,\"2\"x", "\"1\"\"",
                                     "1,\"2\" 3,4"};

START_TEST(broken_quotes_are_refused) {
  struct csv_cell time, cells[4];
  char text[32];

  strcpy(text, broken[_i]);
  ck_assert_int_eq(csv_line_read(text, strlen(text), NULL, 4, &time, cells),
                   -EINVAL);
}
END_TEST

START_TEST(cells_beyond_the_heads_are_counted_and_not_kept) {
  struct csv_cell time, cells[2] = {{.kind = CSV_EMPTY}};
  char text[] = "1,2,3,4,5";

  ck_assert_int_eq(csv_line_read(text, strlen(text), NULL, 1, &time, cells), 4);
  ck_assert_double_eq(cells[0].number.value, 2);
  ck_assert_int_eq(cells[1].kind, CSV_EMPTY);
}
END_TEST

START_TEST(cell_that_is_not_wanted_is_not_looked_at) {
  const bool wanted[] = {false, true};
  struct csv_cell time, cells[2];
  char text[] = "1,rubbish,3";

  ck_assert_int_eq(csv_line_read(text, strlen(text), wanted, 2, &time, cells),
                   2);
  ck_assert_int_eq(cells[0].kind, CSV_UNWANTED);
  ck_assert_double_eq(cells[1].number.value, 3);
}
END_TEST

static const struct {
  const char *text, *parts; /* host plugin instance type instance source rate */
} identifiers[] = {
    {"p/t", "me|p||t|||0"},
    {"h/p-i/t-j", "h|p|i|t|j||0"},
    {"tcpstates-all/percent-syn_queue",
     "me|tcpstates|all|percent|syn_queue||0"},
    {"p/t-a:rate", "me|p||t|a||1"},
    {"p/if_octets:rx", "me|p||if_octets||rx|0"},
    {"p-a-b/t-c-d", "me|p|a-b|t|c-d||0"},
    {"fe80::1/p/t", "fe80::1|p||t|||0"},
    {"p/t-a:", "me|p||t|a:||0"},
};

START_TEST(identifier_is_split) {
  struct history_series series;
  char parts[1024];
  const char *words = NULL;
  bool is_rate = false;

  ck_assert_int_eq(history_identifier_read(identifiers[_i].text,
                                           strlen(identifiers[_i].text), "me",
                                           &series, &is_rate, &words),
                   0);
  snprintf(parts, sizeof(parts), "%s|%s|%s|%s|%s|%s|%d", series.host,
           series.plugin, series.plugin_instance, series.type,
           series.type_instance, series.source, is_rate);
  ck_assert_str_eq(parts, identifiers[_i].parts);
}
END_TEST

static const char *const no_identifiers[] = {"",     "p",    "/",       "p/",
                                             "/t",   "h//t", "a/b/c/d", "-i/t",
                                             "p/-i", "/p/t", "p/t\n",   "h/p/"};

START_TEST(what_is_no_identifier_is_refused) {
  struct history_series series;
  const char *words = NULL;
  bool is_rate = false;
  int rc =
      history_identifier_read(no_identifiers[_i], strlen(no_identifiers[_i]),
                              "me", &series, &is_rate, &words);

  ck_assert_msg(rc == -EINVAL, "taken: %s", no_identifiers[_i]);
  ck_assert_ptr_nonnull(words);
}
END_TEST

START_TEST(part_that_is_too_long_is_refused) {
  char text[3 * HISTORY_PART_MAX];
  struct history_series series;
  const char *words = NULL;
  bool is_rate = false;

  for (size_t length = HISTORY_PART_MAX - 1; length <= HISTORY_PART_MAX;
       length++) {
    memset(text, 'p', sizeof(text));
    memcpy(text + length, "/t", 3);
    int wanted = length < HISTORY_PART_MAX ? 0 : -EINVAL;
    ck_assert_int_eq(history_identifier_read(text, length + 2, "me", &series,
                                             &is_rate, &words),
                     wanted);
    memmove(text + length + 1, "p/t", 4);
    ck_assert_int_eq(history_identifier_read(text, length + 4, "me", &series,
                                             &is_rate, &words),
                     wanted);
  }
}
END_TEST

static bool want_all(void *context, struct history_series *series) {
  (void)context;
  (void)series;
  return true;
}

static const struct {
  const char *head;
  int kind; /* -1: refused */
} heads_kinds[] = {
    {"tcpstates-all/tcp_connections-SYN_RECV", HISTORY_GAUGE},
    {"tcpstates-all/protocol_counter-PassiveOpens", HISTORY_COUNTER},
    {"tcpstates-all/protocol_counter-PassiveOpens:rate", HISTORY_RATE},
    {"tcpstates-all/protocol_counter-AttemptFails", HISTORY_COUNTER},
    {"tcpstates-all/tcp_connections-SYN_RECV:rate", -1},
    {"interface-eth0/if_octets:rx", HISTORY_COUNTER},
    {"cpu-0/cpu-idle", HISTORY_COUNTER},
    {"load/load:shortterm", HISTORY_GAUGE},
    {"nonsense", -1},
};

START_TEST(head_tells_gauges_counters_and_rates_apart) {
  const struct history_taker taker = {want_all, NULL, NULL};
  const char *head = heads_kinds[_i].head, *words = NULL;
  struct csv_heads heads;

  ck_assert_int_eq(csv_heads_init(&heads, head, strlen(head)), 0);
  int rc = csv_heads_add(&heads, head, strlen(head), "me", &taker, &words);
  ck_assert_int_eq(rc, heads_kinds[_i].kind < 0 ? -EINVAL : 0);
  if (rc == 0)
    ck_assert_int_eq((int)heads.columns[0].kind, heads_kinds[_i].kind);
  ck_assert_uint_eq(heads.columns_len, rc == 0);
  ck_assert_uint_eq(heads.cells_len, 1);
  csv_heads_release(&heads);
}
END_TEST

SUITE(history_csv) {
  Suite *suite = suite_create("history_csv");
  TCase *tcase = tcase_create("history_csv");

  tcase_set_timeout(tcase, 60);
  tcase_add_loop_test(tcase, line_is_cut_into_cells, 0, COUNT(lines));
  tcase_add_loop_test(tcase, broken_quotes_are_refused, 0, COUNT(broken));
  tcase_add_test(tcase, cells_beyond_the_heads_are_counted_and_not_kept);
  tcase_add_test(tcase, cell_that_is_not_wanted_is_not_looked_at);
  tcase_add_loop_test(tcase, identifier_is_split, 0, COUNT(identifiers));
  tcase_add_loop_test(tcase, what_is_no_identifier_is_refused, 0,
                      COUNT(no_identifiers));
  tcase_add_test(tcase, part_that_is_too_long_is_refused);
  tcase_add_loop_test(tcase, head_tells_gauges_counters_and_rates_apart, 0,
                      COUNT(heads_kinds));
  suite_add_tcase(suite, tcase);
  return suite;
}
