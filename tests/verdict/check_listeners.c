/* listeners: each listener of a host has a syn_flood of its own, and the host's
 * is notified only for what they do not explain. */
#include "ready_hosts.h"

#include "scenes/suite.h"
#include "verdict/notice.h"
#include "verdict/record.h"
#include "verdict/state/state_fields.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { PORTS_MAX = 2000, NOTICES_MAX = 2048, FLOODED = 200 };
static const double interval_s = 10, start_s = 1.7e9;

/* A host of so many ports, 1000, 1001, ..., read every 10 s. */
static struct scene {
  struct rules rules;
  struct hosts *hosts;
  struct record *record;
  int n; /* reading */
  unsigned ports;
  double half_open[PORTS_MAX]; /* of a port; below 0: it sends nothing */
  double elsewhere;            /* half-open of no port */
  double established, opened, backlog;
  struct notice notice[NOTICES_MAX];
  size_t notices;
  size_t judged; /* listeners, since the reading began */
  double severity[PORTS_MAX], host_severity;
  int refused;
} is;

static void setup(void) {
  memset(&is, 0, sizeof(is));
  rules_defaults(&is.rules);
  is.rules.syn_flood.per_listener = true;
  is.hosts = hosts_create(&is.rules);
  is.record = record_create(RECORD_MAX);
  is.ports = 3;
  is.established = 400;
  is.backlog = 256;
}

static void teardown(void) {
  hosts_destroy(is.hosts);
  record_destroy(is.record);
}

static void take(const struct judgement *judgement) {
  const struct finding *finding = &judgement->finding[INCIDENT_SYN_FLOOD];

  ck_assert_int_eq(record_take(is.record, judgement), 0);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    is.notices += notice_compose(judgement, (enum incident_kind)i,
                                 &is.notice[is.notices]);
  ck_assert_uint_lt(is.notices, NOTICES_MAX - 8);
  uint16_t port = listeners_port(judgement->listener);
  if (port == 0) {
    is.host_severity = finding->severity;
    return;
  }
  is.judged++;
  is.severity[port - 1000] = finding->severity;
}

static void drain(void) {
  static struct judgement judgement;

  while (hosts_next(is.hosts, &judgement))
    take(&judgement);
}

static void put(uint16_t port, enum signal signal, double number) {
  struct hosts_value value = {
      .host = "web1",
      .signal = signal,
      .port = port,
      .time_s = start_s + is.n * interval_s,
      .interval_s = interval_s,
      .now_s = start_s + is.n * interval_s + 0.1,
  };

  if (signal >= SIGNAL_FIRST_COUNTER)
    value.value.counter = (int64_t)number;
  else
    value.value.gauge = number;
  int rc = hosts_put(is.hosts, &value);
  while (rc == -EAGAIN) {
    drain();
    rc = hosts_put(is.hosts, &value);
  }
  is.refused += rc == -ENOSPC;
  drain();
}

static double put_ports(void) {
  double sum = is.elsewhere;

  for (unsigned i = 0; i < is.ports; i++) {
    double count = is.half_open[i];
    uint16_t port = (uint16_t)(1000 + i);
    if (count < 0)
      continue;
    sum += count;
    put(port, SIGNAL_SYN_RECV, count);
    put(port, SIGNAL_AGED, 0.9 * count);
    put(port, SIGNAL_SYN_QUEUE, fmin(100, 100 * count / is.backlog));
    put(port, SIGNAL_ACCEPT_QUEUE, 0);
    put(port, SIGNAL_LISTEN_DROPS, 0);
  }
  return sum;
}

static void put_host(double half_open) {
  put(0, SIGNAL_ESTABLISHED, is.established);
  put(0, SIGNAL_SYN_RECV, half_open);
  put(0, SIGNAL_AGED, 0.9 * half_open);
  put(0, SIGNAL_PASSIVE_OPENS, is.opened += 10 * interval_s);
}

static double sum_of(void) {
  double sum = is.elsewhere;

  for (unsigned i = 0; i < is.ports; i++)
    sum += fmax(0, is.half_open[i]);
  return sum;
}

/* The host's values first, as tcpstates sends them. */
static void read_once(void) {
  is.n++;
  is.judged = 0;
  put_host(sum_of());
  put_ports();
  hosts_wake(is.hosts, start_s + is.n * interval_s + 6);
  drain();
}

static void read_times(int times) {
  for (int i = 0; i < times; i++)
    read_once();
}

/* "WARNING 1001-local" is in the list, so often. */
static int count_notices(enum severity severity, const char *listener) {
  int found = 0;

  for (size_t i = 0; i < is.notices; i++)
    found += is.notice[i].severity == severity &&
             strcmp(is.notice[i].instance, "syn_flood") == 0 &&
             strcmp(is.notice[i].type_instance, listener) == 0;
  return found;
}

static int count_raised(const char *listener) {
  int raised = 0;
  enum severity before = SEVERITY_OKAY;

  for (size_t i = 0; i < is.notices; i++) {
    if (strcmp(is.notice[i].type_instance, listener) != 0)
      continue;
    raised += before == SEVERITY_OKAY && is.notice[i].severity != SEVERITY_OKAY;
    before = is.notice[i].severity;
  }
  return raised;
}

static const struct {
  const char *instance;
  unsigned port;
} names[] = {{"443-local", 443},
             {"65535-local", 65535},
             {"1-local", 1},
             {"65536-local", 0},
             {"0-local", 0},
             {"-local", 0},
             {"0443-local", 0},
             {"443-remote", 0},
             {"443", 0},
             {"all", 0},
             {"", 0},
             {"443-local ", 0},
             {"99999999999999999999-local", 0}};

START_TEST(a_listener_is_an_instance_of_a_port) {
  char name[JUDGE_LISTENER_MAX];

  ck_assert_uint_eq(listeners_port(names[_i].instance), names[_i].port);
  if (names[_i].port == 0)
    return;
  listeners_name((uint16_t)names[_i].port, name);
  ck_assert_str_eq(name, names[_i].instance);
}
END_TEST

START_TEST(two_floods_one_after_the_other_are_two_incidents) {
  read_times(100);
  ck_assert_uint_eq(is.notices, 0);
  ck_assert_uint_eq(is.judged, 3);
  is.half_open[0] = FLOODED;
  read_times(6);
  ck_assert(is.severity[0] > SEVERITY_OKAY);
  ck_assert(is.severity[1] == SEVERITY_OKAY);
  is.half_open[0] = 0;
  read_times(30);
  is.half_open[1] = FLOODED;
  read_times(6);
  is.half_open[1] = 0;
  read_times(30);
  ck_assert_int_eq(count_raised("1000-local"), 1);
  ck_assert_int_eq(count_raised("1001-local"), 1);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, "1000-local"), 1);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, "1001-local"), 1);
  for (size_t i = 0; i < is.notices; i++)
    ck_assert(strcmp(is.notice[i].type_instance, "1000-local") == 0 ||
              strcmp(is.notice[i].type_instance, "1001-local") == 0);
}
END_TEST

START_TEST(the_hosts_own_is_judged_and_not_notified) {
  read_times(100);
  is.half_open[2] = FLOODED;
  read_times(6);
  ck_assert(is.host_severity > SEVERITY_OKAY);
  ck_assert_int_eq(count_raised(""), 0);
  ck_assert_int_eq(count_raised("1002-local"), 1);
}
END_TEST

static struct record_incident recorded(size_t i) {
  struct record_incident out;

  ck_assert_uint_eq(record_copy(is.record, i, &out, 1), 1);
  return out;
}

START_TEST(the_record_has_the_listener_and_not_its_host) {
  read_times(100);
  is.half_open[2] = FLOODED;
  read_times(6);
  is.half_open[2] = 0;
  read_times(30);
  ck_assert_uint_eq(record_count(is.record), 1);
  struct record_incident incident = recorded(0);
  ck_assert_str_eq(incident.port, "1002-local");
  ck_assert_str_eq(incident.host, "web1");
  ck_assert_str_eq(record_subject(&incident), "web1/1002-local");
  ck_assert_int_eq(incident.end, RECORD_CLEARED);
  ck_assert_ptr_nonnull(strstr(incident.first, "syn_flood on port 1002: "));
}
END_TEST

/* Eight at each of 30 ports: too few for any of them. */
START_TEST(a_flood_of_all_is_the_hosts) {
  is.ports = 30;
  read_times(100);
  for (unsigned i = 0; i < is.ports; i++)
    is.half_open[i] = 7;
  read_times(6);
  ck_assert_int_eq(count_raised(""), 1);
  ck_assert_str_eq(is.notice[0].type_instance, "");
}
END_TEST

/* Port 1000 has much that is unanswered, and scatters: 80 more are nothing to
 * its host. A day, for until then what 20,000 connections may have half-open is
 * expected of each port. */
START_TEST(a_small_flood_does_not_hide_behind_a_busy_port) {
  static const double scatter[] = {250, 400, 310, 180, 360};

  is.established = 20000;
  is.backlog = 4096;
  for (int i = 0; i < 8660; i++) {
    is.half_open[0] = scatter[i % 5];
    is.half_open[1] = i < 8640 ? 0 : 80;
    read_once();
  }
  ck_assert_int_eq(count_raised("1001-local"), 1);
  ck_assert_uint_eq(is.notices, 1);
}
END_TEST

START_TEST(what_goes_beyond_a_listener_is_notified_late) {
  read_times(100);
  is.half_open[0] = FLOODED;
  read_times(6);
  ck_assert_int_eq(count_raised(""), 0);
  is.elsewhere = 300;
  read_times(6);
  ck_assert_int_eq(count_raised(""), 1);
  for (size_t i = 0; i < is.notices; i++)
    if (is.notice[i].type_instance[0] == '\0')
      ck_assert_ptr_nonnull(
          strstr(is.notice[i].text, "more than its listeners' incidents"));
  is.elsewhere = is.half_open[0] = 0;
  read_times(40);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, ""), 1);
}
END_TEST

START_TEST(without_the_option_nothing_is_as_it_was) {
  is.rules.syn_flood.per_listener = false;
  read_times(100);
  is.half_open[0] = FLOODED;
  read_times(6);
  ck_assert_uint_eq(hosts_listeners_count(is.hosts), 0);
  ck_assert_int_eq(count_raised(""), 1);
}
END_TEST

START_TEST(a_listener_that_closes_ends_its_incident) {
  read_times(100);
  is.half_open[0] = FLOODED;
  read_times(6);
  is.half_open[0] = -1;
  read_times(5);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, "1000-local"), 1);
  ck_assert_ptr_nonnull(
      strstr(is.notice[is.notices - 1].text, "no socket listens any more"));
}
END_TEST

START_TEST(a_host_that_falls_silent_closes_all) {
  read_times(100);
  is.half_open[0] = is.half_open[2] = FLOODED;
  read_times(6);
  for (int i = 0; i < 200; i++) {
    hosts_wake(is.hosts, start_s + (is.n + i) * interval_s);
    drain();
  }
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, "1000-local"), 1);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, "1002-local"), 1);
}
END_TEST

START_TEST(beyond_the_limit_the_host_is_judged_as_ever) {
  is.rules.max_listeners = 2;
  hosts_destroy(is.hosts);
  is.hosts = hosts_create(&is.rules);
  read_times(100);
  ck_assert_uint_eq(hosts_listeners_count(is.hosts), 2);
  ck_assert_int_gt(is.refused, 0);
  is.half_open[2] = FLOODED; /* the one that has no place */
  read_times(6);
  ck_assert_int_eq(count_raised(""), 1);
}
END_TEST

START_TEST(one_that_is_gone_makes_room) {
  is.rules.max_listeners = 2;
  hosts_destroy(is.hosts);
  is.hosts = hosts_create(&is.rules);
  is.ports = 2;
  read_times(100);
  is.half_open[0] = -1;
  read_times(5);
  is.ports = 3;
  read_times(100);
  is.half_open[2] = FLOODED;
  read_times(6);
  ck_assert_int_eq(count_raised("1002-local"), 1);
}
END_TEST

static struct silences_one silence(const char *incident) {
  struct silences_one one = {.from_s = 0, .until_s = start_s + 1e6};

  strcpy(one.host, "web1");
  strcpy(one.incident, incident);
  return one;
}

static const struct {
  const char *incident;
  int port0, port1;
} silenced[] = {{"syn_flood", 0, 0},
                {"syn_flood/1000-local", 0, 1},
                {"syn_flood*", 0, 0},
                {"accept_overflow", 1, 1}};

START_TEST(a_silence_may_name_one_listener) {
  struct silences_one one = silence(silenced[_i].incident);
  struct silences silences = {.list = {1, &one}};

  hosts_set_silences(is.hosts, &silences);
  read_times(100);
  is.half_open[0] = is.half_open[1] = FLOODED;
  read_times(6);
  ck_assert_int_eq(count_raised("1000-local"), silenced[_i].port0);
  ck_assert_int_eq(count_raised("1001-local"), silenced[_i].port1);
}
END_TEST

/* A thousand listeners: all of one reading are judged in it, and the host last.
 */
START_TEST(a_thousand_listeners_are_judged_in_each_reading) {
  is.ports = 1000;
  read_times(60);
  ck_assert_uint_eq(is.judged, 1000);
  ck_assert_uint_eq(hosts_listeners_count(is.hosts), 1000);
  is.half_open[777] = FLOODED;
  read_times(6);
  ck_assert_int_eq(count_raised("1777-local"), 1);
  ck_assert_uint_eq(is.notices,
                    (size_t)count_notices(SEVERITY_WARNING, "1777-local") +
                        (size_t)count_notices(SEVERITY_FAILURE, "1777-local"));
}
END_TEST

static char text[1 << 20];

/* What was learned, saved and loaded into hosts of other rules. */
static int keep_host(void *to, const struct hosts_host *host) {
  return hosts_restore(to, host);
}

static int keep_listener(void *to, const char *host,
                         const struct listeners_one *one) {
  return hosts_restore_listener(to, host, one);
}

static size_t save(void) {
  static struct hosts_host host;
  struct state_text state;
  struct listeners_one one = {.port = 0};
  size_t length = state_text_begin(&state, start_s, text);

  hosts_at(is.hosts, 0, &host);
  length += state_text_host(&state, &host, text + length);
  while (hosts_listener_from(is.hosts, 0, one.port + 1u, &one)) {
    size_t written =
        state_text_listener(&state, host.name, &one, text + length);
    ck_assert_uint_le(written, STATE_TEXT_LISTENER_MAX);
    length += written;
  }
  return length + state_text_end(&state, text + length);
}

static void load(size_t length) {
  struct hosts *loaded = hosts_create(&is.rules);
  struct state_text_reader reader = {keep_host, NULL, loaded};
  char why[STATE_TEXT_ERROR_MAX] = "";

  int rc = state_text_read_listeners(text, length, &reader, keep_listener, why);
  ck_assert_msg(rc == 0, "%d %s", rc, why);
  hosts_destroy(is.hosts);
  is.hosts = loaded;
}

START_TEST(what_was_learned_of_a_listener_comes_back) {
  static struct listeners_one before[3], after;

  is.half_open[1] = 30; /* its normal: no flood */
  read_times(100);
  is.half_open[0] = FLOODED;
  read_times(3);
  for (unsigned i = 0; i < 3; i++)
    ck_assert(hosts_listener_from(is.hosts, 0, 1000 + i, &before[i]));
  load(save());
  ck_assert_uint_eq(hosts_listeners_count(is.hosts), 3);
  for (unsigned i = 0; i < 3; i++) {
    ck_assert(hosts_listener_from(is.hosts, 0, 1000 + i, &after));
    ck_assert_uint_eq(after.port, before[i].port);
    ck_assert_double_eq_tol(after.time_s, before[i].time_s, 0.001);
    ck_assert_int_eq(after.drops, before[i].drops);
    ck_assert_mem_eq(&after.flood, &before[i].flood, sizeof(after.flood));
  }
  is.half_open[0] = 0;
  read_times(30);
  ck_assert_int_eq(count_raised("1000-local"), 1);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, "1000-local"), 1);
}
END_TEST

/* Off: what is open is closed. On again: nothing is learned anew. */
START_TEST(off_and_on_again_loses_nothing) {
  struct listeners_one one;

  read_times(200);
  is.half_open[0] = FLOODED;
  read_times(6);
  is.rules.syn_flood.per_listener = false;
  load(save());
  read_times(3);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, "1000-local"), 1);
  ck_assert_int_eq(count_notices(SEVERITY_OKAY, ""), 0);
  ck_assert(count_raised("") == 1); /* it goes on, and is the host's now */
  is.half_open[0] = 0;
  read_times(40);
  is.rules.syn_flood.per_listener = true;
  load(save());
  ck_assert(hosts_listener_from(is.hosts, 0, 1001, &one));
  ck_assert_double_ge(one.flood.model.learnt, 200);
  read_times(3);
  is.half_open[1] = FLOODED;
  read_times(6);
  ck_assert_int_eq(count_raised("1001-local"), 1);
}
END_TEST

/* A state without listeners, as older versions have it. */
START_TEST(an_old_state_has_no_listeners) {
  is.rules.syn_flood.per_listener = false;
  read_times(100);
  size_t length = save();
  ck_assert_ptr_null(strstr(text, "\nlistener "));
  is.rules.syn_flood.per_listener = true;
  load(length);
  read_times(100);
  is.half_open[2] = FLOODED;
  read_times(6);
  ck_assert_int_eq(count_raised("1002-local"), 1);
}
END_TEST

static const struct {
  const char *from, *to; /* in the line of port 1000 */
} damages[] = {{" 1000 ", " 0 "},
               {" 1000 ", " 65536 "},
               {" 1000 ", " x "},
               {" 1000 ", " "},
               {" = ", " "},
               {" = ", " =%0 "},
               {"listener ", "listeners "}};

START_TEST(a_damaged_line_is_refused) {
  static char changed[sizeof(text)];
  struct state_text_reader reader = {keep_host, NULL, is.hosts};
  char why[STATE_TEXT_ERROR_MAX] = "";

  read_times(5);
  save();
  char *line = strstr(text, "\nlistener ");
  ck_assert_ptr_nonnull(line);
  char *at = strstr(line, damages[_i].from), *end = strstr(text, "\nend ");
  ck_assert(at && end && at < end);
  int length =
      sprintf(changed, "%.*s%s%.*s\n", (int)(at - text), text, damages[_i].to,
              (int)(end - at - (ptrdiff_t)strlen(damages[_i].from)),
              at + strlen(damages[_i].from));
  struct state_text state = {
      .checksum = state_fields_checksum(0, changed, (size_t)length),
      .hosts = 1};
  size_t whole = (size_t)length + state_text_end(&state, changed + length);
  ck_assert_int_eq(
      state_text_read_listeners(changed, whole, &reader, keep_listener, why),
      -EBADMSG);
  ck_assert_ptr_nonnull(strstr(why, "is damaged"));
}
END_TEST

SUITE(listeners) {
  Suite *suite = suite_create("listeners");
  TCase *tc = tcase_create("listeners");

  tcase_add_checked_fixture(tc, setup, teardown);
  tcase_set_timeout(tc, 60);
  tcase_add_loop_test(tc, a_listener_is_an_instance_of_a_port, 0,
                      sizeof(names) / sizeof(names[0]));
  tcase_add_test(tc, two_floods_one_after_the_other_are_two_incidents);
  tcase_add_test(tc, the_hosts_own_is_judged_and_not_notified);
  tcase_add_test(tc, the_record_has_the_listener_and_not_its_host);
  tcase_add_test(tc, a_flood_of_all_is_the_hosts);
  tcase_add_test(tc, a_small_flood_does_not_hide_behind_a_busy_port);
  tcase_add_test(tc, what_goes_beyond_a_listener_is_notified_late);
  tcase_add_test(tc, without_the_option_nothing_is_as_it_was);
  tcase_add_test(tc, a_listener_that_closes_ends_its_incident);
  tcase_add_test(tc, a_host_that_falls_silent_closes_all);
  tcase_add_test(tc, beyond_the_limit_the_host_is_judged_as_ever);
  tcase_add_test(tc, one_that_is_gone_makes_room);
  tcase_add_loop_test(tc, a_silence_may_name_one_listener, 0,
                      sizeof(silenced) / sizeof(silenced[0]));
  tcase_add_test(tc, what_was_learned_of_a_listener_comes_back);
  tcase_add_test(tc, off_and_on_again_loses_nothing);
  tcase_add_test(tc, an_old_state_has_no_listeners);
  tcase_add_loop_test(tc, a_damaged_line_is_refused, 0,
                      sizeof(damages) / sizeof(damages[0]));
  tcase_add_test(tc, a_thousand_listeners_are_judged_in_each_reading);
  suite_add_tcase(suite, tc);
  return suite;
}
