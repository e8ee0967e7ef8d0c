/* The look at established sockets by BPF and by netlink, on sockets that hold
 * and others, over IPv4, IPv6 and IPv4 on a dual-stack listener: both are to
 * have each socket with the same figures, find what was made, and agree with
 * ss. Where the kernel or its administrator refuses BPF, the reason is printed
 * and the test is skipped: exit status 77. */
#define _GNU_SOURCE
#include "io/table_source.h"
#include "must.h"
#include "namespace.h"
#include "peer.h"

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  SKIPPED = 77,
  PORT = 8000, /* and the next ones */
  /* Of each flavour. */
  SLOW_READERS = 5,
  GIVEN_UP = 2, /* slow readers whose server has closed */
  DRIPS = 4,
  MUTES = 3,
  TALKERS = 6,
  VANISHED = 2, /* acknowledge nothing; of IPv4 */
  ROWS_MAX = 1024,
  STARVED_AFTER_S = 11,
  APART_MS = 500, /* from one look to the other, at most */
};

static const struct flavour {
  int family;
  bool dual_stack;
} flavours[] = {{AF_INET, false}, {AF_INET6, false}, {AF_INET6, true}};
enum { FLAVOURS = sizeof(flavours) / sizeof(flavours[0]) };

/* Each socket that a look has taken in, in the order of its figures. */
struct seen {
  struct tcp_row row;
  struct tcp_activity activity;
  bool known;
};
static struct seen rows[2][ROWS_MAX];
static size_t rows_len[2];
static int looking; /* of those two */

int __real_holders_add(struct holders *holders, const struct tcp_row *row,
                       const struct tcp_activity *activity);
int __wrap_holders_add(struct holders *holders, const struct tcp_row *row,
                       const struct tcp_activity *activity);

int __wrap_holders_add(struct holders *holders, const struct tcp_row *row,
                       const struct tcp_activity *activity) {
  if (row->state != TCP_STATE_LISTEN && rows_len[looking] < ROWS_MAX) {
    struct seen *seen = &rows[looking][rows_len[looking]++];
    seen->row = *row;
    seen->known = activity != NULL;
    if (activity != NULL)
      seen->activity = *activity;
  }
  return __real_holders_add(holders, row, activity);
}

/* Sockets. */

static int listeners[FLAVOURS], talkers[FLAVOURS][TALKERS][2];
static int drips[FLAVOURS][DRIPS];

static int open_socket(const struct flavour *flavour) {
  const int only = !flavour->dual_stack, small = 4096;
  int fd = socket(flavour->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(fd >= 0, "socket");
  if (flavour->family == AF_INET6)
    must(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof(only)) == 0,
         "IPV6_V6ONLY");
  must(setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof(small)) == 0 &&
           setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof(small)) == 0,
       "small buffers");
  return fd;
}

static void open_listener(int which) {
  const uint16_t port = htons((uint16_t)(PORT + which));
  const struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = port};
  const struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = port};
  const bool is_ipv4 = flavours[which].family == AF_INET;
  int fd = open_socket(&flavours[which]);
  must(bind(fd,
            is_ipv4 ? (const struct sockaddr *)&ipv4
                    : (const struct sockaddr *)&ipv6,
            is_ipv4 ? sizeof(ipv4) : sizeof(ipv6)) == 0 &&
           listen(fd, 64) == 0,
       "listen");
  listeners[which] = fd;
}

/* A client, and the server's end of it. */
static int connect_to(int which, int *server) {
  static const struct flavour ipv4 = {AF_INET, false};
  const uint16_t port = htons((uint16_t)(PORT + which));
  const struct sockaddr_in to = {.sin_family = AF_INET,
                                 .sin_port = port,
                                 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  const struct sockaddr_in6 to6 = {.sin6_family = AF_INET6,
                                   .sin6_port = port,
                                   .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  const bool by_ipv4 =
      flavours[which].family == AF_INET || flavours[which].dual_stack;
  int fd = open_socket(by_ipv4 ? &ipv4 : &flavours[which]);
  must(connect(fd,
               by_ipv4 ? (const struct sockaddr *)&to
                       : (const struct sockaddr *)&to6,
               by_ipv4 ? sizeof(to) : sizeof(to6)) == 0,
       "connect");
  *server = accept4(listeners[which], NULL, NULL, SOCK_CLOEXEC);
  must(*server >= 0, "accept");
  return fd;
}

static void say(int fd, const char *text) {
  must(send(fd, text, strlen(text), 0) == (ssize_t)strlen(text), "send");
}

/* All that the client's window and the server's buffer take. */
static void fill(int server) {
  static const char data[4096];
  while (send(server, data, sizeof(data), MSG_DONTWAIT) > 0)
    continue;
}

static void talk(const int pair[2]) {
  char text[16];
  say(pair[0], "GET /\n");
  must(recv(pair[1], text, sizeof(text), 0) > 0, "a request");
  say(pair[1], "200\n");
  must(recv(pair[0], text, sizeof(text), 0) > 0, "an answer");
}

static void make_sockets(int which) {
  char text[16];
  int server;
  open_listener(which);
  for (int i = 0; i < SLOW_READERS + GIVEN_UP; i++) {
    say(connect_to(which, &server), "GET /large\n");
    must(recv(server, text, sizeof(text), 0) > 0, "a request");
    fill(server);
    if (i >= SLOW_READERS)
      close(server);
  }
  for (int i = 0; i < DRIPS; i++) {
    drips[which][i] = connect_to(which, &server);
    say(drips[which][i], "GET /\n");
  }
  for (int i = 0; i < MUTES; i++)
    connect_to(which, &server);
  for (int i = 0; i < TALKERS; i++)
    talkers[which][i][0] = connect_to(which, &talkers[which][i][1]);
}

/* Its wire is a TUN device that nobody reads any more. */
static void make_vanished(void) {
  int tun = namespace_open_tun("gone");
  namespace_add_address("gone", "10.88.0.1", 24);
  for (int i = 0; i < VANISHED; i++) {
    struct peer peer =
        peer_create(tun, "10.88.0.2", (uint16_t)(5000 + i), "10.88.0.1", PORT);
    peer_connect(&peer);
    int server = accept4(listeners[0], NULL, NULL, SOCK_CLOEXEC);
    must(server >= 0, "accept");
    say(server, "hello");
  }
}

/* Whoever drips says one more line; the others have just talked. */
static void make_move(void) {
  for (int which = 0; which < FLAVOURS; which++) {
    for (int i = 0; i < DRIPS; i++)
      say(drips[which][i], "X: y\n");
    for (int i = 0; i < TALKERS; i++)
      talk(talkers[which][i]);
  }
}

static void build(void) {
  namespace_enter();
  for (int which = 0; which < FLAVOURS; which++)
    make_sockets(which);
  make_vanished();
  sleep(STARVED_AFTER_S);
}

/* Looks. */

/* What looks once. */
struct eye {
  struct table_source *source;
  bool by_bpf;
  struct table_source_outcome outcome;
};

static void take(struct eye *eye) {
  const struct reading *reading;
  const struct kernel_counters *counters;
  looking = eye->by_bpf;
  rows_len[looking] = 0;
  errno = -table_source_read(eye->source, &reading, &counters, &eye->outcome);
  must(errno == 0, "a reading");
}

/* The first look of one by BPF is by netlink, and compared. */
static struct eye open_eye(bool by_bpf, enum held_look kind) {
  const struct table_source_options options = {
      .source = "netlink", .half_open_by_bpf = by_bpf, .look = kind};
  struct eye eye = {.by_bpf = by_bpf};
  must(table_source_create(&options, &eye.source) == 0, "table_source");
  if (by_bpf)
    take(&eye);
  return eye;
}

static struct held_values use_eye(struct eye *eye) {
  take(eye);
  table_source_destroy(eye->source);
  ck_assert_int_eq(eye->outcome.looked_by_bpf, eye->by_bpf);
  ck_assert(!eye->outcome.look_bpf_doubted);
  return eye->outcome.held;
}

static struct held_values look_by(bool by_bpf, enum held_look kind) {
  struct eye eye = open_eye(by_bpf, kind);
  return use_eye(&eye);
}

/* By what does not change while nobody moves. */
static int compare(const void *left, const void *right) {
  const struct seen *a = left, *b = right;
  const uint64_t figures[][2] = {
      {a->row.family, b->row.family},
      {a->row.local_port, b->row.local_port},
      {a->row.state, b->row.state},
      {a->activity.data_segs_in, b->activity.data_segs_in},
      {a->activity.data_segs_out, b->activity.data_segs_out},
      {a->activity.bytes_acked, b->activity.bytes_acked},
      {a->activity.bytes_received, b->activity.bytes_received},
      {a->activity.sent_ms, b->activity.sent_ms},
  };
  for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
    if (figures[i][0] != figures[i][1])
      return figures[i][0] < figures[i][1] ? -1 : 1;
  return memcmp(a->row.remote, b->row.remote, sizeof(a->row.remote));
}

static void assert_near(uint64_t netlink, uint64_t bpf, uint64_t apart) {
  ck_assert_uint_le(netlink, bpf + 1);
  ck_assert_uint_le(bpf, netlink + apart);
}

/* A clock goes on, and its ticks are not milliseconds. */
static void assert_same(const struct seen *netlink, const struct seen *bpf) {
  const struct tcp_activity *a = &netlink->activity, *b = &bpf->activity;
  ck_assert_uint_eq(netlink->row.family, bpf->row.family);
  ck_assert_uint_eq(netlink->row.state, bpf->row.state);
  ck_assert_uint_eq(netlink->row.local_port, bpf->row.local_port);
  ck_assert_mem_eq(netlink->row.local, bpf->row.local, 16);
  ck_assert_mem_eq(netlink->row.remote, bpf->row.remote, 16);
  ck_assert_int_eq(netlink->row.timer == TCP_TIMER_PROBE,
                   bpf->row.timer == TCP_TIMER_PROBE);
  ck_assert_uint_eq(netlink->row.retransmits, bpf->row.retransmits);
  ck_assert(netlink->known && bpf->known);
  ck_assert_uint_eq(a->data_segs_in, b->data_segs_in);
  ck_assert_uint_eq(a->data_segs_out, b->data_segs_out);
  ck_assert_uint_eq(a->bytes_acked, b->bytes_acked);
  ck_assert_uint_eq(a->bytes_received, b->bytes_received);
  assert_near(a->sent_ms, b->sent_ms, APART_MS);
  assert_near(a->received_ms, b->received_ms, APART_MS);
  assert_near(a->busy_us / 1000, b->busy_us / 1000, APART_MS);
}

START_TEST(each_socket_has_the_same_figures_by_both) {
  unsigned clocks = 0;
  struct eye walk = open_eye(false, HELD_LOOK_INFO);
  struct eye bpf = open_eye(true, HELD_LOOK_INFO);
  use_eye(&walk);
  use_eye(&bpf);
  ck_assert_uint_eq(rows_len[0], rows_len[1]);
  ck_assert_uint_ge(rows_len[0], 2 * FLAVOURS * (SLOW_READERS + DRIPS + MUTES));
  for (int i = 0; i < 2; i++)
    qsort(rows[i], rows_len[i], sizeof(rows[i][0]), compare);
  for (size_t i = 0; i < rows_len[0]; i++) {
    assert_same(&rows[0][i], &rows[1][i]);
    clocks += rows[1][i].activity.busy_us > 10000000;
    clocks += rows[1][i].activity.received_ms > 10000;
  }
  ck_assert_uint_ge(clocks, 2 * FLAVOURS * SLOW_READERS);
}
END_TEST

/* Both ends of who never speaks are mute; a client's end of nothing else is of
 * a kind. A client that vanished is none. */
START_TEST(both_find_what_was_made) {
  for (int by_bpf = 0; by_bpf < 2; by_bpf++) {
    struct held_values seen = look_by(by_bpf != 0, HELD_LOOK_INFO);
    ck_assert_double_eq(seen.zero_window, FLAVOURS * (SLOW_READERS + GIVEN_UP));
    ck_assert_double_eq(seen.kind[HOLDER_STARVED],
                        FLAVOURS * (SLOW_READERS + GIVEN_UP));
    ck_assert_double_eq(seen.kind[HOLDER_DRIP], FLAVOURS * DRIPS);
    ck_assert_double_eq(seen.kind[HOLDER_MUTE], FLAVOURS * 2 * MUTES);
    ck_assert_double_eq(seen.sockets, VANISHED + FLAVOURS * 2 *
                                                     (SLOW_READERS + GIVEN_UP +
                                                      DRIPS + MUTES + TALKERS));
    ck_assert(seen.listener_known);
    ck_assert_uint_eq(seen.holders,
                      FLAVOURS * (SLOW_READERS + GIVEN_UP + DRIPS + 2 * MUTES));
  }
}
END_TEST

START_TEST(both_have_the_same_place) {
  struct eye walk = open_eye(false, HELD_LOOK_INFO);
  struct eye bpf = open_eye(true, HELD_LOOK_INFO);
  struct held_values walked = use_eye(&walk), seen = use_eye(&bpf);
  ck_assert_uint_eq(walked.listener.family, seen.listener.family);
  ck_assert_uint_eq(walked.listener.half_open, seen.listener.half_open);
  ck_assert_uint_eq(walked.source.prefix, seen.source.prefix);
  ck_assert_uint_eq(walked.source.half_open, seen.source.half_open);
  ck_assert_mem_eq(walked.source.address, seen.source.address, 16);
}
END_TEST

/* The rest is counted where the program runs. */
START_TEST(without_tcp_info_only_zero_windows_come_out) {
  struct held_values walked = look_by(false, HELD_LOOK);
  struct held_values seen = look_by(true, HELD_LOOK);
  ck_assert_uint_eq(rows_len[true], FLAVOURS * (SLOW_READERS + GIVEN_UP));
  ck_assert_double_eq(seen.zero_window, walked.zero_window);
  ck_assert_double_eq(seen.sockets, walked.sockets);
  ck_assert_uint_eq(seen.holders, walked.holders);
}
END_TEST

START_TEST(ss_sees_the_same) {
  char line[2048];
  double sockets = 0, probed = 0;
  struct held_values seen = look_by(true, HELD_LOOK);
  FILE *ss = popen("ss -HtinoO state established state fin-wait-1", "r");
  must(ss != NULL, "ss");
  while (fgets(line, sizeof(line), ss) != NULL) {
    const char *timer = strstr(line, "timer:(persist,");
    const char *unanswered = timer != NULL ? strchr(timer + 15, ',') : NULL;
    sockets++;
    probed += unanswered != NULL && strncmp(unanswered, ",0)", 3) == 0;
  }
  must(pclose(ss) == 0, "ss");
  ck_assert_double_eq(seen.sockets, sockets);
  ck_assert_double_eq(seen.zero_window, probed);
}
END_TEST

/* The iterator sees the sockets of one network namespace alone. */
START_TEST(other_namespaces_are_not_seen) {
  must(unshare(CLONE_NEWNET) == 0, "another network namespace");
  for (int kind = HELD_LOOK; kind <= HELD_LOOK_INFO; kind++) {
    struct held_values seen = look_by(true, (enum held_look)kind);
    ck_assert_double_eq(seen.sockets, 0);
    ck_assert_double_eq(seen.zero_window, 0);
    ck_assert_uint_eq(rows_len[true], 0);
  }
}
END_TEST

/* Whether the program can be loaded here; if not, says why. */
static bool runs_here(void) {
  struct eye eye = open_eye(true, HELD_LOOK);
  const struct table_source_outcome *outcome = &eye.outcome;
  table_source_destroy(eye.source);
  if (outcome->bpf_error == 0 && outcome->look_bpf_error == 0)
    return true;
  printf("skipped: BPF does not run here: %s, %s: %s\n", outcome->bpf_failed,
         outcome->look_bpf_failed,
         strerror(-(outcome->bpf_error != 0 ? outcome->bpf_error
                                            : outcome->look_bpf_error)));
  return false;
}

int main(void) {
  if (!runs_here())
    return SKIPPED;
  Suite *suite = suite_create("look");
  TCase *tcase = tcase_create("sockets");
  tcase_set_timeout(tcase, 30);
  tcase_add_unchecked_fixture(tcase, build, NULL);
  tcase_add_checked_fixture(tcase, make_move, NULL);
  tcase_add_test(tcase, both_find_what_was_made);
  tcase_add_test(tcase, each_socket_has_the_same_figures_by_both);
  tcase_add_test(tcase, both_have_the_same_place);
  tcase_add_test(tcase, without_tcp_info_only_zero_windows_come_out);
  tcase_add_test(tcase, ss_sees_the_same);
  tcase_add_test(tcase, other_namespaces_are_not_seen);
  suite_add_tcase(suite, tcase);
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
