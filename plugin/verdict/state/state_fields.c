/* The words of the saved text: numbers, names, and which members of the models
 * are saved. Pure. Sources: IEEE 754 for what a double is made of; CRC-32 of
 * IEEE 802.3 for the checksum. */
#include "state_fields.h"

#include "verdict/incidents/catalogue.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool state_cursor_next_token(struct state_cursor *cursor, char *token,
                             size_t size) {
  while (cursor->at < cursor->end && *cursor->at == ' ')
    cursor->at++;
  const char *start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at != ' ')
    cursor->at++;
  size_t length = (size_t)(cursor->at - start);
  if (length == 0 || length >= size || memchr(start, '\0', length))
    return false;
  memcpy(token, start, length);
  token[length] = '\0';
  return true;
}

bool state_cursor_at_end(const struct state_cursor *cursor) {
  return cursor->at == cursor->end;
}

size_t state_cursor_print_name(const char *name, char *text) {
  static const char hex_digits[] = "0123456789ABCDEF";
  char *at = text;

  for (; *name; name++) {
    unsigned char c = (unsigned char)*name;
    if (c > ' ' && c != '%' && c < 0x7f) {
      *at++ = (char)c;
      continue;
    }
    *at++ = '%';
    *at++ = hex_digits[c >> 4];
    *at++ = hex_digits[c & 15];
  }
  return (size_t)(at - text);
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool state_cursor_scan_name(const char *token, char *name, size_t size) {
  size_t length = 0;

  for (; *token; token++) {
    int c = (unsigned char)*token;
    if (c == '%') {
      int high = hex_digit(token[1]);
      int low = high < 0 ? -1 : hex_digit(token[2]);
      c = low < 0 ? 0 : high << 4 | low;
      if (c == 0)
        return false;
      token += 2;
    }
    if (length + 1 >= size)
      return false;
    name[length++] = (char)c;
  }
  name[length] = '\0';
  return true;
}

enum { DIGITS_MAX = 11, FIRST_SHIFT = 60, DIGIT_BITS = 6, SHORT_MAX = 15 };

static const double whole_max = 1e11; /* from here on the bits are shorter */
static const char digits[] =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+-";

size_t state_number_print_whole(int64_t number, char *text) {
  uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
  char reversed[STATE_NUMBER_MAX];
  size_t len = 0, at = 0;

  do
    reversed[len++] = (char)('0' + left % 10);
  while ((left /= 10) > 0);
  if (number < 0)
    text[at++] = '-';
  while (len > 0)
    text[at++] = reversed[--len];
  return at;
}

static bool is_whole(double number) {
  return fabs(number) < whole_max && number == (double)(int64_t)number &&
         !(number == 0 && signbit(number));
}

static size_t print_bits(double number, char *text) {
  size_t len = 0;
  uint64_t bits;

  memcpy(&bits, &number, sizeof(bits));
  text[len++] = '~';
  text[len++] = digits[bits >> FIRST_SHIFT];
  for (bits <<= 64 - FIRST_SHIFT; bits > 0; bits <<= DIGIT_BITS)
    text[len++] = digits[bits >> (64 - DIGIT_BITS)];
  return len;
}

size_t state_number_print(double number, char *text) {
  if (is_whole(number))
    return state_number_print_whole((int64_t)number, text);
  if (!isinf(number))
    return print_bits(number, text);
  const char *infinite = number < 0 ? "-inf" : "inf";
  memcpy(text, infinite, strlen(infinite) + 1);
  return strlen(infinite);
}

bool state_number_scan_whole(const char *token, int64_t *out) {
  char *end;

  errno = 0;
  *out = strtoll(token, &end, 10);
  return errno == 0 && end != token && *end == '\0';
}

/* 0..63, or -1. */
static int value_of(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'A' && c <= 'Z')
    return c - 'A' + 10;
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 36;
  return c == '+' ? 62 : c == '-' ? 63 : -1;
}

static bool scan_bits(const char *token, double *out) {
  size_t len = strlen(token);
  uint64_t bits = 0;

  if (len < 1 || len > DIGITS_MAX)
    return false;
  for (size_t i = 0; i < len; i++) {
    int value = value_of(token[i]);
    if (value < 0 || (i == 0 && value >= 1 << (64 - FIRST_SHIFT)))
      return false;
    bits |= (uint64_t)value << (FIRST_SHIFT - DIGIT_BITS * (int)i);
  }
  memcpy(out, &bits, sizeof(*out));
  return true;
}

/* Most numbers: a few decimal digits. */
static bool scan_short(const char *token, double *out) {
  int64_t whole = 0;
  size_t i = 0;

  for (; i < SHORT_MAX && token[i] >= '0' && token[i] <= '9'; i++)
    whole = 10 * whole + (token[i] - '0');
  if (i == 0 || token[i] != '\0')
    return false;
  *out = (double)whole;
  return true;
}

bool state_number_scan(const char *token, double *out) {
  char *end;

  if (*token == '~')
    return scan_bits(token + 1, out);
  if (scan_short(token, out))
    return true;
  *out = plain_text_number(token, &end);
  return end != token && *end == '\0';
}

double state_number_scan_time(char *text, char **end) {
  char *comma = strchr(text, ',');

  if (comma)
    *comma = '.';
  return plain_text_number(text, end);
}

enum { CLEAR_FACTOR_MAX = 64 };

static const struct state_field snapshot[] = {
    SAVED_DOUBLE(snapshot, time_s),
    SAVED_DOUBLE(snapshot, interval_s),
    SAVED_FIELD(STATE_WORD, snapshot, have),
    SAVED_FIELD(STATE_WORD, snapshot, rates),
    SAVED_FIELD(STATE_LONG, snapshot, syn_queue.backlog),
    SAVED_FIELD(STATE_LONG, snapshot, syn_queue.others),
    SAVED_FIELD(STATE_LONG, snapshot, accept_queue.backlog),
    SAVED_FIELD(STATE_LONG, snapshot, accept_queue.others),
    SAVED_FIELD(STATE_ADDRESS, snapshot, syn_queue.listener),
    SAVED_FIELD(STATE_ADDRESS, snapshot, accept_queue.listener),
    SAVED_FIELD(STATE_ADDRESS, snapshot, top_source),
};
static const struct state_field mark[] = {
    SAVED_DOUBLE(snapshot_mark, time_s),
    SAVED_DOUBLE(snapshot_mark, interval_s),
    SAVED_FIELD(STATE_WORD, snapshot_mark, have),
    SAVED_FIELD(STATE_WORD, snapshot_mark, rates),
    SAVED_ARRAY(STATE_LONG, snapshot_mark, counter,
                SIGNAL_COUNT - SIGNAL_FIRST_COUNTER),
};
static const struct state_field series[] = {
    SAVED_DOUBLE(series_memory, time_s),
    SAVED_DOUBLE(series_memory, seen_s),
    SAVED_DOUBLE(series_memory, interval_s),
    SAVED_FIELD(STATE_LONG, series_memory, counter),
    SAVED_BASELINE(series_memory, baseline),
    SAVED_INCIDENT(series_memory, incident),
    SAVED_ARRAY(STATE_FLOAT, series_memory, day.level, BASELINE_SLOTS),
    SAVED_ARRAY(STATE_SHORT, series_memory, day.seen_s, BASELINE_SLOTS),
};

#define PART(array)                                                            \
  { #array, array, sizeof(array) / sizeof(array[0]) }

const struct state_part *state_fields_part(int part) {
  static const struct state_part parts[STATE_PARTS] = {
      [STATE_SNAPSHOT] = PART(snapshot),
      [STATE_MARK] = PART(mark),
      [STATE_SERIES] = PART(series),
  };

  if (part >= STATE_JUDGE && part < STATE_MARK)
    return &catalogue[part - STATE_JUDGE].saved;
  return &parts[part];
}

const char state_fields_before[] = "before.";

uint32_t state_fields_checksum(uint32_t crc, const char *text, size_t length) {
  static const uint32_t of_four_bits[16] = {
      0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
      0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
      0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};

  crc = ~crc;
  for (size_t i = 0; i < length; i++) {
    crc ^= (unsigned char)text[i];
    crc = crc >> 4 ^ of_four_bits[crc & 15];
    crc = crc >> 4 ^ of_four_bits[crc & 15];
  }
  return ~crc;
}

static size_t size_of(const struct state_field *field) {
  switch (field->type) {
  case STATE_FLOAT:
    return sizeof(float);
  case STATE_BYTE:
  case STATE_FACTOR:
    return sizeof(uint8_t);
  case STATE_SHORT:
    return sizeof(uint16_t);
  case STATE_WORD:
    return sizeof(uint32_t);
  case STATE_SEVERITY:
    return sizeof(enum severity);
  case STATE_ADDRESS:
    return SNAPSHOT_ADDRESS_MAX;
  default:
    return sizeof(double); /* and int64_t */
  }
}

static int64_t whole_at(const struct state_field *field, size_t i,
                        const void *at) {
  switch (field->type) {
  case STATE_BYTE:
  case STATE_FACTOR:
    return ((const uint8_t *)at)[i];
  case STATE_SHORT:
    return ((const uint16_t *)at)[i];
  case STATE_WORD:
    return ((const uint32_t *)at)[i];
  case STATE_SEVERITY:
    return (int64_t) * (const enum severity *)at;
  default:
    return ((const int64_t *)at)[i];
  }
}

bool state_fields_same(const struct state_field *field, size_t i,
                       const void *base, const void *other) {
  size_t size = size_of(field), offset = field->offset + i * size;

  return memcmp((const char *)base + offset, (const char *)other + offset,
                size) == 0;
}

void state_fields_copy(const struct state_field *field, size_t i, void *base,
                       const void *other) {
  size_t size = size_of(field), offset = field->offset + i * size;

  memcpy((char *)base + offset, (const char *)other + offset, size);
}

size_t state_fields_print(const struct state_field *field, size_t i,
                          const void *base, char *text) {
  const void *at = (const char *)base + field->offset;

  if (field->type == STATE_FLOAT)
    return state_number_print((double)((const float *)at)[i], text);
  if (field->type < STATE_FLOAT)
    return state_number_print(((const double *)at)[i], text);
  if (field->type == STATE_ADDRESS) {
    *text = '=';
    return 1 + state_cursor_print_name(at, text + 1);
  }
  return state_number_print_whole(whole_at(field, i, at), text);
}

static bool store_double(const struct state_field *field, size_t i, void *at,
                         double number) {
  bool is_signed = field->type == STATE_SIGNED || field->type == STATE_FLOAT;

  if (isnan(number) || (number < 0 && !is_signed) ||
      (!isfinite(number) && field->type != STATE_AGE))
    return false;
  if (field->type == STATE_FLOAT)
    ((float *)at)[i] = (float)number;
  else
    ((double *)at)[i] = number;
  return field->type != STATE_FLOAT || isfinite(((float *)at)[i]);
}

static int64_t least(const struct state_field *field) {
  if (field->type == STATE_FACTOR)
    return 1;
  return field->type == STATE_LONG ? INT64_MIN : 0;
}

static int64_t most(const struct state_field *field) {
  switch (field->type) {
  case STATE_BYTE:
    return UINT8_MAX;
  case STATE_FACTOR:
    return CLEAR_FACTOR_MAX;
  case STATE_SHORT:
    return UINT16_MAX;
  case STATE_WORD:
    return UINT32_MAX;
  case STATE_SEVERITY:
    return SEVERITY_FAILURE;
  default:
    return INT64_MAX;
  }
}

static void store_whole(const struct state_field *field, size_t i, void *at,
                        int64_t number) {
  if (field->type == STATE_BYTE || field->type == STATE_FACTOR)
    ((uint8_t *)at)[i] = (uint8_t)number;
  else if (field->type == STATE_SHORT)
    ((uint16_t *)at)[i] = (uint16_t)number;
  else if (field->type == STATE_WORD)
    ((uint32_t *)at)[i] = (uint32_t)number;
  else if (field->type == STATE_SEVERITY)
    *(enum severity *)at = (enum severity)number;
  else
    ((int64_t *)at)[i] = number;
}

bool state_fields_scan(const struct state_field *field, size_t i, void *base,
                       const char *token) {
  void *at = (char *)base + field->offset;
  double number;
  int64_t whole;

  if (field->type <= STATE_FLOAT)
    return state_number_scan(token, &number) &&
           store_double(field, i, at, number);
  if (field->type == STATE_ADDRESS)
    return *token == '=' &&
           state_cursor_scan_name(token + 1, at, SNAPSHOT_ADDRESS_MAX);
  if (!state_number_scan_whole(token, &whole) || whole < least(field) ||
      whole > most(field))
    return false;
  store_whole(field, i, at, whole);
  return true;
}
