/* Writes JSON. Touches only the stream it is given. */
#include "json.h"

#include "verdict/plain_text.h"

#include <math.h>
#include <string.h>

static void write_string(FILE *out, const char *text) {
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

static void write_number(FILE *out, double number) {
  if (isfinite(number))
    fprintf(out, "%.15g", number);
  else
    fputs("null", out);
}

struct json_writer json_begin(FILE *out) {
  return (struct json_writer){.out = out};
}

/* The comma and the name before a value. */
static void begin_part(struct json_writer *json, const char *key) {
  if (json->follows)
    fputc(',', json->out);
  json->follows = true;
  if (key) {
    write_string(json->out, key);
    fputc(':', json->out);
  }
}

void json_open(struct json_writer *json, const char *key, char bracket) {
  begin_part(json, key);
  fputc(bracket, json->out);
  json->follows = false;
}

void json_close(struct json_writer *json, char bracket) {
  fputc(bracket, json->out);
  json->follows = true;
}

void json_add_string(struct json_writer *json, const char *key,
                     const char *text) {
  begin_part(json, key);
  if (text)
    write_string(json->out, text);
  else
    fputs("null", json->out);
}

void json_add_number(struct json_writer *json, const char *key, double number) {
  begin_part(json, key);
  write_number(json->out, number);
}

void json_add_truth(struct json_writer *json, const char *key, bool is_true) {
  begin_part(json, key);
  fputs(is_true ? "true" : "false", json->out);
}
