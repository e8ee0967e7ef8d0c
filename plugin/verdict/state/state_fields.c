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
    SAVED_FIELD(STATE_ADDRESS, snapshot, held.listener),
    SAVED_FIELD(STATE_ADDRESS, snapshot, held_source),
};
static const struct state_field mark[] = {
    SAVED_DOUBLE(snapshot_mark, time_s),
    SAVED_DOUBLE(snapshot_mark, interval_s),
    SAVED_FIELD(STATE_WORD, snapshot_mark, have),
    SAVED_FIELD(STATE_WORD, snapshot_mark, rates),
    SAVED_ARRAY(STATE_LONG, snapshot_mark, counter,
                SIGNAL_COUNT - SIGNAL_FIRST_COUNTER),
};
/* The names of a habit's columns are those of its members. */
#define HABIT(type, member)                                                    \
  SAVED_AS("habit." #member, type, state_series, memory.habit.member)
#define HABIT_TAIL(name, of)                                                   \
  SAVED_AS("habit." name ".total", STATE_FLOAT, state_series,                  \
           memory.habit.tail[of].total),                                       \
      SAVED_AS("habit." name ".rarity", STATE_FLOAT, state_series,             \
               memory.habit.tail[of].rarity),                                  \
      SAVED_AS("habit." name ".steepness", STATE_FLOAT, state_series,          \
               memory.habit.tail[of].steepness),                               \
      SAVED_AS("habit." name ".block_max", STATE_FLOAT, state_series,          \
               memory.habit.tail[of].block_max),                               \
      SAVED_AS("habit." name ".event_max", STATE_FLOAT, state_series,          \
               memory.habit.tail[of].event_max),                               \
      SAVED_AS("habit." name ".quantile", STATE_BYTE, state_series,            \
               memory.habit.tail[of].quantile),                                \
      SAVED_AS("habit." name ".top", STATE_BYTE, state_series,                 \
               memory.habit.tail[of].top),                                     \
      SAVED_AS("habit." name ".halvings", STATE_BYTE, state_series,            \
               memory.habit.tail[of].halvings),                                \
      SAVED_PACKED("habit." name ".count", STATE_PACKED_BYTE, state_series,    \
                   memory.habit.tail[of].count, TAIL_BINS)
#define HABIT_WEEKLY(i)                                                        \
  SAVED_AS("habit.weekly." #i ".height", STATE_FLOAT, state_series,            \
           memory.habit.weekly.event[i].height),                               \
      SAVED_AS("habit.weekly." #i ".begin", STATE_SHORT, state_series,         \
               memory.habit.weekly.event[i].begin),                            \
      SAVED_AS("habit.weekly." #i ".week", STATE_SHORT, state_series,          \
               memory.habit.weekly.event[i].week),                             \
      SAVED_AS("habit.weekly." #i ".slots", STATE_BYTE, state_series,          \
               memory.habit.weekly.event[i].slots),                            \
      SAVED_AS("habit.weekly." #i ".weeks", STATE_BYTE, state_series,          \
               memory.habit.weekly.event[i].weeks)
_Static_assert((int)WEEKLY_EVENTS == 6, "each of them is saved");
static const struct state_field series[] = {
    SAVED_AS("time_s", STATE_DOUBLE, state_series, memory.time_s),
    SAVED_AS("seen_s", STATE_DOUBLE, state_series, memory.seen_s),
    SAVED_AS("interval_s", STATE_FLOAT, state_series, memory.interval_s),
    SAVED_AS("counter", STATE_LONG, state_series, memory.counter),
    SAVED_INCIDENT(series_memory, incident),
    SAVED_BYTE(series_memory, told),
    HABIT(STATE_DOUBLE, time_s),
    HABIT(STATE_FLOAT, interval_s),
    HABIT(STATE_WORD, block),
    HABIT(STATE_FLOAT, held_s),
    HABIT(STATE_FLOAT, envelope),
    HABIT(STATE_FLOAT, calm_s),
    HABIT(STATE_FLOAT, over_s),
    HABIT(STATE_BYTE, is_open),
    HABIT(STATE_BYTE, is_slow),
    HABIT(STATE_BYTE, had_day),
    HABIT(STATE_SIGNED, levels.recent),
    HABIT(STATE_SIGNED, levels.slow),
    HABIT(STATE_SIGNED, levels.usual),
    HABIT(STATE_SIGNED, levels.previous),
    HABIT(STATE_SIGNED, levels.before),
    HABIT(STATE_SIGNED, levels.low),
    HABIT(STATE_SIGNED, levels.high),
    HABIT(STATE_FLOAT, levels.recent_spread),
    HABIT(STATE_FLOAT, levels.usual_spread),
    HABIT(STATE_FLOAT, levels.step_spread),
    HABIT(STATE_FLOAT, levels.roughness),
    HABIT(STATE_FLOAT, levels.usual_roughness),
    HABIT(STATE_FLOAT, levels.unexplained),
    HABIT(STATE_FLOAT, levels.unexplained_before),
    HABIT(STATE_FLOAT, levels.slow_unexplained),
    HABIT(STATE_FLOAT, levels.values),
    HABIT(STATE_FLOAT, levels.blocks),
    HABIT(STATE_FLOAT, levels.records),
    HABIT(STATE_FLOAT, levels.overshoot),
    HABIT(STATE_FLOAT, levels.block_overshoot),
    HABIT(STATE_FLOAT, rate.months),
    HABIT(STATE_FLOAT, rate.events),
    HABIT(STATE_FLOAT, rate.excess),
    HABIT(STATE_FLOAT, rate.peak),
    HABIT(STATE_FLOAT, rate.below_s),
    HABIT(STATE_FLOAT, rate.level),
    HABIT(STATE_FLOAT, rate.limit),
    HABIT(STATE_BYTE, rate.is_event),
    HABIT_TAIL("tail_level", DEVIATION_LEVEL),
    HABIT_TAIL("tail_step", DEVIATION_STEP),
    HABIT_TAIL("tail_slow", DEVIATION_SLOW),
    HABIT_TAIL("tail_roughness", DEVIATION_ROUGHNESS),
    HABIT_TAIL("tail_day", DEVIATION_DAY),
    HABIT_TAIL("tail_spike", DEVIATION_SPIKE),
    HABIT_TAIL("tail_shift", DEVIATION_SHIFT),
    HABIT(STATE_FLOAT, event_height),
    HABIT(STATE_SHORT, event_slot),
    HABIT(STATE_SHORT, event_week),
    HABIT(STATE_SHORT, event_last_slot),
    HABIT(STATE_SHORT, event_last_week),
    HABIT_WEEKLY(0),
    HABIT_WEEKLY(1),
    HABIT_WEEKLY(2),
    HABIT_WEEKLY(3),
    HABIT_WEEKLY(4),
    HABIT_WEEKLY(5),
    HABIT(STATE_SIGNED, season.center),
    HABIT(STATE_SIGNED, season.sum),
    HABIT(STATE_FLOAT, season.count),
    HABIT(STATE_FLOAT, season.step),
    HABIT(STATE_LONG, season.day),
    HABIT(STATE_LONG, season.kept_day),
    HABIT(STATE_FLOAT, season.curve_error),
    HABIT(STATE_FLOAT, season.level_error),
    HABIT(STATE_FLOAT, season.apart_error),
    HABIT(STATE_FLOAT, season.pool_error),
    HABIT(STATE_FLOAT, season.slots),
    HABIT(STATE_FLOAT, season.spread),
    HABIT(STATE_BYTE, season.slot),
    HABIT(STATE_BYTE, season.kept_slot),
    HABIT(STATE_BYTE, season.is_weekend),
    HABIT(STATE_BYTE, season.chosen),
    HABIT(STATE_BYTE, season.apart),
    HABIT(STATE_BYTE, season.utc),
    SAVED_PACKED("habit.season.weekday", STATE_PACKED_SHORT, state_series,
                 memory.habit.season.weekday, SEASON_SLOTS *SEASON_WEEKDAYS),
    SAVED_PACKED("habit.season.weekend", STATE_PACKED_SHORT, state_series,
                 memory.habit.season.weekend,
                 SEASON_SLOTS *SEASON_WEEKEND_DAYS),
    SAVED_PACKED("habit.season.slot_spread", STATE_PACKED_SHORT, state_series,
                 memory.habit.season.slot_spread, SEASON_SPREADS),
    /* Before 1.3.0: */
    SAVED_AS("baseline.level", STATE_SIGNED, state_series, old.level),
    SAVED_AS("baseline.variance", STATE_DOUBLE, state_series, old.variance),
    SAVED_AS("baseline.learnt", STATE_DOUBLE, state_series, old.learnt),
    {"day.level", STATE_FLOAT, offsetof(struct state_series, old.day_level),
     SEASON_SLOTS, 0},
    {"day.seen_s", STATE_SHORT, offsetof(struct state_series, old.day_seen_s),
     SEASON_SLOTS, 0},
};
enum { SERIES_OLD = 5 };

#define PART(array)                                                            \
  { #array, array, sizeof(array) / sizeof(array[0]), 0 }

const struct state_part *state_fields_part(int part) {
  static const struct state_part parts[STATE_PARTS] = {
      [STATE_SNAPSHOT] = PART(snapshot),
      [STATE_MARK] = PART(mark),
      [STATE_SERIES] = {"series", series, sizeof(series) / sizeof(series[0]),
                        SERIES_OLD},
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

bool state_fields_is_packed(const char *token) {
  return *token == '*' && strspn(token + 1, digits) == strlen(token + 1);
}

/* A packed word: numbers in digits of five bits, the lowest first, the sixth
 * bit set where another digit follows. Each is the zigzag of its difference
 * from the one before; a run of zeros is written as 0 and how many more follow.
 */
static size_t pack_number(uint32_t number, char *text) {
  size_t len = 0;

  for (; number >= 32; number >>= 5)
    text[len++] = digits[32 | (number & 31)];
  text[len++] = digits[number];
  return len;
}

static bool unpack_number(const char **at, uint32_t *number) {
  *number = 0;
  for (int shift = 0; shift < 20; shift += 5) {
    int digit = value_of(**at);
    if (digit < 0)
      return false;
    ++*at;
    *number |= (uint32_t)(digit & 31) << shift;
    if (digit < 32)
      return true;
  }
  return false;
}

static int element_at(const struct state_field *field, const void *at,
                      size_t i) {
  return field->type == STATE_PACKED_BYTE ? ((const uint8_t *)at)[i]
                                          : ((const int16_t *)at)[i];
}

static size_t print_packed(const struct state_field *field, const void *at,
                           char *text) {
  size_t len = 0, i = 0;
  int before = 0;

  text[len++] = '*';
  while (i < field->packed) {
    int off = element_at(field, at, i) - before;
    uint32_t more = 0;
    before += off;
    i++;
    len += pack_number(off < 0 ? 2 * (uint32_t)-off - 1 : 2 * (uint32_t)off,
                       text + len);
    if (off != 0)
      continue;
    for (; i < field->packed && element_at(field, at, i) == before; i++)
      more++;
    len += pack_number(more, text + len);
  }
  return len;
}

static bool store_element(const struct state_field *field, void *at, size_t i,
                          int number) {
  if (field->type == STATE_PACKED_BYTE) {
    ((uint8_t *)at)[i] = (uint8_t)number;
    return number >= 0 && number <= UINT8_MAX;
  }
  ((int16_t *)at)[i] = (int16_t)number;
  return number >= INT16_MIN && number <= INT16_MAX;
}

static bool scan_packed(const struct state_field *field, void *at,
                        const char *text) {
  uint32_t number, more;
  size_t i = 0;
  int value = 0;

  while (i < field->packed) {
    if (!unpack_number(&text, &number))
      return false;
    more = 0;
    if (number == 0 && !unpack_number(&text, &more))
      return false;
    value += number & 1 ? -(int)(number / 2) - 1 : (int)(number / 2);
    if (more >= field->packed - i)
      return false;
    for (uint32_t k = 0; k <= more; k++)
      if (!store_element(field, at, i++, value))
        return false;
  }
  return *text == '\0';
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
  case STATE_PACKED_BYTE:
    return field->packed;
  case STATE_PACKED_SHORT:
    return field->packed * sizeof(int16_t);
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
  if (field->packed > 0)
    return print_packed(field, at, text);
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

  if (field->packed > 0)
    return *token == '*' && scan_packed(field, at, token + 1);
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
