/* The record's text: written piece by piece; read line by line, each of which
 * stands for itself, so that a damaged one costs no other. One table says which
 * member is written as what. Pure. */
#include "verdict/state/record_text.h"

#include "state_fields.h"
#include "verdict/listeners.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { RECORD_VERSION = 1, KEY_MAX = 32 };

static const char magic[] = "collectd-baseline incidents ";
static const char saved_mark[] = "# saved ";
static const char crc_mark[] = " crc=";

enum type {
  TYPE_TIME,   /* seconds with milliseconds; 0, never: not written */
  TYPE_FIGURE, /* NAN, unknown: not written */
  TYPE_TEXT,   /* "": not written */
  TYPE_SEVERITY,
  TYPE_END
};

struct member {
  const char *key;
  enum type type;
  size_t offset, size; /* size: of a text */
};

#define MEMBER(key, type, member)                                              \
  {                                                                            \
    key, type, offsetof(struct record_incident, member),                       \
        sizeof(((struct record_incident *)0)->member)                          \
  }

static const struct member members[] = {
    MEMBER("begin", TYPE_TIME, begin_s),
    MEMBER("worsened", TYPE_TIME, worsened_s),
    MEMBER("seen", TYPE_TIME, seen_s),
    MEMBER("end", TYPE_TIME, end_s),
    MEMBER("why", TYPE_END, end),
    MEMBER("severity", TYPE_SEVERITY, severity),
    MEMBER("host", TYPE_TEXT, host),
    MEMBER("port", TYPE_TEXT, port),
    MEMBER("incident", TYPE_TEXT, name),
    MEMBER("listener", TYPE_TEXT, listener),
    MEMBER("source", TYPE_TEXT, top_source),
    MEMBER("peak", TYPE_TIME, peak.time_s),
    MEMBER("observed", TYPE_FIGURE, peak.observed),
    MEMBER("expected", TYPE_FIGURE, peak.expected),
    MEMBER("lower", TYPE_FIGURE, peak.lower),
    MEMBER("upper", TYPE_FIGURE, peak.upper),
    MEMBER("score", TYPE_FIGURE, peak.score),
    MEMBER("evidence", TYPE_TEXT, evidence),
    MEMBER("flags", TYPE_TEXT, flags),
    MEMBER("first", TYPE_TEXT, first),
    MEMBER("worst", TYPE_TEXT, worst),
    MEMBER("last", TYPE_TEXT, last),
};
enum { MEMBERS_LEN = sizeof(members) / sizeof(members[0]) };
static const char series_key[] = "series";

static const char *const severities[] = {[SEVERITY_OKAY] = "OKAY",
                                         [SEVERITY_WARNING] = "WARNING",
                                         [SEVERITY_FAILURE] = "FAILURE"};

/* --- writing ------------------------------------------------------------ */

static char *print_text(char *at, const char *key, const char *text) {
  at += sprintf(at, " %s=\"", key);
  for (; *text; text++) {
    if (*text == '"' || *text == '\\')
      *at++ = '\\';
    *at++ = *text;
  }
  *at++ = '"';
  return at;
}

static double number_at(const struct record_incident *incident, size_t offset) {
  double number;

  memcpy(&number, (const char *)incident + offset, sizeof(number));
  return number;
}

static char *print_member(char *at, const struct member *member,
                          const struct record_incident *incident) {
  const char *text = (const char *)incident + member->offset;

  switch (member->type) {
  case TYPE_TIME:
    if (number_at(incident, member->offset) > 0)
      at += sprintf(at, " %s=%.3f", member->key,
                    number_at(incident, member->offset));
    break;
  case TYPE_FIGURE:
    if (isfinite(number_at(incident, member->offset)))
      at += sprintf(at, " %s=%.9g", member->key,
                    number_at(incident, member->offset));
    break;
  case TYPE_TEXT:
    if (*text)
      at = print_text(at, member->key, text);
    break;
  case TYPE_SEVERITY:
    at += sprintf(at, " %s=%s", member->key, severities[incident->severity]);
    break;
  case TYPE_END:
    if (incident->end != RECORD_OPEN)
      at += sprintf(at, " %s=%s", member->key, record_end_name(incident->end));
    break;
  }
  return at;
}

size_t record_text_incident(const struct record_incident *incident,
                            char *text) {
  locale_t before = plain_text_begin();
  char *at = text;

  at += sprintf(at, "incident");
  for (size_t i = 0; i < MEMBERS_LEN; i++)
    at = print_member(at, &members[i], incident);
  if (incident->of_series)
    at = print_text(at, series_key, record_subject(incident));
  at += sprintf(at, "%s%08" PRIx32 "\n", crc_mark,
                state_fields_checksum(0, text, (size_t)(at - text)));
  plain_text_end(before);
  return (size_t)(at - text);
}

size_t record_text_begin(const struct record_text_head *head, char *text) {
  locale_t before = plain_text_begin();
  int length = sprintf(text, "%s%d\n%s%.3f every %.0f begun %.3f %s\n", magic,
                       RECORD_VERSION, saved_mark, head->saved_s, head->every_s,
                       head->begun_s, head->stopped ? "stopped" : "running");

  plain_text_end(before);
  return (size_t)length;
}

size_t record_text_end(size_t incidents, char *text) {
  return (size_t)sprintf(text, "end %zu\n", incidents);
}

/* --- reading ------------------------------------------------------------ */

/* One word: key and value. The value of a text is without quotes and escapes.
 */
struct word {
  char key[KEY_MAX];
  bool quoted;
  char value[RECORD_TEXT_LINE_MAX];
};

/* A line is [at, end); it has no zero byte. */
static bool take_key(const char **at, const char *end, struct word *out) {
  size_t length = 0;

  while (*at < end && ((**at >= 'a' && **at <= 'z') || **at == '_') &&
         length + 1 < sizeof(out->key))
    out->key[length++] = *(*at)++;
  out->key[length] = '\0';
  return length > 0 && *at < end && *(*at)++ == '=';
}

static bool take_quoted(const char **at, const char *end, char *value) {
  for (; *at < end && **at != '"'; (*at)++) {
    if (**at == '\\' && ++*at == end)
      return false;
    *value++ = **at;
  }
  *value = '\0';
  return *at < end && *(*at)++ == '"';
}

static bool take_value(const char **at, const char *end, struct word *out) {
  char *value = out->value;

  out->quoted = *at < end && **at == '"';
  if (out->quoted) {
    ++*at;
    return take_quoted(at, end, value);
  }
  while (*at < end && **at != ' ' && **at != '"')
    *value++ = *(*at)++;
  *value = '\0';
  return value > out->value;
}

static bool take_word(const char **at, const char *end, struct word *out) {
  return *(*at)++ == ' ' && take_key(at, end, out) &&
         take_value(at, end, out) && (*at == end || **at == ' ');
}

static bool scan_number(const char *text, double least, double *out) {
  char *end;
  double number = plain_text_number(text, &end);
  bool digits = strspn(text, "+-0123456789.e") == strlen(text);

  if (!digits || end == text || *end != '\0' || !isfinite(number) ||
      number < least)
    return false;
  *out = number;
  return true;
}

static bool scan_text(const struct word *word, char *out, size_t size) {
  size_t length = strlen(word->value);

  if (!word->quoted || length >= size || !plain_text_is(word->value, length))
    return false;
  memcpy(out, word->value, length + 1);
  return true;
}

static bool scan_severity(const char *text, enum severity *out) {
  for (int i = SEVERITY_OKAY; i <= SEVERITY_FAILURE; i++)
    if (strcmp(severities[i], text) == 0) {
      *out = (enum severity)i;
      return true;
    }
  return false;
}

/* An end that is not known here is one all the same. */
static enum record_end end_of(const char *text) {
  enum record_end end = record_end_find(text);

  return end == RECORD_ENDS ? RECORD_UNKNOWN : end;
}

static bool scan_member(const struct word *word, const struct member *member,
                        struct record_incident *out) {
  char *at = (char *)out + member->offset;
  double number;

  switch (member->type) {
  case TYPE_TEXT:
    return scan_text(word, at, member->size);
  case TYPE_SEVERITY:
    return scan_severity(word->value, &out->severity);
  case TYPE_END:
    out->end = end_of(word->value);
    return true;
  case TYPE_TIME:
  case TYPE_FIGURE:
    break;
  }
  if (!scan_number(word->value, member->type == TYPE_TIME ? 0 : -INFINITY,
                   &number))
    return false;
  memcpy(at, &number, sizeof(number));
  return true;
}

static bool scan_word(const struct word *word, struct record_incident *out,
                      char *series) {
  for (size_t i = 0; i < MEMBERS_LEN; i++)
    if (strcmp(word->key, members[i].key) == 0)
      return scan_member(word, &members[i], out);
  return strcmp(word->key, series_key) != 0 ||
         scan_text(word, series, SERIES_IDENTIFIER_MAX);
}

/* What no incident is without. */
static bool complete(struct record_incident *out, const char *series) {
  char subject[JUDGE_HOST_MAX + JUDGE_LISTENER_MAX];

  out->of_series = *series != '\0';
  listeners_subject(out->host, out->port, subject, sizeof(subject));
  snprintf(out->identity, sizeof(out->identity), "%s/%s", out->name,
           out->of_series ? series : subject);
  if (out->end == RECORD_OPEN && out->end_s > 0)
    out->end = RECORD_UNKNOWN;
  return out->begin_s > 0 && out->host[0] != '\0' && out->name[0] != '\0' &&
         !strchr(out->name, '/') && out->severity != SEVERITY_OKAY &&
         (out->end == RECORD_OPEN) == (out->end_s <= 0);
}

/* The line without its newline; cut to what the checksum is about. */
static bool check_sum(const char *line, size_t *length) {
  size_t tail = strlen(crc_mark) + 8;
  char wanted[32];

  if (*length <= tail || *length >= RECORD_TEXT_LINE_MAX ||
      memchr(line, '\0', *length))
    return false;
  *length -= tail;
  snprintf(wanted, sizeof(wanted), "%s%08" PRIx32, crc_mark,
           state_fields_checksum(0, line, *length));
  return memcmp(line + *length, wanted, tail) == 0;
}

static bool scan_incident(const char *line, size_t length,
                          struct record_incident *out) {
  static const char mark[] = "incident";
  const char *at = line + strlen(mark);
  char series[SERIES_IDENTIFIER_MAX] = "";
  struct word word;

  if (!check_sum(line, &length) || length < strlen(mark))
    return false;
  *out = (struct record_incident){
      .peak = {0, NAN, NAN, NAN, NAN, NAN},
  };
  while (at < line + length)
    if (!take_word(&at, line + length, &word) || !scan_word(&word, out, series))
      return false;
  return complete(out, series);
}

/* "TIME every SECONDS begun TIME running" behind the mark; what is not
 * understood is unknown. */
static void scan_saved(const char *line, size_t length,
                       struct record_text_head *head) {
  static const char *const names[] = {NULL, "every", "begun"};
  struct state_cursor cursor = {line, line + length};
  char token[STATE_TOKEN_MAX];
  double number[3];

  for (int i = 0; i < 3; i++)
    if ((names[i] && (!state_cursor_next_token(&cursor, token, sizeof(token)) ||
                      strcmp(token, names[i]) != 0)) ||
        !state_cursor_next_token(&cursor, token, sizeof(token)) ||
        !scan_number(token, 0, &number[i]))
      return;
  bool stopped = state_cursor_next_token(&cursor, token, sizeof(token)) &&
                 strcmp(token, "stopped") == 0;
  *head = (struct record_text_head){number[0], number[1], number[2], stopped};
}

static bool starts(const char *line, size_t length, const char *mark) {
  return length >= strlen(mark) && memcmp(line, mark, strlen(mark)) == 0;
}

/* One line by its first word; a word that is not known here is passed over. */
struct reading {
  const struct record_text_reader *reader;
  struct record_text_head *head;
  size_t damaged, lines;
  bool ended;
};

static int read_line(struct reading *reading, const char *line, size_t length) {
  struct record_incident incident;
  char end[32];

  if (starts(line, length, saved_mark)) {
    scan_saved(line + strlen(saved_mark), length - strlen(saved_mark),
               reading->head);
    return 0;
  }
  if (starts(line, length, "end ")) {
    size_t wanted = record_text_end(reading->lines, end) - 1;
    reading->ended = wanted == length && memcmp(line, end, length) == 0;
    return 0;
  }
  if (!starts(line, length, "incident "))
    return 0;
  reading->lines++;
  if (scan_incident(line, length, &incident))
    return reading->reader->incident(reading->reader->to, &incident);
  reading->damaged++;
  return 0;
}

static int check_version(const char *text, size_t length, char *error) {
  char first[64];

  snprintf(first, sizeof(first), "%s%d\n", magic, RECORD_VERSION);

  if (starts(text, length, first))
    return 0;
  bool newer = starts(text, length, magic);
  snprintf(error, RECORD_TEXT_ERROR_MAX, "%s",
           newer ? "it is of a newer version" : "it is no record of incidents");
  return -EPROTO;
}

int record_text_read(const char *text, size_t length,
                     const struct record_text_reader *reader,
                     struct record_text_head *head, size_t *damaged,
                     char *error) {
  struct reading reading = {.reader = reader, .head = head};
  const char *end = text + length;
  int rc = check_version(text, length, error);

  *head = (struct record_text_head){NAN, NAN, NAN, false};
  for (const char *line = text, *next; rc == 0 && line < end; line = next) {
    const char *feed = memchr(line, '\n', (size_t)(end - line));
    next = feed ? feed + 1 : end;
    rc = read_line(&reading, line, (size_t)((feed ? feed : end) - line));
  }
  *damaged = reading.damaged + (reading.ended ? 0 : 1);
  return rc;
}
