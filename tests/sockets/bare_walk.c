/* See bare_walk.h. Source: netlink(7), sock_diag(7): the end of a dump comes in
 * a datagram of its own. */
#define _GNU_SOURCE
#include "bare_walk.h"

#include "must.h"
#include "table/diag_message.h"

#include <linux/netlink.h>
#include <stdalign.h>
#include <sys/socket.h>

enum { ANSWER_MAX = 64 * 1024 };

int bare_walk_open(void) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  must(fd >= 0, "netlink socket");
  return fd;
}

void bare_walk(int fd, uint32_t states) {
  static alignas(struct nlmsghdr) unsigned char request[DIAG_REQUEST_MAX];
  static alignas(struct nlmsghdr) unsigned char answer[ANSWER_MAX];
  const struct diag_request what = {.states = states, .sequence = 1};
  size_t length = diag_message_request(&what, request);
  must(send(fd, request, length, 0) == (ssize_t)length, "netlink request");
  struct nlmsghdr header;
  do {
    ssize_t received = recv(fd, answer, sizeof(answer), 0);
    must(received >= (ssize_t)sizeof(header), "netlink answer");
    memcpy(&header, answer, sizeof(header));
    errno = EPROTO;
    must(header.nlmsg_type != NLMSG_ERROR, "netlink answer");
  } while (header.nlmsg_type != NLMSG_DONE);
}
