/* How keys and answers change what `watch` shows. */
#define _GNU_SOURCE
#include "lib/words.h"
#include "scenes/suite.h"
#include "watch/ink.h"
#include "watch/session.h"
#include "watch/terminal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static struct watch_session session;
static const char *const names[] = {"alpha", "beta", "gamma.example", "web1"};
enum { NAMES = sizeof(names) / sizeof(names[0]), PAGE = 3 };

static struct watch_answer make_answer(const char *host, double time_s,
                                       double half_open) {
  struct watch_answer answer = {.reading = {.time_s = time_s}};
  strcpy(answer.reading.host, host);
  answer.reading.values[SHOWN_SYN_RECV] = half_open;
  return answer;
}

static void add_hosts(struct watch_answer *answer) {
  answer->has_hosts = true;
  answer->hosts.len = NAMES;
  answer->hosts.hosts = calloc(NAMES, sizeof(*answer->hosts.hosts));
  for (size_t i = 0; i < NAMES; i++)
    strcpy(answer->hosts.hosts[i].name, names[i]);
}

static void take(const char *host, double time_s, double half_open) {
  struct watch_answer answer = make_answer(host, time_s, half_open);
  watch_session_take(&session, &answer, time_s);
  watch_fetch_release(&answer);
}

static void fail_at(double asked_s, const char *problem) {
  struct watch_answer answer = {.failed = true};
  strcpy(answer.problem, problem);
  watch_session_take(&session, &answer, asked_s);
}

static bool press(int key) { return watch_session_press(&session, key, PAGE); }

static void type(const char *text) {
  for (; *text != '\0'; text++)
    press(*text);
}

static void set_up(void) {
  struct watch_answer answer = make_answer("beta", 1000, 7);
  add_hosts(&answer);
  ck_assert_int_eq(watch_session_begin(&session, &answer, 1000, 1, WATCH_ASCII),
                   0);
  watch_fetch_release(&answer);
}

static void tear_down(void) { watch_session_end(&session); }

START_TEST(the_first_values_are_there_at_once_and_the_curve_begins_empty) {
  struct watch_picture picture = watch_session_picture(&session, 1001);
  ck_assert_double_eq(picture.reading->values[SHOWN_SYN_RECV], 7);
  ck_assert_uint_eq(watch_ring_len(picture.ring), 1);
  ck_assert_str_eq(session.choice.host, "beta");
  ck_assert_double_nan(picture.silent_since_s);
}
END_TEST

START_TEST(q_leaves) {
  press('q');
  ck_assert(session.choice.leaving);
}
END_TEST

START_TEST(a_pause_shows_what_was_and_ends_with_what_is) {
  press('p');
  take("beta", 1001, 500);
  ck_assert_double_eq(session.shown.values[SHOWN_SYN_RECV], 7);
  ck_assert_uint_eq(watch_ring_len(session.ring),
                    2); /* readings still come in */
  press('p');
  ck_assert_double_eq(session.shown.values[SHOWN_SYN_RECV], 500);
}
END_TEST

START_TEST(silence_is_counted_from_its_first_question_and_ends) {
  fail_at(2000, "nobody listens");
  fail_at(2001, "still nobody");
  ck_assert_double_eq(session.silent_since_s, 2000);
  ck_assert_str_eq(session.problem, "still nobody");
  ck_assert_double_eq(session.shown.values[SHOWN_SYN_RECV], 7);
  take("beta", 2002, 9);
  ck_assert_double_nan(session.silent_since_s);
  ck_assert_double_eq(session.shown.values[SHOWN_SYN_RECV], 9);
}
END_TEST

START_TEST(plus_and_minus_go_through_the_intervals_and_stop_at_the_ends) {
  press('+');
  ck_assert_double_eq(session.choice.every_s, 2);
  for (int i = 0; i < 50; i++)
    press('-');
  ck_assert_double_eq(session.choice.every_s, WATCH_EVERY_MIN_S);
  for (int i = 0; i < 50; i++)
    press('+');
  ck_assert_double_eq(session.choice.every_s, 300);
  session.choice.every_s = 7; /* of -i 7 */
  press('-');
  ck_assert_double_eq(session.choice.every_s, 5);
}
END_TEST

START_TEST(arrows_go_round_the_hosts_and_ask_at_once) {
  static const char *const next[] = {"gamma.example", "web1", "alpha", "beta"};
  for (size_t i = 0; i < NAMES; i++) {
    ck_assert(press(WATCH_KEY_RIGHT));
    ck_assert_str_eq(session.choice.host, next[i]);
  }
  ck_assert(press(WATCH_KEY_LEFT));
  ck_assert_str_eq(session.choice.host, "alpha");
  ck_assert(press(WATCH_KEY_UP));
  ck_assert_str_eq(session.choice.host, "web1");
}
END_TEST

START_TEST(another_host_has_a_curve_of_its_own) {
  press('p');
  take("beta", 1001, 8);
  press(WATCH_KEY_RIGHT);
  take("gamma.example", 1002, 3);
  ck_assert_uint_eq(watch_ring_len(session.ring), 1);
  ck_assert_str_eq(session.shown.host, "gamma.example"); /* no longer paused */
}
END_TEST

START_TEST(a_host_is_chosen_from_the_list_by_a_part_of_its_name) {
  ck_assert(press('h')); /* the list is asked for again */
  ck_assert(session.choice.choosing);
  ck_assert_uint_eq(session.choice.cursor, 1);
  type("MA");
  ck_assert_uint_eq(watch_choice_matches(&session.choice, &session.hosts), 1);
  ck_assert(press(WATCH_KEY_ENTER));
  ck_assert(!session.choice.choosing);
  ck_assert_str_eq(session.choice.host, "gamma.example");
}
END_TEST

START_TEST(letters_of_the_list_are_no_commands) {
  press('h');
  type("qp");
  ck_assert(!session.choice.leaving);
  ck_assert(!session.choice.paused);
  ck_assert_uint_eq(watch_choice_matches(&session.choice, &session.hosts), 0);
  ck_assert(!press(WATCH_KEY_ENTER)); /* none matches, none is chosen */
  ck_assert_str_eq(session.choice.host, "beta");
}
END_TEST

START_TEST(the_cursor_of_the_list_stays_in_it) {
  press('h');
  press(WATCH_KEY_PAGE_DOWN);
  ck_assert_uint_eq(session.choice.cursor, NAMES - 1);
  press(WATCH_KEY_DOWN);
  ck_assert_uint_eq(session.choice.cursor, NAMES - 1);
  press(WATCH_KEY_HOME);
  press(WATCH_KEY_UP);
  ck_assert_uint_eq(session.choice.cursor, 0);
  press(WATCH_KEY_END);
  ck_assert_uint_eq(session.choice.cursor, NAMES - 1);
  type("b"); /* "beta", "web1" */
  ck_assert_uint_eq(session.choice.cursor, 0);
  press(WATCH_KEY_BACKSPACE);
  press(WATCH_KEY_BACKSPACE);
  ck_assert_str_eq(session.choice.filter, "");
  press(WATCH_KEY_ESCAPE);
  ck_assert(!session.choice.choosing);
  ck_assert_str_eq(session.choice.host, "beta");
}
END_TEST

/* As a later answer lists them, the worst first. */
static void list_again(const char *const *order, size_t len) {
  struct watch_answer answer = make_answer("beta", 2000, 7);
  answer.has_hosts = true;
  answer.hosts.len = len;
  answer.hosts.hosts = calloc(len, sizeof(*answer.hosts.hosts));
  for (size_t i = 0; i < len; i++)
    strcpy(answer.hosts.hosts[i].name, order[i]);
  watch_session_take(&session, &answer, 2000);
  watch_fetch_release(&answer);
}

static const char *pointed(void) {
  const struct watch_host *host = NULL;
  size_t len = watch_choice_page(&session.choice, &session.hosts,
                                 session.choice.cursor, &host, 1);
  return len == 1 ? host->name : "";
}

START_TEST(the_cursor_keeps_its_host_where_the_order_changes) {
  static const char *const later[] = {"web1", "gamma.example", "alpha", "beta"};
  press('h');
  ck_assert_str_eq(pointed(), "beta");
  list_again(later, NAMES);
  ck_assert_str_eq(pointed(), "beta");
  press(WATCH_KEY_HOME);
  list_again(names, NAMES);
  ck_assert_str_eq(pointed(), "alpha"); /* the top stays the top */
}
END_TEST

START_TEST(the_cursor_stays_in_a_table_that_shrinks) {
  static const char *const fewer[] = {"gamma.example", "alpha"};
  press('h');
  press(WATCH_KEY_END);
  list_again(fewer, 2);
  ck_assert_str_eq(pointed(), "alpha");
  list_again(fewer, 0);
  ck_assert_str_eq(pointed(), "");
  ck_assert(!press(WATCH_KEY_ENTER));
}
END_TEST

START_TEST(arrows_go_by_name_whatever_the_order) {
  static const char *const worst[] = {"web1", "beta", "alpha", "gamma.example"};
  list_again(worst, NAMES);
  press(WATCH_KEY_RIGHT);
  ck_assert_str_eq(session.choice.host, "gamma.example");
  press(WATCH_KEY_RIGHT);
  press(WATCH_KEY_RIGHT);
  ck_assert_str_eq(session.choice.host, "alpha");
}
END_TEST

START_TEST(a_filter_may_be_patterns) {
  press('h');
  type("*A,w?B1");
  ck_assert_uint_eq(watch_choice_matches(&session.choice, &session.hosts), 3);
  ck_assert_str_eq(pointed(), "alpha");
  press(WATCH_KEY_END);
  ck_assert_str_eq(pointed(), "web1");
}
END_TEST

START_TEST(a_page_begins_where_it_is_asked_to) {
  const struct watch_host *page[NAMES] = {0};
  press('h');
  type("a"); /* all but web1 */
  ck_assert_uint_eq(
      watch_choice_page(&session.choice, &session.hosts, 1, page, NAMES), 2);
  ck_assert_str_eq(page[0]->name, "beta");
  ck_assert_str_eq(page[1]->name, "gamma.example");
  ck_assert_uint_eq(
      watch_choice_page(&session.choice, &session.hosts, 3, page, NAMES), 0);
}
END_TEST

/* watch --all-hosts. */
START_TEST(without_a_reading_the_table_is_shown_and_escape_leaves) {
  struct watch_answer answer = {0};
  watch_session_end(&session);
  add_hosts(&answer);
  ck_assert_int_eq(watch_session_begin(&session, &answer, 1000, 1, WATCH_ASCII),
                   0);
  watch_fetch_release(&answer);
  ck_assert(session.choice.choosing);
  type("zzz");
  ck_assert(!press(WATCH_KEY_ENTER)); /* there is nothing behind the table */
  ck_assert(session.choice.choosing);
  for (int i = 0; i < 3; i++)
    press(WATCH_KEY_BACKSPACE);
  ck_assert(press(WATCH_KEY_ENTER));
  ck_assert_str_eq(session.choice.host, "alpha");
  press('h');
  press(WATCH_KEY_ESCAPE);
  ck_assert(!session.choice.leaving);
  session.choice.host[0] = '\0';
  press('h');
  press(WATCH_KEY_ESCAPE);
  ck_assert(session.choice.leaving);
}
END_TEST

static const int any_keys[] = {
    'p', 'q', 'Q', '?', WATCH_KEY_ESCAPE, WATCH_KEY_RIGHT};

START_TEST(any_key_closes_the_help_and_nothing_else) {
  press('?');
  ck_assert(session.choice.helping);
  press(any_keys[_i]);
  ck_assert(!session.choice.helping);
  ck_assert(!session.choice.paused);
  ck_assert(!session.choice.leaving);
  ck_assert_str_eq(session.choice.host, "beta");
  press('q');
  ck_assert(session.choice.leaving);
}
END_TEST

START_TEST(without_other_hosts_arrows_change_nothing) {
  session.hosts.len = 0;
  ck_assert(!press(WATCH_KEY_RIGHT));
  ck_assert_str_eq(session.choice.host, "beta");
  session.hosts.len = NAMES;
}
END_TEST

START_TEST(the_worst_incident_stands_first_then_syn_flood) {
  struct watch_reading reading = {.incidents_len = 4};
  static const char *const incidents[] = {
      "accept_overflow", "syn_flood", "time_wait_pressure", "outbound_stall"};
  for (size_t i = 0; i < 4; i++) {
    strcpy(reading.incidents[i].name, incidents[i]);
    reading.incidents[i].severity = HOST_OKAY;
  }
  reading.incidents[2].severity = HOST_FAILURE;
  reading.incidents[3].severity = HOST_WARNING;
  watch_reading_sort(&reading);
  ck_assert_str_eq(reading.incidents[0].name, "time_wait_pressure");
  ck_assert_str_eq(reading.incidents[1].name, "outbound_stall");
  ck_assert_str_eq(reading.incidents[2].name, "syn_flood");
  ck_assert_str_eq(reading.incidents[3].name, "accept_overflow");
  ck_assert_int_eq(watch_reading_open(&reading), 2);
  ck_assert_int_eq(watch_reading_worst(&reading), HOST_FAILURE);
}
END_TEST

START_TEST(a_moment_of_another_day_has_its_date) {
  char text[WORDS_MAX];
  setenv("TZ", "UTC", 1);
  ck_assert_str_eq(watch_draw_moment(1700000000, 1700000100, text), "22:13:20");
  ck_assert_str_eq(watch_draw_moment(1700000000, 1700100000, text),
                   "Nov 14 22:13");
  ck_assert_str_eq(watch_draw_moment(NAN, 1700100000, text), "-");
}
END_TEST

SUITE(session) {
  Suite *suite = suite_create("session");
  TCase *tcase = tcase_create("session");
  tcase_add_checked_fixture(tcase, set_up, tear_down);
  tcase_add_test(tcase,
                 the_first_values_are_there_at_once_and_the_curve_begins_empty);
  tcase_add_test(tcase, q_leaves);
  tcase_add_test(tcase, a_pause_shows_what_was_and_ends_with_what_is);
  tcase_add_test(tcase, silence_is_counted_from_its_first_question_and_ends);
  tcase_add_test(tcase,
                 plus_and_minus_go_through_the_intervals_and_stop_at_the_ends);
  tcase_add_test(tcase, arrows_go_round_the_hosts_and_ask_at_once);
  tcase_add_test(tcase, another_host_has_a_curve_of_its_own);
  tcase_add_test(tcase, a_host_is_chosen_from_the_list_by_a_part_of_its_name);
  tcase_add_test(tcase, letters_of_the_list_are_no_commands);
  tcase_add_test(tcase, the_cursor_of_the_list_stays_in_it);
  tcase_add_test(tcase, the_cursor_keeps_its_host_where_the_order_changes);
  tcase_add_test(tcase, the_cursor_stays_in_a_table_that_shrinks);
  tcase_add_test(tcase, arrows_go_by_name_whatever_the_order);
  tcase_add_test(tcase, a_filter_may_be_patterns);
  tcase_add_test(tcase, a_page_begins_where_it_is_asked_to);
  tcase_add_test(tcase, without_a_reading_the_table_is_shown_and_escape_leaves);
  tcase_add_loop_test(tcase, any_key_closes_the_help_and_nothing_else, 0,
                      sizeof(any_keys) / sizeof(any_keys[0]));
  tcase_add_test(tcase, without_other_hosts_arrows_change_nothing);
  suite_add_tcase(suite, tcase);
  TCase *words = tcase_create("words");
  tcase_add_test(words, the_worst_incident_stands_first_then_syn_flood);
  tcase_add_test(words, a_moment_of_another_day_has_its_date);
  suite_add_tcase(suite, words);
  return suite;
}
