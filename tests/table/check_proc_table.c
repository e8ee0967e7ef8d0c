/* Text of /proc/net/tcp and tcp6 -> rows. */
#include "scenes/suite.h"
#include "table/proc_table.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#define HEADER "  sl  local_address rem_address   st tx_queue rx_queue tr\n"
#define ROW                                                                    \
  "   4: 0A0200C0:0016 097100CB:1771 03 00000000:00000000 01:00000190 "        \
  "00000002     0        0 0 1 0000000000000000\n"

/* The words of an address are printed as the host holds them. */
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define LINUX_6_18 "linux-6.18-big-endian"
#else
#define LINUX_6_18 "linux-6.18"
#endif

static struct reading *reading;

static void setup(void) { reading = reading_create(NULL, 0); }

static void teardown(void) { reading_destroy(reading); }

/* The whole text in pieces of one size; 0 if every call was content. */
static int parse(enum tcp_family family, const char *text, size_t len,
                 size_t piece) {
  struct proc_table table;
  proc_table_init(&table, family, reading);
  for (size_t at = 0; at < len; at += piece) {
    size_t left = len - at;
    int rc = proc_table_feed(&table, text + at, left < piece ? left : piece);
    if (rc != 0)
      return rc;
  }
  int rc = proc_table_end(&table);
  reading_finish(reading);
  return rc;
}

static int parse_text(const char *text) {
  reading_clear(reading);
  return parse(TCP_IPV4, text, strlen(text), 4096);
}

static size_t fixture(const char *name, char *text, size_t size) {
  char path[512];
  snprintf(path, sizeof(path), "%s/%s", FIXTURES, name);
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "cannot open %s", path);
  size_t len = fread(text, 1, size, file);
  fclose(file);
  ck_assert_uint_lt(len, size);
  return len;
}

static void parse_fixture(enum tcp_family family, const char *name,
                          size_t piece) {
  char text[16384];
  size_t len = fixture(name, text, sizeof(text));
  ck_assert_int_eq(parse(family, text, len, piece), 0);
}

static void assert_linux_6_18(void) {
  const uint64_t *v4 = reading->count[TCP_IPV4], *v6 = reading->count[TCP_IPV6];
  ck_assert_uint_eq(v4[TCP_STATE_ESTABLISHED], 2);
  ck_assert_uint_eq(v4[TCP_STATE_SYN_SENT], 1);
  ck_assert_uint_eq(v4[TCP_STATE_SYN_RECV], 3);
  ck_assert_uint_eq(v4[TCP_STATE_FIN_WAIT1], 1);
  ck_assert_uint_eq(v4[TCP_STATE_FIN_WAIT2], 2);
  ck_assert_uint_eq(v4[TCP_STATE_TIME_WAIT], 1);
  ck_assert_uint_eq(v4[TCP_STATE_CLOSED], 1);
  ck_assert_uint_eq(v4[TCP_STATE_CLOSE_WAIT], 1);
  ck_assert_uint_eq(v4[TCP_STATE_LAST_ACK], 1);
  ck_assert_uint_eq(v4[TCP_STATE_LISTEN], 2);
  ck_assert_uint_eq(v4[TCP_STATE_CLOSING], 1);
  ck_assert_uint_eq(v6[TCP_STATE_ESTABLISHED], 1);
  ck_assert_uint_eq(v6[TCP_STATE_SYN_RECV], 2);
  ck_assert_uint_eq(v6[TCP_STATE_LISTEN], 1);
  ck_assert_uint_eq(reading->timewait_fin_wait2, 1);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 2);
  ck_assert_uint_eq(reading->aged[TCP_IPV6], 1);
  ck_assert_uint_eq(reading->listeners_len, 3);
  ck_assert_uint_eq(reading->listeners[0].half_open, 3); /* 0.0.0.0:22 */
  ck_assert_uint_eq(reading->listeners[0].aged, 2);
  ck_assert_uint_eq(reading->listeners[1].accept_depth, 5);
  ck_assert_uint_eq(reading->listeners[2].half_open, 2); /* [::]:443 */
  ck_assert_uint_eq(reading->top_source_count, 3);       /* 203.0.113.0/24 */
}

START_TEST(a_table_of_linux_6_18_is_counted) {
  parse_fixture(TCP_IPV4, LINUX_6_18 "/tcp", 16384);
  parse_fixture(TCP_IPV6, LINUX_6_18 "/tcp6", 16384);
  assert_linux_6_18();
  static const uint8_t top[16] = {203, 0, 113}, any[16] = {0},
                       local[16] = {127, 0, 0, 1};
  ck_assert_int_eq(memcmp(reading->top_source, top, 16), 0);
  ck_assert_int_eq(memcmp(reading->listeners[1].address, local, 16), 0);
  ck_assert_uint_eq(reading->listeners[1].port, 8080);
  ck_assert(!reading->listeners[1].max_known);
  ck_assert_uint_eq(reading->listeners[2].family, TCP_IPV6);
  ck_assert_int_eq(memcmp(reading->listeners[2].address, any, 16), 0);
}
END_TEST

START_TEST(pieces_of_any_size_give_the_same) {
  for (size_t piece = 1; piece <= 400; piece++) {
    reading_clear(reading);
    parse_fixture(TCP_IPV4, LINUX_6_18 "/tcp", piece);
    parse_fixture(TCP_IPV6, LINUX_6_18 "/tcp6", piece);
    assert_linux_6_18();
  }
}
END_TEST

START_TEST(tables_of_other_kernels_are_read) {
  parse_fixture(TCP_IPV4, "linux-2.6.32/tcp", 16384);
  parse_fixture(TCP_IPV6, "linux-2.6.32/tcp6", 16384);
  parse_fixture(TCP_IPV4, "linux-3.10-i686/tcp", 16384);
  parse_fixture(TCP_IPV6, "linux-3.10-i686/tcp6", 16384); /* no socket */
  parse_fixture(TCP_IPV4, "gvisor/tcp", 16384);
  ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 2 + 1 + 2);
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 2 + 1 + 2 + 2);
}
END_TEST

/* The words as this host prints them are those in its memory. */
START_TEST(an_ipv6_address_is_in_network_order) {
  uint8_t expected[16];
  uint32_t words[2];
  char text[512];
  ck_assert_int_eq(inet_pton(AF_INET6, "2001:db8:ffff:1::", expected), 1);
  memcpy(words, expected, sizeof(words));
  snprintf(text, sizeof(text),
           HEADER "   0: 00000000000000000000000001000000:01BB "
                  "%08X%08X0000000001000000:C351 03 00000000:00000000 "
                  "01:00000190 00000000\n",
           words[0], words[1]);
  ck_assert_int_eq(parse(TCP_IPV6, text, strlen(text), 4096), 0);
  ck_assert_int_eq(memcmp(reading->top_source, expected, 16), 0);
}
END_TEST

START_TEST(a_header_alone_is_an_empty_table) {
  ck_assert_int_eq(parse_text(HEADER), 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
}
END_TEST

START_TEST(no_text_is_no_table) {
  ck_assert_int_eq(parse_text(""), -EBADMSG);
  ck_assert_int_eq(parse_text("\n"), -EBADMSG);
  ck_assert_int_eq(parse_text(ROW), -EBADMSG);
}
END_TEST

/* A cut is seen wherever it falls, but between two lines. */
START_TEST(a_cut_table_is_refused) {
  static const char text[] = HEADER ROW ROW;
  for (size_t len = 0; len < sizeof(text); len++) {
    bool whole_lines = len > 0 && text[len - 1] == '\n';
    reading_clear(reading);
    ck_assert_int_eq(parse(TCP_IPV4, text, len, 4096),
                     whole_lines || text[len] == '\0' ? 0 : -EBADMSG);
  }
}
END_TEST

START_TEST(a_row_too_short_is_refused) {
  char text[sizeof(HEADER ROW)];
  size_t least = strlen(HEADER) + (size_t)(strstr(ROW, "00000002") - ROW) + 8;
  for (size_t len = strlen(HEADER); len < least; len++) {
    memcpy(text, HEADER ROW, len);
    memcpy(text + len, "\n", 2);
    ck_assert_int_eq(parse_text(text), -EBADMSG);
  }
}
END_TEST

START_TEST(a_piece_without_bytes_changes_nothing) {
  struct proc_table table;
  proc_table_init(&table, TCP_IPV4, reading);
  ck_assert_int_eq(proc_table_feed(&table, HEADER "   ", strlen(HEADER) + 3),
                   0);
  ck_assert_int_eq(proc_table_feed(&table, NULL, 0), 0);
  ck_assert_int_eq(proc_table_end(&table), -EBADMSG);
  ck_assert_int_eq(proc_table_feed(&table, &ROW[3], strlen(ROW) - 3), 0);
  ck_assert_int_eq(proc_table_end(&table), 0);
}
END_TEST

/* Any other character in one of the columns that are read is noticed, or is
 * another digit. */
START_TEST(a_garbled_row_is_refused) {
  static const char good[] = HEADER ROW;
  size_t begin = strlen(HEADER),
         end = (size_t)(strstr(good, "00000002") - good);
  ck_assert_int_eq(parse_text(good), 0);
  for (size_t at = begin; at < end + 8; at++) {
    static const char odd[] = "xG-+.\t\r\x01\x7f\xff/@`:";
    for (size_t i = 0; i < sizeof(odd) - 1; i++) {
      char text[sizeof(good)];
      memcpy(text, good, sizeof(good));
      if (text[at] == odd[i])
        continue;
      text[at] = odd[i];
      ck_assert_msg(parse_text(text) == -EBADMSG, "byte %zu: %s", at, text);
    }
  }
}
END_TEST

START_TEST(a_nul_byte_is_refused_anywhere) {
  static const char good[] = HEADER ROW;
  for (size_t at = 0; at < sizeof(good) - 1; at++) {
    char text[sizeof(good)];
    memcpy(text, good, sizeof(good));
    text[at] = '\0';
    reading_clear(reading);
    ck_assert_int_eq(parse(TCP_IPV4, text, sizeof(good) - 1, 4096), -EBADMSG);
  }
}
END_TEST

START_TEST(a_row_of_the_other_family_is_refused) {
  char text[16384];
  size_t len = fixture(LINUX_6_18 "/tcp6", text, sizeof(text));
  ck_assert_int_eq(parse(TCP_IPV4, text, len, len), -EBADMSG);
  len = fixture(LINUX_6_18 "/tcp", text, sizeof(text));
  ck_assert_int_eq(parse(TCP_IPV6, text, len, len), -EBADMSG);
}
END_TEST

/* ROW and blanks behind it, in pieces of any size. */
static int parse_row_of_length(size_t row_len, size_t piece) {
  char text[sizeof(HEADER) + 2048];
  size_t header_len = strlen(HEADER);
  memcpy(text, HEADER, header_len);
  memset(text + header_len, ' ', row_len);
  memcpy(text + header_len, ROW, strlen(ROW) - 1);
  text[header_len + row_len] = '\n';
  reading_clear(reading);
  return parse(TCP_IPV4, text, header_len + row_len + 1, piece);
}

START_TEST(a_line_longer_than_the_limit_is_refused) {
  static const size_t pieces[] = {1, 100, 511, 512, 513, 4096};
  for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
    ck_assert_int_eq(parse_row_of_length(PROC_TABLE_LINE_MAX, pieces[i]), 0);
    for (size_t len = PROC_TABLE_LINE_MAX + 1; len < 2040; len += 50)
      ck_assert_int_eq(parse_row_of_length(len, pieces[i]), -EBADMSG);
  }
}
END_TEST

START_TEST(the_columns_behind_need_not_be_there) {
  char text[sizeof(HEADER ROW)] = HEADER ROW;
  char *behind = strstr(text, "00000002") + 8;
  strcpy(behind, "\n");
  ck_assert_int_eq(parse_text(text), 0);
  ck_assert_uint_eq(reading->aged[TCP_IPV4], 1);
  strcpy(behind, "0\n");
  ck_assert_int_eq(parse_text(text), -EBADMSG);
}
END_TEST

/* Of a probe, the column "timeout" counts those not answered. */
START_TEST(zero_windows_are_counted_if_their_probes_are_answered) {
  static const struct {
    const char *tail;
    uint64_t zero_windows;
  } rows[] = {{"04:00000190 00000000     0        0 0 1 0000000000000000", 1},
              {"04:00000190 00000000  1000        0 0", 1},
              {"04:00000190 00000000     0        1 0 1 0000000000000000", 0},
              {"04:00000190 00000000     0 99999999999999999999999 0", 0},
              {"04:00000190 00000000", 1},
              {"04:00000190 00000001", 0},
              {"04:00000190 00000000     0", 1},
              {"01:00000190 00000000     0        0 0 1 0000000000000000", 0}};
  char text[512];
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
    for (int state = 1; state <= 4; state++) {
      snprintf(text, sizeof(text),
               HEADER "   4: 0A0200C0:0016 097100CB:1771 %02X "
                      "00000000:00000000 %s\n",
               (unsigned)state, rows[i].tail);
      bool open =
          state == TCP_STATE_ESTABLISHED || state == TCP_STATE_FIN_WAIT1;
      ck_assert_int_eq(parse_text(text), 0);
      ck_assert_msg(reading->zero_windows == (open ? rows[i].zero_windows : 0),
                    "row %zu, state %d", i, state);
    }
}
END_TEST

SUITE(proc_table) {
  Suite *suite = suite_create("proc_table");
  TCase *tcase = tcase_create("text");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, a_table_of_linux_6_18_is_counted);
  tcase_add_test(tcase, pieces_of_any_size_give_the_same);
  tcase_add_test(tcase, tables_of_other_kernels_are_read);
  tcase_add_test(tcase, an_ipv6_address_is_in_network_order);
  tcase_add_test(tcase, a_header_alone_is_an_empty_table);
  tcase_add_test(tcase, no_text_is_no_table);
  tcase_add_test(tcase, a_cut_table_is_refused);
  tcase_add_test(tcase, a_row_too_short_is_refused);
  tcase_add_test(tcase, a_piece_without_bytes_changes_nothing);
  tcase_add_test(tcase, a_garbled_row_is_refused);
  tcase_add_test(tcase, a_nul_byte_is_refused_anywhere);
  tcase_add_test(tcase, a_row_of_the_other_family_is_refused);
  tcase_add_test(tcase, a_line_longer_than_the_limit_is_refused);
  tcase_add_test(tcase, the_columns_behind_need_not_be_there);
  tcase_add_test(tcase, zero_windows_are_counted_if_their_probes_are_answered);
  suite_add_tcase(suite, tcase);
  return suite;
}
