/* The tokens of collectd's configuration syntax: numbers, strings, words,
 * brackets, ends of lines. Pure: works on text in memory. The facts of the
 * syntax are those of liboconfig's scanner in collectd 5.12, quirks included:
 * what the daemon reads must mean the same here. */
#ifndef VERDICT_SETTINGS_SCAN_H
#define VERDICT_SETTINGS_SCAN_H

#include <stddef.h>

enum settings_token_kind {
  SETTINGS_END,
  SETTINGS_LINE_END,
  SETTINGS_OPEN,  /* < */
  SETTINGS_CLOSE, /* > */
  SETTINGS_SLASH, /* / */
  SETTINGS_TRUE,  /* true yes on */
  SETTINGS_FALSE, /* false no off */
  SETTINGS_NUMBER,
  SETTINGS_WORD,    /* letters, digits, _; or an IP address */
  SETTINGS_QUOTED,  /* "..." */
  SETTINGS_UNCLOSED /* a quoted string without its end */
};

struct settings_token {
  enum settings_token_kind kind;
  unsigned line;    /* where it begins, from 1 */
  const char *text; /* not terminated; quotes included */
  size_t length;
  double number; /* of a SETTINGS_NUMBER */
};

struct settings_scan {
  const char *at, *end;
  unsigned line;
};

/* text is not copied and must outlive the scan. */
void settings_scan_init(struct settings_scan *scan, const char *text,
                        size_t length);

/* The next token; SETTINGS_END again and again behind the last. Characters that
 * mean nothing outside of quotes (= ; . and so on) are passed over, as the
 * daemon does. */
void settings_scan_next(struct settings_scan *scan, struct settings_token *out);

/* The text of a word or quoted string without its quotes, escapes and line
 * joints, terminated. Cut to size - 1 characters where it is longer; size is at
 * least 1. */
void settings_token_text(const struct settings_token *token, char *out,
                         size_t size);

/* What the text of a quoted value says where a number or a boolean is due:
 * collectd's samples quote them. Returns SETTINGS_NUMBER and *number for what
 * is a number without its quotes; SETTINGS_TRUE or SETTINGS_FALSE for one of
 * the six words, in any case; SETTINGS_WORD for any other text. */
enum settings_token_kind settings_scan_value(const char *text, double *number);

#endif
