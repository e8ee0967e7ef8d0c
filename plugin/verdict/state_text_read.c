/* The saved text, read as a whole: checked from end to end before anything of
 * it is handed over. Pure. */
#include "state_cursor.h"
#include "state_fields.h"
#include "state_head.h"
#include "state_number.h"
#include "verdict/state_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* other: what a member that is "=" is as; NULL for none. */
static bool scan_part(struct state_cursor *cursor,
                      const struct state_part *part, void *base,
                      const void *other) {
  char token[STATE_TOKEN_MAX];

  for (size_t i = 0; i < part->fields_len; i++)
    for (size_t k = 0; k < part->fields[i].count; k++) {
      if (!state_cursor_next_token(cursor, token, sizeof(token)))
        return false;
      if (other && strcmp(token, "=") == 0)
        state_fields_copy(&part->fields[i], k, base, other);
      else if (!state_fields_scan(&part->fields[i], k, base, token))
        return false;
    }
  return true;
}

static bool scan_value(const char *token, struct snapshot *snapshot, int i) {
  bool whole = i >= SIGNAL_FIRST_COUNTER && !(snapshot->rates >> i & 1);

  if (!(snapshot->have >> i & 1))
    return strcmp(token, "-") == 0;
  return whole ? state_number_scan_whole(token, &snapshot->value[i].counter)
               : state_number_scan(token, &snapshot->value[i].gauge);
}

static bool scan_address(struct state_cursor *cursor, char *address) {
  char token[3 * SNAPSHOT_ADDRESS_MAX + 2];

  return state_cursor_next_token(cursor, token, sizeof(token)) &&
         token[0] == '=' &&
         state_cursor_scan_name(token + 1, address, SNAPSHOT_ADDRESS_MAX);
}

static bool scan_snapshot(struct state_cursor *cursor,
                          struct snapshot *snapshot) {
  char token[STATE_TOKEN_MAX];

  if (!scan_part(cursor, &state_snapshot_part, snapshot, NULL) ||
      snapshot->have >> SIGNAL_COUNT || snapshot->rates >> SIGNAL_COUNT ||
      !isfinite(snapshot->time_s) || !isfinite(snapshot->interval_s))
    return false;
  for (int i = 0; i < SIGNAL_COUNT; i++)
    if (!state_cursor_next_token(cursor, token, sizeof(token)) ||
        !scan_value(token, snapshot, i))
      return false;
  return scan_address(cursor, snapshot->syn_queue.listener) &&
         scan_address(cursor, snapshot->accept_queue.listener) &&
         scan_address(cursor, snapshot->top_source);
}

static bool scan_seen(struct state_cursor *cursor, double *seen_s) {
  char token[STATE_TOKEN_MAX], *end;

  if (!state_cursor_next_token(cursor, token, sizeof(token)))
    return false;
  *seen_s = state_number_scan_time(token, &end);
  return *end == '\0' && isfinite(*seen_s);
}

/* What is being read, and how far. */
struct reading {
  const struct state_text_reader *reader; /* NULL: only check */
  const char *at, *end;
  size_t line, hosts, series;
  char *error;
};

static int damaged(const struct reading *reading) {
  snprintf(reading->error, STATE_TEXT_ERROR_MAX, "line %zu is damaged",
           reading->line);
  return -EBADMSG;
}

static bool next_line(struct reading *reading, struct state_cursor *cursor) {
  const char *newline =
      memchr(reading->at, '\n', (size_t)(reading->end - reading->at));

  if (!newline)
    return false;
  *cursor = (struct state_cursor){reading->at, newline};
  reading->at = newline + 1;
  reading->line++;
  return true;
}

static bool named(struct state_cursor *cursor, const char *name) {
  char token[STATE_TOKEN_MAX];

  return state_cursor_next_token(cursor, token, sizeof(token)) &&
         strcmp(token, name) == 0;
}

/* "before.syn_flood" */
static bool named_part(struct state_cursor *cursor, const char *mark,
                       const struct state_part *part) {
  char name[STATE_TOKEN_MAX];

  snprintf(name, sizeof(name), "%s%s", mark, part->name);
  return named(cursor, name);
}

static bool read_snapshot(struct reading *reading, struct snapshot *out) {
  struct state_cursor cursor;

  return next_line(reading, &cursor) &&
         named_part(&cursor, "", &state_snapshot_part) &&
         scan_snapshot(&cursor, out) && state_cursor_at_end(&cursor);
}

static bool read_mark(struct reading *reading, struct snapshot_mark *out) {
  struct state_cursor cursor;

  return next_line(reading, &cursor) &&
         named_part(&cursor, state_fields_before, &state_mark_part) &&
         scan_part(&cursor, &state_mark_part, out, NULL) &&
         state_cursor_at_end(&cursor) && !(out->have >> SIGNAL_COUNT) &&
         !(out->rates >> SIGNAL_COUNT);
}

/* A line a part. */
static bool read_judge(struct reading *reading, const char *mark,
                       struct judge *judge, const struct judge *other) {
  struct state_cursor cursor;

  for (int i = 0; i < STATE_JUDGE_PARTS; i++)
    if (!next_line(reading, &cursor) ||
        !named_part(&cursor, mark, &state_judge_parts[i]) ||
        !scan_part(&cursor, &state_judge_parts[i], judge, other) ||
        !state_cursor_at_end(&cursor))
      return false;
  return true;
}

/* A host has a line of its own, and then its memory. */
static int read_host(struct reading *reading, struct state_cursor *cursor) {
  char token[3 * JUDGE_HOST_MAX];
  struct watch_host host;

  memset(&host, 0, sizeof(host));
  judge_init(&host.judge);
  judge_init(&host.before.judge);
  if (!state_cursor_next_token(cursor, token, sizeof(token)) ||
      !state_cursor_scan_name(token, host.name, sizeof(host.name)) ||
      !scan_seen(cursor, &host.seen_s) || !state_cursor_at_end(cursor) ||
      !read_snapshot(reading, &host.last) ||
      !read_judge(reading, "", &host.judge, NULL) ||
      !read_mark(reading, &host.before.last) ||
      !read_judge(reading, state_fields_before, &host.before.judge,
                  &host.judge))
    return damaged(reading);
  reading->hosts++;
  return reading->reader && reading->reader->host
             ? reading->reader->host(reading->reader->to, &host)
             : 0;
}

static int read_series(struct reading *reading, struct state_cursor *cursor) {
  char token[3 * SERIES_IDENTIFIER_MAX];
  char identifier[SERIES_IDENTIFIER_MAX];
  struct series_memory memory;

  memset(&memory, 0, sizeof(memory));
  if (!state_cursor_next_token(cursor, token, sizeof(token)) ||
      !state_cursor_scan_name(token, identifier, sizeof(identifier)) ||
      !scan_part(cursor, &state_series_part, &memory, NULL) ||
      !state_cursor_at_end(cursor))
    return damaged(reading);
  reading->series++;
  return reading->reader && reading->reader->series
             ? reading->reader->series(reading->reader->to, identifier, &memory)
             : 0;
}

static int read_line(struct reading *reading, struct state_cursor *cursor) {
  char word[STATE_TOKEN_MAX];

  if (cursor->at < cursor->end && *cursor->at == '#')
    return state_head_check(cursor->at, (size_t)(cursor->end - cursor->at),
                            reading->error)
               ? 0
               : -EPROTO;
  if (!state_cursor_next_token(cursor, word, sizeof(word)))
    return damaged(reading);
  if (strcmp(word, "host") == 0)
    return read_host(reading, cursor);
  if (strcmp(word, "series") == 0)
    return read_series(reading, cursor);
  return damaged(reading);
}

/* Where the last line begins: "end HOSTS SERIES CHECKSUM". */
static const char *find_end(const char *text, size_t length) {
  const char *at = text + length - 1;

  if (*at != '\n')
    return NULL;
  while (at > text && at[-1] != '\n')
    at--;
  return strncmp(at, "end ", 4) == 0 ? at : NULL;
}

static int check_frame(const char *text, size_t length, const char **end,
                       char *error) {
  if (length < strlen(state_fields_magic) ||
      memcmp(text, state_fields_magic, strlen(state_fields_magic)) != 0) {
    snprintf(error, STATE_TEXT_ERROR_MAX,
             "it is no state of this version: it does not begin with \"%.*s\"",
             (int)strlen(state_fields_magic) - 1, state_fields_magic);
    return -EPROTO;
  }
  *end = find_end(text, length);
  if (!*end) {
    snprintf(error, STATE_TEXT_ERROR_MAX,
             "it is cut: the last line is missing");
    return -EBADMSG;
  }
  return 0;
}

/* Damage is told from another version's text by the checksum, so it comes
 * first; the counts before it are checked in the end. */
static int check_sum(const char *text, size_t length, uint32_t checksum,
                     char *error) {
  char digits[16];
  size_t wanted = (size_t)sprintf(digits, "%08" PRIx32 "\n", checksum);

  if (length >= wanted && memcmp(text + length - wanted, digits, wanted) == 0)
    return 0;
  snprintf(error, STATE_TEXT_ERROR_MAX, "its checksum is wrong");
  return -EBADMSG;
}

static int read_all(struct reading *reading) {
  struct state_cursor cursor;
  int rc = 0;

  while (rc == 0 && reading->at < reading->end) {
    if (!next_line(reading, &cursor))
      return damaged(reading);
    rc = reading->line == 1 ? 0 : read_line(reading, &cursor);
  }
  return rc;
}

int state_text_read(const char *text, size_t length,
                    const struct state_text_reader *reader, char *error) {
  const char *end;
  struct state_text is = {0};
  char expected[STATE_TEXT_FRAME_MAX];
  int rc = check_frame(text, length, &end, error);

  if (rc != 0)
    return rc;
  struct reading reading = {.at = text, .end = end, .error = error};
  is.checksum = state_fields_checksum(0, text, (size_t)(end - text));
  rc = check_sum(text, length, is.checksum, error);
  if (rc == 0)
    rc = read_all(&reading);
  if (rc != 0)
    return rc;
  is.hosts = reading.hosts;
  is.series = reading.series;
  size_t expected_length = state_text_end(&is, expected);
  if ((size_t)(text + length - end) != expected_length ||
      memcmp(end, expected, expected_length) != 0) {
    snprintf(error, STATE_TEXT_ERROR_MAX, "its counts are wrong");
    return -EBADMSG;
  }
  reading = (struct reading){
      .reader = reader, .at = text, .end = end, .error = error};
  return read_all(&reading);
}
