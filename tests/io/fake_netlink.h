/* A kernel played by the test: socket(), send() and recvmsg() of this program
 * answer inet_diag requests from a list of rows, with faults on order. */
#ifndef TESTS_IO_FAKE_NETLINK_H
#define TESTS_IO_FAKE_NETLINK_H

#include "table/reading.h"

enum fake_fault {
  FAULT_NONE,
  FAULT_SIGNAL,           /* recvmsg: EINTR */
  FAULT_NO_BUFFERS,       /* recvmsg: ENOBUFS */
  FAULT_SILENCE,          /* recvmsg: EAGAIN, as after SO_RCVTIMEO */
  FAULT_BAD_DESCRIPTOR,   /* recvmsg: EBADF */
  FAULT_HUNG_UP,          /* recvmsg: ECONNREFUSED */
  FAULT_SHUT_DOWN,        /* no bytes, of nobody */
  FAULT_EMPTY,            /* no bytes, of the kernel */
  FAULT_TRUNCATED,        /* MSG_TRUNC */
  FAULT_STRANGER,         /* a datagram of another process comes first */
  FAULT_STALE,            /* a datagram of an earlier sequence comes first */
  FAULT_OTHER_TYPE,       /* a message that is no socket comes first */
  FAULT_ACKNOWLEDGED,     /* NLMSG_ERROR with 0 comes first */
  FAULT_OTHER_FAMILY,     /* a socket that is not TCP's */
  FAULT_INTERRUPTED_DUMP, /* NLM_F_DUMP_INTR */
  FAULT_CUT,              /* a message longer than its datagram */
  FAULT_REFUSED,          /* NLMSG_ERROR with -ENOENT */
  FAULT_OVERRUN,          /* NLMSG_OVERRUN */
  FAULT_FAILED_DUMP,      /* NLMSG_DONE with -ENOMEM */
};

enum { FAKE_ROWS_MAX = 32, FAKE_REQUESTS_MAX = 32 };

struct fake_request {
  uint32_t states;
  uint32_t sequence;
  bool memory, info, filtered;
};

struct fake_netlink {
  int socket_error; /* errno of every socket(); 0 it works */
  int send_error;   /* errno of every send(); 0 it works */
  enum fake_fault fault;
  unsigned fault_at;    /* at the how-manieth recvmsg, from 0 ... */
  unsigned fault_times; /* ... and how many in a row */
  double wait_s;        /* by which each recvmsg puts the clock forward */
  struct tcp_row rows[FAKE_ROWS_MAX];
  size_t rows_len;
  /* what was seen */
  unsigned sockets, sends, receives;
  bool close_on_exec; /* of the last socket() */
  long timeout_s;     /* SO_RCVTIMEO at the last recvmsg() */
  struct fake_request requests[FAKE_REQUESTS_MAX];
};

/* Reset by each test's setup. */
extern struct fake_netlink fake;

void fake_netlink_reset(void);
void fake_netlink_add(enum tcp_state state, uint16_t port, unsigned how_many);

#endif
