/* collectd's configuration syntax: options, and blocks within blocks. Pure:
 * works on text in memory and knows no key. The facts are those of liboconfig
 * in collectd 5.12, quirks included: what the daemon reads must mean the same
 * here. */
#ifndef TOOLS_CONF_CONF_SYNTAX_H
#define TOOLS_CONF_CONF_SYNTAX_H

#include <stddef.h>

enum {
  CONF_ERROR_MAX = 1024,
  CONF_DEPTH_MAX = 64 /* blocks within blocks */
};

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

/* An option, or the opening line of a block. */
struct conf_statement {
  struct conf_token key;
  size_t values_len;
  struct conf_token first; /* value, if there is one */
  const char *end;         /* of the text */
};

/* Move *value, which is one of the statement's, to the value behind it. */
void conf_syntax_next_value(const struct conf_statement *statement,
                            struct conf_token *value);

/* Who receives the statements. Each function returns 0 to go on; anything else
 * ends the reading and is returned by it. */
struct conf_handler {
  int (*option)(void *context, const struct conf_statement *option);
  int (*open)(void *context, const struct conf_statement *head);
  int (*close)(void *context);
  void *context;

  /* A text that is not well-formed: line and words, without "NAME:LINE: ".
   * Then the reading goes on in the next line, and blocks are closed for
   * whoever left them open. NULL: the first mistake ends the reading. */
  void (*mistake)(void *context, unsigned line, const char *words);
};

/* For messages: what to call the text, and room for CONF_ERROR_MAX bytes. */
struct conf_place {
  const char *name;
  char *error;
};

/* Read a whole text, which is not copied. Returns 0, and then every block that
 * was opened was closed; -EINVAL and a message "NAME:LINE: what is wrong" if
 * the text is not well-formed and the handler has no mistake(); or what the
 * handler returned. */
int conf_syntax_read(const struct conf_place *place, const char *text,
                     size_t length, const struct conf_handler *handler);

/* The text of a word or quoted string without its quotes, escapes and line
 * joints, terminated; cut to size - 1 characters if it is longer. size: at
 * least 1. */
void conf_syntax_text(const struct conf_token *token, char *out, size_t size);

/* Write "NAME:LINE: ..." and return -EINVAL. */
__attribute__((format(printf, 3, 4))) int
conf_syntax_fail(const struct conf_place *place, unsigned line,
                 const char *format, ...);

#endif
