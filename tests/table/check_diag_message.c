/* inet_diag answers: datagrams built byte by byte -> rows. */
#include "scenes/suite.h"
#include "table/diag_message.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

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
  suite_add_tcase(suite, tcase);
  return suite;
}
