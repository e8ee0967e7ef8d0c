/* See daemon_sockets.h. All states but SYN_SENT and SYN_RECV stand still for as
 * long as nobody closes anything; these two for half a minute. */
#define _GNU_SOURCE
#include "daemon_sockets.h"

#include <check.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

const struct state_names state_names[STATES] = {
    {"ESTABLISHED", "ESTAB"},    {"SYN_SENT", "SYN-SENT"},
    {"SYN_RECV", "SYN-RECV"},    {"FIN_WAIT1", "FIN-WAIT-1"},
    {"FIN_WAIT2", "FIN-WAIT-2"}, {"TIME_WAIT", "TIME-WAIT"},
    {"CLOSED", "UNCONN"},        {"CLOSE_WAIT", "CLOSE-WAIT"},
    {"LAST_ACK", "LAST-ACK"},    {"LISTEN", "LISTEN"},
    {"CLOSING", "CLOSING"},
};

union address {
  struct sockaddr any;
  struct sockaddr_in ipv4;
  struct sockaddr_in6 ipv6;
};

static socklen_t loopback(int family, uint16_t port, union address *address) {
  memset(address, 0, sizeof(*address));
  address->any.sa_family = (sa_family_t)family;
  if (family == AF_INET) {
    address->ipv4.sin_port = htons(port);
    address->ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return sizeof(address->ipv4);
  }
  address->ipv6.sin6_port = htons(port);
  address->ipv6.sin6_addr = in6addr_loopback;
  return sizeof(address->ipv6);
}

static int make_listener(int family, uint16_t port, int backlog) {
  union address address;
  socklen_t len = loopback(family, port, &address);
  int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ck_assert_int_ge(fd, 0);
  ck_assert_int_eq(bind(fd, &address.any, len), 0);
  ck_assert_int_eq(listen(fd, backlog), 0);
  return fd;
}

static int make_client(int family, uint16_t port, int type_flags) {
  union address address;
  socklen_t len = loopback(family, port, &address);
  int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | type_flags, 0);
  ck_assert_int_ge(fd, 0);
  int rc = connect(fd, &address.any, len);
  ck_assert(rc == 0 || (type_flags != 0 && errno == EINPROGRESS));
  return fd;
}

static void make_pair(int listener, int pair[2]) {
  pair[0] = make_client(AF_INET, SCENE_PORT_BUSY, 0);
  pair[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  ck_assert_int_ge(pair[1], 0);
}

static void make_busy_port(void) {
  int listener = make_listener(AF_INET, SCENE_PORT_BUSY, 64);
  int pair[2];
  for (int i = 0; i < 5; i++)
    make_pair(listener, pair);
  for (int i = 0; i < 3; i++) { /* FIN_WAIT2 and CLOSE_WAIT */
    make_pair(listener, pair);
    ck_assert_int_eq(shutdown(pair[0], SHUT_WR), 0);
  }
  for (int i = 0; i < 4; i++) { /* TIME_WAIT */
    make_pair(listener, pair);
    close(pair[0]);
    close(pair[1]);
  }
}

/* A queue takes its backlog and one more; whoever comes then stays SYN_SENT. */
static void make_full_queue(void) {
  make_listener(AF_INET6, SCENE_PORT_FULL, SCENE_FULL_QUEUE - 1);
  for (int i = 0; i < SCENE_FULL_QUEUE; i++)
    make_client(AF_INET6, SCENE_PORT_FULL, 0);
  make_client(AF_INET6, SCENE_PORT_FULL, SOCK_NONBLOCK);
}

/* Without data the server's side stays half-open. */
static void make_half_open(void) {
  int seconds = 30;
  int listener = make_listener(AF_INET, SCENE_PORT_DEFERRED, 64);
  ck_assert_int_eq(setsockopt(listener, IPPROTO_TCP, TCP_DEFER_ACCEPT, &seconds,
                              sizeof(seconds)),
                   0);
  for (int i = 0; i < SCENE_HALF_OPEN; i++)
    make_client(AF_INET, SCENE_PORT_DEFERRED, 0);
}

void sockets_make_scene(void) {
  make_busy_port();
  make_full_queue();
  make_half_open();
}

unsigned sockets_count(const char *arguments, const char *ss_state) {
  char command[128], line[512], state[32];
  unsigned count = 0;
  snprintf(command, sizeof(command), "ss -Htan %s", arguments);
  FILE *ss = popen(command, "r");
  ck_assert_ptr_nonnull(ss);
  while (fgets(line, sizeof(line), ss) != NULL)
    if (sscanf(line, "%31s", state) == 1 && strcmp(state, ss_state) == 0)
      count++;
  ck_assert_int_eq(pclose(ss), 0);
  return count;
}
