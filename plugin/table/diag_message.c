/* inet_diag requests and answers. Touches memory only: every structure is
 * copied out of the datagram after its bounds were checked.
 * Source: linux/inet_diag.h; inet_diag_bc_audit() and inet_diag_bc_run() in
 * net/ipv4/inet_diag.c; sock_diag(7), netlink(7). */
#include "table/diag_message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

enum {
  TIMER_TIMEWAIT = 3, /* idiag_timer of a timewait mini-socket */
  ERRNO_MAX = 4095,   /* of the kernel */
  OPS_PER_PORT = 5,
  OP_SIZE = sizeof(struct inet_diag_bc_op),
  ATTRIBUTE_HEADER = sizeof(struct nlattr),
  DROPS_OFFSET = SK_MEMINFO_DROPS * sizeof(uint32_t),
  INFO_LEAST = offsetof(struct tcp_info, tcpi_busy_time) + sizeof(uint64_t),
};

/* The rest of a datagram or of a message. */
struct bytes {
  const unsigned char *at;
  size_t len;
};

/* Skip size bytes and the padding after them; the last message of a datagram
 * may have no padding. */
static void bytes_skip(struct bytes *bytes, size_t size) {
  size_t aligned = NLMSG_ALIGN(size);
  size_t step = aligned < bytes->len ? aligned : bytes->len;
  bytes->at += step;
  bytes->len -= step;
}

/* A socket passes the filter when the program ends exactly at its last byte,
 * and not when it jumps one operation further. For each port:
 *
 *     S_GE port   no: the next port
 *     S_LE port   no: the next port
 *     JMP         to the end
 *
 * The last port lacks the JMP, so that its "no" is the one operation too far.
 * The kernel wants every jump to lead to a place on the chain of "yes" steps:
 * that chain is the whole program, from operation to operation. */
static size_t filter_write(const uint16_t *ports, size_t ports_len,
                           unsigned char *out) {
  struct inet_diag_bc_op ops[READING_PORTS_MAX * OPS_PER_PORT] = {0};
  size_t ops_len = ports_len * OPS_PER_PORT - 1;
  for (size_t i = 0; i < ports_len; i++) {
    struct inet_diag_bc_op *op = ops + i * OPS_PER_PORT;
    size_t to_end = (ops_len - i * OPS_PER_PORT - 4) * OP_SIZE;
    op[0] =
        (struct inet_diag_bc_op){INET_DIAG_BC_S_GE, 2 * OP_SIZE, 5 * OP_SIZE};
    op[1].no = ports[i];
    op[2] =
        (struct inet_diag_bc_op){INET_DIAG_BC_S_LE, 2 * OP_SIZE, 3 * OP_SIZE};
    op[3].no = ports[i];
    if (i + 1 < ports_len)
      op[4] = (struct inet_diag_bc_op){INET_DIAG_BC_JMP, OP_SIZE,
                                       (unsigned short)to_end};
  }
  memcpy(out, ops, ops_len * OP_SIZE);
  return ops_len * OP_SIZE;
}

static uint8_t extensions_of(const struct diag_request *request) {
  return (uint8_t)((request->memory ? 1 << (INET_DIAG_SKMEMINFO - 1) : 0) |
                   (request->info ? 1 << (INET_DIAG_INFO - 1) : 0));
}

size_t diag_message_request(const struct diag_request *request, void *buffer) {
  bool filtered = request->ports != NULL && request->ports_len > 0;
  if (filtered && request->ports_len > READING_PORTS_MAX)
    return 0;
  struct inet_diag_req body = {.idiag_family = AF_UNSPEC,
                               .idiag_ext = extensions_of(request),
                               .idiag_states = request->states};
  unsigned char *out = buffer;
  size_t len = NLMSG_LENGTH(sizeof(body));
  memcpy(out + NLMSG_HDRLEN, &body, sizeof(body));
  if (filtered) {
    size_t filter_len = filter_write(request->ports, request->ports_len,
                                     out + len + ATTRIBUTE_HEADER);
    struct nlattr attribute = {.nla_len =
                                   (uint16_t)(ATTRIBUTE_HEADER + filter_len),
                               .nla_type = INET_DIAG_REQ_BYTECODE};
    memcpy(out + len, &attribute, sizeof(attribute));
    len += attribute.nla_len;
  }
  struct nlmsghdr header = {.nlmsg_len = (uint32_t)len,
                            .nlmsg_type = TCPDIAG_GETSOCK,
                            .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP,
                            .nlmsg_seq = request->sequence};
  memcpy(out, &header, sizeof(header));
  return len;
}

/* The payload of one of a socket's attributes; at NULL where it has none.
 * Returns 0 or -EBADMSG. */
static int find_attribute(struct bytes attributes, uint16_t type,
                          struct bytes *found) {
  *found = (struct bytes){.at = NULL};
  while (attributes.len > 0) {
    struct nlattr attribute;
    if (attributes.len < sizeof(attribute))
      return -EBADMSG;
    memcpy(&attribute, attributes.at, sizeof(attribute));
    if (attribute.nla_len < ATTRIBUTE_HEADER ||
        attribute.nla_len > attributes.len)
      return -EBADMSG;
    if ((attribute.nla_type & NLA_TYPE_MASK) == type)
      *found =
          (struct bytes){.at = attributes.at + ATTRIBUTE_HEADER,
                         .len = (size_t)attribute.nla_len - ATTRIBUTE_HEADER};
    bytes_skip(&attributes, attribute.nla_len);
  }
  return 0;
}

/* The drops of a listener; without them *drops stays. Returns 0 or -EBADMSG. */
static int parse_drops(struct bytes attributes, uint32_t *drops) {
  struct bytes memory;
  int rc = find_attribute(attributes, INET_DIAG_SKMEMINFO, &memory);
  if (memory.at != NULL && memory.len >= DROPS_OFFSET + sizeof(*drops))
    memcpy(drops, memory.at + DROPS_OFFSET, sizeof(*drops));
  return rc;
}

/* *known: false if this kernel's tcp_info has not all of it, or there is none.
 * Returns 0 or -EBADMSG. */
static int parse_activity(struct bytes attributes, bool *known,
                          struct tcp_activity *activity) {
  struct tcp_info info = {0};
  struct bytes found;
  int rc = find_attribute(attributes, INET_DIAG_INFO, &found);
  *known = rc == 0 && found.at != NULL && found.len >= INFO_LEAST;
  if (!*known)
    return rc;
  memcpy(&info, found.at, INFO_LEAST);
  *activity = (struct tcp_activity){.sent_ms = info.tcpi_last_data_sent,
                                    .received_ms = info.tcpi_last_data_recv,
                                    .data_segs_in = info.tcpi_data_segs_in,
                                    .data_segs_out = info.tcpi_data_segs_out,
                                    .bytes_acked = info.tcpi_bytes_acked,
                                    .bytes_received = info.tcpi_bytes_received,
                                    .busy_us = info.tcpi_busy_time};
  return 0;
}

/* One socket: struct inet_diag_msg and its attributes -> row. *body becomes the
 * attributes. */
static int parse_socket(struct bytes *body, struct tcp_row *row) {
  struct inet_diag_msg socket;
  if (body->len < sizeof(socket))
    return -EBADMSG;
  memcpy(&socket, body->at, sizeof(socket));
  if (socket.idiag_family != AF_INET && socket.idiag_family != AF_INET6)
    return -EBADMSG;
  bool ipv4 = socket.idiag_family == AF_INET;
  *row = (struct tcp_row){.state = socket.idiag_state,
                          .family = ipv4 ? TCP_IPV4 : TCP_IPV6,
                          .retransmits = socket.idiag_retrans,
                          .timer = socket.idiag_timer,
                          .timewait = socket.idiag_timer == TIMER_TIMEWAIT,
                          .local_port = ntohs(socket.id.idiag_sport)};
  memcpy(row->local, socket.id.idiag_src, ipv4 ? 4 : 16);
  memcpy(row->remote, socket.id.idiag_dst, ipv4 ? 4 : 16);
  bytes_skip(body, sizeof(socket));
  if (row->state != TCP_STATE_LISTEN)
    return 0;
  row->accept_depth = socket.idiag_rqueue;
  row->accept_max = socket.idiag_wqueue;
  row->max_known = true;
  return parse_drops(*body, &row->drops);
}

/* Where the rows go. */
struct sink {
  struct reading *reading; /* NULL: to holders */
  bool ports_only;
  struct holders *holders;
};

static int take_holder(struct bytes attributes, const struct tcp_row *row,
                       struct holders *holders) {
  struct tcp_activity activity;
  bool known = false;
  int rc = parse_activity(attributes, &known, &activity);
  return rc != 0 ? rc : holders_add(holders, row, known ? &activity : NULL);
}

static int take_socket(struct bytes body, const struct sink *sink) {
  struct tcp_row row;
  int rc = parse_socket(&body, &row);
  if (rc != 0)
    return rc;
  if (sink->reading == NULL)
    return take_holder(body, &row, sink->holders);
  if (!sink->ports_only)
    return reading_add(sink->reading, &row);
  reading_add_to_ports(sink->reading, &row);
  return 0;
}

/* The number that an NLMSG_ERROR or NLMSG_DONE begins with: 0, or an error. */
static int parse_error(struct bytes body) {
  int32_t error;
  if (body.len < sizeof(error))
    return -EBADMSG;
  memcpy(&error, body.at, sizeof(error));
  return error > 0 || error < -ERRNO_MAX ? -EBADMSG : error;
}

/* body: what follows the header. Sets *done at the end of the dump. */
static int take_message(const struct nlmsghdr *header, struct bytes body,
                        const struct sink *sink, bool *done) {
  if (header->nlmsg_flags & NLM_F_DUMP_INTR)
    return -EINTR;
  switch (header->nlmsg_type) {
  case TCPDIAG_GETSOCK:
  case SOCK_DIAG_BY_FAMILY:
    return take_socket(body, sink);
  case NLMSG_DONE:
    *done = true;
    return parse_error(body);
  case NLMSG_ERROR:
    return parse_error(body);
  case NLMSG_OVERRUN:
    return -ENOBUFS;
  default:
    return 0;
  }
}

static int parse(const void *datagram, size_t length, uint32_t sequence,
                 const struct sink *sink, enum diag_progress *progress) {
  struct bytes left = {.at = datagram, .len = length};
  bool done = false;
  if (length == 0)
    return -EBADMSG;
  while (left.len > 0 && !done) {
    struct nlmsghdr header;
    if (left.len < sizeof(header))
      return -EBADMSG;
    memcpy(&header, left.at, sizeof(header));
    if (header.nlmsg_len < NLMSG_HDRLEN || header.nlmsg_len > left.len)
      return -EBADMSG;
    struct bytes body = {.at = left.at + NLMSG_HDRLEN,
                         .len = header.nlmsg_len - (size_t)NLMSG_HDRLEN};
    if (header.nlmsg_seq == sequence) {
      int rc = take_message(&header, body, sink, &done);
      if (rc != 0)
        return rc;
    }
    bytes_skip(&left, header.nlmsg_len);
  }
  *progress = done ? DIAG_DONE : DIAG_MORE;
  return 0;
}

int diag_message_parse(const void *datagram, size_t length, uint32_t sequence,
                       bool ports_only, struct reading *reading,
                       enum diag_progress *progress) {
  const struct sink sink = {.reading = reading, .ports_only = ports_only};

  return parse(datagram, length, sequence, &sink, progress);
}

int diag_message_parse_holders(const void *datagram, size_t length,
                               uint32_t sequence, struct holders *holders,
                               enum diag_progress *progress) {
  const struct sink sink = {.holders = holders};

  return parse(datagram, length, sequence, &sink, progress);
}
