/* notice: 255 characters are never exceeded and no fact is cut, whatever the
 * figures. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/notice.h"

#include <ctype.h>
#include <float.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

static struct judgement judged;
static struct notice notice;
static regex_t grammar;

/* A text of syn_flood is a head, then whole facts in this order, any of which
 * may be missing; what stands in brackets only behind its fact. */
#define NUMBER "-?[0-9]+"
static const char whole_facts[] =
    "^syn_flood( over| closed: it has lasted and is the new normal| continues)?"
    "( on [^ ]+( and " NUMBER " more)?)?"
    "(: no more come; the " NUMBER " half-open that are left expire"
    "( \\(expected " NUMBER "\\))?)?"
    "(: " NUMBER " half-open"
    "( \\(expected " NUMBER "(, limit " NUMBER "| until now)\\))?)?"
    "(, " NUMBER " % unanswered)?"
    "(, from one source)?"
    "(, SYN queue (full|" NUMBER " % full)( \\(backlog " NUMBER "\\))?)?"
    "(, " NUMBER " cookies/s sent, " NUMBER "/s returned)?"
    "(, " NUMBER "/s reset)?"
    "(; completion " NUMBER " %( \\(usual " NUMBER " %\\))?)?"
    "(; (since|lasted) (" NUMBER " s|" NUMBER " min|" NUMBER " h " NUMBER
    " min))?"
    "(; accept_overflow muted)?"
    "(; if harmless: [A-Za-z]+ " NUMBER ")?$";

static void setup(void) {
  memset(&judged, 0, sizeof(judged));
  if (regcomp(&grammar, whole_facts, REG_EXTENDED | REG_NOSUB) != 0)
    abort();
}

static void teardown(void) { regfree(&grammar); }

static void compose(void) {
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  if (!memchr(notice.text, '\0', sizeof(notice.text)))
    ck_abort_msg("not terminated");
  if (regexec(&grammar, notice.text, 0, NULL, 0) != 0)
    ck_abort_msg("not whole facts: \"%s\"", notice.text);
}

static double wide(struct random_load *random, double digits) {
  return pow(10, digits * random_unit(random));
}

static void randomize(struct random_load *random) {
  static const enum incident_change changes[] = {
      INCIDENT_RAISED, INCIDENT_CLEARED, INCIDENT_ADOPTED, INCIDENT_REMINDED};
  struct syn_flood_figures *seen = &judged.syn_flood;
  size_t length = random_bits(random) % SNAPSHOT_ADDRESS_MAX;

  judged.seen.syn_queue = (struct snapshot_queue){
      .backlog = (int64_t)wide(random, 14),
      .others = (int64_t)(random_bits(random) % 3),
  };
  memset(judged.seen.syn_queue.listener, 'f', length);
  judged.seen.time_s = wide(random, 14);
  judged.mutes = random_bits(random) & 1;
  judged.finding[INCIDENT_SYN_FLOOD] =
      (struct finding){.judged = true,
                       .severity = (enum severity)(random_bits(random) % 3),
                       .change = changes[random_bits(random) % 4],
                       .observed = wide(random, 30),
                       .expected = wide(random, 30),
                       .upper = wide(random, 30),
                       .evidence = (uint32_t)(random_bits(random) & 31)};
  seen->half_open = wide(random, 14);
  seen->unanswered = 100 * random_unit(random);
  seen->completion = 100 * random_unit(random);
  seen->usual_completion = 100 * random_unit(random);
  seen->cookies_sent = wide(random, 14);
  seen->cookies_returned = wide(random, 14);
  seen->resets = wide(random, 14);
  seen->syn_queue = 30 + 80 * random_unit(random);
}

START_TEST(a_text_of_any_length_consists_of_whole_facts) {
  struct random_load random = {(uint64_t)_i};
  size_t longest = 0;
  for (int i = 0; i < 20000; i++) {
    randomize(&random);
    compose();
    size_t length = strlen(notice.text);
    longest = length > longest ? length : longest;
  }
  ck_assert_uint_ge(longest, 250); /* the limit was reached */
  ck_assert_uint_le(longest, 255);
}
END_TEST

static const double extremes[] = {1e300,     DBL_MAX, INFINITY, -1e300,
                                  -INFINITY, DBL_MIN, NAN};

START_TEST(an_extreme_figure_breaks_nothing) {
  double x = extremes[_i];
  struct syn_flood_figures *seen = &judged.syn_flood;
  for (int change = INCIDENT_RAISED; change <= INCIDENT_REMINDED; change++) {
    memset(judged.seen.syn_queue.listener, 'f', SNAPSHOT_ADDRESS_MAX - 1);
    memset(judged.seen.top_source, 's', SNAPSHOT_ADDRESS_MAX - 1);
    memset(judged.host, 'h', JUDGE_HOST_MAX - 1);
    judged.seen.time_s = x;
    judged.seen.syn_queue.backlog = judged.seen.syn_queue.others = INT64_MAX;
    judged.seen.accept_queue = judged.seen.syn_queue;
    *seen = (struct syn_flood_figures){.half_open = x,
                                       .aged = x,
                                       .established = x,
                                       .completion = x,
                                       .usual_completion = x,
                                       .unanswered = x,
                                       .cookies_sent = x,
                                       .cookies_returned = x,
                                       .resets = x,
                                       .syn_queue = x};
    for (int i = 0; i < SIGNAL_COUNT; i++)
      judged.seen.value[i] = x;
    for (int kind = 0; kind < INCIDENT_COUNT; kind++) {
      judged.finding[kind] =
          (struct finding){.judged = true,
                           .change = (enum incident_change)change,
                           .since_s = -x,
                           .observed = x,
                           .expected = x,
                           .lower = x,
                           .upper = x,
                           .score = x,
                           .samples = x,
                           .failure_max = x,
                           .evidence = 31};
      ck_assert(notice_compose(&judged, (enum incident_kind)kind, &notice));
      ck_assert_uint_le(strlen(notice.text), 255);
      ck_assert_ptr_eq(
          strstr(notice.text, rules_incident_name((enum incident_kind)kind)),
          notice.text);
      ck_assert_uint_le(notice.items_len, NOTICE_ITEMS_MAX);
    }
  }
}
END_TEST

START_TEST(an_ipv6_listener_is_told_whole) {
  static const char address[] =
      "[2001:db8:1234:5678:9abc:def0:1234:5678]:65535";
  judged.finding[INCIDENT_SYN_FLOOD] =
      (struct finding){.judged = true,
                       .change = INCIDENT_RAISED,
                       .severity = 1,
                       .observed = 1e6,
                       .expected = 4,
                       .upper = 21};
  judged.syn_flood = (struct syn_flood_figures){.half_open = 1e6,
                                                .unanswered = 100,
                                                .completion = 0,
                                                .cookies_sent = 1e6,
                                                .cookies_returned = 1e3,
                                                .syn_queue = 100,
                                                .usual_completion = 98};
  judged.seen.syn_queue.backlog = 65535;
  strcpy(judged.seen.syn_queue.listener, address);
  compose();
  ck_assert_ptr_nonnull(strstr(notice.text, address));
  ck_assert_ptr_nonnull(strstr(notice.text, "(backlog 65535)"));
  ck_assert_ptr_nonnull(strstr(notice.text, "; since 0 s"));
}
END_TEST

SUITE(notice_room) {
  Suite *suite = suite_create("notice_room");
  TCase *tests = tcase_create("room");
  tcase_add_checked_fixture(tests, setup, teardown);
  tcase_set_timeout(tests, 30);
  tcase_add_loop_test(tests, a_text_of_any_length_consists_of_whole_facts, 0,
                      4);
  tcase_add_loop_test(tests, an_extreme_figure_breaks_nothing, 0,
                      sizeof(extremes) / sizeof(extremes[0]));
  tcase_add_test(tests, an_ipv6_listener_is_told_whole);
  suite_add_tcase(suite, tests);
  return suite;
}
