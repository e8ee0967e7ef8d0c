/* Netlink, /proc and ss on the same sockets, in every state, held still: all
 * three are to agree with what was made. Runs in a network namespace of its
 * own, as root or where user namespaces are allowed. */
#define _GNU_SOURCE
#include "io/table_source.h"
#include "must.h"
#include "namespace.h"
#include "refuse_netlink.h"
#include "ss_count.h"
#include "zoo.h"

#include <check.h>
#include <grp.h>
#include <netinet/in.h>
#include <unistd.h>

enum { AGED_AFTER_US = 1300 * 1000 };

static struct zoo zoo; /* built once; each test is a fork and sees it so */
static const uint16_t ports[ZOO_FLAVOURS] = {ZOO_PORT_IPV4, ZOO_PORT_IPV6,
                                             ZOO_PORT_MAPPED};

struct view {
  struct table_source *source;
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct table_source_outcome outcome;
};

static struct view open_view(const char *mode, bool by_family) {
  const struct table_source_options options = {.source = mode,
                                               .by_family = by_family,
                                               .ports = ports,
                                               .ports_len = ZOO_FLAVOURS};
  struct view view = {0};
  ck_assert_int_eq(table_source_create(&options, &view.source), 0);
  return view;
}

static void look(struct view *view) {
  ck_assert_int_eq(table_source_read(view->source, &view->reading,
                                     &view->counters, &view->outcome),
                   0);
}

static bool from_proc(const struct view *view) {
  return strcmp(view->outcome.from, "/proc") == 0;
}

static struct view look_once(const char *mode) {
  struct view view = open_view(mode, false);
  look(&view);
  return view;
}

/* SYN-ACKs are sent again after a second. */
static void build(void) {
  namespace_enter();
  zoo = zoo_create();
  usleep(AGED_AFTER_US);
}

static void assert_as_made(uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END],
                           const char *who) {
  for (int family = 0; family < TCP_FAMILY_COUNT; family++)
    for (int state = 1; state < TCP_STATE_END; state++)
      ck_assert_msg(count[family][state] == zoo.count[family][state],
                    "%s, %s, tcp%s: %d, made %d", who, tcp_state_name(state),
                    family == TCP_IPV6 ? "6" : "", (int)count[family][state],
                    (int)zoo.count[family][state]);
}

static void assert_totals(const struct reading *reading) {
  for (int state = 1; state < TCP_STATE_END; state++)
    ck_assert_msg(reading->total[state] ==
                      zoo.count[TCP_IPV4][state] + zoo.count[TCP_IPV6][state],
                  "%s: %d", tcp_state_name(state), (int)reading->total[state]);
}

static void assert_ports(const struct reading *reading) {
  for (int flavour = 0; flavour < ZOO_FLAVOURS; flavour++)
    for (int state = 1; state < TCP_STATE_END; state++)
      ck_assert_msg(
          reading->port_count[flavour][state] == zoo.port_count[flavour][state],
          "port %d, %s: %d, made %d", ports[flavour], tcp_state_name(state),
          (int)reading->port_count[flavour][state],
          (int)zoo.port_count[flavour][state]);
}

static uint64_t half_open(void) {
  return zoo.half_open[ZOO_IPV4] + zoo.half_open[ZOO_IPV6] +
         zoo.half_open[ZOO_MAPPED];
}

START_TEST(ss_counts_what_was_made) {
  uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END];
  ss_count(count);
  assert_as_made(count, "ss");
}
END_TEST

START_TEST(netlink_and_proc_count_what_was_made) {
  struct view netlink = look_once("netlink");
  struct view proc = look_once("proc");
  ck_assert(!from_proc(&netlink) && from_proc(&proc));
  assert_as_made(((struct reading *)netlink.reading)->count, "netlink");
  assert_as_made(((struct reading *)proc.reading)->count, "/proc");
  ck_assert_uint_eq(netlink.reading->timewait_fin_wait2,
                    zoo.timewait_fin_wait2);
  ck_assert_uint_eq(proc.reading->timewait_fin_wait2, zoo.timewait_fin_wait2);
  ck_assert_uint_eq(netlink.reading->unknown_states, 0);
  ck_assert_uint_eq(proc.reading->unknown_states, 0);
  assert_ports(netlink.reading);
  assert_ports(proc.reading);
  table_source_destroy(netlink.source);
  table_source_destroy(proc.source);
}
END_TEST

START_TEST(a_filtered_walk_equals_the_full_dump) {
  struct view view = open_view("netlink", false);
  for (int i = 0; i < 5; i++) {
    look(&view);
    ck_assert_int_eq(view.outcome.was_full_dump, i == 0);
    ck_assert(!view.outcome.counters_doubted);
    ck_assert_int_eq(view.outcome.counters_error, 0);
    assert_totals(view.reading);
    assert_ports(view.reading);
  }
  ck_assert_uint_gt(view.reading->total[TCP_STATE_CLOSE_WAIT], 0);
  table_source_destroy(view.source);
}
END_TEST

START_TEST(by_family_every_reading_is_right_for_each_family) {
  struct view view = open_view("netlink", true);
  for (int i = 0; i < 3; i++) {
    look(&view);
    ck_assert(view.reading->by_family);
    assert_as_made(((struct reading *)view.reading)->count, "by family");
  }
  table_source_destroy(view.source);
}
END_TEST

/* The first with this family and port. */
static const struct listener *find(const struct reading *reading,
                                   enum tcp_family family, uint16_t port) {
  for (size_t i = 0; i < reading->listeners_len; i++)
    if (reading->listeners[i].port == port &&
        reading->listeners[i].family == family)
      return &reading->listeners[i];
  ck_abort_msg("no listener on port %d", port);
}

static void assert_queue(const struct reading *reading, uint16_t port,
                         bool max_known, uint64_t depth, uint64_t max,
                         uint64_t drops) {
  const struct listener *listener = find(reading, TCP_IPV4, port);
  ck_assert_uint_eq(listener->accept_depth, depth);
  ck_assert_int_eq(listener->max_known, max_known);
  if (!max_known)
    return;
  ck_assert_uint_eq(listener->accept_max, max);
  ck_assert_uint_eq(listener->drops, drops);
}

START_TEST(accept_queues_are_as_deep_as_they_were_filled) {
  for (int proc = 0; proc < 2; proc++) {
    struct view view = look_once(proc ? "proc" : "netlink");
    assert_queue(view.reading, ZOO_PORT_SHORT, !proc, ZOO_SHORT_DEPTH,
                 ZOO_SHORT_MAX, 0);
    assert_queue(view.reading, ZOO_PORT_LONG, !proc, ZOO_LONG_DEPTH,
                 ZOO_LONG_MAX, 0);
    assert_queue(view.reading, ZOO_PORT_FULL, !proc, ZOO_FULL_DEPTH,
                 ZOO_FULL_MAX, ZOO_FULL_DROPS);
    table_source_destroy(view.source);
  }
}
END_TEST

START_TEST(a_full_twin_is_not_hidden_by_empty_ones) {
  for (int proc = 0; proc < 2; proc++) {
    struct view view = look_once(proc ? "proc" : "netlink");
    const struct listener *twins = find(view.reading, TCP_IPV4, ZOO_PORT_TWINS);
    ck_assert_uint_eq(twins->sockets, ZOO_TWINS);
    ck_assert_uint_eq(twins->fullest_depth, ZOO_TWIN_DEPTH);
    ck_assert_uint_eq(twins->fullest_max, proc ? 0 : ZOO_TWIN_MAX);
    assert_queue(view.reading, ZOO_PORT_TWINS, !proc, ZOO_TWIN_DEPTH,
                 ZOO_TWINS * ZOO_TWIN_MAX, 0);
    table_source_destroy(view.source);
  }
}
END_TEST

START_TEST(half_open_entries_belong_to_their_listener) {
  static const enum tcp_family table[ZOO_FLAVOURS] = {TCP_IPV4, TCP_IPV6,
                                                      TCP_IPV6};
  for (int proc = 0; proc < 2; proc++) {
    struct view view = look_once(proc ? "proc" : "netlink");
    for (int flavour = 0; flavour < ZOO_FLAVOURS; flavour++) {
      const struct listener *listener =
          find(view.reading, table[flavour], ports[flavour]);
      ck_assert_uint_eq(listener->half_open, zoo.half_open[flavour]);
      ck_assert_uint_eq(listener->aged, zoo.half_open[flavour]);
    }
    /* Two of the three flavours' remote ends stand in 10.77.0.0/24. */
    ck_assert_uint_eq(view.reading->top_source_family, TCP_IPV4);
    ck_assert_uint_eq(view.reading->top_source_count,
                      zoo.half_open[ZOO_IPV4] + zoo.half_open[ZOO_MAPPED]);
    /* Each flavour's remote end has one address; the others have no more. */
    ck_assert_uint_eq(view.reading->one_source_count, zoo.half_open[ZOO_IPV4]);
    table_source_destroy(view.source);
  }
}
END_TEST

START_TEST(only_old_half_open_entries_are_aged) {
  const uint64_t old = half_open();
  zoo_add_half_open(&zoo, ZOO_IPV4, 1);
  zoo_add_half_open(&zoo, ZOO_IPV6, 2);
  zoo_add_half_open(&zoo, ZOO_MAPPED, 3);
  struct view netlink = look_once("netlink");
  struct view proc = look_once("proc");
  ck_assert_uint_eq(netlink.reading->total[TCP_STATE_SYN_RECV], old + 6);
  ck_assert_uint_eq(proc.reading->total[TCP_STATE_SYN_RECV], old + 6);
  for (int family = 0; family < TCP_FAMILY_COUNT; family++)
    ck_assert_uint_eq(netlink.reading->aged[family],
                      proc.reading->aged[family]);
  ck_assert_uint_eq(netlink.reading->aged[0] + netlink.reading->aged[1], old);
  table_source_destroy(netlink.source);
  table_source_destroy(proc.source);
}
END_TEST

START_TEST(nobody_reads_the_same_as_root) {
  if (geteuid() == 0 && getuid() == 0)
    (void)!setgroups(0, NULL);
  must(setresgid(65534, 65534, 65534) == 0 &&
           setresuid(65534, 65534, 65534) == 0,
       "to become nobody (run as root)");
  struct view view = open_view("auto", false);
  for (int i = 0; i < 2; i++) {
    look(&view);
    ck_assert(!from_proc(&view));
    ck_assert_int_eq(view.outcome.first_error, 0);
    assert_totals(view.reading);
    assert_ports(view.reading);
    assert_queue(view.reading, ZOO_PORT_FULL, true, ZOO_FULL_DEPTH,
                 ZOO_FULL_MAX, ZOO_FULL_DROPS);
  }
  table_source_destroy(view.source);
}
END_TEST

START_TEST(where_a_filter_refuses_netlink_proc_serves) {
  refuse_netlink();
  struct view view = open_view("auto", false);
  look(&view);
  ck_assert(from_proc(&view));
  ck_assert_int_eq(view.outcome.first_error, -EPROTONOSUPPORT);
  assert_as_made(((struct reading *)view.reading)->count, "/proc");
  assert_ports(view.reading);
  table_source_destroy(view.source);
}
END_TEST

/* A bare ACK is not enough for such a listener: the entry stays, and while it
 * waits for data no SYN-ACK is sent again. /proc cannot tell. */
START_TEST(a_deferred_accept_is_not_aged_for_netlink) {
  zoo_add_deferred(&zoo, 4);
  usleep(AGED_AFTER_US);
  struct view netlink = look_once("netlink");
  struct view proc = look_once("proc");
  const struct listener *by_netlink =
      find(netlink.reading, TCP_IPV4, ZOO_PORT_DEFERRED);
  const struct listener *by_proc =
      find(proc.reading, TCP_IPV4, ZOO_PORT_DEFERRED);
  ck_assert_uint_eq(by_netlink->half_open, 4);
  ck_assert_uint_eq(by_netlink->aged, 0);
  ck_assert_uint_eq(by_proc->half_open, 4);
  ck_assert_uint_eq(by_proc->aged, 4);
  table_source_destroy(netlink.source);
  table_source_destroy(proc.source);
}
END_TEST

enum { WAITING = 120, FLOODING = 40 };

/* Once a second, as the plugin does. */
static void look_both(struct view *netlink, struct view *proc, int seconds) {
  for (int i = 0; i < seconds; i++) {
    usleep(1000 * 1000);
    look(netlink);
    look(proc);
  }
}

static void assert_unanswered(const struct view *view, unsigned most,
                              unsigned raw) {
  ck_assert_uint_eq(view->reading->aged[TCP_IPV4], raw);
  ck_assert_uint_eq(reading_unanswered(view->reading, raw), most);
}

/* 120 browsers that connect ahead and wait, at a server that defers its accept:
 * neither way calls them unanswered. A flood on the same listener is told. */
START_TEST(by_proc_browsers_that_wait_are_not_a_flood_and_a_flood_is) {
  namespace_enter();
  zoo = zoo_create_empty();
  struct view netlink = open_view("netlink", false);
  struct view proc = open_view("proc", false);
  look_both(&netlink, &proc, 3);
  zoo_add_deferred(&zoo, WAITING);
  for (int i = 0; i < 5; i++) {
    look_both(&netlink, &proc, 1);
    ck_assert_uint_eq(proc.reading->total[TCP_STATE_SYN_RECV], WAITING);
    assert_unanswered(&netlink, 0, 0);
    ck_assert_uint_eq(
        reading_unanswered(proc.reading, proc.reading->aged[TCP_IPV4]), 0);
  }
  ck_assert_uint_eq(proc.reading->aged[TCP_IPV4], WAITING);
  zoo_add_half_open_deferred(&zoo, FLOODING);
  for (int i = 0; i < 4; i++) {
    look_both(&netlink, &proc, 2);
    assert_unanswered(&netlink, FLOODING, FLOODING);
    assert_unanswered(&proc, FLOODING, WAITING + FLOODING);
  }
  table_source_destroy(netlink.source);
  table_source_destroy(proc.source);
}
END_TEST

static void set_backlog(int entries) {
  FILE *file = fopen("/proc/sys/net/ipv4/tcp_max_syn_backlog", "w");
  must(file != NULL && fprintf(file, "%d\n", entries) > 0 && fclose(file) == 0,
       "tcp_max_syn_backlog of an own namespace");
}

/* Its files stay open from reading to reading. */
START_TEST(limits_that_change_show_in_the_next_reading) {
  namespace_enter();
  struct view view = open_view("netlink", false);
  for (int entries = 1000; entries <= 3000; entries += 1000) {
    set_backlog(entries);
    look(&view);
    ck_assert_int_eq(view.counters->value[COUNTER_MAX_SYN_BACKLOG], entries);
  }
  table_source_destroy(view.source);
}
END_TEST

START_TEST(counters_rise_from_reading_to_reading) {
  int64_t last = -1;
  struct view view = open_view("netlink", false);
  for (int i = 0; i < 3; i++) {
    zoo_add_half_open(&zoo, ZOO_IPV4, 1);
    look(&view);
    int64_t sent = view.counters->value[COUNTER_OUT_SEGS];
    ck_assert(view.counters->known[COUNTER_OUT_SEGS]);
    ck_assert_msg(sent > last, "%lld after %lld", (long long)sent,
                  (long long)last);
    last = sent;
  }
  table_source_destroy(view.source);
}
END_TEST

int main(void) {
  Suite *suite = suite_create("sources");
  TCase *tcase = tcase_create("zoo");
  tcase_set_timeout(tcase, 30);
  tcase_add_unchecked_fixture(tcase, build, NULL);
  tcase_add_test(tcase, ss_counts_what_was_made);
  tcase_add_test(tcase, netlink_and_proc_count_what_was_made);
  tcase_add_test(tcase, a_filtered_walk_equals_the_full_dump);
  tcase_add_test(tcase, by_family_every_reading_is_right_for_each_family);
  tcase_add_test(tcase, accept_queues_are_as_deep_as_they_were_filled);
  tcase_add_test(tcase, a_full_twin_is_not_hidden_by_empty_ones);
  tcase_add_test(tcase, half_open_entries_belong_to_their_listener);
  tcase_add_test(tcase, nobody_reads_the_same_as_root);
  tcase_add_test(tcase, where_a_filter_refuses_netlink_proc_serves);
  /* These add to the kernel's sockets what the others would not expect. */
  tcase_add_test(tcase, only_old_half_open_entries_are_aged);
  tcase_add_test(tcase, a_deferred_accept_is_not_aged_for_netlink);
  tcase_add_test(tcase, counters_rise_from_reading_to_reading);
  tcase_add_test(tcase,
                 by_proc_browsers_that_wait_are_not_a_flood_and_a_flood_is);
  tcase_add_test(tcase, limits_that_change_show_in_the_next_reading);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
