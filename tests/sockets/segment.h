/* TCP segments written and read by hand, with the IP header before them. No
 * options, no data. Source: RFC 791, RFC 8200, RFC 9293. */
#ifndef TESTS_SOCKETS_SEGMENT_H
#define TESTS_SOCKETS_SEGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { SEGMENT_MAX = 60 }; /* bytes of one written here */

enum segment_flag {
  SEGMENT_FIN = 0x01,
  SEGMENT_SYN = 0x02,
  SEGMENT_RST = 0x04,
  SEGMENT_ACK = 0x10,
};

/* Addresses are in network byte order, IPv4 in the first four bytes; all else
 * in the host's. */
struct segment {
  int family; /* AF_INET or AF_INET6 */
  uint8_t from[16], to[16];
  uint16_t from_port, to_port;
  uint32_t sequence, acknowledge;
  uint8_t flags; /* enum segment_flag, or'ed */
};

/* Returns the length of the packet in buffer (SEGMENT_MAX bytes). */
size_t segment_write(const struct segment *segment, uint8_t *buffer);

/* Returns whether packet, length bytes from its IP header on, is a TCP segment
 * without IPv6 extension headers. Checksums are not looked at. */
bool segment_read(const uint8_t *packet, size_t length,
                  struct segment *segment);

#endif
