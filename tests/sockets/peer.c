/* See peer.h. */
#define _GNU_SOURCE
#include "peer.h"

#include "must.h"

#include <arpa/inet.h>
#include <poll.h>
#include <unistd.h>

enum { AWAIT_MS = 5000, FIRST_SEQUENCE = 1000 };

static int parse(const char *address, uint8_t bytes[16]) {
  int family = strchr(address, ':') != NULL ? AF_INET6 : AF_INET;
  errno = EINVAL;
  must(inet_pton(family, address, bytes) == 1, address);
  return family;
}

struct peer peer_create(int tun, const char *from, uint16_t from_port,
                        const char *to, uint16_t to_port) {
  struct peer peer = {.tun = tun};
  peer.next.from_port = from_port;
  peer.next.to_port = to_port;
  peer.next.sequence = FIRST_SEQUENCE;
  peer.next.family = parse(to, peer.next.to);
  parse(from, peer.next.from);
  return peer;
}

void peer_send(struct peer *peer, uint8_t flags) {
  uint8_t packet[SEGMENT_MAX];
  peer->next.flags = flags;
  const size_t length = segment_write(&peer->next, packet);
  must(write(peer->tun, packet, length) == (ssize_t)length, "TUN device");
  if ((flags & (SEGMENT_SYN | SEGMENT_FIN)) != 0)
    peer->next.sequence++;
}

static bool is_answer(const struct peer *peer, const struct segment *segment,
                      uint8_t flags) {
  return segment->family == peer->next.family &&
         segment->to_port == peer->next.from_port &&
         segment->from_port == peer->next.to_port &&
         memcmp(segment->to, peer->next.from, sizeof(segment->to)) == 0 &&
         (segment->flags & flags) == flags;
}

void peer_await(struct peer *peer, uint8_t flags) {
  struct pollfd wire = {.fd = peer->tun, .events = POLLIN};
  uint8_t packet[2048];
  struct segment segment;
  char what[96];
  snprintf(what, sizeof(what),
           "TUN: from port %u to %u (IPv%d) no segment with flags 0x%02x",
           peer->next.to_port, peer->next.from_port,
           peer->next.family == AF_INET ? 4 : 6, flags);
  for (;;) {
    errno = ETIMEDOUT;
    must(poll(&wire, 1, AWAIT_MS) == 1, what);
    const ssize_t length = read(peer->tun, packet, sizeof(packet));
    must(length >= 0, "TUN device");
    if (segment_read(packet, (size_t)length, &segment) &&
        is_answer(peer, &segment, flags))
      break;
  }
  peer->next.acknowledge = segment.sequence;
  if ((flags & (SEGMENT_SYN | SEGMENT_FIN)) != 0)
    peer->next.acknowledge++;
}

void peer_connect(struct peer *peer) {
  peer_send(peer, SEGMENT_SYN);
  peer_await(peer, SEGMENT_SYN | SEGMENT_ACK);
  peer_send(peer, SEGMENT_ACK);
}
