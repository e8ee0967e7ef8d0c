/* A manual page in mdoc(7), as far as the options of a plugin go: what tests
 * hold against the code's own tables. */
#ifndef TESTS_SCENES_MANUAL_PAGE_H
#define TESTS_SCENES_MANUAL_PAGE_H

#include <stdbool.h>
#include <stddef.h>

enum {
  MANUAL_NAME_MAX = 64,
  MANUAL_TEXT_MAX = 4096,
  MANUAL_OPTIONS_MAX = 96,
  MANUAL_MENTIONS_MAX = 256,
  MANUAL_DISPLAYS_MAX = 64,
};

/* One .It Cm KEY in the section OPTIONS. */
struct manual_option {
  char block[MANUAL_NAME_MAX]; /* the .Ss it stands under; "" for none */
  char key[MANUAL_NAME_MAX];
  char text[MANUAL_TEXT_MAX]; /* all of the item in one line, without macros */
};

/* Too large for a stack. */
struct manual_page {
  size_t options_len;
  struct manual_option options[MANUAL_OPTIONS_MAX];
  size_t mentions_len; /* .Cm LikeThis, wherever it stands */
  char mentions[MANUAL_MENTIONS_MAX][MANUAL_NAME_MAX];
  size_t displays_len; /* .Bd -literal */
  char displays[MANUAL_DISPLAYS_MAX][MANUAL_TEXT_MAX];
};

/* The text of a file below the source folder, to be freed. Aborts where there
 * is none. */
char *manual_page_load(const char *name);

/* Take a page apart. Aborts where one of the limits is passed. */
void manual_page_parse(const char *source, struct manual_page *out);

/* The option of a block, or NULL. */
const struct manual_option *manual_page_find(const struct manual_page *page,
                                             const char *block,
                                             const char *key);

/* "The default is X." or "X, the default". Returns false where neither is
 * said. text: MANUAL_NAME_MAX bytes. */
bool manual_page_default(const struct manual_option *option, char *text);

/* The first "A to B" of two numbers, or false. */
bool manual_page_range(const struct manual_option *option, double *min,
                       double *max);

#endif
