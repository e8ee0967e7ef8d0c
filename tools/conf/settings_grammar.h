/* The grammar of collectd's configuration syntax: options, and blocks in
 * blocks. Pure: hands out what it reads, knows no key. */
#ifndef TOOLS_CONF_SETTINGS_GRAMMAR_H
#define TOOLS_CONF_SETTINGS_GRAMMAR_H

#include "conf_syntax.h"

enum {
  CONF_ERROR_MAX = 1024,
  CONF_DEPTH_MAX = 64 /* blocks in blocks */
};

/* An option, or the opening line of a block. */
struct settings_statement {
  struct conf_token key;
  size_t values_len;
  struct conf_token first; /* value; where there is one */
};

/* What is done with the statements. Each function returns 0 to go on; anything
 * else ends the reading and is returned by it. */
struct settings_handler {
  int (*option)(void *context, const struct settings_statement *option);
  int (*open)(void *context, const struct settings_statement *head);
  int (*close)(void *context);
  void *context;
};

/* Where a message is due: what the text is called, and room for
 * CONF_ERROR_MAX bytes. */
struct settings_place {
  const char *name;
  char *error;
};

/* Read a whole text. Every block that was opened was closed when 0 is returned.
 * Returns 0; -EINVAL and a message "NAME:LINE: what is wrong" where the text is
 * not well-formed; or what the handler returned. */
int conf_grammar_read(const struct settings_place *place, const char *text,
                      size_t length, const struct settings_handler *handler);

/* Write "NAME:LINE: ..." and return -EINVAL. */
__attribute__((format(printf, 3, 4))) int
settings_fail(const struct settings_place *place, unsigned line,
              const char *format, ...);

#endif
