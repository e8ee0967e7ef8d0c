/* See busy_port.h. Every SYN is from a source of its own; the SYN-ACKs are left
 * unread on the TUN device, which drops them when its queue is full. */
#define _GNU_SOURCE
#include "busy_port.h"

#include "must.h"
#include "namespace.h"
#include "peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  FIRST_GROUP = 20000, /* ports */
  FIRST_LISTENER = 21000,
  FLOODED = 20999,
  BACKLOG = 65535,
  SOURCES_EACH = 250, /* in a /24 */
  BURST = 500,
  BURST_PAUSE_US = 5000,
};

static int tun = -1;

static void set(const char *path, const char *value) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  must(fd >= 0, path);
  must(write(fd, value, strlen(value)) == (ssize_t)strlen(value), path);
  close(fd);
}

static void listen_on(uint16_t port, bool twin) {
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons(port)};
  const int on = twin;
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(fd >= 0, "socket");
  must(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0,
       "SO_REUSEPORT");
  must(bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0,
       "bind");
  must(listen(fd, BACKLOG) == 0, "listen");
}

void busy_port_open(void) {
  struct rlimit limit;
  must(getrlimit(RLIMIT_NOFILE, &limit) == 0, "RLIMIT_NOFILE");
  limit.rlim_cur = limit.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &limit) == 0, "RLIMIT_NOFILE");
  set("/proc/sys/net/core/somaxconn", "65535");
  set("/proc/sys/net/ipv4/tcp_max_syn_backlog", "65535");
  tun = namespace_open_tun("busy");
  namespace_add_address("busy", "10.99.0.1", 16);
  for (int group = 0; group < BUSY_GROUPS; group++)
    for (int twin = 0; twin < BUSY_TWINS; twin++)
      listen_on((uint16_t)(FIRST_GROUP + group), true);
  for (int i = 0; i < BUSY_LISTENERS; i++)
    listen_on((uint16_t)(FIRST_LISTENER + i), false);
  listen_on(FLOODED, false);
}

void busy_port_fill(void) {
  for (int i = 0; i < BUSY_HALF_OPEN; i++) {
    char from[INET_ADDRSTRLEN];
    snprintf(from, sizeof(from), "10.99.%d.%d", 1 + i / SOURCES_EACH,
             1 + i % SOURCES_EACH);
    struct peer peer = peer_create(tun, from, 5000, "10.99.0.1", FLOODED);
    peer_send(&peer, SEGMENT_SYN);
    if (i % BURST == BURST - 1)
      usleep(BURST_PAUSE_US);
  }
}
