/* plain_text: what a terminal would obey, as bytes and as UTF-8. */
#include "scenes/suite.h"
#include "verdict/plain_text.h"

#include <string.h>

static const struct {
  const char *raw, *plain; /* NULL: as it is */
} texts[] = {
    {"", NULL},
    {"web1.example.org", NULL},
    {"two words ~ \"'`$(id);%", NULL},
    {"h\xc3\xb6st \xe2\x82\xac \xf0\x9f\x94\xa5", NULL},
    {"no-break\xc2\xa0space", NULL},
    {"Latin-1: h\xf6st", NULL},
    {"esc\x1b[31mred", "esc?[31mred"},
    {"two\nlines\r\t\x7f", "two?lines???"},
    {"C1 \xc2\x9b[31m", "C1 ??[31m"},
    {"a byte \x9b[31m", "a byte ?[31m"},
    {"cut \xe2\x82", "cut \xe2?"},
    {"overlong \xc0\x9b", "overlong \xc0?"},
    {"first \xc2\x80 and last \xc2\x9f", "first ?? and last ??"},
    {"within \xe2\x82\x9b a sequence", NULL},
};
enum { TEXTS = sizeof(texts) / sizeof(texts[0]) };

START_TEST(controls_become_question_marks) {
  char text[64];
  const char *plain = texts[_i].plain ? texts[_i].plain : texts[_i].raw;
  strcpy(text, texts[_i].raw);
  ck_assert_int_eq(plain_text_is(text, strlen(text)), texts[_i].plain == NULL);
  ck_assert_ptr_eq(plain_text_make(text), text);
  ck_assert_str_eq(text, plain);
  ck_assert(plain_text_is(text, strlen(text)));
}
END_TEST

/* Whatever follows is not looked at: a name may be a piece of a line. */
START_TEST(a_sequence_ends_where_the_text_does) {
  ck_assert_uint_eq(plain_text_sequence("\xe2\x82\xac", 3), 3);
  ck_assert_uint_eq(plain_text_sequence("\xe2\x82\xac", 2), 0);
  ck_assert_uint_eq(plain_text_sequence("a", 0), 0);
  ck_assert(plain_text_is("plain\x1b", 5));
  ck_assert(!plain_text_is("plain\x1b", 6));
  ck_assert(!plain_text_is("a\0b", 3));
}
END_TEST

START_TEST(each_byte_alone_is_plain_or_made_so) {
  for (int c = 1; c < 256; c++) {
    char text[] = {(char)c, '\0'};
    bool obeyed = c < 0x20 || c == 0x7f || (c >= 0x80 && c < 0xa0);
    ck_assert_int_eq(plain_text_is(text, 1), !obeyed);
    plain_text_make(text);
    ck_assert_int_eq((unsigned char)text[0], obeyed ? '?' : c);
  }
}
END_TEST

SUITE(plain_text) {
  Suite *suite = suite_create("plain_text");
  TCase *tcase = tcase_create("plain_text");
  tcase_add_loop_test(tcase, controls_become_question_marks, 0, TEXTS);
  tcase_add_test(tcase, a_sequence_ends_where_the_text_does);
  tcase_add_test(tcase, each_byte_alone_is_plain_or_made_so);
  suite_add_tcase(suite, tcase);
  return suite;
}
