/* See private_network.h. Source: RFC 6890, ethtool's ETHTOOL_GDRVINFO for the
 * kind of a device. */
#define _GNU_SOURCE
#include "private_network.h"

#include "must.h"
#include "namespace.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/if.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const struct {
  const char *address;
  unsigned bits;
} private_prefixes[] = {
    {"10.0.0.0", 8},    {"172.16.0.0", 12},   {"192.168.0.0", 16},
    {"127.0.0.0", 8},   {"169.254.0.0", 16},  {"198.18.0.0", 15},
    {"192.0.2.0", 24},  {"198.51.100.0", 24}, {"203.0.113.0", 24},
    {"::1", 128},       {"fc00::", 7},        {"fe80::", 10},
    {"2001:db8::", 32},
};

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits) {
  const unsigned bytes = bits / 8, rest = bits % 8;
  if (memcmp(a, b, bytes) != 0)
    return false;
  return rest == 0 || ((a[bytes] ^ b[bytes]) >> (8 - rest)) == 0;
}

bool private_network_has(int family, const uint8_t *prefix,
                         unsigned prefix_len) {
  for (size_t i = 0; i < sizeof(private_prefixes) / sizeof(*private_prefixes);
       i++) {
    uint8_t around[16];
    if (inet_pton(family, private_prefixes[i].address, around) == 1 &&
        prefix_len >= private_prefixes[i].bits &&
        same_bits(prefix, around, private_prefixes[i].bits))
      return true;
  }
  return false;
}

static void refuse(const char *what, const char *why) {
  fprintf(stderr, "refused: %s %s\n", what, why);
  exit(EXIT_FAILURE);
}

static bool is_test_device(int fd, const struct ifaddrs *device) {
  if ((device->ifa_flags & IFF_LOOPBACK) != 0)
    return true;
  struct ethtool_drvinfo info = {.cmd = ETHTOOL_GDRVINFO};
  struct ifreq request = {.ifr_data = (char *)&info};
  snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device->ifa_name);
  if (ioctl(fd, SIOCETHTOOL, &request) != 0)
    return false;
  return strcmp(info.driver, "veth") == 0 || strcmp(info.driver, "tun") == 0;
}

static bool has_test_address(const struct ifaddrs *device) {
  const struct sockaddr *address = device->ifa_addr;
  if (address == NULL)
    return true;
  if (address->sa_family == AF_INET)
    return private_network_has(
        AF_INET,
        (const uint8_t *)&((const struct sockaddr_in *)address)->sin_addr, 32);
  if (address->sa_family == AF_INET6)
    return private_network_has(
        AF_INET6,
        (const uint8_t *)&((const struct sockaddr_in6 *)address)->sin6_addr,
        128);
  return true;
}

void private_network_must_be(void) {
  if (!namespace_is_own())
    refuse("this network namespace",
           "is the host's, or cannot be told from it");
  struct ifaddrs *devices;
  must(getifaddrs(&devices) == 0, "getifaddrs");
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  must(fd >= 0, "socket");
  for (const struct ifaddrs *device = devices; device != NULL;
       device = device->ifa_next) {
    if ((device->ifa_flags & IFF_UP) != 0 && !is_test_device(fd, device))
      refuse(device->ifa_name, "is neither loopback nor veth nor TUN");
    if (!has_test_address(device))
      refuse(device->ifa_name, "has an address that is not a private one");
  }
  close(fd);
  freeifaddrs(devices);
}
