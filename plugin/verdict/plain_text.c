/* Texts without control characters. Pure. */
#include "verdict/plain_text.h"

#include <stdlib.h>
#include <string.h>

size_t plain_text_sequence(const char *text, size_t length) {
  static const struct {
    unsigned char from, to, second_from, second_to;
    size_t length;
  } forms[] = {
      {0x00, 0x7F, 0x00, 0xFF, 1}, {0xC2, 0xDF, 0x80, 0xBF, 2},
      {0xE0, 0xE0, 0xA0, 0xBF, 3}, {0xE1, 0xEC, 0x80, 0xBF, 3},
      {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
      {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4},
      {0xF4, 0xF4, 0x80, 0x8F, 4},
  };
  const unsigned char *at = (const unsigned char *)text;

  for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
    if (length < forms[i].length || at[0] < forms[i].from ||
        at[0] > forms[i].to)
      continue;
    if (forms[i].length == 1)
      return 1;
    if (at[1] < forms[i].second_from || at[1] > forms[i].second_to)
      return 0;
    for (size_t k = 2; k < forms[i].length; k++)
      if ((at[k] & 0xC0) != 0x80)
        return 0;
    return forms[i].length;
  }
  return 0;
}

/* Bytes at text that belong together. *is_control: they are a control. */
static size_t next(const char *text, size_t length, bool *is_control) {
  const unsigned char *at = (const unsigned char *)text;
  size_t bytes = plain_text_sequence(text, length);

  *is_control = bytes == 0   ? at[0] < 0xA0
                : bytes == 1 ? at[0] < 0x20 || at[0] == 0x7F
                             : at[0] == 0xC2 && at[1] < 0xA0;
  return bytes > 0 ? bytes : 1;
}

bool plain_text_is(const char *text, size_t length) {
  bool is_control = false;

  for (size_t i = 0; i < length && !is_control;)
    i += next(text + i, length - i, &is_control);
  return !is_control;
}

char *plain_text_make(char *text) {
  size_t length = strlen(text), bytes = 0;
  bool is_control;

  for (size_t i = 0; i < length; i += bytes) {
    bytes = next(text + i, length - i, &is_control);
    if (is_control)
      memset(text + i, '?', bytes);
  }
  return text;
}

/* Where there is no memory for it, the locale stays as it is. */
locale_t plain_text_begin(void) {
  locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);

  return plain == (locale_t)0 ? plain : uselocale(plain);
}

void plain_text_end(locale_t before) {
  if (before != (locale_t)0)
    freelocale(uselocale(before));
}

double plain_text_number(const char *text, char **end) {
  locale_t before = plain_text_begin();
  double number = strtod(text, end);

  plain_text_end(before);
  return number;
}
