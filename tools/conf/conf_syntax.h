/* The tokens of collectd's configuration syntax: numbers, strings, words,
 * brackets, ends of lines. Pure: works on text in memory. The facts of the
 * syntax are those of liboconfig's scanner in collectd 5.12, quirks included:
 * what the daemon reads must mean the same here. */
#ifndef TOOLS_CONF_CONF_SYNTAX_H
#define TOOLS_CONF_CONF_SYNTAX_H

#include <stddef.h>

enum conf_token_kind {
  CONF_END,
  CONF_LINE_END,
  CONF_OPEN,  /* < */
  CONF_CLOSE, /* > */
  CONF_SLASH, /* / */
  CONF_TRUE,  /* true yes on */
  CONF_FALSE, /* false no off */
  CONF_NUMBER,
  CONF_WORD,    /* letters, digits, _; or an IP address */
  CONF_QUOTED,  /* "..." */
  CONF_UNCLOSED /* a quoted string without its end */
};

struct conf_token {
  enum conf_token_kind kind;
  unsigned line;    /* where it begins, from 1 */
  const char *text; /* not terminated; quotes included */
  size_t length;
  double number; /* of a CONF_NUMBER */
};

struct conf_syntax {
  const char *at, *end;
  unsigned line;
};

/* text is not copied and must outlive the scan. */
void conf_syntax_init(struct conf_syntax *scan, const char *text,
                      size_t length);

/* The next token; CONF_END again and again behind the last. Characters that
 * mean nothing outside of quotes (= ; . and so on) are passed over, as the
 * daemon does. */
void conf_syntax_next(struct conf_syntax *scan, struct conf_token *out);

/* The text of a word or quoted string without its quotes, escapes and line
 * joints, terminated. Cut to size - 1 characters where it is longer; size is at
 * least 1. */
void conf_syntax_text(const struct conf_token *token, char *out, size_t size);

#endif
