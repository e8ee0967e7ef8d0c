/* syn_sender --to ADDRESS --port N --rate N --seconds N [--from PREFIX]
 *            [--seed N]
 * SYNs from made-up sources, for the tests of a flood. Bounded by what is
 * compiled in, and refused anywhere but between the private addresses of a
 * network namespace apart. Source: raw(7), ipv6(7). */
#define _GNU_SOURCE
#include "must.h"
#include "private_network.h"
#include "segment.h"

#include <arpa/inet.h>
#include <getopt.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <time.h>
#include <unistd.h>

enum { RATE_MAX = 1000, SECONDS_MAX = 300 };

struct order {
  int family;
  uint8_t to[16];
  uint8_t from[16]; /* the prefix */
  unsigned from_bits;
  uint16_t port;
  unsigned rate;
  unsigned seconds;
  uint64_t random; /* never 0 */
};

static void refuse(const char *key, const char *value, const char *range) {
  fprintf(stderr, "syn_sender: --%s %s: %s\n", key, value, range);
  exit(EXIT_FAILURE);
}

static unsigned long number(const char *key, const char *text,
                            unsigned long max) {
  char *end, range[64];
  errno = 0;
  const unsigned long value = strtoul(text, &end, 10);
  if (errno == 0 && text[0] >= '0' && text[0] <= '9' && *end == '\0' &&
      value > 0 && value <= max)
    return value;
  snprintf(range, sizeof(range), "not within 1 to %lu", max);
  refuse(key, text, range);
  return 0;
}

/* Returns AF_INET or AF_INET6. */
static int address(const char *key, const char *text, uint8_t bytes[16]) {
  const int family = strchr(text, ':') != NULL ? AF_INET6 : AF_INET;
  if (inet_pton(family, text, bytes) != 1)
    refuse(key, text, "not a numeric address");
  return family;
}

static unsigned address_bits(const struct order *order) {
  return order->family == AF_INET ? 32 : 128;
}

static void parse_to(const char *text, struct order *order) {
  order->family = address("to", text, order->to);
  if (!private_network_has(order->family, order->to, address_bits(order)))
    refuse("to", text, "not a private address");
}

static void parse_from(const char *text, struct order *order) {
  char prefix[INET6_ADDRSTRLEN + 1];
  const char *slash = strchr(text, '/');
  const size_t length = slash != NULL ? (size_t)(slash - text) : 0;
  if (length == 0 || length >= sizeof(prefix))
    refuse("from", text, "not a prefix like 10.99.0.0/16");
  memcpy(prefix, text, length);
  prefix[length] = '\0';
  if (address("from", prefix, order->from) != order->family)
    refuse("from", text, "not of the family of --to");
  order->from_bits = (unsigned)number("from", slash + 1, address_bits(order));
  if (!private_network_has(order->family, order->from, order->from_bits))
    refuse("from", text, "not within a private prefix");
}

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's xorshift
 * generators, scrambled". */
static uint64_t draw(struct order *order) {
  order->random ^= order->random >> 12;
  order->random ^= order->random << 25;
  order->random ^= order->random >> 27;
  return order->random * UINT64_C(0x2545F4914F6CDD1D);
}

/* The prefix's bits, and random ones behind them. */
static void draw_source(struct order *order, uint8_t source[16]) {
  const unsigned bits = address_bits(order);
  memcpy(source, order->from, 16);
  for (unsigned bit = order->from_bits; bit < bits; bit++) {
    const uint8_t mask = (uint8_t)(0x80 >> bit % 8);
    source[bit / 8] = (uint8_t)((source[bit / 8] & ~mask) |
                                (draw(order) >> 63 != 0 ? mask : 0));
  }
}

static void send_one(int fd, struct order *order) {
  struct segment segment = {
      .family = order->family, .to_port = order->port, .flags = SEGMENT_SYN};
  memcpy(segment.to, order->to, 16);
  draw_source(order, segment.from);
  segment.from_port = (uint16_t)(1024 + draw(order) % (65536 - 1024));
  segment.sequence = (uint32_t)(draw(order) >> 32);
  uint8_t packet[SEGMENT_MAX];
  const size_t length = segment_write(&segment, packet);
  struct sockaddr_in ipv4 = {.sin_family = AF_INET};
  struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6};
  memcpy(&ipv4.sin_addr, order->to, 4);
  memcpy(&ipv6.sin6_addr, order->to, 16);
  const bool is_ipv4 = order->family == AF_INET;
  const struct sockaddr *to =
      is_ipv4 ? (struct sockaddr *)&ipv4 : (struct sockaddr *)&ipv6;
  const socklen_t to_len = is_ipv4 ? sizeof(ipv4) : sizeof(ipv6);
  must(sendto(fd, packet, length, 0, to, to_len) == (ssize_t)length ||
           errno == ENOBUFS,
       "a raw packet");
}

static void add_ns(struct timespec *at, long step_ns) {
  at->tv_nsec += step_ns;
  if (at->tv_nsec >= 1000000000) {
    at->tv_nsec -= 1000000000;
    at->tv_sec++;
  }
}

/* Evenly spaced; late ones are sent at once, so that the rate holds. */
static uint64_t send_all(int fd, struct order *order) {
  const uint64_t all = (uint64_t)order->rate * order->seconds;
  struct timespec next, now;
  clock_gettime(CLOCK_MONOTONIC, &next);
  const time_t end = next.tv_sec + (time_t)order->seconds + 1;
  uint64_t sent = 0;
  for (now = next; sent < all && now.tv_sec <= end; sent++) {
    clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &next, NULL);
    send_one(fd, order);
    add_ns(&next, 1000000000 / (long)order->rate);
    clock_gettime(CLOCK_MONOTONIC, &now);
  }
  return sent;
}

static void take_option(int key, struct order *order, const char **from) {
  if (key == 't')
    parse_to(optarg, order);
  else if (key == 'p')
    order->port = (uint16_t)number("port", optarg, 65535);
  else if (key == 'r')
    order->rate = (unsigned)number("rate", optarg, RATE_MAX);
  else if (key == 's')
    order->seconds = (unsigned)number("seconds", optarg, SECONDS_MAX);
  else if (key == 'f')
    *from = optarg;
  else if (key == 'e')
    order->random = number("seed", optarg, UINT32_MAX);
  else
    exit(EXIT_FAILURE);
}

static struct order read_options(int argc, char **argv) {
  static const struct option options[] = {
      {"to", required_argument, NULL, 't'},
      {"port", required_argument, NULL, 'p'},
      {"rate", required_argument, NULL, 'r'},
      {"seconds", required_argument, NULL, 's'},
      {"from", required_argument, NULL, 'f'},
      {"seed", required_argument, NULL, 'e'},
      {NULL, 0, NULL, 0}};
  struct order order = {.random = 1};
  const char *from = NULL;
  int key;
  while ((key = getopt_long(argc, argv, "", options, NULL)) != -1)
    take_option(key, &order, &from);
  if (optind != argc || order.family == 0 || order.port == 0 ||
      order.rate == 0 || order.seconds == 0) {
    fprintf(stderr, "usage: syn_sender --to ADDRESS --port N --rate N "
                    "--seconds N [--from PREFIX] [--seed N]\n");
    exit(EXIT_FAILURE);
  }
  if (from == NULL)
    from = order.family == AF_INET ? "10.99.0.0/16" : "fd99::/48";
  parse_from(from, &order);
  order.random *= UINT64_C(0x9E3779B97F4A7C15);
  return order;
}

int main(int argc, char **argv) {
  struct order order = read_options(argc, argv);
  private_network_must_be();
  const int fd = socket(order.family, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
  must(fd >= 0, "a raw socket (CAP_NET_RAW)");
  const uint64_t sent = send_all(fd, &order);
  printf("sent %" PRIu64 "\n", sent);
  return EXIT_SUCCESS;
}
