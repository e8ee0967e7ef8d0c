/* See segment.h. Bytes in, bytes out. */
#define _GNU_SOURCE
#include "segment.h"

#include <netinet/in.h>
#include <string.h>

enum { IPV4_LEN = 20, IPV6_LEN = 40, TCP_LEN = 20, WINDOW = 65535 };

static void put16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 8);
  at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value) {
  put16(at, value >> 16);
  put16(at + 2, value);
}

static uint16_t get16(const uint8_t *at) {
  return (uint16_t)(at[0] << 8 | at[1]);
}

static uint32_t get32(const uint8_t *at) {
  return (uint32_t)get16(at) << 16 | get16(at + 2);
}

static uint32_t sum16(uint32_t sum, const uint8_t *bytes, size_t length) {
  for (size_t i = 0; i + 1 < length; i += 2)
    sum += get16(bytes + i);
  return sum;
}

/* RFC 1071, over an even number of bytes. */
static uint16_t fold(uint32_t sum) {
  while (sum >> 16 != 0)
    sum = (sum & 0xffff) + (sum >> 16);
  return (uint16_t)~sum;
}

static size_t address_len(int family) { return family == AF_INET ? 4 : 16; }

static void write_tcp(const struct segment *segment, uint8_t *tcp) {
  put16(tcp, segment->from_port);
  put16(tcp + 2, segment->to_port);
  put32(tcp + 4, segment->sequence);
  put32(tcp + 8, segment->acknowledge);
  tcp[12] = TCP_LEN / 4 << 4;
  tcp[13] = segment->flags;
  put16(tcp + 14, WINDOW);
  const size_t length = address_len(segment->family);
  uint32_t sum = IPPROTO_TCP + TCP_LEN; /* the pseudo header */
  sum = sum16(sum, segment->from, length);
  sum = sum16(sum, segment->to, length);
  put16(tcp + 16, fold(sum16(sum, tcp, TCP_LEN)));
}

static void write_ipv4(const struct segment *segment, uint8_t *ip) {
  ip[0] = 0x45;
  put16(ip + 2, IPV4_LEN + TCP_LEN);
  ip[8] = 64;
  ip[9] = IPPROTO_TCP;
  memcpy(ip + 12, segment->from, 4);
  memcpy(ip + 16, segment->to, 4);
  put16(ip + 10, fold(sum16(0, ip, IPV4_LEN)));
}

static void write_ipv6(const struct segment *segment, uint8_t *ip) {
  ip[0] = 0x60;
  put16(ip + 4, TCP_LEN);
  ip[6] = IPPROTO_TCP;
  ip[7] = 64;
  memcpy(ip + 8, segment->from, 16);
  memcpy(ip + 24, segment->to, 16);
}

size_t segment_write(const struct segment *segment, uint8_t *buffer) {
  memset(buffer, 0, SEGMENT_MAX);
  const size_t ip_len = segment->family == AF_INET ? IPV4_LEN : IPV6_LEN;
  if (segment->family == AF_INET)
    write_ipv4(segment, buffer);
  else
    write_ipv6(segment, buffer);
  write_tcp(segment, buffer + ip_len);
  return ip_len + TCP_LEN;
}

/* Returns where the TCP header starts, or 0. */
static size_t read_ip(const uint8_t *ip, size_t length,
                      struct segment *segment) {
  if (length >= IPV4_LEN && ip[0] >> 4 == 4 && ip[9] == IPPROTO_TCP) {
    segment->family = AF_INET;
    memcpy(segment->from, ip + 12, 4);
    memcpy(segment->to, ip + 16, 4);
    return (size_t)(ip[0] & 0x0f) * 4;
  }
  if (length >= IPV6_LEN && ip[0] >> 4 == 6 && ip[6] == IPPROTO_TCP) {
    segment->family = AF_INET6;
    memcpy(segment->from, ip + 8, 16);
    memcpy(segment->to, ip + 24, 16);
    return IPV6_LEN;
  }
  return 0;
}

bool segment_read(const uint8_t *packet, size_t length,
                  struct segment *segment) {
  *segment = (struct segment){0};
  const size_t start = read_ip(packet, length, segment);
  if (start == 0 || length < start + TCP_LEN)
    return false;
  const uint8_t *tcp = packet + start;
  segment->from_port = get16(tcp);
  segment->to_port = get16(tcp + 2);
  segment->sequence = get32(tcp + 4);
  segment->acknowledge = get32(tcp + 8);
  segment->flags = tcp[13];
  return true;
}
