/* inet_diag requests: their bytes, the port filter against a model of the
 * kernel's audit and interpreter, and against the running kernel. */
#include "scenes/suite.h"
#include "table/diag_message.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { OP = sizeof(struct inet_diag_bc_op) };

static _Alignas(struct nlmsghdr) unsigned char buffer[DIAG_REQUEST_MAX];

/* The filter in the request of these ports: its length, 0 for none. */
static size_t request_filter(const uint16_t *ports, size_t ports_len,
                             struct inet_diag_bc_op *ops) {
  struct diag_request request = {.ports = ports, .ports_len = ports_len};
  size_t len = diag_message_request(&request, buffer);
  size_t body = NLMSG_LENGTH(sizeof(struct inet_diag_req));
  if (len == body)
    return 0;
  struct nlattr attribute;
  memcpy(&attribute, buffer + body, sizeof(attribute));
  ck_assert_uint_eq(attribute.nla_type, INET_DIAG_REQ_BYTECODE);
  ck_assert_uint_eq(body + attribute.nla_len, len);
  memcpy(ops, buffer + body + sizeof(attribute), len - body - 4);
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
  size_t len = diag_message_request(&request, buffer);
  struct nlmsghdr header;
  struct inet_diag_req body;
  memcpy(&header, buffer, sizeof(header));
  memcpy(&body, buffer + NLMSG_HDRLEN, sizeof(body));
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
  diag_message_request(&request, buffer);
  memcpy(&body, buffer + NLMSG_HDRLEN, sizeof(body));
  ck_assert_uint_eq(body.idiag_ext, 1 << (INET_DIAG_SKMEMINFO - 1));
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
  ck_assert_uint_eq(diag_message_request(&request, buffer), 0);
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
static int ask_kernel(int fd, const struct diag_request *request,
                      struct reading *reading) {
  static _Alignas(struct nlmsghdr) unsigned char answer[32768];
  enum diag_progress progress = DIAG_MORE;
  size_t len = diag_message_request(request, buffer);
  ck_assert_int_eq(send(fd, buffer, len, 0), (ssize_t)len);
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
  struct reading *reading = reading_create(NULL, 0);
  int rc = fd < 0 ? -ENOENT : ask_kernel(fd, &request, reading);
  bool absent = rc == -ENOENT; /* no netlink, or no module tcp_diag */
  ck_assert(rc == 0 || absent);
  bool found = false;
  for (size_t i = 0; i < reading->listeners_len; i++) {
    ck_assert_uint_ne(reading->listeners[i].port, other);
    if (reading->listeners[i].port == wanted)
      found = reading->listeners[i].accept_max == 17;
  }
  ck_assert(found || absent);
  reading_destroy(reading);
  close(fd);
  close(wanted_fd);
  close(other_fd);
}
END_TEST

SUITE(diag_request) {
  Suite *suite = suite_create("diag_request");
  TCase *tcase = tcase_create("request");
  tcase_add_test(tcase, a_request_asks_for_both_families_in_one_dump);
  tcase_add_test(tcase, memory_is_asked_for_on_demand);
  tcase_add_test(tcase, a_filter_passes_its_ports_and_no_other);
  tcase_add_test(tcase, without_ports_there_is_no_filter);
  tcase_add_test(tcase, more_ports_than_the_limit_are_refused);
  tcase_add_test(tcase, the_running_kernel_takes_the_filter);
  suite_add_tcase(suite, tcase);
  return suite;
}
