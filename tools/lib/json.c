/* JSON strings and numbers. Source: RFC 8259. */
#include "json.h"

#include "verdict/plain_text.h"

#include <math.h>
#include <string.h>

void json_string(FILE *out, const char *text) {
  size_t left = strlen(text);

  fputc('"', out);
  while (left > 0) {
    size_t length = plain_text_sequence(text, left);
    unsigned char last = (unsigned char)text[length > 0 ? length - 1 : 0];
    if (length == 0)
      fputs("\\ufffd", out);
    else if (*text == '"' || *text == '\\')
      fprintf(out, "\\%c", *text);
    else if (plain_text_is(text, length))
      fwrite(text, 1, length, out);
    else /* C1 is C2 80 to C2 9F */
      fprintf(out, "\\u%04x", last);
    left -= length > 0 ? length : 1;
    text += length > 0 ? length : 1;
  }
  fputc('"', out);
}

void json_number(FILE *out, double number) {
  if (isfinite(number))
    fprintf(out, "%.15g", number);
  else
    fputs("null", out);
}
