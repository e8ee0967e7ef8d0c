/* The saved text: written piece by piece; read as a whole, checked from end to
 * end before anything of it is handed over. Its head says which words its lines
 * have. Pure. */
#include "verdict/state/state_text.h"

#include "state_fields.h"
#include "state_head.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const char saved_mark[] = "# saved ";
static const double usual_bytes = 2048; /* a host, or a series */

static size_t finish(struct state_text *state, const char *text,
                     const char *end) {
  size_t length = (size_t)(end - text);

  state->checksum = state_fields_checksum(state->checksum, text, length);
  return length;
}

static char *print_name(char *at, const char *name) {
  return at + state_cursor_print_name(name, at);
}

/* A member that is as in other is written "="; other: NULL for none. */
static char *print_part(char *at, const struct state_part *part,
                        const void *base, const void *other) {
  for (size_t i = 0; i + part->old_len < part->fields_len; i++)
    for (size_t k = 0; k < part->fields[i].count; k++) {
      const struct state_field *field = &part->fields[i];
      *at++ = ' ';
      if (other && state_fields_same(field, k, base, other))
        *at++ = '=';
      else
        at += state_fields_print(field, k, base, at);
    }
  return at;
}

static char *print_time(char *at, double time_s) {
  locale_t before = plain_text_begin();

  at += sprintf(at, "%.3f\n", time_s);
  plain_text_end(before);
  return at;
}

static char *print_text(char *at, const char *text) { return stpcpy(at, text); }

size_t state_text_begin(struct state_text *state, double saved_s, char *text) {
  char *at = text;

  *state = (struct state_text){0};
  at = state_head_print_version(at);
  at = print_time(print_text(at, saved_mark), saved_s);
  at = state_head_print(at);
  at +=
      sprintf(at,
              "# %s*: the same, before that snapshot was judged; = where it "
              "has not changed\n# ~: the bits of a number that is not whole\n",
              state_fields_before);
  return finish(state, text, at);
}

static char *print_values(char *at, const struct snapshot *snapshot) {
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    bool whole = i >= SIGNAL_FIRST_COUNTER && !(snapshot->rates >> i & 1);
    *at++ = ' ';
    if (!(snapshot->have >> i & 1))
      *at++ = '-';
    else if (whole)
      at += state_number_print_whole(snapshot->value[i].counter, at);
    else
      at += state_number_print(snapshot->value[i].gauge, at);
  }
  return at;
}

static char *print_snapshot(char *at, const struct snapshot *snapshot) {
  at = print_text(at, state_fields_part(STATE_SNAPSHOT)->name);
  at = print_part(at, state_fields_part(STATE_SNAPSHOT), snapshot, NULL);
  at = print_values(at, snapshot);
  *at++ = '\n';
  return at;
}

/* mark: in front of each line's name. */
static char *print_judge(char *at, const char *mark, const struct judge *judge,
                         const struct judge *other) {
  for (int i = STATE_JUDGE; i < STATE_MARK; i++) {
    at = print_text(print_text(at, mark), state_fields_part(i)->name);
    at = print_part(at, state_fields_part(i), judge, other);
    *at++ = '\n';
  }
  return at;
}

static char *print_mark(char *at, const struct snapshot_mark *mark) {
  at = print_text(print_text(at, state_fields_before),
                  state_fields_part(STATE_MARK)->name);
  at = print_part(at, state_fields_part(STATE_MARK), mark, NULL);
  *at++ = '\n';
  return at;
}

size_t state_text_host(struct state_text *state, const struct hosts_host *host,
                       char *text) {
  char *at = text;

  at += sprintf(at, "host ");
  at = print_name(at, host->name);
  *at++ = ' ';
  at = print_time(at, host->seen_s);
  at = print_snapshot(at, &host->last);
  at = print_judge(at, "", &host->judge, NULL);
  at = print_mark(at, &host->before.last);
  at = print_judge(at, state_fields_before, &host->before.judge, &host->judge);
  state->hosts++;
  return finish(state, text, at);
}

/* The part of a host's syn_flood is that of a listener, too: */
_Static_assert(offsetof(struct judge, syn_flood) == 0,
               "a struct syn_flood stands where a struct judge has it");
enum { STATE_FLOOD = STATE_JUDGE + INCIDENT_SYN_FLOOD };

/* "listener HOST PORT SEEN TIME DROPS =ADDRESS", and the columns of syn_flood.
 */
size_t state_text_listener(struct state_text *state, const char *host,
                           const struct listeners_one *one, char *text) {
  char *at = print_name(print_text(text, "listener "), host);
  locale_t before = plain_text_begin();

  at += sprintf(at, " %u %.3f %.3f ", (unsigned)one->port, one->seen_s,
                one->time_s);
  plain_text_end(before);
  if (one->drops_known)
    at += state_number_print_whole(one->drops, at);
  else
    *at++ = '-';
  at = print_name(print_text(at, " ="), one->address);
  at = print_part(at, state_fields_part(STATE_FLOOD), &one->flood, NULL);
  *at++ = '\n';
  return finish(state, text, at);
}

size_t state_text_series(struct state_text *state, const char *identifier,
                         const struct series_memory *memory, char *text) {
  char *at = text;

  at += sprintf(at, "series ");
  at = print_name(at, identifier);
  at = print_part(at, state_fields_part(STATE_SERIES), memory, NULL);
  *at++ = '\n';
  state->series++;
  return finish(state, text, at);
}

size_t state_text_end(struct state_text *state, char *text) {
  return (size_t)sprintf(text, "end %zu %zu %08" PRIx32 "\n", state->hosts,
                         state->series, state->checksum);
}

double state_text_holds(double bytes) { return floor(bytes / usual_bytes); }

bool state_text_holds_all(const struct rules *rules, double bytes) {
  double series = rules->series_len > 0 ? rules->max_watched : 0;

  double listeners = rules->syn_flood.per_listener ? rules->max_listeners : 0;

  return rules->max_hosts + series + listeners <= state_text_holds(bytes);
}

double state_text_saved_s(const char *text, size_t length) {
  size_t at = 0, mark = strlen(saved_mark);
  char number[STATE_TOKEN_MAX] = "", *end;

  if (state_head_version(text, length, &at) == 0 || length - at < mark ||
      memcmp(text + at, saved_mark, mark) != 0)
    return NAN;
  at += mark;
  for (size_t i = 0; i + 1 < sizeof(number) && at + i < length; i++)
    number[i] = text[at + i];
  double saved_s = state_number_scan_time(number, &end);
  return end != number && *end == '\n' ? saved_s : NAN;
}

/* A word that is passed over is one that a member might be all the same. */
static bool is_member(const char *token) {
  char address[SNAPSHOT_ADDRESS_MAX];
  double number;

  if (*token == '=')
    return state_cursor_scan_name(token + 1, address, sizeof(address));
  if (*token == '*')
    return state_fields_is_packed(token);
  return state_number_scan(token, &number);
}

/* other: what a member that is "=" is as; NULL for none. A value of the
 * snapshot is passed over. */
static bool scan_column(struct state_cursor *cursor,
                        const struct state_field *fields,
                        const struct state_column *column, void *base,
                        const void *other) {
  const struct state_field *field = &fields[column->field];
  char token[STATE_WORD_MAX];

  for (size_t k = 0; k < column->count; k++) {
    if (!state_cursor_next_token(cursor, token, sizeof(token)))
      return false;
    if (column->kind == STATE_COLUMN_UNKNOWN && !is_member(token))
      return false;
    if (column->kind != STATE_COLUMN_FIELD)
      continue;
    if (other && strcmp(token, "=") == 0)
      state_fields_copy(field, column->first + k, base, other);
    else if (!state_fields_scan(field, column->first + k, base, token))
      return false;
  }
  return true;
}

/* The rest of a line, all of it. */
static bool scan_part(struct state_cursor cursor, const struct state_head *head,
                      int part, void *base, const void *other) {
  const struct state_columns *columns = &head->part[part];

  for (size_t i = 0; i < columns->len; i++)
    if (!scan_column(&cursor, state_fields_part(part)->fields,
                     &columns->column[i], base, other))
      return false;
  return state_cursor_at_end(&cursor);
}

/* Value number i of the text; have and rates are its bits. */
static bool scan_value(const char *token, const struct state_head *head,
                       size_t i, const struct snapshot *bits,
                       struct snapshot *out) {
  unsigned signal = head->signal[i];
  int64_t whole;
  double gauge;

  if (!(bits->have >> i & 1))
    return strcmp(token, "-") == 0;
  if (signal == SIGNAL_COUNT)
    return state_number_scan(token, &gauge);
  if (signal < SIGNAL_FIRST_COUNTER || (bits->rates >> i & 1))
    return state_number_scan(token, &out->value[signal].gauge);
  if (!state_number_scan_whole(token, &whole))
    return false;
  out->value[signal].counter = whole;
  return true;
}

/* The same line once more: what a value is depends on the bits, wherever they
 * stand. */
static bool scan_values(struct state_cursor cursor,
                        const struct state_head *head,
                        const struct snapshot *bits, struct snapshot *out) {
  const struct state_columns *columns = &head->part[STATE_SNAPSHOT];
  char token[STATE_WORD_MAX];
  size_t values = 0;

  for (size_t i = 0; i < columns->len; i++)
    for (size_t k = 0; k < columns->column[i].count; k++)
      if (!state_cursor_next_token(&cursor, token, sizeof(token)) ||
          (columns->column[i].kind == STATE_COLUMN_SIGNAL &&
           !scan_value(token, head, values++, bits, out)))
        return false;
  return true;
}

static bool scan_snapshot(struct state_cursor cursor,
                          const struct state_head *head,
                          struct snapshot *snapshot) {
  if (!scan_part(cursor, head, STATE_SNAPSHOT, snapshot, NULL))
    return false;
  struct snapshot bits = *snapshot;
  return state_head_bits(head, &snapshot->have) &&
         state_head_bits(head, &snapshot->rates) &&
         scan_values(cursor, head, &bits, snapshot);
}

/* A counter that the text does not have is none that was there. */
static bool scan_mark(struct state_cursor cursor, const struct state_head *head,
                      struct snapshot_mark *mark) {
  static const uint32_t gauges = (UINT32_C(1) << SIGNAL_FIRST_COUNTER) - 1;

  if (!scan_part(cursor, head, STATE_MARK, mark, NULL) ||
      !state_head_bits(head, &mark->have) ||
      !state_head_bits(head, &mark->rates))
    return false;
  mark->have &= gauges | head->counted;
  return true;
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
  const struct state_text_reader *reader;  /* NULL: only check */
  state_text_take_listener *take_listener; /* NULL, too: none wants them */
  const char *at, *end;
  size_t line, hosts, series;
  struct state_head head;
  int unnamed; /* the part of a line without the comment that names its columns
                */
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

static bool next_part(struct reading *reading, const char *mark, int part,
                      struct state_cursor *cursor) {
  return next_line(reading, cursor) &&
         named_part(cursor, mark, state_fields_part(part));
}

/* A line a part. An incident that the text does not have begins as judge_init
 * has it: the text is of a version without it. */
static bool read_judge(struct reading *reading, const char *mark,
                       struct judge *judge, const struct judge *other) {
  struct state_cursor cursor;

  for (int i = STATE_JUDGE; i < STATE_MARK; i++) {
    const char *at = reading->at;
    size_t line = reading->line;
    bool named = reading->head.part[i].named;
    bool there = next_part(reading, mark, i, &cursor);

    if (!there && !named) {
      reading->at = at;
      reading->line = line;
      continue;
    }
    if (!named)
      reading->unnamed = i;
    if (!named || !there || !scan_part(cursor, &reading->head, i, judge, other))
      return false;
  }
  return true;
}

static bool read_memory(struct reading *reading, struct hosts_host *host) {
  struct state_cursor cursor;

  if (!next_part(reading, "", STATE_SNAPSHOT, &cursor) ||
      !scan_snapshot(cursor, &reading->head, &host->last) ||
      !read_judge(reading, "", &host->judge, NULL) ||
      !next_part(reading, state_fields_before, STATE_MARK, &cursor))
    return false;
  if (!reading->head.part[STATE_MARK].named) {
    reading->unnamed = STATE_MARK;
    return false;
  }
  return scan_mark(cursor, &reading->head, &host->before.last) &&
         read_judge(reading, state_fields_before, &host->before.judge,
                    &host->judge);
}

/* Where a member that is new does not begin as judge_init has it, but with what
 * an older version had learned in other words: set it here, for text of each
 * version before the first that saves it. judge: read from text of that
 * version, else as judge_init. */
static void carry_over(unsigned version, struct judge *judge) {
  struct syn_flood *flood = &judge->syn_flood;

  /* Version 1 does not say whether unanswered entries gather on the host: for
   * a day more, it is judged as a host on which they do. */
  if (version < 2 && flood->model.learnt > 0)
    flood->usual_peak = 6;
}

/* Versions before 3 learned a level, a spread and the curve of the day. */
static void carry_over_series(struct state_series *series) {
  struct habit_known known = {
      .level = series->old.level,
      .deviation = sqrt(series->old.variance),
      .values = series->old.learnt,
      .day = series->old.day_level,
      .day_seen_s = series->old.day_seen_s,
  };

  if (series->old.learnt > 0 && series->memory.habit.levels.values <= 0)
    habit_take_over(&series->memory.habit, &known);
}

static int too_early(const struct reading *reading, size_t line, int part) {
  snprintf(reading->error, STATE_TEXT_ERROR_MAX,
           "line %zu comes before the comment that names the columns of %s",
           line, state_fields_part(part)->name);
  return -EPROTO;
}

/* A host has a line of its own, and then its memory. */
static int read_host(struct reading *reading, struct state_cursor *cursor) {
  char token[3 * JUDGE_HOST_MAX];
  struct hosts_host host;
  size_t line = reading->line;

  memset(&host, 0, sizeof(host));
  judge_init(&host.judge);
  judge_init(&host.before.judge);
  if (!reading->head.part[STATE_SNAPSHOT].named)
    return too_early(reading, line, STATE_SNAPSHOT);
  reading->unnamed = STATE_PARTS;
  if (!state_cursor_next_token(cursor, token, sizeof(token)) ||
      !state_cursor_scan_name(token, host.name, sizeof(host.name)) ||
      !scan_seen(cursor, &host.seen_s) || !state_cursor_at_end(cursor) ||
      !read_memory(reading, &host))
    return reading->unnamed == STATE_PARTS
               ? damaged(reading)
               : too_early(reading, line, reading->unnamed);
  carry_over(reading->head.version, &host.judge);
  carry_over(reading->head.version, &host.before.judge);
  reading->hosts++;
  return reading->reader && reading->reader->host
             ? reading->reader->host(reading->reader->to, &host)
             : 0;
}

static bool scan_port(struct state_cursor *cursor, uint16_t *port) {
  char token[STATE_TOKEN_MAX];
  int64_t number;

  if (!state_cursor_next_token(cursor, token, sizeof(token)) ||
      !state_number_scan_whole(token, &number) || number < 1 ||
      number > UINT16_MAX)
    return false;
  *port = (uint16_t)number;
  return true;
}

static bool scan_drops(struct state_cursor *cursor, struct listeners_one *one) {
  char token[STATE_TOKEN_MAX];

  if (!state_cursor_next_token(cursor, token, sizeof(token)))
    return false;
  one->drops_known = strcmp(token, "-") != 0;
  return !one->drops_known || state_number_scan_whole(token, &one->drops);
}

static bool scan_address(struct state_cursor *cursor,
                         struct listeners_one *one) {
  char token[3 * SNAPSHOT_ADDRESS_MAX];

  return state_cursor_next_token(cursor, token, sizeof(token)) &&
         *token == '=' &&
         state_cursor_scan_name(token + 1, one->address, sizeof(one->address));
}

static int read_listener(struct reading *reading, struct state_cursor *cursor) {
  char token[3 * JUDGE_HOST_MAX], host[JUDGE_HOST_MAX];
  struct listeners_one one = {.port = 0};

  syn_flood_init(&one.flood);
  if (!reading->head.part[STATE_FLOOD].named)
    return too_early(reading, reading->line, STATE_FLOOD);
  if (!state_cursor_next_token(cursor, token, sizeof(token)) ||
      !state_cursor_scan_name(token, host, sizeof(host)) ||
      !scan_port(cursor, &one.port) || !scan_seen(cursor, &one.seen_s) ||
      !scan_seen(cursor, &one.time_s) || !scan_drops(cursor, &one) ||
      !scan_address(cursor, &one) ||
      !scan_part(*cursor, &reading->head, STATE_FLOOD, &one.flood, NULL))
    return damaged(reading);
  return reading->reader && reading->take_listener
             ? reading->take_listener(reading->reader->to, host, &one)
             : 0;
}

static int read_series(struct reading *reading, struct state_cursor *cursor) {
  char token[3 * SERIES_IDENTIFIER_MAX];
  char identifier[SERIES_IDENTIFIER_MAX];
  struct state_series series;

  memset(&series, 0, sizeof(series));
  series_memory_init(&series.memory);
  if (!reading->head.part[STATE_SERIES].named)
    return too_early(reading, reading->line, STATE_SERIES);
  if (!state_cursor_next_token(cursor, token, sizeof(token)) ||
      !state_cursor_scan_name(token, identifier, sizeof(identifier)) ||
      !scan_part(*cursor, &reading->head, STATE_SERIES, &series, NULL) ||
      !habit_is_sound(&series.memory.habit))
    return damaged(reading);
  carry_over_series(&series);
  reading->series++;
  return reading->reader && reading->reader->series
             ? reading->reader->series(reading->reader->to, identifier,
                                       &series.memory)
             : 0;
}

static int read_line(struct reading *reading, struct state_cursor *cursor) {
  char word[STATE_TOKEN_MAX];

  if (cursor->at < cursor->end && *cursor->at == '#')
    return state_head_take(&reading->head, cursor->at,
                           (size_t)(cursor->end - cursor->at), reading->error)
               ? 0
               : -EPROTO;
  if (!state_cursor_next_token(cursor, word, sizeof(word)))
    return damaged(reading);
  if (strcmp(word, "host") == 0)
    return read_host(reading, cursor);
  if (strcmp(word, "series") == 0)
    return read_series(reading, cursor);
  if (strcmp(word, "listener") == 0)
    return read_listener(reading, cursor);
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

static int check_version(unsigned version, char *error) {
  if (version == 0)
    snprintf(error, STATE_TEXT_ERROR_MAX,
             "it is not a saved state: it does not begin with "
             "\"collectd-baseline state\" and a version");
  else if (version > STATE_VERSION)
    snprintf(error, STATE_TEXT_ERROR_MAX,
             "a newer version saved it: its version is %u; versions up to %d "
             "can be read",
             version, STATE_VERSION);
  return version == 0 || version > STATE_VERSION ? -EPROTO : 0;
}

static int check_frame(const char *text, size_t length, unsigned *version,
                       const char **end, char *error) {
  size_t second = 0;

  *version = state_head_version(text, length, &second);
  int rc = check_version(*version, error);
  if (rc != 0)
    return rc;
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

/* Whether the last line is what this text ends with. */
static int check_end(const struct reading *reading, size_t length,
                     uint32_t checksum) {
  struct state_text is = {checksum, reading->hosts, reading->series};
  char expected[STATE_TEXT_FRAME_MAX];

  if (state_text_end(&is, expected) == length &&
      memcmp(reading->end, expected, length) == 0)
    return 0;
  snprintf(reading->error, STATE_TEXT_ERROR_MAX, "its counts are wrong");
  return -EBADMSG;
}

int state_text_read(const char *text, size_t length,
                    const struct state_text_reader *reader, char *error) {
  return state_text_read_listeners(text, length, reader, NULL, error);
}

int state_text_read_listeners(const char *text, size_t length,
                              const struct state_text_reader *reader,
                              state_text_take_listener *take, char *error) {
  const char *end;
  unsigned version;
  int rc = check_frame(text, length, &version, &end, error);

  if (rc != 0)
    return rc;
  struct reading start = {
      .at = text, .end = end, .error = error, .head = {.version = version}};
  struct reading reading = start;
  uint32_t checksum = state_fields_checksum(0, text, (size_t)(end - text));
  rc = check_sum(text, length, checksum, error);
  if (rc == 0)
    rc = read_all(&reading);
  if (rc == 0)
    rc = check_end(&reading, (size_t)(text + length - end), checksum);
  if (rc != 0)
    return rc;
  reading = start;
  reading.reader = reader;
  reading.take_listener = take;
  return read_all(&reading);
}
