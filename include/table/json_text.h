/* The strings of a JSON text (RFC 8259), one after the other. Pure. */
#ifndef TABLE_JSON_TEXT_H
#define TABLE_JSON_TEXT_H

#include <stddef.h>

enum {
  JSON_TEXT_DEPTH_MAX = 64,   /* of objects and arrays */
  JSON_TEXT_STRING_MAX = 256, /* a longer string is skipped, with its member */
  JSON_TEXT_KEYS = 3,         /* levels of which the key is told */
};

struct json_text_string {
  unsigned depth; /* objects and arrays around it */
  size_t element; /* of the outermost array: which of it, from 0 */
  /* The keys around it, from the outside, as far as there are any: "" inside an
   * array and beyond JSON_TEXT_KEYS. */
  const char *key[JSON_TEXT_KEYS];
  const char *value;
};

/* Called with each string that is a value; what it gets is valid until it
 * returns. */
typedef void json_text_take(void *context,
                            const struct json_text_string *string);

/* text: length bytes. Returns 0; or -EBADMSG for what is no JSON text, or
 * nested too deep: what came before that was taken. */
int json_text_parse(const char *text, size_t length, json_text_take *take,
                    void *context);

#endif
