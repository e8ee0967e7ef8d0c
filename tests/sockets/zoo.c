/* See zoo.h. Which steps lead to which state: RFC 9293, and
 * net/ipv4/tcp_input.c for FIN_WAIT2, which is a full socket as long as someone
 * holds it, or lingers for over a minute, and a timewait mini-socket else. */
#define _GNU_SOURCE
#include "zoo.h"

#include "must.h"
#include "namespace.h"
#include "peer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

struct flavour {
  int family; /* of our sockets */
  bool v6only;
  uint16_t port;
  const char *own, *remote; /* as they stand in the packets */
  const char *silent;       /* for connect(); nobody answers there */
  enum tcp_family table;
};

static const struct flavour flavours[ZOO_FLAVOURS] = {
    [ZOO_IPV4] = {AF_INET, false, ZOO_PORT_IPV4, "10.77.0.1", "10.77.0.2",
                  "10.77.0.9", TCP_IPV4},
    [ZOO_IPV6] = {AF_INET6, true, ZOO_PORT_IPV6, "fd77::1", "fd77::2",
                  "fd77::9", TCP_IPV6},
    [ZOO_MAPPED] = {AF_INET6, false, ZOO_PORT_MAPPED, "10.77.0.1", "10.77.0.3",
                    "::ffff:10.77.0.9", TCP_IPV6},
};

/* Steps after the handshake. Ours: w shutdown of writing, l long lingering in
 * FIN_WAIT2, c close. The remote end's: A acknowledges our FIN, F sends its
 * own. No two states have the same number of sockets. */
static const struct exhibit {
  enum tcp_state state;
  const char *steps;
  unsigned how_many;
  bool is_mini;
} exhibits[] = {
    {TCP_STATE_ESTABLISHED, "", 11, false},
    {TCP_STATE_FIN_WAIT1, "c", 4, false},
    {TCP_STATE_FIN_WAIT1, "w", 1, false},
    {TCP_STATE_FIN_WAIT2, "wA", 1, false},
    {TCP_STATE_FIN_WAIT2, "lcA", 2, false},
    {TCP_STATE_FIN_WAIT2, "cA", 3, true},
    {TCP_STATE_CLOSE_WAIT, "F", 7, false},
    {TCP_STATE_LAST_ACK, "Fc", 4, false},
    {TCP_STATE_CLOSING, "cF", 3, false},
    {TCP_STATE_TIME_WAIT, "cAF", 8, false},
};
enum { SYN_SENT_EACH = 2, SYN_RECV_EACH = 9, BOUND_EACH = 2 };

static int open_socket(const struct flavour *flavour) {
  int fd = socket(flavour->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(fd >= 0, "a TCP socket");
  const int v6only = flavour->v6only;
  if (flavour->family == AF_INET6)
    must(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &v6only, sizeof(v6only)) ==
             0,
         "IPV6_V6ONLY");
  return fd;
}

/* To the wildcard address. */
static void bind_to(int fd, int family, uint16_t port) {
  const struct sockaddr_in ipv4 = {.sin_family = AF_INET,
                                   .sin_port = htons(port)};
  const struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6,
                                    .sin6_port = htons(port)};
  if (family == AF_INET)
    must(bind(fd, (const struct sockaddr *)&ipv4, sizeof(ipv4)) == 0, "bind");
  else
    must(bind(fd, (const struct sockaddr *)&ipv6, sizeof(ipv6)) == 0, "bind");
}

/* May have twins: whoever is alone at its port listens all the same. */
static int open_listener(struct zoo *zoo, const struct flavour *flavour,
                         uint16_t port, int backlog) {
  const int on = 1;
  int fd = open_socket(flavour);
  must(setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on)) == 0,
       "SO_REUSEPORT");
  bind_to(fd, flavour->family, port);
  must(listen(fd, backlog) == 0, "listen");
  zoo->count[flavour->table][TCP_STATE_LISTEN]++;
  return fd;
}

static struct peer next_peer(struct zoo *zoo, const struct flavour *flavour,
                             uint16_t port) {
  return peer_create(zoo->tun, flavour->remote, ++zoo->last_port, flavour->own,
                     port);
}

static int accept_soon(int listener) {
  struct pollfd wait = {.fd = listener, .events = POLLIN};
  errno = ETIMEDOUT;
  must(poll(&wait, 1, 5000) == 1, "a connection to accept");
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  must(fd >= 0, "accept");
  return fd;
}

static void take_step(char step, int fd, struct peer *peer) {
  const int linger_s = 120;
  switch (step) {
  case 'w':
    must(shutdown(fd, SHUT_WR) == 0, "shutdown");
    break;
  case 'l':
    must(setsockopt(fd, IPPROTO_TCP, TCP_LINGER2, &linger_s,
                    sizeof(linger_s)) == 0,
         "TCP_LINGER2");
    break;
  case 'c':
    close(fd);
    break;
  case 'A':
    peer_await(peer, SEGMENT_FIN);
    peer_send(peer, SEGMENT_ACK);
    break;
  case 'F':
    peer_send(peer, SEGMENT_FIN | SEGMENT_ACK);
    break;
  default:
    errno = EINVAL;
    must(false, "a step");
  }
}

static void add(struct zoo *zoo, enum zoo_flavour flavour, enum tcp_state state,
                unsigned how_many) {
  zoo->count[flavours[flavour].table][state] += how_many;
  zoo->port_count[flavour][state] += how_many;
}

static void make_exhibit(struct zoo *zoo, enum zoo_flavour flavour,
                         int listener, const struct exhibit *exhibit) {
  for (unsigned i = 0; i < exhibit->how_many; i++) {
    struct peer peer =
        next_peer(zoo, &flavours[flavour], flavours[flavour].port);
    peer_connect(&peer);
    const int fd = accept_soon(listener);
    for (const char *step = exhibit->steps; *step != '\0'; step++)
      take_step(*step, fd, &peer);
  }
  add(zoo, flavour, exhibit->state, exhibit->how_many);
  if (exhibit->is_mini)
    zoo->timewait_fin_wait2 += exhibit->how_many;
}

static void make_syn_sent(struct zoo *zoo, const struct flavour *flavour) {
  struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons(80)};
  struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6, .sin6_port = htons(80)};
  int fd = open_socket(flavour);
  must(fcntl(fd, F_SETFL, O_NONBLOCK) == 0, "O_NONBLOCK");
  int rc;
  if (flavour->family == AF_INET) {
    inet_pton(AF_INET, flavour->silent, &ipv4.sin_addr);
    rc = connect(fd, (struct sockaddr *)&ipv4, sizeof(ipv4));
  } else {
    inet_pton(AF_INET6, flavour->silent, &ipv6.sin6_addr);
    rc = connect(fd, (struct sockaddr *)&ipv6, sizeof(ipv6));
  }
  must(rc == 0 || errno == EINPROGRESS, "connect");
  zoo->count[flavour->table][TCP_STATE_SYN_SENT]++;
}

static void send_syns(struct zoo *zoo, const struct flavour *flavour,
                      uint16_t port, unsigned how_many) {
  for (unsigned i = 0; i < how_many; i++) {
    struct peer peer = next_peer(zoo, flavour, port);
    peer_send(&peer, SEGMENT_SYN);
    peer_await(&peer, SEGMENT_SYN | SEGMENT_ACK);
  }
}

void zoo_add_half_open(struct zoo *zoo, enum zoo_flavour flavour,
                       unsigned how_many) {
  send_syns(zoo, &flavours[flavour], flavours[flavour].port, how_many);
  zoo->half_open[flavour] += how_many;
  add(zoo, flavour, TCP_STATE_SYN_RECV, how_many);
}

void zoo_add_deferred(struct zoo *zoo, unsigned how_many) {
  const struct flavour *flavour = &flavours[ZOO_IPV4];
  const int defer_s = 30;
  const int fd = open_listener(zoo, flavour, ZOO_PORT_DEFERRED, 511);
  must(setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_s,
                  sizeof(defer_s)) == 0,
       "TCP_DEFER_ACCEPT");
  for (unsigned i = 0; i < how_many; i++) {
    struct peer peer = next_peer(zoo, flavour, ZOO_PORT_DEFERRED);
    peer_connect(&peer);
  }
  zoo->count[TCP_IPV4][TCP_STATE_SYN_RECV] += how_many;
}

void zoo_add_half_open_deferred(struct zoo *zoo, unsigned how_many) {
  send_syns(zoo, &flavours[ZOO_IPV4], ZOO_PORT_DEFERRED, how_many);
  zoo->count[TCP_IPV4][TCP_STATE_SYN_RECV] += how_many;
}

static void fill(struct zoo *zoo, enum zoo_flavour kind) {
  const struct flavour *flavour = &flavours[kind];
  const int listener = open_listener(zoo, flavour, flavour->port, 128);
  zoo->port_count[kind][TCP_STATE_LISTEN]++;
  for (size_t i = 0; i < sizeof(exhibits) / sizeof(exhibits[0]); i++)
    make_exhibit(zoo, kind, listener, &exhibits[i]);
  for (int i = 0; i < SYN_SENT_EACH; i++)
    make_syn_sent(zoo, flavour);
  for (int i = 0; i < BOUND_EACH; i++) /* in no table, and in no count */
    bind_to(open_socket(flavour), flavour->family, 0);
  zoo_add_half_open(zoo, kind, SYN_RECV_EACH);
}

static void make_queue(struct zoo *zoo, uint16_t port, int backlog,
                       unsigned depth, unsigned drops) {
  const struct flavour *flavour = &flavours[ZOO_IPV4];
  open_listener(zoo, flavour, port, backlog);
  for (unsigned i = 0; i < depth; i++) {
    struct peer peer = next_peer(zoo, flavour, port);
    peer_connect(&peer);
  }
  for (unsigned i = 0; i < drops; i++) {
    struct peer peer = next_peer(zoo, flavour, port);
    peer_send(&peer, SEGMENT_SYN);
  }
  zoo->count[TCP_IPV4][TCP_STATE_ESTABLISHED] += depth;
}

/* The first is full before the others are there to share its connections. */
static void make_twins(struct zoo *zoo) {
  make_queue(zoo, ZOO_PORT_TWINS, ZOO_TWIN_MAX, ZOO_TWIN_DEPTH, 0);
  for (int i = 1; i < ZOO_TWINS; i++)
    make_queue(zoo, ZOO_PORT_TWINS, ZOO_TWIN_MAX, 0, 0);
}

struct zoo zoo_create_empty(void) {
  struct zoo zoo = {.tun = namespace_open_tun("zoo"), .last_port = 20000};
  namespace_add_address("zoo", "10.77.0.1", 24);
  namespace_add_address("zoo", "fd77::1", 64);
  return zoo;
}

struct zoo zoo_create(void) {
  struct zoo zoo = zoo_create_empty();
  for (int kind = 0; kind < ZOO_FLAVOURS; kind++)
    fill(&zoo, (enum zoo_flavour)kind);
  make_queue(&zoo, ZOO_PORT_SHORT, ZOO_SHORT_MAX, ZOO_SHORT_DEPTH, 0);
  make_queue(&zoo, ZOO_PORT_LONG, ZOO_LONG_MAX, ZOO_LONG_DEPTH, 0);
  make_queue(&zoo, ZOO_PORT_FULL, ZOO_FULL_MAX, ZOO_FULL_DEPTH, ZOO_FULL_DROPS);
  make_twins(&zoo);
  return zoo;
}
