/* announcer: order, bound, slow handlers, handlers that come back in. */
#include "baseline/announcer.h"
#include "fake_heard.h"
#include "scenes/suite.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { QUEUE_MAX = 1000, PRODUCERS = 4, EACH = 200 };

/* What does not wait takes less on the busiest machine; what waits by mistake
 * is asked for so often, or would wait so long, that it takes far more. */
static const double at_once_s = 5, far_s = 60;

static struct announcer *announcer;

/* The gate in front of a handler that does not come to its end. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static bool closed;
static atomic_uint entered;

static void gate_set(bool to) {
  pthread_mutex_lock(&lock);
  closed = to;
  pthread_cond_broadcast(&opened);
  pthread_mutex_unlock(&lock);
}

static void wait_at_gate(const notification_t *n) {
  (void)n;
  entered++;
  pthread_mutex_lock(&lock);
  while (closed)
    pthread_cond_wait(&opened, &lock);
  pthread_mutex_unlock(&lock);
}

static void pause_s(double seconds) {
  struct timespec pause = {.tv_sec = (time_t)seconds};
  pause.tv_nsec = (long)(1e9 * (seconds - (double)pause.tv_sec));
  nanosleep(&pause, NULL);
}

static double clock_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int push(const char *host, int number) {
  struct notice notice = {.severity = SEVERITY_WARNING, .time_s = 1};
  snprintf(notice.host, sizeof(notice.host), "%s", host);
  snprintf(notice.text, sizeof(notice.text), "%d", number);
  return announcer_push(announcer, &notice);
}

static void drain(void) {
  ck_assert_uint_eq(announcer_drain(announcer, far_s / 2), 0);
}

static void setup(void) {
  plugin_set_ctx((plugin_ctx_t){.interval = TIME_T_TO_CDTIME_T(7)});
  ck_assert_int_eq(announcer_create(&announcer), 0);
}

static void teardown(void) {
  if (announcer == NULL)
    return;
  gate_set(false);
  drain();
  ck_assert_uint_eq(announcer_destroy(announcer), 0);
}

/* Close the gate and wait until the handler stands at it with one notice. */
static void block_handler(void) {
  gate_set(true);
  fake_on_notification(wait_at_gate);
  ck_assert_int_eq(push("blocked", 0), 0);
  while (entered == 0)
    pause_s(0.001);
}

static _Atomic cdtime_t interval_seen;

static void look_at_context(const notification_t *n) {
  (void)n;
  interval_seen = plugin_get_ctx().interval;
}

/* Else exec's environment is of the default interval, and an error is logged
 * with each notification. */
START_TEST(handlers_run_in_the_context_of_the_plugin) {
  fake_on_notification(look_at_context);
  ck_assert_int_eq(push("h", 1), 0);
  drain();
  ck_assert(interval_seen == TIME_T_TO_CDTIME_T(7));
}
END_TEST

START_TEST(notices_go_out_in_the_order_they_came) {
  for (int i = 0; i < 500; i++)
    ck_assert_int_eq(push("h", i), 0);
  drain();
  ck_assert_uint_eq(fake_notified(), 500);
  for (int i = 0; i < 500; i++)
    ck_assert_int_eq(atoi(fake_notification((size_t)i).is.message), i);
}
END_TEST

static const struct {
  enum severity severity;
  int expected;
} severities[] = {{SEVERITY_OKAY, NOTIF_OKAY},
                  {SEVERITY_WARNING, NOTIF_WARNING},
                  {SEVERITY_FAILURE, NOTIF_FAILURE}};

START_TEST(nothing_of_a_notice_is_lost_on_the_way) {
  struct notice notice = {
      .severity = severities[_i].severity,
      .time_s = 1700000000.5,
      .host = "web1",
      .instance = "syn_flood",
      .type = "load",
      .type_instance = "x",
      .text = "what, where, since when",
      .items_len = 2,
      .items = {{.name = "Expected", .number = 2.5},
                {.name = "Listener", .is_text = true, .text = "[::]:443"}}};
  ck_assert_int_eq(announcer_push(announcer, &notice), 0);
  notice.text[0] = '\0'; /* it was copied */
  drain();
  struct fake_notification sent = fake_notification(0);
  ck_assert_int_eq(sent.is.severity, severities[_i].expected);
  ck_assert_double_eq(CDTIME_T_TO_DOUBLE(sent.is.time), 1700000000.5);
  ck_assert_str_eq(sent.is.host, "web1");
  ck_assert_str_eq(sent.is.plugin, "baseline");
  ck_assert_str_eq(sent.is.plugin_instance, "syn_flood");
  ck_assert_str_eq(sent.is.type, "load");
  ck_assert_str_eq(sent.is.type_instance, "x");
  ck_assert_str_eq(sent.is.message, "what, where, since when");
  ck_assert_str_eq(sent.meta, "Expected=2.5;Listener=[::]:443;");
}
END_TEST

START_TEST(a_thousand_may_wait_and_not_one_more) {
  block_handler();
  for (int i = 1; i < QUEUE_MAX; i++)
    ck_assert_int_eq(push("h", i), 0);
  ck_assert_int_eq(push("h", QUEUE_MAX), -ENOBUFS);
  ck_assert_int_eq(push("h", QUEUE_MAX), -ENOBUFS);
  gate_set(false);
  drain();
  ck_assert_uint_eq(fake_notified(), QUEUE_MAX);
  ck_assert_int_eq(push("after", 1), 0);
  drain();
  ck_assert_uint_eq(fake_count("after", NULL, 0), 1);
}
END_TEST

START_TEST(a_slow_handler_does_not_slow_down_who_pushes) {
  block_handler();
  double begun_s = clock_s();
  for (int i = 1; i < QUEUE_MAX; i++)
    ck_assert_int_eq(push("h", i), 0);
  ck_assert_double_lt(clock_s() - begun_s, at_once_s);
  ck_assert_uint_eq(fake_notified(), 0);
}
END_TEST

/* Comes back in as a handler may: with a notice of its own, and a flush. */
static void come_back(const notification_t *n) {
  if (strcmp(n->host, "first") != 0)
    return;
  ck_assert_int_eq(push("second", 0), 0);
  double begun_s = clock_s();
  ck_assert_uint_eq(announcer_drain(announcer, far_s), 0);
  ck_assert_double_lt(clock_s() - begun_s, at_once_s);
}

START_TEST(a_handler_may_come_back_in) {
  fake_on_notification(come_back);
  ck_assert_int_eq(push("first", 0), 0);
  drain();
  ck_assert_uint_eq(fake_notified(), 2);
  ck_assert_str_eq(fake_notification(1).is.host, "second");
}
END_TEST

START_TEST(draining_ends_at_its_limit_and_says_what_is_left) {
  block_handler();
  ck_assert_int_eq(push("h", 1), 0);
  double begun_s = clock_s();
  for (int i = 1; i <= 10; i++) {
    ck_assert_uint_eq(announcer_drain(announcer, 0.1), 2);
    ck_assert_double_ge(clock_s() - begun_s, 0.099 * i);
  }
  /* Up to the next whole second it would be 10 s. */
  ck_assert_double_lt(clock_s() - begun_s, at_once_s);
}
END_TEST

START_TEST(draining_without_time_only_looks) {
  block_handler();
  double begun_s = clock_s();
  for (int i = 0; i < 10; i++)
    ck_assert_uint_eq(announcer_drain(announcer, 0), 1);
  ck_assert_double_lt(clock_s() - begun_s, at_once_s);
}
END_TEST

/* Opens the gate when the announcer waits for its thread, and no earlier: it
 * has told it by then to take nothing more. The linker has calls of
 * pthread_join come here. */
static bool opens_at_join;
int __real_pthread_join(pthread_t thread, void **result);
int __wrap_pthread_join(pthread_t thread, void **result);

int __wrap_pthread_join(pthread_t thread, void **result) {
  if (opens_at_join)
    gate_set(false);
  return __real_pthread_join(thread, result);
}

START_TEST(the_end_waits_for_the_handler_and_counts_what_is_left) {
  block_handler();
  for (int i = 0; i < 7; i++)
    ck_assert_int_eq(push("h", i), 0);
  opens_at_join = true;
  ck_assert_uint_eq(announcer_destroy(announcer), 7);
  ck_assert_uint_eq(fake_notified(), 1);
  announcer = NULL;
}
END_TEST

static void *produce(void *name) {
  for (int i = 0; i < EACH; i++) {
    while (push(name, i) == -ENOBUFS)
      pause_s(0.001);
    if (i % 50 == 0)
      announcer_drain(announcer, 0.01);
  }
  return NULL;
}

START_TEST(threads_that_push_at_once_keep_their_order) {
  static char names[PRODUCERS][2] = {"a", "b", "c", "d"};
  pthread_t producers[PRODUCERS];
  int next[PRODUCERS] = {0};
  for (int i = 0; i < PRODUCERS; i++)
    ck_assert_int_eq(pthread_create(&producers[i], NULL, produce, names[i]), 0);
  for (int i = 0; i < PRODUCERS; i++)
    ck_assert_int_eq(pthread_join(producers[i], NULL), 0);
  drain();
  ck_assert_uint_eq(fake_notified(), PRODUCERS * EACH);
  for (size_t i = 0; i < PRODUCERS * EACH; i++) {
    struct fake_notification sent = fake_notification(i);
    ck_assert_int_eq(atoi(sent.is.message), next[sent.is.host[0] - 'a']++);
  }
}
END_TEST

SUITE(announcer) {
  Suite *suite = suite_create("announcer");
  TCase *tcase = tcase_create("announcer");
  int severities_len = sizeof(severities) / sizeof(severities[0]);

  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_set_timeout(tcase, far_s);
  tcase_add_test(tcase, handlers_run_in_the_context_of_the_plugin);
  tcase_add_test(tcase, notices_go_out_in_the_order_they_came);
  tcase_add_loop_test(tcase, nothing_of_a_notice_is_lost_on_the_way, 0,
                      severities_len);
  tcase_add_test(tcase, a_thousand_may_wait_and_not_one_more);
  tcase_add_test(tcase, a_slow_handler_does_not_slow_down_who_pushes);
  tcase_add_test(tcase, a_handler_may_come_back_in);
  tcase_add_test(tcase, draining_ends_at_its_limit_and_says_what_is_left);
  tcase_add_test(tcase, draining_without_time_only_looks);
  tcase_add_test(tcase, the_end_waits_for_the_handler_and_counts_what_is_left);
  tcase_add_test(tcase, threads_that_push_at_once_keep_their_order);
  suite_add_tcase(suite, tcase);
  return suite;
}
