/* Datagrams of collectd's binary network protocol (collectd wiki, "Binary
 * protocol"): values of the plugin tcpstates, signed or not. */
#ifndef PACKET_H
#define PACKET_H

#include "verdict/signals.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PACKET_MAX = 1452 };

struct packet {
  size_t length;
  uint8_t bytes[PACKET_MAX];
};

struct packet_head {
  const char *user, *password; /* user NULL: not signed */
  const char *host;
  double time_s, interval_s;
};

/* An empty datagram, with room for its signature. */
void packet_begin(struct packet *packet, const struct packet_head *head);

/* Add a value: gauge or, from SIGNAL_FIRST_COUNTER on, counter. Aborts where it
 * does not fit. */
void packet_add(struct packet *packet, enum signal signal, double gauge,
                int64_t counter);

/* Sign it. */
void packet_end(struct packet *packet, const struct packet_head *head);

#endif
