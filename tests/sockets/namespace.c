/* See namespace.h. */
#define _GNU_SOURCE
#include "namespace.h"

#include "must.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <sched.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { READY_TRIES = 500, READY_PAUSE_US = 10000 };

static void write_file(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  must(fd >= 0, path);
  must(write(fd, text, strlen(text)) >= 0, path);
  close(fd);
}

/* Root of a user namespace of its own, if not of this one. */
static void unshare_network(void) {
  const unsigned uid = getuid(), gid = getgid();
  if (unshare(CLONE_NEWNET) == 0)
    return;
  must(unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0,
       "no network namespace of its own, not even in a user namespace "
       "(run as root, or see user_namespaces(7))");
  char map[64];
  write_file("/proc/self/setgroups", "deny");
  snprintf(map, sizeof(map), "0 %u 1", uid);
  write_file("/proc/self/uid_map", map);
  snprintf(map, sizeof(map), "0 %u 1", gid);
  write_file("/proc/self/gid_map", map);
}

static int control_socket(int family) {
  int fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  must(fd >= 0, "socket for the setup of devices");
  return fd;
}

static void bring_up(const char *device) {
  int fd = control_socket(AF_INET);
  struct ifreq request = {0};
  snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
  must(ioctl(fd, SIOCGIFFLAGS, &request) == 0, device);
  request.ifr_flags |= IFF_UP;
  must(ioctl(fd, SIOCSIFFLAGS, &request) == 0, device);
  close(fd);
}

void namespace_enter(void) {
  unshare_network();
  bring_up("lo");
}

int namespace_open_tun(const char *name) {
  int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  must(fd >= 0, "/dev/net/tun, on which the remote end is played (a kernel "
                "with CONFIG_TUN; in a container the device must be let in)");
  struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI};
  snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
  must(ioctl(fd, TUNSETIFF, &request) == 0, "a TUN device (CAP_NET_ADMIN)");
  bring_up(name);
  return fd;
}

static int device_index(int fd, const char *device) {
  struct ifreq request = {0};
  snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
  must(ioctl(fd, SIOCGIFINDEX, &request) == 0, device);
  return request.ifr_ifindex;
}

/* The kernel makes an address ready in a work queue: until then nothing can be
 * bound to it, and what is sent to it is lost. */
static void await_ipv6(const char *device, const struct in6_addr *address) {
  const struct sockaddr_in6 own = {.sin6_family = AF_INET6,
                                   .sin6_addr = *address};
  const int fd = control_socket(AF_INET6);
  for (int left = READY_TRIES;
       bind(fd, (const struct sockaddr *)&own, sizeof(own)) != 0; left--) {
    must(left > 0 && errno == EADDRNOTAVAIL, "an IPv6 address that is ready");
    usleep(READY_PAUSE_US);
  }
  close(fd);
  bring_up(device); /* waits for the lock the work is done under */
}

static void add_ipv6(const char *device, const struct in6_addr *address,
                     unsigned prefix_len) {
  int fd = control_socket(AF_INET6);
  struct in6_ifreq request = {.ifr6_addr = *address,
                              .ifr6_prefixlen = prefix_len};
  request.ifr6_ifindex = device_index(fd, device);
  must(ioctl(fd, SIOCSIFADDR, &request) == 0, "an IPv6 address");
  close(fd);
  await_ipv6(device, address);
}

static void set_ipv4(int fd, const char *device, unsigned long what,
                     struct in_addr value) {
  const struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = value};
  struct ifreq request = {0};
  snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
  memcpy(&request.ifr_addr, &address, sizeof(address));
  must(ioctl(fd, what, &request) == 0, "an IPv4 address");
}

void namespace_add_address(const char *device, const char *address,
                           unsigned prefix_len) {
  struct in6_addr ipv6;
  struct in_addr ipv4;
  if (inet_pton(AF_INET6, address, &ipv6) == 1) {
    add_ipv6(device, &ipv6, prefix_len);
    return;
  }
  errno = EINVAL;
  must(inet_pton(AF_INET, address, &ipv4) == 1 && prefix_len > 0, address);
  const struct in_addr mask = {htonl(UINT32_MAX << (32 - prefix_len))};
  int fd = control_socket(AF_INET);
  set_ipv4(fd, device, SIOCSIFADDR, ipv4);
  set_ipv4(fd, device, SIOCSIFNETMASK, mask);
  close(fd);
}

/* netdev_max_backlog is there in the machine's first namespace alone, somaxconn
 * in each. In a container process 1 stands in the container's, and on a machine
 * that hides process 1 the first test has to do. */
bool namespace_is_own(void) {
  struct stat own, first;
  if (access("/proc/sys/net/core/somaxconn", F_OK) != 0 ||
      access("/proc/sys/net/core/netdev_max_backlog", F_OK) == 0 ||
      stat("/proc/self/ns/net", &own) != 0)
    return false;
  if (stat("/proc/1/ns/net", &first) != 0)
    return errno == EACCES;
  return own.st_ino != first.st_ino || own.st_dev != first.st_dev;
}
