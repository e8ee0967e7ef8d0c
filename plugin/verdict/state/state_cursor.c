/* Words and names of the saved text. Pure. */
#include "state_cursor.h"

#include <string.h>

bool state_cursor_next_token(struct state_cursor *cursor, char *token,
                             size_t size) {
  while (cursor->at < cursor->end && *cursor->at == ' ')
    cursor->at++;
  const char *start = cursor->at;
  while (cursor->at < cursor->end && *cursor->at != ' ')
    cursor->at++;
  size_t length = (size_t)(cursor->at - start);
  if (length == 0 || length >= size || memchr(start, '\0', length))
    return false;
  memcpy(token, start, length);
  token[length] = '\0';
  return true;
}

bool state_cursor_at_end(const struct state_cursor *cursor) {
  return cursor->at == cursor->end;
}

size_t state_cursor_print_name(const char *name, char *text) {
  static const char hex_digits[] = "0123456789ABCDEF";
  char *at = text;

  for (; *name; name++) {
    unsigned char c = (unsigned char)*name;
    if (c > ' ' && c != '%' && c < 0x7f) {
      *at++ = (char)c;
      continue;
    }
    *at++ = '%';
    *at++ = hex_digits[c >> 4];
    *at++ = hex_digits[c & 15];
  }
  return (size_t)(at - text);
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool state_cursor_scan_name(const char *token, char *name, size_t size) {
  size_t length = 0;

  for (; *token; token++) {
    int c = (unsigned char)*token;
    if (c == '%') {
      int high = hex_digit(token[1]);
      int low = high < 0 ? -1 : hex_digit(token[2]);
      c = low < 0 ? 0 : high << 4 | low;
      if (c == 0)
        return false;
      token += 2;
    }
    if (length + 1 >= size)
      return false;
    name[length++] = (char)c;
  }
  name[length] = '\0';
  return true;
}
