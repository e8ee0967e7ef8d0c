/* notice: the words and figures of a notification. */
#include "scenes/random_load.h"
#include "scenes/suite.h"
#include "verdict/notice.h"

#include <ctype.h>
#include <float.h>
#include <math.h>
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct judgement judged;
static struct finding *finding;
static struct notice notice;

/* A flood as in the manual: raised 12 seconds ago. */
static void setup(void) {
  memset(&judged, 0, sizeof(judged));
  strcpy(judged.host, "web1.example");
  judged.seen.time_s = 1700000012;
  judged.seen.interval_s = judged.seen.dt_s = 10;
  judged.seen.syn_queue = (struct snapshot_queue){"0.0.0.0:80", 511, 0};
  strcpy(judged.seen.top_source, "192.0.2.0/24 40 %");
  finding = &judged.finding[INCIDENT_SYN_FLOOD];
  *finding = (struct finding){
      .judged = true,
      .severity = SEVERITY_WARNING,
      .change = INCIDENT_RAISED,
      .since_s = 1700000000,
      .observed = 512,
      .expected = 4,
      .lower = 0,
      .upper = 21,
      .score = 120.5,
      .failure_max = 500,
      .samples = 8640,
      .evidence = SYN_FLOOD_EXCESS | SYN_FLOOD_COOKIES | SYN_FLOOD_COLLAPSE,
  };
  judged.syn_flood = (struct syn_flood_figures){
      .half_open = 512,
      .aged = 481,
      .established = 386,
      .completion = 43,
      .usual_completion = 98,
      .unanswered = 94,
      .cookies_sent = 1480,
      .cookies_returned = 3,
      .syn_queue = 100,
  };
}

static void quiet_down(enum incident_change change) {
  finding->change = change;
  finding->severity = SEVERITY_OKAY;
  finding->observed = judged.syn_flood.half_open = 3;
  judged.syn_flood.syn_queue = 1;
  judged.syn_flood.cookies_sent = 0;
  judged.syn_flood.completion = 98.4;
}

static void expect_text(const char *text) {
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_str_eq(notice.text, text);
  ck_assert_uint_le(strlen(notice.text), 255);
}

#define FLOOD                                                                  \
  "512 half-open (expected 4, limit 21), 94 % unanswered, SYN queue full "     \
  "(backlog 511), 1480 cookies/s sent, 3/s returned; completion 43 % "         \
  "(usual 98 %)"

START_TEST(a_flood_is_told_with_its_figures) {
  expect_text("syn_flood on 0.0.0.0:80: " FLOOD "; since 12 s");
  ck_assert_str_eq(notice.host, "web1.example");
  ck_assert_str_eq(notice.instance, "syn_flood");
  ck_assert_double_eq(notice.time_s, 1700000012);
  ck_assert_int_eq(notice.severity, SEVERITY_WARNING);
}
END_TEST

START_TEST(what_cannot_be_expected_is_not_told) {
  finding->expected = finding->lower = finding->upper = NAN;
  judged.syn_flood.completion = judged.syn_flood.usual_completion = NAN;
  expect_text("syn_flood on 0.0.0.0:80: 512 half-open, SYN queue full "
              "(backlog 511), 1480 cookies/s sent, 3/s returned; since 12 s");
}
END_TEST

static const struct {
  uint32_t evidence;
  const char *option;
} harmless[] = {{SYN_FLOOD_EXCESS | SYN_FLOOD_COLLAPSE, "MinExcess 1070"},
                {0, "MinExcess 1070"},
                {SYN_FLOOD_RESETS, "ResetsPerSecond 15"}};

START_TEST(a_reminder_names_the_option_that_would_accept_it) {
  judged.syn_flood.resets = 6.9;
  finding->evidence = harmless[_i].evidence;
  finding->change = INCIDENT_REMINDED;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_msg(strstr(notice.text, harmless[_i].option) != NULL, "%s",
                notice.text);
  finding->change = INCIDENT_WORSENED;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_ptr_null(strstr(notice.text, "if harmless"));
}
END_TEST

START_TEST(one_source_is_said_where_it_holds_the_excess) {
  judged.syn_flood.one_source = _i ? 480 : 60;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_int_eq(strstr(notice.text, ", from one source") != NULL, _i);
}
END_TEST

START_TEST(an_open_one_that_is_repeated_continues) {
  finding->change = INCIDENT_REMINDED;
  finding->severity = SEVERITY_FAILURE;
  judged.seen.time_s += 7200;
  judged.syn_flood.cookies_lost = 1477;
  expect_text("syn_flood continues on 0.0.0.0:80: " FLOOD
              "; since 2 h 0 min; if harmless: CookiesPerSecond 3200");
  ck_assert_int_eq(notice.severity, SEVERITY_FAILURE);
}
END_TEST

START_TEST(one_that_is_over_says_how_long_it_was) {
  quiet_down(INCIDENT_CLEARED);
  judged.seen.time_s += 300;
  expect_text("syn_flood over on 0.0.0.0:80: 3 half-open (expected 4, limit "
              "21); completion 98 % (usual 98 %); lasted 5 min");
  ck_assert_int_eq(notice.severity, SEVERITY_OKAY);
}
END_TEST

/* Of 42 that were unanswered, with a limit of 14, it was once said that it was
 * over, in the same line as "100 % unanswered". */
START_TEST(one_that_is_over_tells_of_what_is_left) {
  quiet_down(INCIDENT_CLEARED);
  finding->observed = judged.syn_flood.half_open = judged.syn_flood.aged = 42;
  finding->expected = 2;
  finding->upper = 14;
  judged.syn_flood.unanswered = 100;
  judged.syn_flood.completion = 36;
  judged.syn_flood.syn_queue = 66;
  judged.syn_flood.cookies_sent = 0.1;
  judged.seen.time_s += 648;
  expect_text("syn_flood over on 0.0.0.0:80: no more come; the 42 half-open "
              "that are left expire (expected 2); lasted 11 min");
}
END_TEST

START_TEST(one_that_is_over_does_not_tell_of_handshakes_that_fail) {
  quiet_down(INCIDENT_CLEARED);
  finding->observed = judged.syn_flood.half_open = 14;
  judged.syn_flood.completion = 36;
  judged.seen.time_s += 648;
  expect_text("syn_flood over on 0.0.0.0:80: 14 half-open (expected 4, limit "
              "21); lasted 11 min");
}
END_TEST

START_TEST(one_that_became_normal_says_so) {
  quiet_down(INCIDENT_ADOPTED);
  finding->observed = judged.syn_flood.half_open = 300;
  judged.syn_flood.unanswered = 4;
  judged.seen.time_s += 14400;
  expect_text("syn_flood closed: it has lasted and is the new normal on "
              "0.0.0.0:80: 300 half-open (expected 4 until now), 4 % "
              "unanswered; completion 98 % (usual 98 %); lasted 4 h 0 min");
}
END_TEST

START_TEST(one_of_a_silent_host_says_so) {
  finding->change = INCIDENT_SILENT;
  finding->severity = SEVERITY_OKAY;
  finding->observed = finding->expected = finding->upper = NAN;
  finding->score = finding->failure_max = finding->samples = NAN;
  judged.silent_s = 900;
  judged.seen.time_s += 900;
  expect_text("syn_flood closed on 0.0.0.0:80: nothing has come from the host "
              "for 15 min; lasted 15 min");
}
END_TEST

START_TEST(a_flood_of_several_listeners_says_how_many_more) {
  judged.seen.syn_queue.others = 2;
  expect_text("syn_flood on 0.0.0.0:80 and 2 more: " FLOOD "; since 12 s");
}
END_TEST

START_TEST(an_accept_queue_is_told_with_its_own_listener) {
  judged.seen.accept_queue = (struct snapshot_queue){"[::]:8080", 128, 0};
  judged.seen.value[SIGNAL_LISTEN_OVERFLOWS] = 88.2;
  judged.finding[INCIDENT_ACCEPT_OVERFLOW] = (struct finding){
      .judged = true,
      .severity = SEVERITY_WARNING,
      .change = INCIDENT_RAISED,
      .since_s = 1700000000,
      .observed = 100,
      .upper = 90,
      .score = NAN,
      .failure_max = 100,
  };
  ck_assert(notice_compose(&judged, INCIDENT_ACCEPT_OVERFLOW, &notice));
  ck_assert_str_eq(
      notice.text,
      "accept_overflow on [::]:8080: accept queue 100 % full (usual 0 %, limit "
      "90 %), backlog 128, 88.2 connections/s refused, 0.0/s accepted; the "
      "application does not accept them; since 12 s");
  const struct notice_item *listener = &notice.items[notice.items_len - 1];
  ck_assert_str_eq(listener->name, "Listener");
  ck_assert_str_eq(listener->text, "[::]:8080");
}
END_TEST

START_TEST(what_is_unknown_is_not_told) {
  judged.seen.syn_queue = (struct snapshot_queue){"", 0, 0};
  judged.seen.top_source[0] = '\0';
  judged.syn_flood.unanswered = judged.syn_flood.aged = NAN;
  judged.syn_flood.cookies_sent = judged.syn_flood.cookies_returned = NAN;
  judged.syn_flood.syn_queue = judged.syn_flood.completion = NAN;
  judged.syn_flood.resets = NAN;
  expect_text("syn_flood: 512 half-open (expected 4, limit 21); since 12 s");
  for (size_t i = 0; i < notice.items_len; i++)
    ck_assert(strcmp(notice.items[i].name, "Listener") != 0 &&
              strcmp(notice.items[i].name, "TopSource") != 0);
}
END_TEST

/* Figures of other incidents' readings that may be unknown when they close. */
START_TEST(no_text_says_nan) {
  for (int kind = 0; kind < INCIDENT_COUNT; kind++)
    for (int change = INCIDENT_RAISED; change <= INCIDENT_REMINDED; change++) {
      judged.finding[kind] = *finding;
      judged.finding[kind].change = (enum incident_change)change;
      judged.finding[kind].evidence = SYN_FLOOD_RESETS;
      judged.syn_flood.resets = NAN;
      for (int i = 0; i < SIGNAL_COUNT; i++)
        judged.seen.value[i] = NAN;
      ck_assert(notice_compose(&judged, (enum incident_kind)kind, &notice));
      if (strstr(notice.text, " nan") || strstr(notice.text, "-nan"))
        ck_abort_msg("%s", notice.text);
    }
}
END_TEST

START_TEST(resets_are_told_where_they_are_the_evidence) {
  finding->evidence = SYN_FLOOD_RESETS;
  judged.syn_flood.resets = 100.4;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_ptr_nonnull(strstr(notice.text, ", 100/s reset; completion"));
}
END_TEST

static const struct {
  double seconds;
  const char *text;
} spans[] = {{0, "0 s"},        {119.4, "119 s"},       {120, "2 min"},
             {7199, "119 min"}, {7200, "2 h 0 min"},    {-3600, "0 s"},
             {NAN, "0 s"},      {266340, "73 h 59 min"}};

START_TEST(a_duration_is_told_in_its_unit) {
  char wanted[64] = "; since ";
  strcat(wanted, spans[_i].text);
  finding->since_s = judged.seen.time_s - spans[_i].seconds;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  const char *at = strstr(notice.text, "; since");
  ck_assert_ptr_nonnull(at);
  ck_assert_str_eq(at, wanted);
}
END_TEST

static const struct notice_item *item(const char *name) {
  for (size_t i = 0; i < notice.items_len; i++)
    if (strcmp(notice.items[i].name, name) == 0)
      return &notice.items[i];
  ck_abort_msg("no item %s", name);
  return NULL;
}

static const struct {
  const char *name;
  double number;
  const char *text; /* NULL: a number */
} items[] = {
    {"CurrentValue", 512, NULL},   {"WarningMax", 21, NULL},
    {"FailureMax", 500, NULL},     {"DataSource", 0, "value"},
    {"Expected", 4, NULL},         {"Score", 120.5, NULL},
    {"Samples", 8640, NULL},       {"Evidence", 0, "excess,cookies,collapse"},
    {"Listener", 0, "0.0.0.0:80"}, {"TopSource", 0, "192.0.2.0/24 40 %"},
    {"Since", 0, "1700000000"}};

START_TEST(the_figures_travel_by_their_documented_names) {
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  const struct notice_item *found = item(items[_i].name);
  ck_assert_int_eq(found->is_text, items[_i].text != NULL);
  if (found->is_text)
    ck_assert_str_eq(found->text, items[_i].text);
  else
    ck_assert_double_eq(found->number, items[_i].number);
  ck_assert_uint_eq(notice.items_len, sizeof(items) / sizeof(items[0]));
}
END_TEST

START_TEST(the_rate_of_syns_is_named_where_it_is_counted) {
  judged.seen.value[SIGNAL_SYNS] = 2000;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_ptr_nonnull(strstr(notice.text, ", 2000 SYN/s"));
  judged.seen.value[SIGNAL_SYNS] = NAN;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_ptr_null(strstr(notice.text, "SYN/s"));
}
END_TEST

START_TEST(every_evidence_has_its_name) {
  finding->evidence = 31;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_str_eq(item("Evidence")->text,
                   "excess,cookies,full_queue,collapse,resets");
}
END_TEST

/* The text of Evidence for each bit stands in the manual's list. */
START_TEST(every_evidence_is_in_the_manual) {
  static char page[200000];
  FILE *in = fopen(FIXTURES "/../../man/collectd-baseline.5", "r");
  ck_assert_ptr_nonnull(in);
  page[fread(page, 1, sizeof(page) - 1, in)] = '\0';
  fclose(in);
  const char *list = strstr(page, "\n.It Va Evidence\n");
  ck_assert_ptr_nonnull(list);
  for (uint32_t bit = 1; bit <= SYN_FLOOD_PEAK; bit <<= 1) {
    finding->evidence = bit;
    ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
    const char *name = item("Evidence")->text;
    const char *at = strstr(list, name), *end = strstr(list, "\n.It Va L");
    ck_assert_msg(at && at < end, "%s is not in the list of Evidence", name);
  }
}
END_TEST

START_TEST(a_failure_by_other_evidence_has_no_failure_max) {
  finding->severity = SEVERITY_FAILURE;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_double_eq(item("FailureMax")->number, 500);
  finding->observed = 257;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  for (size_t i = 0; i < notice.items_len; i++)
    ck_assert_str_ne(notice.items[i].name, "FailureMax");
  finding->severity = SEVERITY_WARNING;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_double_eq(item("FailureMax")->number, 500);
}
END_TEST

static const struct {
  double since_s, time_s;
  const char *text;
} begins[] = {
    {1700000000.9, 1700000000.9, "1700000000"},
    {1700000000.4, 1700000012, "1700000000"},
    {1700000100, 1700000012.7, "1700000012"}, /* the clock was set back */
};

START_TEST(nothing_begins_after_it_is_told) {
  finding->since_s = begins[_i].since_s;
  judged.seen.time_s = begins[_i].time_s;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_str_eq(item("Since")->text, begins[_i].text);
}
END_TEST

START_TEST(an_unknown_figure_does_not_travel) {
  finding->failure_max = finding->score = NAN;
  ck_assert(notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  ck_assert_uint_eq(notice.items_len, sizeof(items) / sizeof(items[0]) - 2);
}
END_TEST

START_TEST(where_nothing_changed_there_is_no_notice) {
  finding->change = INCIDENT_UNCHANGED;
  ck_assert(!notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
  finding->change = INCIDENT_RAISED;
  finding->judged = false;
  ck_assert(!notice_compose(&judged, INCIDENT_SYN_FLOOD, &notice));
}
END_TEST

#define LOOP_END(list) (int)(sizeof(list) / sizeof(list[0]))

SUITE(notice) {
  Suite *suite = suite_create("notice");
  TCase *tests = tcase_create("words");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, a_flood_is_told_with_its_figures);
  tcase_add_test(tests, what_cannot_be_expected_is_not_told);
  tcase_add_test(tests, an_open_one_that_is_repeated_continues);
  tcase_add_loop_test(tests, a_reminder_names_the_option_that_would_accept_it,
                      0, 3);
  tcase_add_loop_test(tests, one_source_is_said_where_it_holds_the_excess, 0,
                      2);
  tcase_add_test(tests, one_that_is_over_says_how_long_it_was);
  tcase_add_test(tests, one_that_is_over_tells_of_what_is_left);
  tcase_add_test(tests, one_that_is_over_does_not_tell_of_handshakes_that_fail);
  tcase_add_test(tests, one_that_became_normal_says_so);
  tcase_add_test(tests, one_of_a_silent_host_says_so);
  tcase_add_test(tests, a_flood_of_several_listeners_says_how_many_more);
  tcase_add_test(tests, an_accept_queue_is_told_with_its_own_listener);
  tcase_add_test(tests, what_is_unknown_is_not_told);
  tcase_add_test(tests, no_text_says_nan);
  tcase_add_test(tests, resets_are_told_where_they_are_the_evidence);
  tcase_add_loop_test(tests, a_duration_is_told_in_its_unit, 0,
                      LOOP_END(spans));
  tcase_add_loop_test(tests, the_figures_travel_by_their_documented_names, 0,
                      LOOP_END(items));
  tcase_add_test(tests, the_rate_of_syns_is_named_where_it_is_counted);
  tcase_add_test(tests, every_evidence_has_its_name);
  tcase_add_test(tests, every_evidence_is_in_the_manual);
  tcase_add_test(tests, a_failure_by_other_evidence_has_no_failure_max);
  tcase_add_loop_test(tests, nothing_begins_after_it_is_told, 0,
                      LOOP_END(begins));
  tcase_add_test(tests, an_unknown_figure_does_not_travel);
  tcase_add_test(tests, where_nothing_changed_there_is_no_notice);
  suite_add_tcase(suite, tests);
  return suite;
}

/* notice: 255 characters are never exceeded and no fact is cut, whatever the
 * figures. */

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

static void setup_room(void) {
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
  tcase_add_checked_fixture(tests, setup_room, teardown);
  tcase_set_timeout(tests, 30);
  tcase_add_loop_test(tests, a_text_of_any_length_consists_of_whole_facts, 0,
                      4);
  tcase_add_loop_test(tests, an_extreme_figure_breaks_nothing, 0,
                      sizeof(extremes) / sizeof(extremes[0]));
  tcase_add_test(tests, an_ipv6_listener_is_told_whole);
  suite_add_tcase(suite, tests);
  return suite;
}
