/* explain: the last judgement, repeated from the saved state, comes out the
 * same, and the text and JSON show its tests with their figures. */
#define _POSIX_C_SOURCE 200809L
#include "explain/json.h"
#include "explain/text.h"
#include "explained_host.h"
#include "scenes/random_reading.h"
#include "scenes/suite.h"

#include <stdlib.h>

static struct explain_view view;
static struct explain_source source;
static char *text;
static size_t text_len;

static void setup(void) {
  host_init("web1");
  memset(&source, 0, sizeof(source));
  source.config_path = "/etc/collectd/collectd.conf";
  source.is_asked = true;
  source.saved_s = 1700000000;
  setenv("TZ", "UTC", 1);
}

static void teardown(void) {
  free(text);
  text = NULL;
}

static void explain_as(double age_s, int only, bool verbose) {
  free(text);
  FILE *out = open_memstream(&text, &text_len);
  struct explain_page page = {
      .out = out, .now_s = kept.last.time_s + age_s, .verbose = verbose};
  explain_view_make(&kept, &rules, &view);
  explain_text_host(&page, &source, &view, only);
  fclose(out);
}

/* age_s: the age of the last reading. only: an incident, or -1 for all. */
static void explain(double age_s, int only) { explain_as(age_s, only, true); }

/* The same without --verbose. */
static void explain_briefly(int only) { explain_as(3, only, false); }

static void assert_said(const char *words) {
  ck_assert_msg(strstr(text, words) != NULL, "\"%s\" is not in\n%s", words,
                text);
}

static void assert_not_said(const char *words) {
  ck_assert_msg(strstr(text, words) == NULL, "\"%s\" is in\n%s", words, text);
}

static void assert_begins(const char *words) {
  ck_assert_msg(strncmp(text, words, strlen(words)) == 0,
                "it begins with %.90s", text);
}

static void assert_narrow(void) {
  for (const char *line = text; *line != '\0';) {
    size_t length = strcspn(line, "\n");
    ck_assert_msg(length <= 80, "too wide: %.*s", (int)length, line);
    line += length + 1;
  }
}

START_TEST(done_again_it_comes_out_the_same_bit_by_bit) {
  struct random_host host;
  random_host_init(&host, (uint64_t)_i);
  for (int i = 0; i < 400; i++) {
    double value[SIGNAL_COUNT];
    random_host_read(&host, value);
    host_be_usual();
    for (int k = 0; k < SIGNAL_COUNT; k++)
      next.value[k].gauge = value[k];
    if (random_unit(&host.random) < 0.01)
      next.time_s += 300; /* a gap */
    host_step();
    explain_view_make(&kept, &rules, &view);
    if (memcmp(&view.redone, &kept.judge, sizeof(kept.judge)) != 0)
      ck_abort_msg("reading %d is remembered otherwise", i);
    for (int k = 0; k < INCIDENT_COUNT; k++)
      if (view.odds[k] != EXPLAIN_AGREES ||
          view.judgement.finding[k].severity != judged.finding[k].severity ||
          view.judgement.finding[k].evidence != judged.finding[k].evidence)
        ck_abort_msg("reading %d: %s", i,
                     rules_incident_name((enum incident_kind)k));
  }
}
END_TEST

START_TEST(where_half_open_ones_come_from_is_said) {
  host_run(40);
  strcpy(next.top_source, "scattered");
  host_step();
  explain(3, -1);
  assert_said("Half-open connections come from everywhere: no network has");
  strcpy(next.top_source, "192.0.2.0/24 25 %");
  host_step();
  explain(3, -1);
  assert_said(
      "The largest source of half-open connections is 192.0.2.0/24 25 %.");
}
END_TEST

START_TEST(a_calm_host_is_said_to_be_calm_in_the_first_line) {
  host_run(400);
  explain(3, -1);
  assert_begins("web1: OKAY. No incident is open.\n");
  assert_said(
      "The last reading came at 23:19:50, 3 s ago; the interval is 10 s.");
  assert_said("This reading was learned.");
  assert_said("excess: no");
  assert_said("FOR A WARNING\n"
              "  Raised when 2 of the last 3 readings show evidence; 0 of the "
              "last 3 do.");
  assert_said("outbound_stall ");
  assert_said("0 in SYN_SENT; expected ");
  assert_said("state_shift                                                     "
              "        disabled");
  assert_not_said("FOR AN OKAY");
  assert_narrow();
}
END_TEST

START_TEST(an_open_flood_is_said_first_and_every_evidence_has_its_figures) {
  host_run(400);
  host_flood(12);
  explain(3, -1);
  assert_begins("web1: FAILURE. syn_flood has been open for 110 s, since ");
  assert_said(
      "Connection requests arrive, and nobody completes their handshakes.");
  assert_said("511 half-open; expected ");
  assert_said("excess: YES\n");
  assert_said("cookies: YES\n");
  assert_said("full queue: YES\n");
  assert_said("collapse: YES\n");
  assert_said("resets: no\n");
  assert_said("entropy: YES\n");
  assert_said("yes fullest SYN queue                           100 %  at least "
              "100 %\n");
  assert_said("yes cookies not returned                       1477/s  above "
              "1/s\n");
  assert_said(
      "Nothing is learned now, because:\n    yes an incident is open\n");
  assert_said("A FAILURE IS\n");
  assert_said("4 calm readings in a row; 0 so far, 4 still needed. A reading "
              "is calm if:");
  assert_not_said("FOR A WARNING");
  assert_narrow();
}
END_TEST

START_TEST(calm_readings_still_needed_are_counted) {
  host_run(400);
  host_flood(12);
  host_run(6);
  explain(3, -1);
  assert_said("4 calm readings in a row; 3 so far, 1 still needed.");
  host_run(1);
  explain(3, -1);
  assert_begins("web1: OKAY.");
}
END_TEST

START_TEST(the_warm_up_says_how_far_it_is) {
  host_run(12);
  explain(3, -1);
  assert_said("The warm-up is not over: 11 of 30 readings and 110 s of 10 min "
              "are learned.");
  assert_said("no  the warm-up is over\n        no  readings learned ");
  assert_narrow();
}
END_TEST

START_TEST(a_host_that_was_learnt_has_no_judgement_yet) {
  host_run(400);
  kept.last.have = 0;
  explain(3, -1);
  assert_begins("web1: nothing has been judged yet.\n");
  assert_said("400 readings were learned before");
  assert_not_said("syn_flood");
}
END_TEST

START_TEST(an_old_reading_is_said_to_be_old) {
  host_run(400);
  explain(25, -1);
  assert_not_said("That is old");
  explain(3600, -1);
  assert_said("60 min ago");
  assert_said("That is old: the daemon has received nothing newer from this");
  source.is_asked = false;
  source.saved_s = kept.last.time_s + 3000;
  strcpy(source.state_path, "/tmp/kept");
  explain(3600, -1);
  assert_said("No daemon was asked: /tmp/kept was saved at 00:09:50, 10 min "
              "ago.");
  assert_not_said("That is old");
}
END_TEST

START_TEST(other_settings_are_noticed) {
  host_run(400);
  host_flood(2);
  explain(3, -1);
  assert_not_said("CAUTION");
  rules.syn_flood.min_excess = 1000;
  explain(3, -1);
  assert_said("CAUTION: with these settings the result differs from the");
  assert_begins("web1: FAILURE."); /* as the daemon judged */
}
END_TEST

START_TEST(what_was_closed_without_a_reading_is_said_to_be_closed) {
  host_run(400);
  host_flood(5);
  incident_close(&kept.judge.syn_flood.incident, INCIDENT_SILENT);
  explain(3, -1);
  assert_begins("web1: OKAY.");
  assert_said("syn_flood was closed after this reading: the values that it "
              "needs no longer");
  assert_not_said("CAUTION");
}
END_TEST

START_TEST(what_is_missing_is_said_to_be_missing) {
  host_run(400);
  host_be_usual();
  next.have &= ~(1u << SIGNAL_ACTIVE_OPENS | 1u << SIGNAL_AGED);
  host_step();
  explain(3, -1);
  assert_said("outbound_stall                                                  "
              "      not judged\n"
              "  The reading lacks values that this incident needs.");
  assert_said("of them unanswered    A      unknown");
}
END_TEST

START_TEST(one_incident_is_explained_in_full_and_alone) {
  host_run(400);
  explain(3, INCIDENT_CLOSE_WAIT_LEAK);
  assert_said("\nclose_wait_leak ");
  assert_said("in CLOSE_WAIT above expected");
  assert_said("by connections opened");
  assert_not_said("\nsyn_flood");
  assert_not_said("\naccept_overflow");
  assert_narrow();
}
END_TEST

/* --- without --verbose ---------------------------------------------------- */

static int lines_of_text(void) {
  int lines = 0;
  for (const char *at = text; *at != '\0'; at++)
    lines += *at == '\n';
  return lines;
}

START_TEST(a_calm_host_takes_four_lines) {
  host_run(400);
  explain_briefly(-1);
  assert_begins("web1: OKAY. No incident is open.\n  Why     ");
  assert_said(" half-open; expected ");
  assert_said("\n  Opens   syn_flood: 2 of the last 3 readings must show "
              "evidence; 0 do.\n");
  assert_said("The last reading came at 23:19:50, 3 s ago; the interval is 10 "
              "s.\n");
  ck_assert_int_eq(lines_of_text(), 4);
}
END_TEST

START_TEST(a_flood_is_told_with_why_and_what_clears_it) {
  host_run(400);
  strcpy(next.top_source, "192.0.2.0/24 25 %");
  strcpy(next.syn_queue.listener, "0.0.0.0:443");
  host_flood(12);
  explain_briefly(-1);
  assert_begins("web1: FAILURE. syn_flood has been open for 110 s, since "
                "23:20:00.\n  Why     Connection requests arrive, and ");
  assert_said("Evidence: excess, cookies, full");
  assert_said("0.0.0.0:443");
  assert_said("192.0.2.0/24 25 %");
  assert_said("\n  Clears  After 4 calm readings in a row; 0 so far.");
  assert_said("half-open above expected: below 6 (now 505);");
  assert_said("Its evidence shows an attack");
  assert_not_said("standard deviations");
  assert_not_said("FOR AN OKAY");
  assert_narrow();
  ck_assert_int_le(lines_of_text(), 12);
}
END_TEST

START_TEST(what_is_calm_is_not_asked_for) {
  host_run(400);
  host_flood(12);
  host_run(1);
  explain_briefly(-1);
  assert_said("lost: at least 32 s (now 10 s).");
  assert_not_said("half-open above expected: below");
  host_run(4);
  explain_briefly(-1);
  assert_said("2 so far. The last reading was calm.");
}
END_TEST

START_TEST(evidence_that_raises_nothing_yet_is_told) {
  host_run(400);
  host_be_usual();
  next.value[SIGNAL_SYN_SENT].gauge = 300;
  next.value[SIGNAL_ACTIVE_OPENS].gauge = 1;
  host_step();
  explain_briefly(-1);
  assert_begins("web1: OKAY.");
  assert_said("\n  Opens   outbound_stall: 2 of the last 3 readings must show "
              "evidence; 1 do.\n");
}
END_TEST

START_TEST(one_incident_alone_is_told) {
  host_run(400);
  host_flood(5);
  explain_briefly(INCIDENT_CLOSE_WAIT_LEAK);
  assert_begins(
      "web1: close_wait_leak is not open.\n  Why     0 in CLOSE_WAIT");
  assert_said("\n  Opens   close_wait_leak: 2 of the last 3 readings");
  assert_not_said("syn_flood");
  explain_briefly(INCIDENT_STATE_SHIFT);
  assert_begins("web1: state_shift is not open.\n  Why     state_shift is "
                "disabled.\n");
  assert_not_said("Opens");
}
END_TEST

START_TEST(what_cannot_be_judged_is_told) {
  host_run(400);
  host_be_usual();
  next.have &= ~(1u << SIGNAL_ACTIVE_OPENS);
  host_step();
  explain_briefly(-1);
  assert_said("Not judged, for lack of values:\n          outbound_stall.\n");
}
END_TEST

START_TEST(an_open_incident_without_values_is_told) {
  host_run(400);
  for (int i = 0; i < 5; i++) {
    host_be_usual();
    next.value[SIGNAL_SYN_SENT].gauge = 300;
    next.value[SIGNAL_ACTIVE_OPENS].gauge = 1;
    host_step();
  }
  host_be_usual();
  next.have &= ~(1u << SIGNAL_SYN_SENT);
  host_step();
  explain_briefly(-1);
  assert_said("outbound_stall has been open for ");
  assert_said("Its values do not");
  assert_said("\n  Clears  After 4 calm readings in a row; 0 so far. Or it ");
}
END_TEST

/* One open incident of each kind but syn_flood. */
static const struct {
  enum incident_kind kind;
  enum signal signal;
  double value;
  enum signal beside;
  double beside_value;
  const char *said;
} others[] = {
    {INCIDENT_ACCEPT_OVERFLOW, SIGNAL_ACCEPT_QUEUE, 100,
     SIGNAL_LISTEN_OVERFLOWS, 12,
     "yes fullest accept queue                        100 %  at least 90 %"},
    {INCIDENT_OUTBOUND_STALL, SIGNAL_SYN_SENT, 300, SIGNAL_ACTIVE_OPENS, 1,
     "yes in SYN_SENT                                   300  at least 20"},
    {INCIDENT_CLOSE_WAIT_LEAK, SIGNAL_CLOSE_WAIT, 300, SIGNAL_SYN_SENT, 0,
     "yes in CLOSE_WAIT above expected "},
    {INCIDENT_TIME_WAIT_PRESSURE, SIGNAL_TIME_WAIT_USE, 97, SIGNAL_SYN_SENT, 0,
     "yes of tcp_max_tw_buckets in use                 97 %  above 90 %"},
    {INCIDENT_STATE_SHIFT, SIGNAL_STATE_ENTROPY, 0.9, SIGNAL_SYN_SENT, 0,
     "yes active connections                            210  at least 50"},
};
enum { OTHERS = sizeof(others) / sizeof(others[0]) };

START_TEST(each_of_the_others_is_explained_where_it_is_open) {
  const char *name = rules_incident_name(others[_i].kind);
  char words[64];
  rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  host_run(400);
  for (int i = 0; i < 5; i++) {
    host_be_usual();
    next.value[others[_i].signal].gauge = others[_i].value;
    next.value[others[_i].beside].gauge = others[_i].beside_value;
    host_step();
  }
  explain(3, -1);
  snprintf(words, sizeof(words), ". %s has been open for ", name);
  assert_said(words);
  assert_said("evidence: YES\n");
  assert_said(others[_i].said);
  assert_said("FOR AN OKAY");
  assert_narrow();
  explain_briefly(-1);
  assert_said(words);
  assert_said("\n  Clears  After 4 calm readings in a row; 0 so far.");
  assert_said("Or it");
  assert_not_said("FOR AN OKAY");
  assert_narrow();
}
END_TEST

START_TEST(names_do_not_reach_the_terminal_as_commands) {
  host_init("web\033[2J1");
  host_run(3);
  explain(3, -1);
  assert_begins("web?[2J1: OKAY.");
  ck_assert_ptr_null(strchr(text, '\033'));
  char name[JUDGE_HOST_MAX] = "";
  memset(name, 'x', sizeof(name) - 1);
  host_init(name);
  host_run(3);
  explain(3, -1);
  assert_said(name);
}
END_TEST

static void write_json(int only) {
  free(text);
  FILE *out = open_memstream(&text, &text_len);
  explain_view_make(&kept, &rules, &view);
  explain_json_host(out, &source, &view, only);
  fclose(out);
}

START_TEST(json_has_what_the_text_has) {
  host_run(400);
  host_flood(5);
  write_json(-1);
  assert_begins("{\"host\":\"web1\",\"severity\":\"FAILURE\",\"judged\":true,");
  assert_said("\"SYN_RECV\":511,");
  assert_said("\"evidence\":[\"excess\",\"cookies\",\"full_queue\","
              "\"collapse\",\"entropy\"],\"votes\":3,\"votes_needed\":2,");
  assert_said("\"cookies_lost\":{\"met\":true,\"figure\":1477,\"relation\":"
              "\"above\",\"limit\":1}");
  assert_said("\"excess\":{\"met\":true,\"rule\":[[[\"excess_seen\"]],"
              "[[\"sustained\"]],[[\"warm\"]]]}");
  assert_said("{\"name\":\"state_shift\",\"severity\":\"OKAY\",\"enabled\":"
              "false,\"judged\":false,\"agrees\":true,\"since\":null,"
              "\"silenced\":null}");
  write_json(INCIDENT_SYN_FLOOD);
  assert_not_said("accept_overflow\"");
  kept.last.have = 0;
  write_json(-1);
  assert_said("\"judged\":false,\"config\":");
}
END_TEST

/* Every test has words, a key that no other test of the incident has, and a
 * label that fits. */
START_TEST(every_test_has_a_name_of_its_own) {
  struct explain_case is;
  explain_words_case(&view, (enum incident_kind)_i, &is);
  for (int i = 0; i < is.tests_len; i++) {
    ck_assert_msg(is.words[i].key != NULL, "test %d", i);
    ck_assert_uint_le(strlen(is.words[i].is), EXPLAIN_LABEL_MAX);
    for (int k = 0; k < i; k++)
      ck_assert_str_ne(is.words[i].key, is.words[k].key);
    for (size_t k = 0; k < is.rules[i].terms_len; k++)
      if (is.rules[i].terms[k].unless)
        ck_assert_msg(is.words[is.rules[i].terms[k].test].is_not != NULL,
                      "the opposite of %s has no words",
                      is.words[is.rules[i].terms[k].test].key);
  }
}
END_TEST

SUITE(explain) {
  Suite *suite = suite_create("explain");
  TCase *tcase = tcase_create("explain");
  tcase_set_timeout(tcase, 30);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, done_again_it_comes_out_the_same_bit_by_bit, 0,
                      20);
  tcase_add_test(tcase, where_half_open_ones_come_from_is_said);
  tcase_add_test(tcase, a_calm_host_is_said_to_be_calm_in_the_first_line);
  tcase_add_test(
      tcase, an_open_flood_is_said_first_and_every_evidence_has_its_figures);
  tcase_add_test(tcase, calm_readings_still_needed_are_counted);
  tcase_add_test(tcase, the_warm_up_says_how_far_it_is);
  tcase_add_test(tcase, a_host_that_was_learnt_has_no_judgement_yet);
  tcase_add_test(tcase, an_old_reading_is_said_to_be_old);
  tcase_add_test(tcase, other_settings_are_noticed);
  tcase_add_test(tcase, what_was_closed_without_a_reading_is_said_to_be_closed);
  tcase_add_test(tcase, what_is_missing_is_said_to_be_missing);
  tcase_add_test(tcase, a_calm_host_takes_four_lines);
  tcase_add_test(tcase, a_flood_is_told_with_why_and_what_clears_it);
  tcase_add_test(tcase, what_is_calm_is_not_asked_for);
  tcase_add_test(tcase, evidence_that_raises_nothing_yet_is_told);
  tcase_add_test(tcase, one_incident_alone_is_told);
  tcase_add_test(tcase, what_cannot_be_judged_is_told);
  tcase_add_test(tcase, an_open_incident_without_values_is_told);
  tcase_add_test(tcase, one_incident_is_explained_in_full_and_alone);
  tcase_add_loop_test(tcase, each_of_the_others_is_explained_where_it_is_open,
                      0, OTHERS);
  tcase_add_test(tcase, names_do_not_reach_the_terminal_as_commands);
  tcase_add_test(tcase, json_has_what_the_text_has);
  tcase_add_loop_test(tcase, every_test_has_a_name_of_its_own, 0,
                      INCIDENT_COUNT);
  suite_add_tcase(suite, tcase);
  return suite;
}
