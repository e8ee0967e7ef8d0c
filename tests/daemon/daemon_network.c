/* A hundred thousand host names in packets to the stock plugin network: the
 * daemon judges MaxHosts of them, says once that there are more, and its own
 * host is judged on. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"
#include "daemon_probe.h"

#include "central/packet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 100000, MOST = 1000, PORT = 25826, AT_ONCE = 50 };

static struct daemon daemon_;

/* Only baseline gets the values of the many: csv would make a file of each. */
static const struct daemon_setup setup = {
    .stock = "LoadPlugin network\n<Plugin network>\n"
             "  Listen \"127.0.0.1\"\n</Plugin>\nLoadPlugin match_regex\n"
             "PostCacheChain \"few\"\n<Chain \"few\">\n  <Rule \"many\">\n"
             "    <Match \"regex\">\n      Host \"^other-\"\n    </Match>\n"
             "    <Target \"write\">\n      Plugin \"baseline\"\n"
             "    </Target>\n    Target \"stop\"\n  </Rule>\n"
             "  Target \"write\"\n</Chain>\n",
    .baseline = "MaxHosts 1000\n  StateFile \"state\"\n"};

static void send_host(int socket_fd, int number) {
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons(PORT),
                           .sin_addr = {htonl(INADDR_LOOPBACK)}};
  struct packet packet;
  char host[32];
  snprintf(host, sizeof(host), "other-%d", number);
  struct packet_head head = {
      .host = host, .time_s = (double)time(NULL), .interval_s = 10};
  packet_begin(&packet, &head);
  packet_add(&packet, SIGNAL_SYN_RECV, 1, 0);
  packet_add(&packet, SIGNAL_ESTABLISHED, 50, 0);
  packet_end(&packet, &head);
  if (sendto(socket_fd, packet.bytes, packet.length, 0, (struct sockaddr *)&to,
             sizeof(to)) != (ssize_t)packet.length)
    ck_abort_msg("host %d is not sent", number);
}

/* Slowly enough that the daemon can take most of them in. */
static void send_many(void) {
  int socket_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  ck_assert_int_ge(socket_fd, 0);
  for (int i = 0; i < MANY; i++) {
    send_host(socket_fd, i);
    if (i % AT_ONCE == 0)
      daemon_pause(0.001);
  }
  close(socket_fd);
}

static int hosts_saved(void) {
  char path[DAEMON_PATH_MAX + 32], line[4096];
  int hosts = 0;
  snprintf(path, sizeof(path), "%s/state", daemon_.dir);
  FILE *file = fopen(path, "r");
  ck_assert_ptr_nonnull(file);
  while (fgets(line, sizeof(line), file))
    hosts += strncmp(line, "host ", 5) == 0;
  fclose(file);
  return hosts;
}

START_TEST(a_hundred_thousand_hosts_are_told_once_and_kept_in_bounds) {
  daemon_start(&daemon_, &setup);
  daemon_await(&daemon_, "baseline-syn_flood/gauge-severity", 0);
  send_many();
  daemon_await_log(&daemon_, "baseline: more hosts than MaxHosts 1000");
  daemon_pause(2.5);
  daemon_await(&daemon_, "baseline-syn_flood/gauge-severity", 0);
  daemon_talk(&daemon_);
  daemon_tell("FLUSH plugin=baseline\n");
  ck_assert_int_le(hosts_saved(), MOST);
  ck_assert_int_eq(daemon_count_log(&daemon_, "more hosts than MaxHosts"), 1);
  ck_assert_int_eq(daemon_stop(&daemon_), 0);
  ck_assert_int_eq(daemon_count_log(&daemon_, "baseline: "), 1);
}
END_TEST

TCase *daemon_network_case(void) {
  TCase *tcase = tcase_create("network");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_test(tcase,
                 a_hundred_thousand_hosts_are_told_once_and_kept_in_bounds);
  return tcase;
}
