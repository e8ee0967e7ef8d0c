/* The members of each kind of line, in words. Pure. */
#include "state_head.h"

#include "verdict/state_text.h"

#include <stdio.h>
#include <string.h>

enum { PARTS = STATE_JUDGE_PARTS + 3, REMARK_MAX = 4096 };

static const struct state_part *part_at(int i) {
  if (i == 0)
    return &state_snapshot_part;
  if (i == PARTS - 1)
    return &state_series_part;
  return i <= STATE_JUDGE_PARTS ? &state_judge_parts[i - 1] : &state_mark_part;
}

static char *print_remark(char *at, const struct state_part *part) {
  at += sprintf(at, "# %s:", part->name);
  for (size_t i = 0; i < part->fields_len; i++)
    at += sprintf(at, " %s", part->fields[i].name);
  for (int i = 0; part == &state_snapshot_part && i < SIGNAL_COUNT; i++)
    at += sprintf(at, " %s", signals_type_instance((enum signal)i));
  return at;
}

char *state_head_print(char *at) {
  for (int i = 0; i < PARTS; i++) {
    at = print_remark(at, part_at(i));
    *at++ = '\n';
  }
  return at;
}

static bool ends_word(const char *text, size_t length, size_t i) {
  return i >= length || text[i] == ' ';
}

/* Where the word begins in which the texts part. */
static size_t parting(const char *a, size_t a_len, const char *b,
                      size_t b_len) {
  size_t i = 0, word = 0;

  for (; i < a_len && i < b_len && a[i] == b[i]; i++)
    if (a[i] == ' ')
      word = i + 1;
  return ends_word(a, a_len, i) && ends_word(b, b_len, i) ? i : word;
}

/* The word at an index, or what stands there instead. */
static int word_at(const char *text, size_t length, size_t i,
                   const char **word) {
  static const char nothing[] = "nothing";

  while (i < length && text[i] == ' ')
    i++;
  *word = i < length ? text + i : nothing;
  if (i >= length)
    return (int)strlen(nothing);
  const char *blank = memchr(text + i, ' ', length - i);
  return (int)(blank ? (size_t)(blank - text) - i : length - i);
}

static bool refuse(const struct state_part *part, const char *remark,
                   size_t length, const char *own, size_t own_len,
                   char *error) {
  size_t at = parting(remark, length, own, own_len);
  const char *theirs, *ours;
  int theirs_len = word_at(remark, length, at, &theirs);
  int ours_len = word_at(own, own_len, at, &ours);

  snprintf(error, STATE_TEXT_ERROR_MAX,
           "it was saved by another version: in its lines %s stands %.*s where "
           "this one has %.*s",
           part->name, theirs_len > 60 ? 60 : theirs_len, theirs, ours_len,
           ours);
  return false;
}

bool state_head_check(const char *remark, size_t length, char *error) {
  char own[REMARK_MAX];

  for (int i = 0; i < PARTS; i++) {
    const struct state_part *part = part_at(i);
    size_t own_len = (size_t)(print_remark(own, part) - own);
    size_t name_len = strlen(part->name) + 3; /* "# NAME:" */
    if (length < name_len || memcmp(remark, own, name_len) != 0)
      continue;
    if (length == own_len && memcmp(remark, own, length) == 0)
      return true;
    return refuse(part, remark, length, own, own_len, error);
  }
  return true;
}
