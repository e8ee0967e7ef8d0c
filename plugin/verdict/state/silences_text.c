/* See silences_text.h: strict, for what is misread is not notified. Pure. */
#include "verdict/state/silences_text.h"

#include "state_fields.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char magic[] = "collectd-baseline silences ";
enum { VERSION = 1, WORD_MAX = 3 * RULES_PATTERN_MAX + 2, LIST_START = 16 };

/* 1970 to 9999. */
static const double time_max_s = 253402300799;

static bool is_plain(const char *text) {
  return plain_text_is(text, strlen(text));
}

bool silences_text_is_sound(const struct silences_one *one) {
  return one->from_s >= 0 && one->until_s > one->from_s &&
         one->until_s - one->from_s <= (double)SILENCES_LONGEST_S &&
         one->until_s <= time_max_s && one->host[0] != '\0' &&
         one->incident[0] != '\0' && is_plain(one->host) &&
         is_plain(one->incident) && is_plain(one->by) && is_plain(one->why);
}

size_t silences_text_head(char *text) {
  return (size_t)sprintf(text,
                         "%s%d\n# from until host incident =by =why; only "
                         "collectd-baseline silence writes here\n",
                         magic, VERSION);
}

static char *print_word(char *at, const char *mark, const char *name) {
  *at++ = ' ';
  at = stpcpy(at, mark);
  return at + state_cursor_print_name(name, at);
}

size_t silences_text_line(const struct silences_one *one, char *text) {
  char *at = text;

  at += sprintf(at, "%.0f %.0f", one->from_s, one->until_s);
  at = print_word(at, "", one->host);
  at = print_word(at, "", one->incident);
  at = print_word(at, "=", one->by);
  at = print_word(at, "=", one->why);
  *at++ = '\n';
  return (size_t)(at - text);
}

static bool scan_time(struct state_cursor *cursor, double *out) {
  char word[STATE_TOKEN_MAX];
  int64_t whole;

  if (!state_cursor_next_token(cursor, word, sizeof(word)) ||
      !state_number_scan_whole(word, &whole) || whole < 0 ||
      whole > (int64_t)time_max_s)
    return false;
  *out = (double)whole;
  return true;
}

/* mark: '=' in front of what may be empty; '\0' there is none. */
static bool scan_name(struct state_cursor *cursor, char mark, char *name,
                      size_t size) {
  char word[WORD_MAX];

  if (!state_cursor_next_token(cursor, word, sizeof(word)) ||
      (mark != '\0' && word[0] != mark))
    return false;
  return state_cursor_scan_name(word + (mark != '\0'), name, size);
}

static bool scan_line(const char *at, const char *end,
                      struct silences_one *out) {
  struct state_cursor cursor = {at, end};

  memset(out, 0, sizeof(*out));
  return scan_time(&cursor, &out->from_s) &&
         scan_time(&cursor, &out->until_s) &&
         scan_name(&cursor, '\0', out->host, sizeof(out->host)) &&
         scan_name(&cursor, '\0', out->incident, sizeof(out->incident)) &&
         scan_name(&cursor, '=', out->by, sizeof(out->by)) &&
         scan_name(&cursor, '=', out->why, sizeof(out->why)) &&
         state_cursor_at_end(&cursor) && silences_text_is_sound(out);
}

static int fail(char *error, size_t line, const char *what) {
  snprintf(error, SILENCES_TEXT_ERROR_MAX, "line %zu: %s", line, what);
  return -EINVAL;
}

/* Room for one more. */
static int grow(struct silences_list *list, size_t *room) {
  size_t more = *room > 0 ? 2 * *room : (size_t)LIST_START;

  if (list->len < *room)
    return 0;
  struct silences_one *one = realloc(list->one, more * sizeof(*one));
  if (!one)
    return -ENOMEM;
  list->one = one;
  *room = more;
  return 0;
}

static int read_lines(const char *at, const char *end,
                      struct silences_list *list, char *error) {
  size_t room = 0;

  for (size_t line = 2; at < end; line++) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop)
      return fail(error, line, "it is cut off");
    if (*at != '#') {
      if (list->len == SILENCES_MAX)
        return fail(error, line, "there are more than 1000 silences");
      if (grow(list, &room) != 0)
        return -ENOMEM;
      if (!scan_line(at, stop, &list->one[list->len]))
        return fail(error, line, "it is no silence");
      list->len++;
    }
    at = stop + 1;
  }
  return 0;
}

int silences_text_read(const char *text, size_t length,
                       struct silences_list *out, char *error) {
  struct silences_list list = {0, NULL};
  char head[SILENCES_TEXT_HEAD_MAX];
  size_t head_len = (size_t)sprintf(head, "%s%d\n", magic, VERSION);

  if (length > SILENCES_TEXT_MAX)
    return fail(error, 1, "the file is too large");
  if (length < head_len || memcmp(text, head, head_len) != 0)
    return fail(error, 1, "it is not \"collectd-baseline silences 1\"");
  int rc = read_lines(text + head_len, text + length, &list, error);
  if (rc == 0)
    *out = list;
  else
    free(list.one);
  return rc;
}
