/* Text of /proc/net/tcp and tcp6 -> rows. Touches memory only; lines are read
 * in place, only one that is cut between two pieces is copied. Source:
 * tcp4_seq_show() in net/ipv4/tcp_ipv4.c, tcp6_seq_show() in
 * net/ipv6/tcp_ipv6.c. */
#include "table/proc_table.h"

#include <errno.h>
#include <string.h>

/* Column tr of a timewait mini-socket. */
enum { TIMER_TIMEWAIT = 3 };

/* The rest of a line. bad: something in it was not as expected. */
struct cursor {
  const char *at, *end;
  bool bad;
};

/* A digit is IS_HEX + its value, so that all else is 0. */
enum { IS_HEX = 0x10 };
static const uint8_t hex_digit[256] = {
    ['0'] = IS_HEX,      ['1'] = IS_HEX + 1,  ['2'] = IS_HEX + 2,
    ['3'] = IS_HEX + 3,  ['4'] = IS_HEX + 4,  ['5'] = IS_HEX + 5,
    ['6'] = IS_HEX + 6,  ['7'] = IS_HEX + 7,  ['8'] = IS_HEX + 8,
    ['9'] = IS_HEX + 9,  ['A'] = IS_HEX + 10, ['B'] = IS_HEX + 11,
    ['C'] = IS_HEX + 12, ['D'] = IS_HEX + 13, ['E'] = IS_HEX + 14,
    ['F'] = IS_HEX + 15, ['a'] = IS_HEX + 10, ['b'] = IS_HEX + 11,
    ['c'] = IS_HEX + 12, ['d'] = IS_HEX + 13, ['e'] = IS_HEX + 14,
    ['f'] = IS_HEX + 15,
};

void proc_table_init(struct proc_table *table, enum tcp_family family,
                     struct reading *reading) {
  *table = (struct proc_table){.reading = reading, .family = family};
}

static void take_char(struct cursor *cursor, char expected) {
  if (cursor->at < cursor->end && *cursor->at == expected)
    cursor->at++;
  else
    cursor->bad = true;
}

/* Exactly this many hexadecimal digits, at most eight. */
static uint32_t take_hex(struct cursor *cursor, int digits) {
  if (cursor->end - cursor->at < digits) {
    cursor->bad = true;
    return 0;
  }
  uint32_t value = 0;
  unsigned all = IS_HEX;
  for (int i = 0; i < digits; i++) {
    uint8_t digit = hex_digit[(unsigned char)cursor->at[i]];
    all &= digit;
    value = value << 4 | (digit & 0xfU);
  }
  cursor->at += digits;
  cursor->bad = cursor->bad || all != IS_HEX;
  return value;
}

static void skip_blanks(struct cursor *cursor) {
  while (cursor->at < cursor->end && *cursor->at == ' ')
    cursor->at++;
}

/* One digit or more, decimal or hexadecimal. */
static void skip_number(struct cursor *cursor) {
  const char *begin = cursor->at;
  while (cursor->at < cursor->end && hex_digit[(unsigned char)*cursor->at])
    cursor->at++;
  if (cursor->at == begin)
    cursor->bad = true;
}

/* The kernel prints an address as words in host order: stored as words, it is
 * in network order again. */
static void take_address(struct cursor *cursor, int words, uint8_t *address) {
  for (int i = 0; i < words; i++) {
    uint32_t word = take_hex(cursor, 8);
    memcpy(address + 4 * i, &word, sizeof(word));
  }
}

/* "uid timeout", where timeout counts the probes that were not answered; a
 * kernel without them leaves what there is. */
static uint32_t take_probes(struct cursor *cursor, uint32_t otherwise) {
  uint32_t probes = 0;
  skip_blanks(cursor);
  while (cursor->at < cursor->end && *cursor->at != ' ')
    cursor->at++;
  skip_blanks(cursor);
  if (cursor->at == cursor->end)
    return otherwise;
  for (; cursor->at < cursor->end && *cursor->at >= '0' && *cursor->at <= '9';
       cursor->at++)
    probes = probes < UINT8_MAX ? 10 * probes + (uint32_t)(*cursor->at - '0')
                                : UINT8_MAX;
  return probes;
}

/* "   0: 0100007F:0CEA 00000000:0000 0A 00000000:00000000 00:00000000 00000000"
 * and whatever follows. */
static bool parse_row(const char *line, size_t len, enum tcp_family family,
                      struct tcp_row *row) {
  struct cursor cursor = {.at = line, .end = line + len};
  int words = family == TCP_IPV4 ? 1 : 4;
  skip_blanks(&cursor);
  skip_number(&cursor);
  take_char(&cursor, ':');
  take_char(&cursor, ' ');
  take_address(&cursor, words, row->local);
  take_char(&cursor, ':');
  row->local_port = (uint16_t)take_hex(&cursor, 4);
  take_char(&cursor, ' ');
  take_address(&cursor, words, row->remote);
  take_char(&cursor, ':');
  take_hex(&cursor, 4);
  take_char(&cursor, ' ');
  row->state = (uint8_t)take_hex(&cursor, 2);
  take_char(&cursor, ' ');
  skip_number(&cursor); /* tx_queue */
  take_char(&cursor, ':');
  uint32_t rx_queue = take_hex(&cursor, 8);
  take_char(&cursor, ' ');
  row->timer = (uint8_t)take_hex(&cursor, 2);
  row->timewait = row->timer == TIMER_TIMEWAIT;
  take_char(&cursor, ':');
  skip_number(&cursor); /* tm->when: a long, may have more digits than 8 */
  take_char(&cursor, ' ');
  uint32_t retransmits = take_hex(&cursor, 8);
  if (cursor.at < cursor.end)
    take_char(&cursor, ' ');
  if (row->timer == TCP_TIMER_PROBE)
    retransmits = take_probes(&cursor, retransmits);
  row->family = (uint8_t)family;
  row->retransmits = retransmits < UINT8_MAX ? (uint8_t)retransmits : UINT8_MAX;
  row->accept_depth = row->state == TCP_STATE_LISTEN ? rx_queue : 0;
  return !cursor.bad;
}

static bool is_header(const char *line, size_t len) {
  static const char expected[] = "  sl  local_address ";
  return len >= sizeof(expected) - 1 &&
         memcmp(line, expected, sizeof(expected) - 1) == 0;
}

static int feed_line(struct proc_table *table, const char *line, size_t len) {
  if (len > PROC_TABLE_LINE_MAX)
    return -EBADMSG;
  if (!table->header_seen) {
    table->header_seen = is_header(line, len);
    return table->header_seen ? 0 : -EBADMSG;
  }
  struct tcp_row row = {0};
  if (!parse_row(line, len, table->family, &row))
    return -EBADMSG;
  return reading_add(table->reading, &row);
}

/* Keep the beginning of a line until the rest of it comes. */
static int keep_partial(struct proc_table *table, const char *text,
                        size_t len) {
  if (len > sizeof(table->partial) - table->partial_len)
    return -EBADMSG;
  memcpy(table->partial + table->partial_len, text, len);
  table->partial_len += len;
  return 0;
}

static int feed_rest_of_line(struct proc_table *table, const char *text,
                             size_t len) {
  int rc = keep_partial(table, text, len);
  if (rc == 0)
    rc = feed_line(table, table->partial, table->partial_len);
  table->partial_len = 0;
  return rc;
}

int proc_table_feed(struct proc_table *table, const char *text,
                    size_t text_len) {
  if (text_len == 0)
    return 0;
  if (memchr(text, '\0', text_len) != NULL)
    return -EBADMSG;
  const char *end = text + text_len;
  const char *newline;
  while ((newline = memchr(text, '\n', (size_t)(end - text))) != NULL) {
    size_t len = (size_t)(newline - text);
    int rc = table->partial_len > 0 ? feed_rest_of_line(table, text, len)
                                    : feed_line(table, text, len);
    if (rc != 0)
      return rc;
    text = newline + 1;
  }
  return keep_partial(table, text, (size_t)(end - text));
}

int proc_table_end(const struct proc_table *table) {
  return table->header_seen && table->partial_len == 0 ? 0 : -EBADMSG;
}
