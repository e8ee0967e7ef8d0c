/* Lines of CSV -> cells. Pure: libc only. Source: RFC 4180, without line ends
 * in quotes. */
#include "csv.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

void history_line_init(struct history_line *line, char *text, size_t length) {
  if (length > 0 && text[length - 1] == '\r')
    length--;
  *line = (struct history_line){text, text + length, true};
}

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

static void trim(const char **text, size_t *length) {
  while (*length > 0 && is_blank(**text)) {
    ++*text;
    --*length;
  }
  while (*length > 0 && is_blank((*text)[*length - 1]))
    --*length;
}

/* Behind the opening quote; doubled quotes become one, in place. */
static int read_quoted(struct history_line *line, const char **text,
                       size_t *length) {
  char *from = line->at, *to = line->at;

  for (;;) {
    if (line->at == line->end)
      return -EINVAL;
    if (*line->at == '"') {
      line->at++;
      if (line->at == line->end || *line->at != '"')
        break;
    }
    *to++ = *line->at++;
  }
  while (line->at < line->end && is_blank(*line->at))
    line->at++;
  *text = from;
  *length = (size_t)(to - from);
  return line->at == line->end || *line->at == ',' ? 0 : -EINVAL;
}

static void read_bare(struct history_line *line, const char **text,
                      size_t *length) {
  char *comma = memchr(line->at, ',', (size_t)(line->end - line->at));

  *text = line->at;
  line->at = comma ? comma : line->end;
  *length = (size_t)(line->at - *text);
  trim(text, length);
}

int history_line_next(struct history_line *line, const char **text,
                      size_t *length) {
  if (!line->more)
    return 1;
  char *at = line->at;
  while (at < line->end && is_blank(*at))
    at++;
  if (at < line->end && *at == '"') {
    line->at = at + 1;
    if (read_quoted(line, text, length) != 0)
      return -EINVAL;
  } else
    read_bare(line, text, length);
  line->more = line->at < line->end;
  line->at += line->more;
  return 0;
}

static bool is_word(const char *text, size_t length, const char *word) {
  return strlen(word) == length && strncasecmp(text, word, length) == 0;
}

void history_cell_read(const char *text, size_t length,
                       struct history_cell *out) {
  const char *end = text + length;

  out->kind = HISTORY_NO_NUMBER;
  if (length == 0)
    out->kind = HISTORY_EMPTY;
  else if (number_read(text, end, &out->number) == end)
    out->kind = HISTORY_NUMBER;
  else if (is_word(text, length, "nan") || is_word(text, length, "-nan") ||
           is_word(text, length, "U"))
    out->kind = HISTORY_UNKNOWN;
}

/* The cell that is due where it is a bare number, which most are. */
static bool read_bare_number(struct history_line *line,
                             struct history_cell *out) {
  const char *behind = number_read(line->at, line->end, &out->number);

  if (!behind || (behind < line->end && *behind != ','))
    return false;
  line->at += behind - line->at;
  line->more = line->at < line->end;
  line->at += line->more;
  out->kind = HISTORY_NUMBER;
  return true;
}

/* Returns as history_line_next. */
static int read_cell(struct history_line *line, bool wanted,
                     struct history_cell *out) {
  const char *text = NULL;
  size_t length = 0;

  if (wanted && line->more && read_bare_number(line, out))
    return 0;
  int rc = history_line_next(line, &text, &length);
  if (rc == 0 && wanted)
    history_cell_read(text, length, out);
  else if (rc == 0)
    out->kind = HISTORY_UNWANTED;
  return rc;
}

long history_line_read(char *text, size_t length, const bool *wanted,
                       size_t columns, struct history_cell *time,
                       struct history_cell *cells) {
  struct history_line line;
  struct history_cell beyond;
  size_t seen = 0;

  history_line_init(&line, text, length);
  int rc = read_cell(&line, true, time);
  while (rc == 0) {
    bool is_wanted = seen < columns && (!wanted || wanted[seen]);
    rc = read_cell(&line, is_wanted, seen < columns ? &cells[seen] : &beyond);
    seen += rc == 0;
  }
  return rc < 0 ? rc : (long)seen;
}
