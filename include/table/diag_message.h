/* inet_diag over netlink: the request, and one datagram of the answer -> rows
 * of a reading, or of a look at holders. Touches no socket. Source:
 * linux/inet_diag.h, net/ipv4/inet_diag.c, sock_diag(7). */
#ifndef TABLE_DIAG_MESSAGE_H
#define TABLE_DIAG_MESSAGE_H

#include "table/holders.h"

enum {
  DIAG_REQUEST_MAX =
      2048, /* bytes; holds a filter of READING_PORTS_MAX ports */
};

enum diag_progress { DIAG_MORE, DIAG_DONE };

/* What to ask for. One request is answered for both families
 * (TCPDIAG_GETSOCK, AF_UNSPEC). */
struct diag_request {
  uint32_t states;       /* bit (1 << enum tcp_state) */
  bool memory;           /* ask for INET_DIAG_SKMEMINFO: LISTEN's drops */
  bool info;             /* ask for INET_DIAG_INFO: tcp_info of the others */
  const uint16_t *ports; /* only these local ports; NULL for all */
  size_t ports_len;
  uint32_t sequence;
};

/* Write the request, ready to be sent, into buffer (DIAG_REQUEST_MAX bytes).
 * Returns its length, or 0 if ports_len is above READING_PORTS_MAX. */
size_t diag_message_request(const struct diag_request *request, void *buffer);

/* datagram: length bytes as received, aligned for struct nlmsghdr; ports_only:
 * rows go to reading_add_to_ports. Messages of another sequence are skipped.
 * Returns 0 and sets *progress; -EINTR if the kernel says that the dump was
 * interrupted (NLM_F_DUMP_INTR); the error of an NLMSG_ERROR or of a non-zero
 * NLMSG_DONE; -ENOBUFS for an NLMSG_OVERRUN; -EBADMSG for a message cut or too
 * short; -ENOMEM. */
int diag_message_parse(const void *datagram, size_t length, uint32_t sequence,
                       bool ports_only, struct reading *reading,
                       enum diag_progress *progress);

/* The same, of rows that go to holders_add. What a kernel's tcp_info does not
 * have makes it unknown. */
int diag_message_parse_holders(const void *datagram, size_t length,
                               uint32_t sequence, struct holders *holders,
                               enum diag_progress *progress);

#endif
