/* JSON strings and numbers. Source: RFC 8259; UTF-8: RFC 3629. */
#include "replay_json.h"

#include <math.h>
#include <stddef.h>

/* Bytes of the well-formed UTF-8 sequence at text; 0 where there is none. */
static size_t sequence_length(const unsigned char *text) {
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

  for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
    if (text[0] < forms[i].from || text[0] > forms[i].to)
      continue;
    if (forms[i].length == 1)
      return 1;
    if (text[1] < forms[i].second_from || text[1] > forms[i].second_to)
      return 0;
    for (size_t k = 2; k < forms[i].length; k++)
      if ((text[k] & 0xC0) != 0x80)
        return 0;
    return forms[i].length;
  }
  return 0;
}

void replay_json_string(FILE *out, const char *text) {
  const unsigned char *at = (const unsigned char *)text;

  fputc('"', out);
  while (*at != '\0') {
    size_t length = sequence_length(at);
    if (length == 0)
      fputs("\\ufffd", out);
    else if (*at == '"' || *at == '\\')
      fprintf(out, "\\%c", *at);
    else if (*at < 0x20 || *at == 0x7F)
      fprintf(out, "\\u%04x", *at);
    else
      fwrite(at, 1, length, out);
    at += length > 0 ? length : 1;
  }
  fputc('"', out);
}

void replay_json_number(FILE *out, double number) {
  if (isfinite(number))
    fprintf(out, "%.15g", number);
  else
    fputs("null", out);
}
