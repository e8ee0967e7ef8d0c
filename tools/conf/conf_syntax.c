/* Text -> tokens of collectd's configuration syntax. Pure: libc only. Source
 * of the facts: src/liboconfig/scanner.l of collectd 5.12. Its rules compete:
 * the longest match wins, the earlier rule among equals. */
#include "conf_syntax.h"

#include "verdict/config_value.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { ADDRESS_MAX = 45 };

static const char word_letters[] = "0123456789_abcdefghijklmnopqrstuvwxyz"
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

void conf_syntax_init(struct conf_syntax *scan, const char *text,
                      size_t length) {
  *scan = (struct conf_syntax){text, text + length, 1};
}

/* How many characters of the set stand at `at`. */
static size_t span(const char *at, const char *end, const char *set) {
  const char *from = at;

  while (at < end && *at != '\0' && strchr(set, *at))
    at++;
  return (size_t)(at - from);
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\b'; }

/* The longest run of up to `most` digits at `at` that is a number of at most
 * `limit` without zeros before it. */
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
    if (inet_pton(AF_INET6, text, &address) == 1) /* the IPv4 in it: a port */
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

/* A token of letters and digits. Its length is 0 where there is none. */
static void scan_plain(const struct conf_syntax *scan, struct conf_token *out) {
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

/* Inside of a quoted string. */
struct string_walk {
  const char *at, *end;
  bool joined; /* a line has just been continued */
};

/* The next piece of the string: 1 character, or 2 where it is an escape.
 * Returns 0 at the closing quote, -1 where there is none. A backslash before
 * the end of the line joins the next line to this one, without its leading
 * blanks; the first character behind them is taken as it is, even a quote. */
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

static void scan_quoted(const struct conf_syntax *scan,
                        struct conf_token *out) {
  struct string_walk walk = {scan->at + 1, scan->end, false};
  const char *piece = NULL;
  int length = 0;

  while ((length = walk_string(&walk, &piece)) > 0)
    ;
  out->kind = length == 0 ? CONF_QUOTED : CONF_UNCLOSED;
  out->length = (size_t)(walk.at - scan->at) + (length == 0);
}

static void scan_token(const struct conf_syntax *scan, struct conf_token *out) {
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

static void advance(struct conf_syntax *scan, size_t length) {
  for (; length > 0; length--)
    if (*scan->at++ == '\n')
      scan->line++;
}

/* What is passed over at `at`: a comment, a joint of lines, a character that
 * starts no token. */
static size_t skip_length(const struct conf_syntax *scan) {
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

void conf_syntax_next(struct conf_syntax *scan, struct conf_token *out) {
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
