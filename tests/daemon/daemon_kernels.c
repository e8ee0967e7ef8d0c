/* Kernels and containers that tell less: tests/fixtures stands in for
 * /proc/net, and a namespace in which IPv6 is disabled. What is told comes as
 * values, no incident is made of the rest, and the log names each lack once. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static struct daemon daemon_;

/* How many sockets stand in the tables of the folder. */
static const struct kernel {
  const char *folder;
  double listen, established, half_open;
  bool cookies; /* it counts them */
} kernels[] = {
    {FIXTURES "/linux-2.6.32", 3, 2, 0, true},
    {FIXTURES "/no-syncookies", 3, 3, 5, false},
    {FIXTURES "/no-ipv6", 2, 2, 3, true},
    {FIXTURES "/few-counters", 2, 2, 3, false},
    {FIXTURES "/gvisor", 2, 2, 0, false},
};
enum { KERNELS = sizeof(kernels) / sizeof(kernels[0]) };

START_TEST(a_kernel_that_tells_less_is_read_and_raises_nothing) {
  const struct kernel *kernel = &kernels[_i];
  double value = 0;
  daemon_start(&daemon_, &(struct daemon_setup){.interval = "0.1",
                                                .baseline = "WarmUp 1",
                                                .more = "Timeout 1000",
                                                .without_netlink = true,
                                                .proc_net = kernel->folder});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-LISTEN",
               kernel->listen);
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-ESTABLISHED",
               kernel->established);
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-SYN_RECV",
               kernel->half_open);
  daemon_await(&daemon_, "tcpstates-all/protocol_counter-PassiveOpens", 0);
  ck_assert_int_eq(daemon_value(&daemon_,
                                "tcpstates-all/protocol_counter-SyncookiesSent",
                                &value),
                   kernel->cookies);
  daemon_await(&daemon_, "baseline-syn_flood/gauge-severity", 0);
  daemon_pause(3);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(
      daemon_count_log(&daemon_, "tcpstates: netlink is not available"), 1);
  ck_assert_int_eq(daemon_complaints(&daemon_), 1);
  ck_assert_int_eq(daemon_count_log(&daemon_, "Notification: "), 0);
}
END_TEST

static void disable_ipv6(void) {
  int fd = open("/proc/sys/net/ipv6/conf/all/disable_ipv6", O_WRONLY);
  ck_assert_msg(fd >= 0 && write(fd, "1\n", 2) == 2,
                "net.ipv6.conf.all.disable_ipv6 cannot be set");
  close(fd);
}

static void listen_on_loopback(void) {
  const struct sockaddr_in6 six = {.sin6_family = AF_INET6,
                                   .sin6_addr = IN6ADDR_LOOPBACK_INIT};
  int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ck_assert_int_lt(bind(fd, (const struct sockaddr *)&six, sizeof(six)), 0);
  close(fd);
  fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ck_assert_int_eq(listen(fd, 8), 0);
}

START_TEST(where_ipv6_is_disabled_nothing_is_missed) {
  disable_ipv6();
  listen_on_loopback();
  daemon_start(&daemon_,
               &(struct daemon_setup){
                   .interval = "0.1",
                   .options = _i == 0 ? "ReportByFamily true\n  Source auto"
                                      : "ReportByFamily true\n  Source proc"});
  daemon_await(&daemon_, "tcpstates-all/tcp_connections-LISTEN", 1);
  daemon_await(&daemon_, "tcpstates-ipv4/tcp_connections-LISTEN", 1);
  daemon_await(&daemon_, "tcpstates-ipv6/tcp_connections-LISTEN", 0);
  daemon_pause(1);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_complaints(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "Notification: "), 0);
}
END_TEST

TCase *daemon_kernels_case(void) {
  TCase *tcase = tcase_create("kernels");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_loop_test(
      tcase, a_kernel_that_tells_less_is_read_and_raises_nothing, 0, KERNELS);
  tcase_add_loop_test(tcase, where_ipv6_is_disabled_nothing_is_missed, 0, 2);
  return tcase;
}
