/* See fake_netlink.h. The linker prefers a program's own socket(), send(),
 * recvmsg() and clock_gettime() to libc's. Source: linux/inet_diag.h,
 * netlink(7). */
#define _GNU_SOURCE
#include "fake_netlink.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct fake_netlink fake;

static bool rows_sent; /* of the running dump; what is left is the end */
static uint32_t sequence;
static double waited_s;

void fake_netlink_reset(void) {
  fake = (struct fake_netlink){0};
  rows_sent = false;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int rc = (int)syscall(SYS_clock_gettime, clock, now);
  if (rc == 0 && clock == CLOCK_MONOTONIC)
    now->tv_sec += (time_t)waited_s;
  return rc;
}

void fake_netlink_add(enum tcp_state state, uint16_t port, unsigned how_many) {
  for (unsigned i = 0; i < how_many && fake.rows_len < FAKE_ROWS_MAX; i++)
    fake.rows[fake.rows_len++] = (struct tcp_row){.state = (uint8_t)state,
                                                  .family = TCP_IPV4,
                                                  .local_port = port,
                                                  .local = {127, 0, 0, 1}};
}

/* A real socket, so that options, close and leaks are real. */
int socket(int family, int type, int protocol) {
  fake.sockets++;
  if (family != AF_NETLINK || protocol != NETLINK_SOCK_DIAG) {
    errno = EAFNOSUPPORT;
    return -1;
  }
  if (fake.socket_error != 0) {
    errno = fake.socket_error;
    return -1;
  }
  fake.close_on_exec = (type & SOCK_CLOEXEC) != 0;
  return (int)syscall(SYS_socket, AF_UNIX, SOCK_DGRAM | (type & SOCK_CLOEXEC),
                      0);
}

ssize_t send(int fd, const void *buffer, size_t length, int flags) {
  (void)fd, (void)flags;
  const size_t head = sizeof(struct nlmsghdr) + sizeof(struct inet_diag_req);
  struct nlmsghdr header;
  struct inet_diag_req body;
  if (fake.send_error != 0 || length < head) {
    errno = length < head ? EINVAL : fake.send_error;
    return -1;
  }
  memcpy(&header, buffer, sizeof(header));
  memcpy(&body, (const char *)buffer + sizeof(header), sizeof(body));
  if (fake.sends < FAKE_REQUESTS_MAX)
    fake.requests[fake.sends] = (struct fake_request){
        .states = body.idiag_states,
        .sequence = header.nlmsg_seq,
        .memory = (body.idiag_ext & (1 << (INET_DIAG_SKMEMINFO - 1))) != 0,
        .info = (body.idiag_ext & (1 << (INET_DIAG_INFO - 1))) != 0,
        .filtered = length > head};
  fake.sends++;
  sequence = header.nlmsg_seq;
  rows_sent = false;
  return (ssize_t)length;
}

static size_t put_message(char *at, uint16_t type, uint16_t flags,
                          const void *body, size_t body_len) {
  struct nlmsghdr header = {.nlmsg_len =
                                (uint32_t)NLMSG_LENGTH((uint32_t)body_len),
                            .nlmsg_type = type,
                            .nlmsg_flags = (uint16_t)(NLM_F_MULTI | flags),
                            .nlmsg_seq = sequence};
  memcpy(at, &header, sizeof(header));
  memcpy(at + sizeof(header), body, body_len);
  return NLMSG_ALIGN(header.nlmsg_len);
}

static size_t put_row(char *at, const struct tcp_row *row) {
  struct inet_diag_msg body = {.idiag_family = AF_INET,
                               .idiag_state = row->state,
                               .idiag_timer = row->timer,
                               .idiag_retrans = row->retransmits};
  body.id.idiag_sport = htons(row->local_port);
  memcpy(body.id.idiag_src, row->local, 4);
  return put_message(at, TCPDIAG_GETSOCK, 0, &body, sizeof(body));
}

/* The next datagram of the dump; room for FAKE_ROWS_MAX rows. */
static size_t put_datagram(char *at) {
  size_t length = 0;
  const uint32_t asked = fake.sends > 0 && fake.sends <= FAKE_REQUESTS_MAX
                             ? fake.requests[fake.sends - 1].states
                             : 0;
  for (size_t i = 0; !rows_sent && i < fake.rows_len; i++)
    if ((asked & (UINT32_C(1) << fake.rows[i].state)) != 0)
      length += put_row(at + length, &fake.rows[i]);
  if (!rows_sent && length > 0) {
    rows_sent = true;
    return length;
  }
  const int32_t result = 0;
  return put_message(at, NLMSG_DONE, 0, &result, sizeof(result));
}

/* What nobody has asked for. */
static size_t put_intruder(char *at, enum fake_fault fault) {
  const struct tcp_row row = {.state = TCP_STATE_CLOSING, .local_port = 9};
  size_t length = put_row(at, &row);
  struct nlmsghdr header;
  memcpy(&header, at, sizeof(header));
  if (fault == FAULT_STALE)
    header.nlmsg_seq--;
  if (fault == FAULT_OTHER_TYPE)
    header.nlmsg_type = RTM_NEWLINK;
  if (fault == FAULT_OTHER_FAMILY)
    at[NLMSG_HDRLEN] = AF_UNIX; /* idiag_family is the first byte */
  memcpy(at, &header, sizeof(header));
  return length;
}

static void spoil_header(char *at, enum fake_fault fault) {
  struct nlmsghdr header;
  memcpy(&header, at, sizeof(header));
  if (fault == FAULT_CUT)
    header.nlmsg_len += 4096;
  else
    header.nlmsg_flags |= NLM_F_DUMP_INTR;
  memcpy(at, &header, sizeof(header));
}

static int errno_of(enum fake_fault fault) {
  switch (fault) {
  case FAULT_SIGNAL:
    return EINTR;
  case FAULT_NO_BUFFERS:
    return ENOBUFS;
  case FAULT_SILENCE:
    return EAGAIN;
  case FAULT_BAD_DESCRIPTOR:
    return EBADF;
  case FAULT_HUNG_UP:
    return ECONNREFUSED;
  default:
    return 0;
  }
}

static size_t put_number(char *at, uint16_t type, int32_t number) {
  const struct nlmsgerr body = {.error = number};
  return put_message(at, type, 0, &body, sizeof(body));
}

static size_t put_answer(char *at, enum fake_fault fault) {
  size_t length;
  switch (fault) {
  case FAULT_STRANGER:
  case FAULT_STALE:
  case FAULT_OTHER_TYPE:
  case FAULT_OTHER_FAMILY:
    return put_intruder(at, fault);
  case FAULT_ACKNOWLEDGED:
    return put_number(at, NLMSG_ERROR, 0);
  case FAULT_REFUSED:
    return put_number(at, NLMSG_ERROR, -ENOENT);
  case FAULT_FAILED_DUMP:
    return put_number(at, NLMSG_DONE, -ENOMEM);
  case FAULT_OVERRUN:
    return put_number(at, NLMSG_OVERRUN, 0);
  case FAULT_SHUT_DOWN:
  case FAULT_EMPTY:
    return 0;
  default:
    length = put_datagram(at);
    if (fault == FAULT_CUT || fault == FAULT_INTERRUPTED_DUMP)
      spoil_header(at, fault);
    return length;
  }
}

static void put_sender(struct msghdr *message, enum fake_fault fault) {
  const struct sockaddr_nl sender = {
      .nl_family = AF_NETLINK, .nl_pid = fault == FAULT_STRANGER ? 4711 : 0};
  memcpy(message->msg_name, &sender, sizeof(sender));
  message->msg_namelen = fault == FAULT_SHUT_DOWN ? 0 : sizeof(sender);
  message->msg_flags = fault == FAULT_TRUNCATED ? MSG_TRUNC : 0;
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
  (void)flags;
  struct timeval timeout = {0};
  socklen_t timeout_len = sizeof(timeout);
  if (getsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, &timeout_len) == 0)
    fake.timeout_s = timeout.tv_sec;
  const bool faulty = fake.receives >= fake.fault_at &&
                      fake.receives - fake.fault_at < fake.fault_times;
  const enum fake_fault fault = faulty ? fake.fault : FAULT_NONE;
  fake.receives++;
  waited_s += fake.wait_s;
  if (errno_of(fault) != 0) {
    errno = errno_of(fault);
    return -1;
  }
  put_sender(message, fault);
  return (ssize_t)put_answer(message->msg_iov[0].iov_base, fault);
}
