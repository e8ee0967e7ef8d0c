/* Text as markup: what is special is escaped, once. */
#include "lib/markup.h"
#include "scenes/suite.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
  const char *text, *written;
} texts[] = {
    {"", ""},
    {"web1", "web1"},
    {"<a href=\"x\">&amp;</a>",
     "&lt;a href=&quot;x&quot;&gt;&amp;amp;&lt;/a&gt;"},
    {"a\tb\nc\x01"
     "d\x1f",
     "a b c d "},
    {"caf\xc3\xa9 '", "caf\xc3\xa9 '"},
};

START_TEST(special_characters_are_escaped) {
  char *written = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&written, &length);

  ck_assert_ptr_nonnull(out);
  markup_escape(out, texts[_i].text);
  ck_assert_int_eq(fclose(out), 0);
  ck_assert_str_eq(written, texts[_i].written);
  free(written);
}
END_TEST

SUITE(markup) {
  Suite *suite = suite_create("markup");
  TCase *tcase = tcase_create("markup");

  tcase_add_loop_test(tcase, special_characters_are_escaped, 0,
                      (int)(sizeof(texts) / sizeof(texts[0])));
  suite_add_tcase(suite, tcase);
  return suite;
}
