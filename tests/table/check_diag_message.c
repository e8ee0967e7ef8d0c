/* inet_diag answers: datagrams built byte by byte -> rows. And its requests:
 * their bytes, the port filter against a model of the kernel's audit and
 * interpreter, and against the running kernel. */
#include "scenes/suite.h"
#include "table/diag_message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SEQUENCE = 77 };

static struct reading *reading;
/* What the tests build: messages one behind the other. */
static _Alignas(struct nlmsghdr) unsigned char datagram[4096];
static size_t datagram_len;

static void setup(void) {
  reading = reading_create(NULL, 0);
  datagram_len = 0;
}

static void teardown(void) { reading_destroy(reading); }

static void put_message(uint16_t type, uint16_t flags, uint32_t sequence,
                        const void *body, size_t len) {
  struct nlmsghdr header = {.nlmsg_len = (uint32_t)NLMSG_LENGTH(len),
                            .nlmsg_type = type,
                            .nlmsg_flags = flags,
                            .nlmsg_seq = sequence};
  memcpy(datagram + datagram_len, &header, sizeof(header));
  memcpy(datagram + datagram_len + NLMSG_HDRLEN, body, len);
  datagram_len += NLMSG_SPACE(len);
}

static struct inet_diag_msg socket_of(int state, uint16_t port) {
  struct inet_diag_msg socket = {.idiag_family = AF_INET,
                                 .idiag_state = (uint8_t)state};
  socket.id.idiag_sport = htons(port);
  socket.id.idiag_src[0] = htonl(0x0a000001);
  socket.id.idiag_dst[0] = htonl(0xc6336407);
  return socket;
}

static void put_socket(struct inet_diag_msg socket) {
  put_message(TCPDIAG_GETSOCK, NLM_F_MULTI, SEQUENCE, &socket, sizeof(socket));
}

static void put_number(uint16_t type, int32_t number) {
  put_message(type, 0, SEQUENCE, &number, sizeof(number));
}

/* A listener with an attribute it may have, and INET_DIAG_SKMEMINFO. */
static void put_listener(uint32_t drops, uint32_t values) {
  struct {
    struct inet_diag_msg socket;
    struct nlattr shutdown_header;
    uint8_t shutdown, pad[3];
    struct nlattr memory_header;
    uint32_t memory[SK_MEMINFO_VARS];
  } body = {.socket = socket_of(TCP_STATE_LISTEN, 443)};
  body.socket.idiag_rqueue = 5;
  body.socket.idiag_wqueue = 128;
  body.shutdown_header = (struct nlattr){5, INET_DIAG_SHUTDOWN};
  body.memory_header =
      (struct nlattr){(uint16_t)(4 + 4 * values), INET_DIAG_SKMEMINFO};
  body.memory[SK_MEMINFO_DROPS] = drops;
  put_message(TCPDIAG_GETSOCK, NLM_F_MULTI, SEQUENCE, &body,
              sizeof(body) - 4 * (SK_MEMINFO_VARS - values));
}

static int parse_into(enum diag_progress *progress) {
  return diag_message_parse(datagram, datagram_len, SEQUENCE, false, reading,
                            progress);
}

static int parse(void) {
  enum diag_progress progress = DIAG_MORE;
  return parse_into(&progress);
}

START_TEST(sockets_become_rows) {
  enum diag_progress progress = DIAG_DONE;
  for (int state = 1; state < TCP_STATE_END; state++)
    put_socket(socket_of(state, 80));
  struct inet_diag_msg six = socket_of(12, 80);
  six.idiag_family = AF_INET6;
  six.idiag_retrans = 2;
  put_socket(six);
  ck_assert_int_eq(parse_into(&progress), 0);
  ck_assert_int_eq(progress, DIAG_MORE);
  reading_finish(reading);
  for (int state = 1; state < TCP_STATE_END; state++)
    ck_assert_uint_eq(reading->count[TCP_IPV4][state], 1);
  ck_assert_uint_eq(reading->count[TCP_IPV6][TCP_STATE_SYN_RECV], 1);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 0);
  ck_assert_uint_eq(reading->aged[TCP_IPV6], 1);
  static const uint8_t top[16] = {198, 51, 100};
  ck_assert_uint_eq(reading->top_source_count, 1);
  ck_assert_int_eq(memcmp(reading->top_source, top, 16), 0);
}
END_TEST

START_TEST(timer_3_marks_a_mini_socket) {
  struct inet_diag_msg socket = socket_of(TCP_STATE_FIN_WAIT2, 80);
  for (uint8_t timer = 0; timer < 6; timer++) {
    socket.idiag_timer = timer;
    put_socket(socket);
  }
  ck_assert_int_eq(parse(), 0);
  ck_assert_uint_eq(reading->timewait_fin_wait2, 1);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_FIN_WAIT2], 6);
}
END_TEST

START_TEST(a_listener_has_its_queue_and_its_drops) {
  put_listener(4711, SK_MEMINFO_VARS);
  ck_assert_int_eq(parse(), 0);
  ck_assert_uint_eq(reading->listeners_len, 1);
  const struct listener *listener = &reading->listeners[0];
  static const uint8_t local[16] = {10, 0, 0, 1};
  ck_assert_uint_eq(listener->port, 443);
  ck_assert_int_eq(memcmp(listener->address, local, 16), 0);
  ck_assert_uint_eq(listener->accept_depth, 5);
  ck_assert_uint_eq(listener->accept_max, 128);
  ck_assert_uint_eq(listener->drops, 4711);
  ck_assert(listener->max_known);
}
END_TEST

START_TEST(memory_information_without_drops_is_left_alone) {
  put_listener(4711, SK_MEMINFO_DROPS); /* a kernel before 4.9 */
  ck_assert_int_eq(parse(), 0);
  ck_assert_uint_eq(reading->listeners[0].drops, 0);
  ck_assert_uint_eq(reading->listeners[0].accept_max, 128);
}
END_TEST

START_TEST(the_end_of_the_dump_is_told) {
  enum diag_progress progress = DIAG_MORE;
  put_socket(socket_of(TCP_STATE_ESTABLISHED, 80));
  put_number(NLMSG_DONE, 0);
  ck_assert_int_eq(parse_into(&progress), 0);
  ck_assert_int_eq(progress, DIAG_DONE);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_ESTABLISHED], 1);
}
END_TEST

START_TEST(errors_of_the_kernel_come_back) {
  static const uint16_t types[] = {NLMSG_ERROR, NLMSG_DONE};
  for (int i = 0; i < 2; i++) {
    enum diag_progress progress = (enum diag_progress)99;
    datagram_len = 0;
    put_number(types[i], -ENOENT);
    ck_assert_int_eq(parse_into(&progress), -ENOENT);
    ck_assert_int_eq(progress, 99);
  }
}
END_TEST

START_TEST(an_error_number_that_is_none_is_refused) {
  static const int32_t numbers[] = {1, 2147483647, -4096, -2147483647 - 1};
  for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
    datagram_len = 0;
    put_number(i % 2 ? NLMSG_ERROR : NLMSG_DONE, numbers[i]);
    ck_assert_int_eq(parse(), -EBADMSG);
  }
  memset(datagram, 0, sizeof(datagram));
  datagram_len = 0;
  put_message(NLMSG_DONE, 0, SEQUENCE, "\0\0\0", 3);
  ck_assert_int_eq(parse(), -EBADMSG);
}
END_TEST

START_TEST(an_acknowledgement_is_no_error) {
  enum diag_progress progress = DIAG_DONE;
  put_number(NLMSG_ERROR, 0);
  put_number(NLMSG_NOOP, -5);
  ck_assert_int_eq(parse_into(&progress), 0);
  ck_assert_int_eq(progress, DIAG_MORE);
}
END_TEST

START_TEST(an_interrupted_dump_is_told) {
  struct inet_diag_msg socket = socket_of(TCP_STATE_ESTABLISHED, 80);
  int32_t none = 0;
  put_message(TCPDIAG_GETSOCK, NLM_F_MULTI | NLM_F_DUMP_INTR, SEQUENCE, &socket,
              sizeof(socket));
  ck_assert_int_eq(parse(), -EINTR);
  datagram_len = 0;
  put_message(NLMSG_DONE, NLM_F_DUMP_INTR, SEQUENCE, &none, sizeof(none));
  ck_assert_int_eq(parse(), -EINTR);
}
END_TEST

START_TEST(messages_of_another_sequence_are_skipped) {
  enum diag_progress progress = DIAG_DONE;
  struct inet_diag_msg socket = socket_of(TCP_STATE_ESTABLISHED, 80);
  int32_t error = -EPERM;
  put_message(TCPDIAG_GETSOCK, 0, SEQUENCE - 1, &socket, sizeof(socket));
  put_message(NLMSG_DONE, NLM_F_DUMP_INTR, SEQUENCE - 1, &error, sizeof(error));
  put_message(NLMSG_ERROR, 0, 0, &error, sizeof(error));
  ck_assert_int_eq(parse_into(&progress), 0);
  ck_assert_int_eq(progress, DIAG_MORE);
  ck_assert_uint_eq(reading->count[TCP_IPV4][TCP_STATE_ESTABLISHED], 0);
}
END_TEST

START_TEST(a_family_that_is_not_tcps_is_refused) {
  struct inet_diag_msg socket = socket_of(TCP_STATE_ESTABLISHED, 80);
  socket.idiag_family = AF_UNIX;
  put_socket(socket);
  ck_assert_int_eq(parse(), -EBADMSG);
}
END_TEST

/* Every shorter copy, on the heap, where a sanitizer sees a read too far. */
START_TEST(a_datagram_cut_at_any_byte_is_refused) {
  put_socket(socket_of(TCP_STATE_SYN_RECV, 443));
  size_t first = datagram_len;
  put_listener(1, SK_MEMINFO_VARS);
  for (size_t len = 0; len < datagram_len; len++) {
    enum diag_progress progress;
    unsigned char *cut = malloc(len + 1);
    memcpy(cut, datagram, len);
    ck_assert_int_eq(
        diag_message_parse(cut, len, SEQUENCE, false, reading, &progress),
        len == first ? 0 : -EBADMSG);
    free(cut);
  }
}
END_TEST

START_TEST(a_message_that_lies_about_its_length_is_refused) {
  static const uint32_t lengths[] = {0, 1, 15, 16, 87, 4096, 0xffffffff};
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
    datagram_len = 0;
    put_socket(socket_of(TCP_STATE_ESTABLISHED, 80));
    memcpy(datagram, &lengths[i], sizeof(lengths[i]));
    ck_assert_int_eq(parse(), -EBADMSG);
  }
}
END_TEST

START_TEST(an_attribute_that_lies_about_its_length_is_refused) {
  static const uint16_t lengths[] = {0, 1, 3, 49, 0x7fff, 0xffff};
  size_t at = NLMSG_LENGTH(sizeof(struct inet_diag_msg));
  for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
    datagram_len = 0;
    put_listener(1, SK_MEMINFO_VARS);
    memcpy(datagram + at, &lengths[i], sizeof(lengths[i]));
    ck_assert_int_eq(parse(), -EBADMSG);
  }
}
END_TEST

START_TEST(a_walk_for_ports_counts_only_them) {
  static const uint16_t port = 443;
  struct reading *ported = reading_create(&port, 1);
  enum diag_progress progress;
  put_socket(socket_of(TCP_STATE_ESTABLISHED, 443));
  put_socket(socket_of(TCP_STATE_ESTABLISHED, 80));
  ck_assert_int_eq(diag_message_parse(datagram, datagram_len, SEQUENCE, true,
                                      ported, &progress),
                   0);
  ck_assert_uint_eq(ported->port_count[0][TCP_STATE_ESTABLISHED], 1);
  ck_assert_uint_eq(ported->count[TCP_IPV4][TCP_STATE_ESTABLISHED], 0);
  reading_destroy(ported);
}
END_TEST

enum { OP = sizeof(struct inet_diag_bc_op) };

static _Alignas(struct nlmsghdr) unsigned char request_bytes[DIAG_REQUEST_MAX];

/* The filter in the request of these ports: its length, 0 for none. */
static size_t request_filter(const uint16_t *ports, size_t ports_len,
                             struct inet_diag_bc_op *ops) {
  struct diag_request request = {.ports = ports, .ports_len = ports_len};
  size_t len = diag_message_request(&request, request_bytes);
  size_t body = NLMSG_LENGTH(sizeof(struct inet_diag_req));
  if (len == body)
    return 0;
  struct nlattr attribute;
  memcpy(&attribute, request_bytes + body, sizeof(attribute));
  ck_assert_uint_eq(attribute.nla_type, INET_DIAG_REQ_BYTECODE);
  ck_assert_uint_eq(body + attribute.nla_len, len);
  memcpy(ops, request_bytes + body + sizeof(attribute), len - body - 4);
  return len - body - 4;
}

/* Whether a place is on the chain of "yes" steps from the beginning. */
static bool on_chain(const struct inet_diag_bc_op *ops, size_t place) {
  size_t at = 0;
  while (at < place)
    at += ops[at / OP].yes;
  return at == place;
}

/* As inet_diag_bc_audit(): every step leads forward to an operation. */
static void assert_audit_passes(const struct inet_diag_bc_op *ops, size_t len) {
  for (size_t at = 0; at < len; at += ops[at / OP].yes) {
    const struct inet_diag_bc_op *op = &ops[at / OP];
    size_t least = op->code == INET_DIAG_BC_JMP ? OP : 2 * OP;
    ck_assert_uint_ge(op->yes, least);
    ck_assert_uint_ge(op->no, least);
    ck_assert_uint_eq(op->yes % 4 + op->no % 4, 0);
    ck_assert_uint_le(at + op->no, len + 4);
    ck_assert(at + op->no >= len || on_chain(ops, at + op->no));
    ck_assert_uint_le(at + op->yes, len);
  }
}

/* As inet_diag_bc_run(): whether a socket of this port passes. */
static bool passes(const struct inet_diag_bc_op *ops, size_t len,
                   uint16_t port) {
  size_t at = 0;
  while (at < len) {
    const struct inet_diag_bc_op *op = &ops[at / OP];
    bool yes = op->code == INET_DIAG_BC_S_GE   ? port >= op[1].no
               : op->code == INET_DIAG_BC_S_LE ? port <= op[1].no
                                               : false;
    at += yes ? op->yes : op->no;
  }
  return at == len;
}

START_TEST(a_request_asks_for_both_families_in_one_dump) {
  struct diag_request request = {.states = 0xabc, .sequence = 0x12345678};
  size_t len = diag_message_request(&request, request_bytes);
  struct nlmsghdr header;
  struct inet_diag_req body;
  memcpy(&header, request_bytes, sizeof(header));
  memcpy(&body, request_bytes + NLMSG_HDRLEN, sizeof(body));
  ck_assert_uint_eq(len, NLMSG_LENGTH(sizeof(body)));
  ck_assert_uint_eq(header.nlmsg_len, len);
  ck_assert_uint_eq(header.nlmsg_type, TCPDIAG_GETSOCK);
  ck_assert_uint_eq(header.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
  ck_assert_uint_eq(header.nlmsg_seq, 0x12345678);
  ck_assert_uint_eq(body.idiag_family, AF_UNSPEC);
  ck_assert_uint_eq(body.idiag_states, 0xabc);
  ck_assert_uint_eq(body.idiag_ext, 0);
}
END_TEST

START_TEST(memory_is_asked_for_on_demand) {
  struct diag_request request = {.states = 1 << TCP_STATE_LISTEN,
                                 .memory = true};
  struct inet_diag_req body;
  diag_message_request(&request, request_bytes);
  memcpy(&body, request_bytes + NLMSG_HDRLEN, sizeof(body));
  ck_assert_uint_eq(body.idiag_ext, 1 << (INET_DIAG_SKMEMINFO - 1));
}
END_TEST

START_TEST(tcp_info_is_asked_for_on_demand) {
  struct diag_request wanted = {.states = 1 << TCP_STATE_ESTABLISHED};
  unsigned char buffer[DIAG_REQUEST_MAX];
  struct inet_diag_req body;
  for (int info = 0; info <= 1; info++) {
    wanted.info = info != 0;
    ck_assert_uint_gt(diag_message_request(&wanted, buffer), 0);
    memcpy(&body, buffer + NLMSG_HDRLEN, sizeof(body));
    ck_assert_uint_eq(body.idiag_ext, info ? 1u << (INET_DIAG_INFO - 1) : 0u);
  }
}
END_TEST

START_TEST(a_filter_passes_its_ports_and_no_other) {
  static const uint16_t all[READING_PORTS_MAX] = {443, 80, 65535, 0, 22, 81};
  for (size_t ports_len = 1; ports_len <= READING_PORTS_MAX; ports_len++) {
    struct inet_diag_bc_op ops[DIAG_REQUEST_MAX / OP];
    uint16_t ports[READING_PORTS_MAX];
    bool wanted[65536] = {false};
    for (size_t i = 0; i < ports_len; i++) {
      ports[i] = i < 6 ? all[i] : (uint16_t)(1000 + 997 * i);
      wanted[ports[i]] = true;
    }
    size_t len = request_filter(ports, ports_len, ops);
    ck_assert_uint_gt(len, 0);
    assert_audit_passes(ops, len);
    for (unsigned port = 0; port < 65536; port++)
      if (passes(ops, len, (uint16_t)port) != wanted[port])
        ck_abort_msg("port %u of %zu ports", port, ports_len);
  }
}
END_TEST

START_TEST(without_ports_there_is_no_filter) {
  struct inet_diag_bc_op ops[1];
  uint16_t port = 80;
  ck_assert_uint_eq(request_filter(NULL, 0, ops), 0);
  ck_assert_uint_eq(request_filter(&port, 0, ops), 0);
}
END_TEST

START_TEST(more_ports_than_the_limit_are_refused) {
  static const uint16_t ports[READING_PORTS_MAX + 1];
  struct diag_request request = {.ports = ports,
                                 .ports_len = READING_PORTS_MAX + 1};
  ck_assert_uint_eq(diag_message_request(&request, request_bytes), 0);
}
END_TEST

/* A socket that listens on a port the kernel chooses. */
static int listening_socket(uint16_t *port) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t len = sizeof(address);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, len), 0);
  ck_assert_int_eq(listen(fd, 17), 0);
  ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &len), 0);
  *port = ntohs(address.sin_port);
  return fd;
}

/* Send the request to the kernel; its answer goes into the reading. */
static int ask_kernel(int fd, const struct diag_request *request) {
  static _Alignas(struct nlmsghdr) unsigned char answer[32768];
  enum diag_progress progress = DIAG_MORE;
  size_t len = diag_message_request(request, request_bytes);
  ck_assert_int_eq(send(fd, request_bytes, len, 0), (ssize_t)len);
  while (progress == DIAG_MORE) {
    ssize_t got = recv(fd, answer, sizeof(answer), 0);
    ck_assert_int_gt(got, 0);
    int rc = diag_message_parse(answer, (size_t)got, request->sequence, false,
                                reading, &progress);
    if (rc != 0)
      return rc;
  }
  return 0;
}

START_TEST(the_running_kernel_takes_the_filter) {
  int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
  uint16_t wanted, other, ports[READING_PORTS_MAX];
  int wanted_fd = listening_socket(&wanted),
      other_fd = listening_socket(&other);
  for (size_t i = 0; i < READING_PORTS_MAX; i++)
    ports[i] = (uint16_t)(i + 1);
  ports[READING_PORTS_MAX / 2] = wanted;
  struct diag_request request = {.states = 1 << TCP_STATE_LISTEN,
                                 .memory = true,
                                 .ports = ports,
                                 .ports_len = READING_PORTS_MAX,
                                 .sequence = 9};
  int rc = fd < 0 ? -ENOENT : ask_kernel(fd, &request);
  bool absent = rc == -ENOENT; /* no netlink, or no module tcp_diag */
  ck_assert(rc == 0 || absent);
  bool found = false;
  for (size_t i = 0; i < reading->listeners_len; i++) {
    ck_assert_uint_ne(reading->listeners[i].port, other);
    if (reading->listeners[i].port == wanted)
      found = reading->listeners[i].accept_max == 17;
  }
  ck_assert(found || absent);
  close(fd);
  close(wanted_fd);
  close(other_fd);
}
END_TEST

/* A socket with tcp_info, cut to len bytes. */
struct __attribute__((packed)) talker {
  struct inet_diag_msg socket;
  struct nlattr header;
  struct tcp_info info;
};

static void put_talker(struct inet_diag_msg socket, const struct tcp_info *info,
                       size_t len) {
  struct talker body = {.socket = socket, .info = *info};
  body.header = (struct nlattr){(uint16_t)(4 + len), INET_DIAG_INFO};
  put_message(TCPDIAG_GETSOCK, NLM_F_MULTI, SEQUENCE, &body,
              offsetof(struct talker, info) + len);
}

static int look(struct holders *holders) {
  enum diag_progress progress;
  put_number(NLMSG_DONE, 0);
  return diag_message_parse_holders(datagram, datagram_len, SEQUENCE, holders,
                                    &progress);
}

static const struct tcp_info starved = {.tcpi_last_data_sent = 12000,
                                        .tcpi_data_segs_out = 3,
                                        .tcpi_bytes_acked = 4000,
                                        .tcpi_busy_time = 12900000};

START_TEST(a_look_reads_timer_and_tcp_info) {
  struct holders holders;
  struct inet_diag_msg socket = socket_of(TCP_STATE_ESTABLISHED, 443);
  ck_assert_int_eq(holders_init(&holders), 0);
  holders_clear(&holders, true);
  socket.idiag_timer = TCP_TIMER_PROBE;
  put_talker(socket, &starved, sizeof(starved));
  socket.idiag_retrans = 1; /* it answers no probe */
  put_talker(socket, &starved, sizeof(starved));
  ck_assert_int_eq(look(&holders), 0);
  ck_assert_uint_eq(holders.sockets, 2);
  ck_assert_uint_eq(holders.kind[HOLDER_ZERO_WINDOW], 1);
  ck_assert_uint_eq(holders.kind[HOLDER_STARVED], 1);
  ck_assert(holders_know_kinds(&holders));
  holders_release(&holders);
}
END_TEST

/* Linux before 4.10 has no busy time. */
START_TEST(a_shorter_tcp_info_is_unknown) {
  struct holders holders;
  size_t least = offsetof(struct tcp_info, tcpi_busy_time) + sizeof(uint64_t);
  ck_assert_int_eq(holders_init(&holders), 0);
  for (size_t len = 0; len <= least; len += 8) {
    datagram_len = 0;
    holders_clear(&holders, true);
    put_talker(socket_of(TCP_STATE_ESTABLISHED, 443), &starved, len);
    ck_assert_int_eq(look(&holders), 0);
    ck_assert_uint_eq(holders.lacking, len < least);
    ck_assert_uint_eq(holders.kind[HOLDER_STARVED], len == least);
  }
  holders_release(&holders);
}
END_TEST

START_TEST(a_cut_attribute_ends_a_look) {
  struct holders holders;
  struct nlattr header = {200, INET_DIAG_INFO};
  struct {
    struct inet_diag_msg socket;
    struct nlattr header;
  } body = {socket_of(TCP_STATE_ESTABLISHED, 443), header};
  ck_assert_int_eq(holders_init(&holders), 0);
  put_message(TCPDIAG_GETSOCK, NLM_F_MULTI, SEQUENCE, &body, sizeof(body));
  ck_assert_int_eq(look(&holders), -EBADMSG);
  holders_release(&holders);
}
END_TEST

START_TEST(zero_windows_of_a_dump_are_counted) {
  enum diag_progress progress;
  for (int state = 1; state < TCP_STATE_END; state++) {
    struct inet_diag_msg socket = socket_of(state, 443);
    socket.idiag_timer = TCP_TIMER_PROBE;
    if (state != TCP_STATE_LISTEN)
      put_socket(socket);
    socket.idiag_retrans = 2;
    if (state == TCP_STATE_ESTABLISHED)
      put_socket(socket);
  }
  put_number(NLMSG_DONE, 0);
  ck_assert_int_eq(parse_into(&progress), 0);
  ck_assert_uint_eq(reading->zero_windows, 2);
  reading_clear(reading);
  ck_assert_uint_eq(reading->zero_windows, 0);
}
END_TEST

SUITE(diag_message) {
  Suite *suite = suite_create("diag_message");
  TCase *tcase = tcase_create("answer");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, sockets_become_rows);
  tcase_add_test(tcase, timer_3_marks_a_mini_socket);
  tcase_add_test(tcase, a_listener_has_its_queue_and_its_drops);
  tcase_add_test(tcase, memory_information_without_drops_is_left_alone);
  tcase_add_test(tcase, the_end_of_the_dump_is_told);
  tcase_add_test(tcase, errors_of_the_kernel_come_back);
  tcase_add_test(tcase, an_error_number_that_is_none_is_refused);
  tcase_add_test(tcase, an_acknowledgement_is_no_error);
  tcase_add_test(tcase, an_interrupted_dump_is_told);
  tcase_add_test(tcase, messages_of_another_sequence_are_skipped);
  tcase_add_test(tcase, a_family_that_is_not_tcps_is_refused);
  tcase_add_test(tcase, a_datagram_cut_at_any_byte_is_refused);
  tcase_add_test(tcase, a_message_that_lies_about_its_length_is_refused);
  tcase_add_test(tcase, an_attribute_that_lies_about_its_length_is_refused);
  tcase_add_test(tcase, a_walk_for_ports_counts_only_them);
  tcase_add_test(tcase, a_look_reads_timer_and_tcp_info);
  tcase_add_test(tcase, a_shorter_tcp_info_is_unknown);
  tcase_add_test(tcase, a_cut_attribute_ends_a_look);
  tcase_add_test(tcase, zero_windows_of_a_dump_are_counted);
  suite_add_tcase(suite, tcase);
  TCase *request = tcase_create("request");
  tcase_add_checked_fixture(request, setup, teardown);
  tcase_add_test(request, a_request_asks_for_both_families_in_one_dump);
  tcase_add_test(request, memory_is_asked_for_on_demand);
  tcase_add_test(request, tcp_info_is_asked_for_on_demand);
  tcase_add_test(request, a_filter_passes_its_ports_and_no_other);
  tcase_add_test(request, without_ports_there_is_no_filter);
  tcase_add_test(request, more_ports_than_the_limit_are_refused);
  tcase_add_test(request, the_running_kernel_takes_the_filter);
  suite_add_tcase(suite, request);
  return suite;
}
