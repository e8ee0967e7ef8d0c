/* Text -> tokens -> options and blocks of collectd's configuration syntax.
 * Pure: libc only. Source of the facts: src/liboconfig/scanner.l and parser.y
 * of collectd 5.12. The scanner's rules compete: the longest match wins;
 * between matches of the same length, the earlier rule. */
#include "conf_syntax.h"

#include "verdict/config_value.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { ADDRESS_MAX = 45, SHOWN_MAX = 60 };

/* The scanner's position in the text. */
struct scan {
  const char *at, *end;
  unsigned line; /* from 1 */
};

static const char word_letters[] = "0123456789_abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/* How many characters from `at` on are in the set. */
static size_t span(const char *at, const char *end, const char *set) {
  const char *from = at;

  while (at < end && *at != '\0' && strchr(set, *at))
    at++;
  return (size_t)(at - from);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\b'; }

/* The length of a number at `at`: at most `most` digits, at most `limit`, no
 * leading zeros. */
static size_t match_small(const char *at, const char *end, size_t most,
                          long limit) {
  size_t length = 0;
  long value = 0;

  while (length < most && at + length < end && at[length] >= '0' &&
         at[length] <= '9') {
    value = 10 * value + (at[length] - '0');
    if (value > limit || (length > 0 && at[0] == '0'))
      break;
    length++;
  }
  return length;
}

static size_t match_port(const char *at, const char *end) {
  if (end - at < 2 || *at != ':' || at[1] == '0')
    return 0;
  size_t length = match_small(at + 1, end, 5, 65535);
  return length > 0 ? length + 1 : 0;
}

static size_t match_ipv4(const char *at, const char *end) {
  const char *from = at;

  for (int i = 0; i < 4; i++) {
    if (i > 0 && (at == end || *at != '.'))
      return 0;
    at += i > 0;
    size_t length = match_small(at, end, 3, 255);
    if (length == 0)
      return 0;
    at += length;
  }
  return (size_t)(at - from) + match_port(at, end);
}

static size_t match_bare_ipv6(const char *at, const char *end) {
  char text[ADDRESS_MAX + 1];
  struct in6_addr address;
  size_t length = span(at, end, "0123456789abcdefABCDEF:.");

  if (!memchr(at, ':', length))
    return 0;
  if (length > ADDRESS_MAX)
    length = ADDRESS_MAX;
  memcpy(text, at, length);
  for (; length >= 2; length--) {
    text[length] = '\0';
    if (inet_pton(AF_INET6, text, &address) ==
        1) /* after an IPv4 part: a port */
      return length +
             (memchr(text, '.', length) ? match_port(at + length, end) : 0);
  }
  return 0;
}

static size_t match_ipv6(const char *at, const char *end) {
  if (*at != '[')
    return match_bare_ipv6(at, end);
  size_t length = match_bare_ipv6(at + 1, end);
  if (length == 0 || at + 1 + length == end || at[1 + length] != ']')
    return 0;
  return length + 2 + match_port(at + length + 2, end);
}

static const char *const yes[] = {"true", "yes", "on", NULL};
static const char *const no[] = {"false", "no", "off", NULL};

static bool is_one_of(const char *text, size_t length,
                      const char *const *names) {
  for (; *names; names++)
    if (strlen(*names) == length && memcmp(*names, text, length) == 0)
      return true;
  return false;
}

/* A token of letters and digits; length 0 if there is none. */
static void scan_plain(const struct scan *scan, struct conf_token *out) {
  size_t word = span(scan->at, scan->end, word_letters);
  size_t number = config_value_number_length(scan->at, scan->end);
  size_t ipv4 = match_ipv4(scan->at, scan->end);
  size_t ipv6 = match_ipv6(scan->at, scan->end);
  size_t address = ipv4 > ipv6 ? ipv4 : ipv6;

  out->kind = CONF_WORD;
  out->length = word;
  if (address > 0 && address >= word && address >= number) {
    out->length = address;
  } else if (number > 0 && number >= word) {
    out->kind = CONF_NUMBER;
    out->length = number;
    out->number = config_value_number(scan->at, number);
  } else if (is_one_of(scan->at, word, yes)) {
    out->kind = CONF_TRUE;
  } else if (is_one_of(scan->at, word, no)) {
    out->kind = CONF_FALSE;
  }
}

/* Inside a quoted string. */
struct string_walk {
  const char *at, *end;
  bool joined; /* right after a line joint */
};

/* The next piece of the string: 1 character, or 2 if it is an escape. Returns 0
 * at the closing quote, -1 if there is none. A backslash at the end of a line
 * joins the next line to it, without that line's leading blanks; the first
 * character after them is taken literally, even a quote. */
static int walk_string(struct string_walk *walk, const char **piece) {
  if (walk->end - walk->at >= 2 && walk->at[0] == '\\' && walk->at[1] == '\n' &&
      !walk->joined) {
    walk->at += 2;
    while (walk->at < walk->end && is_blank(*walk->at))
      walk->at++;
    walk->joined = true;
  }
  *piece = walk->at;
  if (walk->at == walk->end)
    return -1;
  if (walk->joined) {
    walk->joined = false;
    walk->at++;
    return 1;
  }
  if (*walk->at == '"')
    return 0;
  int length = *walk->at == '\\' ? 2 : 1;
  if (walk->end - walk->at < length)
    return -1;
  walk->at += length;
  return length;
}

static void scan_quoted(const struct scan *scan, struct conf_token *out) {
  struct string_walk walk = {scan->at + 1, scan->end, false};
  const char *piece = NULL;
  int length = 0;

  while ((length = walk_string(&walk, &piece)) > 0)
    ;
  out->kind = length == 0 ? CONF_QUOTED : CONF_UNCLOSED;
  out->length = (size_t)(walk.at - scan->at) + (length == 0);
}

static void scan_token(const struct scan *scan, struct conf_token *out) {
  static const char marks[] = "\n<>/";
  static const enum conf_token_kind kinds[] = {CONF_LINE_END, CONF_OPEN,
                                               CONF_CLOSE, CONF_SLASH};
  const char *mark = *scan->at ? strchr(marks, *scan->at) : NULL;

  if (mark) {
    out->kind = kinds[mark - marks];
    out->length = 1;
  } else if (*scan->at == '"')
    scan_quoted(scan, out);
  else
    scan_plain(scan, out);
}

static void advance(struct scan *scan, size_t length) {
  for (; length > 0; length--)
    if (*scan->at++ == '\n')
      scan->line++;
}

/* The length of a comment or line joint at `at`, which is skipped. */
static size_t skip_length(const struct scan *scan) {
  size_t left = (size_t)(scan->end - scan->at);

  if (*scan->at == '#') {
    const char *line_end = memchr(scan->at, '\n', left);
    return line_end ? (size_t)(line_end - scan->at) : left;
  }
  if (left >= 2 && memcmp(scan->at, "\\\n", 2) == 0)
    return 2;
  if (left >= 3 && memcmp(scan->at, "\\\r\n", 3) == 0)
    return 3;
  return 0;
}

/* The next token; after the last one CONF_END, again and again.
 * Characters that mean nothing outside of quotes (= ; . and so on) are skipped,
 * as the daemon does. */
static void scan_next(struct scan *scan, struct conf_token *out) {
  while (scan->at < scan->end) {
    *out = (struct conf_token){.line = scan->line, .text = scan->at};
    size_t skip = skip_length(scan);
    if (skip == 0)
      scan_token(scan, out);
    advance(scan, skip > 0 ? skip : out->length > 0 ? out->length : 1);
    if (out->length > 0)
      return;
  }
  *out = (struct conf_token){
      .kind = CONF_END, .line = scan->line, .text = scan->end};
}

void conf_syntax_text(const struct conf_token *token, char *out, size_t size) {
  struct string_walk walk = {token->text, token->text + token->length, false};
  bool quoted = token->kind == CONF_QUOTED, escaped = false;
  const char *piece = NULL;
  size_t used = 0;
  int length = 0;

  if (quoted)
    walk.at++;
  while ((length = walk_string(&walk, &piece)) > 0)
    for (int i = 0; i < length; i++) {
      escaped = quoted && piece[i] == '\\' && !escaped;
      if (!escaped && used + 1 < size)
        out[used++] = piece[i];
    }
  out[used] = '\0';
}

/* One reading of a text. */
struct reader {
  const struct conf_place *place;
  const struct conf_handler *handler;
  struct scan scan;
  struct conf_token token;
  size_t depth;
  struct conf_token open[CONF_DEPTH_MAX]; /* keys of the open blocks */
};

int conf_syntax_fail(const struct conf_place *place, unsigned line,
                     const char *format, ...) {
  va_list arguments;
  int used =
      snprintf(place->error, CONF_ERROR_MAX, "%.400s:%u: ", place->name, line);

  va_start(arguments, format);
  vsnprintf(place->error + used, (size_t)(CONF_ERROR_MAX - used), format,
            arguments);
  va_end(arguments);
  return -EINVAL;
}

static int shown(const struct conf_token *token) {
  return token->length > SHOWN_MAX ? SHOWN_MAX : (int)token->length;
}

/* The token is not what the grammar wants here. */
static int refuse(const struct reader *reader, const char *wanted) {
  const struct conf_token *token = &reader->token;

  if (token->kind == CONF_UNCLOSED)
    return conf_syntax_fail(reader->place, token->line,
                            "a quoted string is not closed");
  if (token->kind == CONF_END)
    return conf_syntax_fail(reader->place, token->line,
                            "the text ends where %s is expected", wanted);
  if (token->kind == CONF_LINE_END)
    return conf_syntax_fail(reader->place, token->line,
                            "the line ends where %s is expected", wanted);
  return conf_syntax_fail(reader->place, token->line,
                          "found %.*s where %s is expected", shown(token),
                          token->text, wanted);
}

static void next(struct reader *reader) {
  scan_next(&reader->scan, &reader->token);
}

static int expect(struct reader *reader, enum conf_token_kind kind,
                  const char *wanted) {
  if (reader->token.kind != kind)
    return refuse(reader, wanted);
  next(reader);
  return 0;
}

static bool is_value(enum conf_token_kind kind) {
  return kind == CONF_TRUE || kind == CONF_FALSE || kind == CONF_NUMBER ||
         kind == CONF_WORD || kind == CONF_QUOTED;
}

void conf_syntax_next_value(const struct conf_statement *statement,
                            struct conf_token *value) {
  struct scan scan = {value->text, statement->end, value->line};

  advance(&scan, value->length);
  scan_next(&scan, value);
}

/* KEY [VALUE]..., up to the first token that is no value. */
static int read_statement(struct reader *reader, struct conf_statement *out) {
  if (reader->token.kind != CONF_WORD)
    return refuse(reader, "the name of an option or block");
  *out = (struct conf_statement){.key = reader->token, .end = reader->scan.end};
  for (next(reader); is_value(reader->token.kind); next(reader))
    if (out->values_len++ == 0)
      out->first = reader->token;
  return 0;
}

static int read_option(struct reader *reader) {
  struct conf_statement option;
  int rc = read_statement(reader, &option);

  if (rc == 0 && option.values_len == 0)
    return refuse(reader, "a value");
  if (rc == 0)
    rc = expect(reader, CONF_LINE_END, "a value or the end of the line");
  return rc == 0 ? reader->handler->option(reader->handler->context, &option)
                 : rc;
}

static int finish_brackets(struct reader *reader) {
  int rc = expect(reader, CONF_CLOSE, "the > of a block");

  return rc == 0 ? expect(reader, CONF_LINE_END, "the end of the line") : rc;
}

/* KEY [VALUE]...> */
static int read_opening(struct reader *reader) {
  struct conf_statement head;
  int rc = read_statement(reader, &head);

  if (rc != 0)
    return rc;
  int finished = finish_brackets(reader);
  if (finished != 0 && !reader->handler->mistake)
    return finished;
  if (reader->depth == CONF_DEPTH_MAX)
    return conf_syntax_fail(reader->place, head.key.line,
                            "blocks are nested deeper than %d", CONF_DEPTH_MAX);
  reader->open[reader->depth++] = head.key;
  rc = reader->handler->open(reader->handler->context, &head);
  return rc == 0 ? finished : rc;
}

static int close_block(struct reader *reader) {
  reader->depth--;
  return reader->handler->close(reader->handler->context);
}

/* Of a line that closes another block than the open one, when the reading goes
 * on: the inner ones were left open. */
static int close_until(struct reader *reader, const struct conf_token *key) {
  size_t depth = reader->depth;
  int rc = 0;

  while (depth > 0 &&
         (reader->open[depth - 1].length != key->length ||
          memcmp(reader->open[depth - 1].text, key->text, key->length) != 0))
    depth--;
  while (depth > 0 && reader->depth >= depth && rc == 0)
    rc = close_block(reader);
  return rc;
}

static int check_closing(const struct reader *reader,
                         const struct conf_token *key) {
  if (reader->depth == 0)
    return conf_syntax_fail(reader->place, key->line,
                            "</%.*s> closes a block that is not open",
                            shown(key), key->text);
  const struct conf_token *open = &reader->open[reader->depth - 1];
  if (open->length == key->length &&
      memcmp(open->text, key->text, key->length) == 0)
    return 0;
  return conf_syntax_fail(
      reader->place, key->line,
      "found </%.*s>, but the open block is <%.*s> of line %u", shown(key),
      key->text, shown(open), open->text, open->line);
}

/* /KEY> */
static int read_closing(struct reader *reader) {
  next(reader);
  struct conf_token key = reader->token;
  int rc = expect(reader, CONF_WORD, "the name of the block to close");

  if (rc != 0)
    return rc;
  int wrong = check_closing(reader, &key);
  if (wrong == 0)
    wrong = finish_brackets(reader);
  if (wrong != 0 && !reader->handler->mistake)
    return wrong;
  rc = close_until(reader, &key);
  return rc == 0 ? wrong : rc;
}

static int read_line(struct reader *reader) {
  if (reader->token.kind == CONF_LINE_END) {
    next(reader);
    return 0;
  }
  if (reader->token.kind != CONF_OPEN)
    return read_option(reader);
  next(reader);
  return reader->token.kind == CONF_SLASH ? read_closing(reader)
                                          : read_opening(reader);
}

/* What was written behind "NAME:LINE: ". */
static void tell_mistake(struct reader *reader) {
  unsigned line = 0;
  int used = 0;
  size_t name = strlen(reader->place->name);
  const char *at = reader->place->error + (name > 400 ? 400 : name);

  if (sscanf(at, ":%u: %n", &line, &used) == 1 && used > 0)
    at += used;
  reader->handler->mistake(reader->handler->context, line, at);
}

/* The rest of the line is not understood. */
static void go_on(struct reader *reader) {
  tell_mistake(reader);
  while (reader->token.kind != CONF_LINE_END && reader->token.kind != CONF_END)
    next(reader);
}

static int fail_open(const struct reader *reader) {
  const struct conf_token *open = &reader->open[reader->depth - 1];

  return conf_syntax_fail(reader->place, open->line,
                          "the block <%.*s> is not closed", shown(open),
                          open->text);
}

/* At the end of a text that leaves blocks open. */
static int end_open(struct reader *reader) {
  int rc = 0;

  while (rc == 0 && reader->depth > 0) {
    fail_open(reader);
    tell_mistake(reader);
    rc = close_block(reader);
  }
  return rc;
}

int conf_syntax_read(const struct conf_place *place, const char *text,
                     size_t length, const struct conf_handler *handler) {
  struct reader reader = {
      .place = place, .handler = handler, .scan = {text, text + length, 1}};
  int rc = 0;

  next(&reader);
  while (rc == 0 && reader.token.kind != CONF_END) {
    rc = read_line(&reader);
    if (rc == -EINVAL && handler->mistake) {
      go_on(&reader);
      rc = 0;
    }
  }
  if (rc != 0 || reader.depth == 0)
    return rc;
  return handler->mistake ? end_open(&reader) : fail_open(&reader);
}
