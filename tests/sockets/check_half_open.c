/* The BPF program and walks on the same sockets: between two walks, a reading
 * is to have the half-open entries that were made. Where the kernel or its
 * administrator refuses BPF, the reason is printed and every test that needs it
 * is skipped: exit status 77. */
#define _GNU_SOURCE
#include "io/table_source.h"
#include "must.h"
#include "namespace.h"
#include "ss_count.h"
#include "zoo.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  AGED_AFTER_US = 1300 * 1000,
  SKIPPED = 77,
  VERIFY_EVERY = 60,
  MANY_LISTENERS = 1500, /* more than the program has room for at first */
};

static struct zoo zoo;
static struct table_source *source;
static const struct reading *reading;
static const struct kernel_counters *counters;
static struct table_source_outcome outcome;

/* Walks only to verify. */
static void begin_with(bool count_syns) {
  const struct table_source_options options = {.source = "netlink",
                                               .half_open_by_bpf = true,
                                               .count_syns = count_syns,
                                               .interval_s = 1,
                                               .walk_every_s = 3600};
  must(table_source_create(&options, &source) == 0, "table_source");
}

static void begin(void) { begin_with(false); }

static void look(void) {
  errno = -table_source_read(source, &reading, &counters, &outcome);
  must(errno == 0, "a reading");
}

/* A walk first, as every source does; then a reading without one. */
static void look_without_walk(void) {
  begin();
  look();
  ck_assert(outcome.half_open_by_bpf && !outcome.walk_left_out);
  look();
  ck_assert(outcome.half_open_by_bpf && outcome.walk_left_out);
}

static void end(void) {
  table_source_destroy(source);
  source = NULL;
}

static void build(void) {
  namespace_enter();
  zoo = zoo_create();
  usleep(AGED_AFTER_US);
}

static const struct listener *find(enum tcp_family family, uint16_t port) {
  for (size_t i = 0; i < reading->listeners_len; i++)
    if (reading->listeners[i].port == port &&
        reading->listeners[i].family == family)
      return &reading->listeners[i];
  ck_abort_msg("no listener on port %d", port);
}

START_TEST(between_walks_each_listener_counts_what_was_made) {
  static const enum tcp_family table[ZOO_FLAVOURS] = {TCP_IPV4, TCP_IPV6,
                                                      TCP_IPV6};
  static const uint16_t ports[ZOO_FLAVOURS] = {ZOO_PORT_IPV4, ZOO_PORT_IPV6,
                                               ZOO_PORT_MAPPED};
  look_without_walk();
  for (int flavour = 0; flavour < ZOO_FLAVOURS; flavour++) {
    const struct listener *listener = find(table[flavour], ports[flavour]);
    ck_assert_uint_eq(listener->half_open, zoo.half_open[flavour]);
    ck_assert_uint_eq(listener->aged, zoo.half_open[flavour]);
  }
  for (int family = 0; family < TCP_FAMILY_COUNT; family++) {
    ck_assert_uint_eq(reading->count[family][TCP_STATE_SYN_RECV],
                      zoo.count[family][TCP_STATE_SYN_RECV]);
    ck_assert_uint_eq(reading->count[family][TCP_STATE_LISTEN],
                      zoo.count[family][TCP_STATE_LISTEN]);
  }
  end();
}
END_TEST

static void assert_same_queues(const struct reading *walked) {
  ck_assert_uint_eq(reading->listeners_len, walked->listeners_len);
  for (size_t i = 0; i < walked->listeners_len; i++) {
    const struct listener *by_walk = &walked->listeners[i];
    const struct listener *listener =
        find((enum tcp_family)by_walk->family, by_walk->port);
    ck_assert_uint_eq(listener->half_open, by_walk->half_open);
    ck_assert_uint_eq(listener->aged, by_walk->aged);
    ck_assert_uint_eq(listener->accept_depth, by_walk->accept_depth);
    ck_assert_uint_eq(listener->accept_max, by_walk->accept_max);
    ck_assert_uint_eq(listener->drops, by_walk->drops);
  }
}

START_TEST(between_walks_it_is_as_a_walk_and_ss_have_it) {
  const struct table_source_options options = {.source = "netlink"};
  const struct reading *walked;
  const struct kernel_counters *unused;
  struct table_source *walks;
  struct table_source_outcome walk_outcome;
  uint64_t ss[TCP_FAMILY_COUNT][TCP_STATE_END];
  look_without_walk();
  must(table_source_create(&options, &walks) == 0, "table_source");
  errno = -table_source_read(walks, &walked, &unused, &walk_outcome);
  must(errno == 0, "a walk");
  ss_count(ss);
  for (int family = 0; family < TCP_FAMILY_COUNT; family++) {
    ck_assert_uint_eq(reading->count[family][TCP_STATE_SYN_RECV],
                      ss[family][TCP_STATE_SYN_RECV]);
    ck_assert_uint_eq(reading->count[family][TCP_STATE_LISTEN],
                      ss[family][TCP_STATE_LISTEN]);
    ck_assert_uint_eq(reading->aged[family], walked->aged[family]);
  }
  assert_same_queues(walked);
  table_source_destroy(walks);
  end();
}
END_TEST

START_TEST(between_walks_established_is_known_and_the_sources_are_not) {
  look_without_walk();
  ck_assert(reading_knows(reading, TCP_STATE_ESTABLISHED));
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED],
                    zoo.count[TCP_IPV4][TCP_STATE_ESTABLISHED] +
                        zoo.count[TCP_IPV6][TCP_STATE_ESTABLISHED]);
  ck_assert(!reading_knows(reading, TCP_STATE_CLOSE_WAIT));
  ck_assert(!reading->sources_known);
  end();
}
END_TEST

START_TEST(new_entries_are_young_and_old_ones_aged) {
  look_without_walk();
  const uint64_t old = reading->total[TCP_STATE_SYN_RECV];
  zoo_add_half_open(&zoo, ZOO_IPV4, 7);
  zoo_add_half_open(&zoo, ZOO_MAPPED, 5);
  look();
  ck_assert(outcome.walk_left_out);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], old + 12);
  ck_assert_uint_eq(reading->aged[TCP_IPV4] + reading->aged[TCP_IPV6], old);
  usleep(AGED_AFTER_US);
  look();
  ck_assert_uint_eq(reading->aged[TCP_IPV4] + reading->aged[TCP_IPV6],
                    old + 12);
  end();
}
END_TEST

START_TEST(every_sixtieth_reading_is_a_walk_and_agrees) {
  begin();
  for (int i = 0; i < 3 * VERIFY_EVERY; i++) {
    look();
    ck_assert_int_eq(outcome.walk_left_out, i % VERIFY_EVERY != 0);
    ck_assert(outcome.half_open_by_bpf && !outcome.bpf_doubted);
    ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV],
                      zoo.count[TCP_IPV4][TCP_STATE_SYN_RECV] +
                          zoo.count[TCP_IPV6][TCP_STATE_SYN_RECV]);
  }
  end();
}
END_TEST

/* A timer expires for clients that have answered, too, while TCP_DEFER_ACCEPT
 * waits for their data: no SYN-ACK is sent again, and the counter shows it. */
START_TEST(a_deferred_accept_is_not_unanswered) {
  namespace_enter();
  zoo = zoo_create_empty();
  begin();
  look();
  zoo_add_deferred(&zoo, 30);
  usleep(AGED_AFTER_US);
  look();
  ck_assert(outcome.walk_left_out);
  ck_assert_uint_eq(find(TCP_IPV4, ZOO_PORT_DEFERRED)->half_open, 30);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 30);
  ck_assert_uint_eq(reading_unanswered(reading, 30), 0);
  zoo_add_half_open_deferred(&zoo, 20);
  usleep(AGED_AFTER_US);
  look();
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 50);
  ck_assert_uint_eq(reading_unanswered(reading, 50), 20);
  end();
}
END_TEST

static uint64_t syns_of(uint16_t port) { return find(TCP_IPV4, port)->syns; }

/* Each SYN once: an entry whose SYN-ACK is sent again is not counted again. */
START_TEST(the_syns_of_each_listener_are_counted) {
  zoo.last_port = (uint16_t)(zoo.last_port + 1000); /* not those of others */
  begin_with(true);
  look();
  ck_assert(outcome.half_open_by_bpf);
  if (outcome.syns_error != 0) {
    printf("skipped: SYNs cannot be counted here: %s\n",
           strerror(-outcome.syns_error));
    end();
    return;
  }
  ck_assert(reading->syns_known);
  const uint64_t all = reading->syns, ours = syns_of(ZOO_PORT_IPV4);
  zoo_add_half_open(&zoo, ZOO_IPV4, 7);
  zoo_add_half_open(&zoo, ZOO_IPV6, 3);
  usleep(AGED_AFTER_US);
  look();
  ck_assert(outcome.walk_left_out);
  ck_assert_uint_eq(reading->syns, all + 10);
  ck_assert_uint_eq(syns_of(ZOO_PORT_IPV4), ours + 7);
  ck_assert_uint_eq(find(TCP_IPV6, ZOO_PORT_IPV6)->syns, 3);
  end();
}
END_TEST

static int listen_at(uint16_t port, uint32_t address) {
  struct sockaddr_in at = {.sin_family = AF_INET,
                           .sin_port = htons(port),
                           .sin_addr.s_addr = htonl(address)};
  int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  must(fd >= 0 &&
           setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)) == 0 &&
           bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
           listen(fd, 64) == 0,
       "to listen");
  return fd;
}

START_TEST(without_a_listener_there_is_nothing_to_count) {
  namespace_enter();
  look_without_walk();
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
  ck_assert(reading_knows(reading, TCP_STATE_SYN_RECV));
  end();
}
END_TEST

START_TEST(listeners_may_come_and_go) {
  int fd[3];
  namespace_enter();
  begin();
  look();
  for (int i = 0; i < 3; i++) {
    fd[i] = listen_at((uint16_t)(4000 + i), INADDR_LOOPBACK);
    look();
    ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], (unsigned)i + 1);
    ck_assert(outcome.half_open_by_bpf);
  }
  for (int i = 0; i < 3; i++) {
    close(fd[i]);
    look();
    ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 2u - (unsigned)i);
    ck_assert(outcome.half_open_by_bpf);
  }
  end();
}
END_TEST

START_TEST(there_is_room_for_more_listeners_than_there_were) {
  const struct rlimit files = {2 * MANY_LISTENERS, 2 * MANY_LISTENERS};
  must(setrlimit(RLIMIT_NOFILE, &files) == 0, "so many open files");
  namespace_enter();
  zoo = zoo_create_empty();
  begin();
  look();
  for (int i = 0; i < MANY_LISTENERS; i++)
    listen_at((uint16_t)(10000 + i), INADDR_ANY);
  zoo_add_deferred(&zoo, 9);
  look();
  ck_assert_int_eq(outcome.bpf_error, 0);
  ck_assert(outcome.half_open_by_bpf && outcome.walk_left_out);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 9);
  ck_assert_uint_eq(find(TCP_IPV4, ZOO_PORT_DEFERRED)->half_open, 9);
  end();
}
END_TEST

/* The iterator sees the sockets of one network namespace alone. */
START_TEST(other_namespaces_are_not_seen) {
  look_without_walk();
  ck_assert_uint_gt(reading->total[TCP_STATE_SYN_RECV], 0);
  end();
  must(unshare(CLONE_NEWNET) == 0, "another network namespace");
  listen_at(4000, INADDR_LOOPBACK);
  look_without_walk();
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 1);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
  end();
}
END_TEST

/* Whether the program can be loaded here; if not, says why. */
static bool runs_here(void) {
  begin();
  look();
  if (outcome.bpf_error != 0)
    printf("skipped: BPF does not run here: %s: %s\n", outcome.bpf_failed,
           strerror(-outcome.bpf_error));
  bool runs = outcome.half_open_by_bpf;
  end();
  return runs;
}

int main(void) {
  if (!runs_here())
    return SKIPPED;
  Suite *suite = suite_create("half_open");
  TCase *tcase = tcase_create("zoo");
  tcase_set_timeout(tcase, 30);
  tcase_add_unchecked_fixture(tcase, build, NULL);
  tcase_add_test(tcase, between_walks_each_listener_counts_what_was_made);
  tcase_add_test(tcase, between_walks_it_is_as_a_walk_and_ss_have_it);
  tcase_add_test(tcase,
                 between_walks_established_is_known_and_the_sources_are_not);
  tcase_add_test(tcase, every_sixtieth_reading_is_a_walk_and_agrees);
  tcase_add_test(tcase, other_namespaces_are_not_seen);
  tcase_add_test(tcase, without_a_listener_there_is_nothing_to_count);
  tcase_add_test(tcase, listeners_may_come_and_go);
  tcase_add_test(tcase, there_is_room_for_more_listeners_than_there_were);
  tcase_add_test(tcase, a_deferred_accept_is_not_unanswered);
  /* Adds to the kernel's sockets what the others would not expect. */
  tcase_add_test(tcase, new_entries_are_young_and_old_ones_aged);
  tcase_add_test(tcase, the_syns_of_each_listener_are_counted);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
