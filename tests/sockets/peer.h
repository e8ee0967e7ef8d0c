/* The remote end of a connection, played by hand on a TUN device: it answers
 * what it is told to and leaves out what it is told to leave out. */
#ifndef TESTS_SOCKETS_PEER_H
#define TESTS_SOCKETS_PEER_H

#include "segment.h"

/* One connection as the remote end sees it: what its next segment bears. */
struct peer {
  int tun;
  struct segment next;
};

/* A remote end at a numeric address and port, towards ours; it has sent
 * nothing yet. */
struct peer peer_create(int tun, const char *from, uint16_t from_port,
                        const char *to, uint16_t to_port);

void peer_send(struct peer *peer, uint8_t flags);

/* Take in our end's next segment that bears flags, within five seconds, so that
 * the next one sent acknowledges it. A segment that does not come ends the
 * program. */
void peer_await(struct peer *peer, uint8_t flags);

/* The three-way handshake. */
void peer_connect(struct peer *peer);

#endif
