/* keeper: a file that is damaged, cut, of another version, too old by a wrong
 * clock: it is kept as .bad, never written over, one line is said, and learning
 * starts anew. */
#include "saved_file.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Begin with a file of that text. */
static void start_with(const char *text, size_t length, double now_s) {
  kept_stop();
  saved_put(kept.rules.state_file, text, length);
  fake_log_forget();
  kept_start(now_s);
}

/* Nothing comes of it, it is set aside, and one line is logged. */
static void assert_refused(const char *text, size_t length, size_t at) {
  size_t kept_length;
  start_with(text, length, kept_now_s());
  size_t hosts = hosts_count(kept.hosts);
  const char *aside = saved_text(saved_bad, &kept_length);
  if (hosts != 0 || kept_length != length || memcmp(aside, text, length) != 0 ||
      access(kept.rules.state_file, F_OK) == 0 || fake_log_count("<") != 1 ||
      fake_log_count("is kept as") != 1)
    ck_abort_msg("byte %zu: %zu hosts, log: %s", at, hosts, fake_log_text());
}

static const char flips[] = {1, 4, 32, (char)0x80};

START_TEST(with_any_byte_flipped_it_is_set_aside) {
  size_t length;
  char *text = saved_some(&length);
  for (size_t i = 0; i < length; i++) {
    text[i] = (char)(text[i] ^ flips[i % sizeof(flips)]);
    assert_refused(text, length, i);
    text[i] = (char)(text[i] ^ flips[i % sizeof(flips)]);
  }
  saved_put(kept.rules.state_file, text, length);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(hosts_count(kept.hosts), 2);
  free(text);
}
END_TEST

START_TEST(cut_at_any_length_it_is_set_aside) {
  size_t length;
  char *text = saved_some(&length);
  for (size_t cut = 0; cut < length; cut++)
    assert_refused(text, cut, cut);
  free(text);
}
END_TEST

START_TEST(one_of_a_newer_version_is_kept_and_said_why) {
  static const char other[] = "collectd-baseline state 3\nend 0 0 00000000\n";
  assert_refused(other, sizeof(other) - 1, 0);
  ck_assert_uint_eq(
      fake_log_count("a newer version saved it: it is of version 3"), 1);
  kept_feed("a", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved_assert(saved_bad, other);
}
END_TEST

START_TEST(one_of_an_older_version_is_carried_over) {
  static const double saved_s = 1795950122;
  size_t length;
  const char *old = saved_text(FIXTURES "/state-1.0.0/daemon", &length);
  ck_assert_uint_gt(length, 0);
  start_with(old, length, saved_s);
  ck_assert_uint_eq(hosts_count(kept.hosts), 1);
  ck_assert_uint_eq(fake_log_count("loaded 1 hosts"), 1);
  ck_assert_uint_eq(fake_log_count("<"), 1);
  ck_assert_int_ne(access(saved_bad, F_OK), 0);
  struct hosts_host host;
  hosts_at(kept.hosts, 0, &host);
  ck_assert_int_eq(host.judge.syn_flood.incident.severity, SEVERITY_FAILURE);
}
END_TEST

START_TEST(what_only_a_wrong_clock_makes_too_old_is_kept) {
  size_t length;
  char *text = saved_some(&length);
  kept_restart(kept_now_s() + 31557600);
  ck_assert_uint_eq(hosts_count(kept.hosts), 0);
  ck_assert_uint_eq(fake_log_count("older than MaxAge by this clock"), 1);
  kept_feed("c", 0, 20, 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  saved_assert(saved_bad, text);
  free(text);
}
END_TEST

START_TEST(what_cannot_be_set_aside_is_not_written_over) {
  char inner[sizeof(saved_bad) + 8];
  snprintf(inner, sizeof(inner), "%s/inner", saved_bad);
  ck_assert_int_eq(mkdir(saved_bad, 0755), 0);
  ck_assert_int_eq(mkdir(inner, 0755), 0);
  saved_put(kept.rules.state_file, "not ours", 8);
  kept_restart(kept_now_s());
  ck_assert_uint_eq(fake_log_count("nor moved aside"), 1);
  saved_assert_fails(-EISDIR);
  saved_assert(kept.rules.state_file, "not ours");
  ck_assert_int_eq(rmdir(inner), 0);
  ck_assert_int_eq(rmdir(saved_bad), 0);
  ck_assert_int_eq(keeper_save(kept.keeper), 0);
  ck_assert_uint_eq(fake_log_count("is kept as"), 1);
  saved_assert(saved_bad, "not ours");
  saved_assert_again();
}
END_TEST

SUITE(keeper_damage) {
  Suite *suite = suite_create("keeper_damage");
  TCase *tcase = tcase_create("keeper_damage");

  tcase_add_checked_fixture(tcase, saved_setup, kept_teardown);
  tcase_set_timeout(tcase, 60);
  tcase_add_test(tcase, with_any_byte_flipped_it_is_set_aside);
  tcase_add_test(tcase, cut_at_any_length_it_is_set_aside);
  tcase_add_test(tcase, one_of_a_newer_version_is_kept_and_said_why);
  tcase_add_test(tcase, one_of_an_older_version_is_carried_over);
  tcase_add_test(tcase, what_only_a_wrong_clock_makes_too_old_is_kept);
  tcase_add_test(tcase, what_cannot_be_set_aside_is_not_written_over);
  suite_add_tcase(suite, tcase);
  return suite;
}
