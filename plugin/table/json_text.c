/* A JSON text, read once from its beginning to its end; nothing is kept but
 * where in it we are. Touches memory only. Source: RFC 8259. */
#include "table/json_text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

struct place {
  const char *at, *end;
  json_text_take *take;
  void *context;
  unsigned depth;
  size_t element;
  char key[JSON_TEXT_KEYS][JSON_TEXT_STRING_MAX];
};

/* A string as it was read; fits: all of it. */
struct text {
  size_t len;
  bool fits;
  char *bytes; /* JSON_TEXT_STRING_MAX; not owned */
};

static bool parse_value(struct place *place);

static void skip_space(struct place *place) {
  while (place->at < place->end && *place->at != '\0' &&
         strchr(" \t\r\n", *place->at) != NULL)
    place->at++;
}

static bool take_char(struct place *place, char c) {
  if (place->at == place->end || *place->at != c)
    return false;
  place->at++;
  return true;
}

static bool take_word(struct place *place, const char *word) {
  size_t len = strlen(word);
  if ((size_t)(place->end - place->at) < len ||
      memcmp(place->at, word, len) != 0)
    return false;
  place->at += len;
  return true;
}

static bool take_digits(struct place *place) {
  const char *begin = place->at;
  while (place->at < place->end && *place->at >= '0' && *place->at <= '9')
    place->at++;
  return place->at > begin;
}

static bool parse_number(struct place *place) {
  take_char(place, '-');
  if (!take_char(place, '0') && !take_digits(place))
    return false;
  if (take_char(place, '.') && !take_digits(place))
    return false;
  if (!take_char(place, 'e') && !take_char(place, 'E'))
    return true;
  if (!take_char(place, '+'))
    take_char(place, '-');
  return take_digits(place);
}

static void append(struct text *text, char c) {
  text->fits = text->fits && text->len < JSON_TEXT_STRING_MAX - 1 && c != '\0';
  if (text->fits)
    text->bytes[text->len++] = c;
}

/* '\0' at the end. */
static char next_char(struct place *place) {
  if (place->at == place->end)
    return '\0';
  return *place->at++;
}

/* The four digits after "\u". Beyond ASCII, where no name of ours is, each
 * becomes "_". */
static bool parse_hex(struct place *place, struct text *text) {
  unsigned sum = 0;
  for (int i = 0; i < 4; i++) {
    static const char digits[] = "0123456789abcdef0123456789ABCDEF";
    char c = next_char(place);
    const char *digit = c != '\0' ? strchr(digits, c) : NULL;
    if (digit == NULL)
      return false;
    sum = 16 * sum + (unsigned)((digit - digits) % 16);
  }
  char c = '_';
  if (sum < 0x80)
    c = (char)sum;
  append(text, c);
  return true;
}

static bool parse_escape(struct place *place, struct text *text) {
  static const char escapes[] = "\"\\/bfnrt", means[] = "\"\\/\b\f\n\r\t";
  char c = next_char(place);
  const char *escape = c != '\0' ? strchr(escapes, c) : NULL;
  if (c == 'u')
    return parse_hex(place, text);
  if (escape == NULL)
    return false;
  append(text, means[escape - escapes]);
  return true;
}

/* A string; the first quote is still to come. One that does not fit is "". */
static bool parse_string(struct place *place, char *out, bool *fits) {
  struct text text = {.fits = true, .bytes = out};
  if (!take_char(place, '"'))
    return false;
  while (!take_char(place, '"')) {
    if (place->at == place->end || (unsigned char)*place->at < ' ')
      return false;
    char c = *place->at++;
    if (c != '\\')
      append(&text, c);
    else if (!parse_escape(place, &text))
      return false;
  }
  out[text.fits ? text.len : 0] = '\0';
  *fits = text.fits;
  return true;
}

static bool parse_text(struct place *place) {
  char value[JSON_TEXT_STRING_MAX];
  bool fits;
  if (!parse_string(place, value, &fits))
    return false;
  struct json_text_string string = {
      .depth = place->depth, .element = place->element, .value = value};
  for (unsigned i = 0; i < JSON_TEXT_KEYS; i++)
    string.key[i] = i < place->depth ? place->key[i] : "";
  if (fits)
    place->take(place->context, &string);
  return true;
}

/* The key of a member, and its colon. Beyond the levels that are told, it is
 * only skipped. */
static bool parse_key(struct place *place) {
  char skipped[JSON_TEXT_STRING_MAX];
  bool fits, told = place->depth <= JSON_TEXT_KEYS;
  char *key = told ? place->key[place->depth - 1] : skipped;
  skip_space(place);
  if (!parse_string(place, key, &fits))
    return false;
  skip_space(place);
  return take_char(place, ':');
}

/* The opening bracket was taken; keys: of an object. */
static bool parse_members(struct place *place, char close, bool keys) {
  skip_space(place);
  if (take_char(place, close))
    return true;
  for (;;) {
    if ((keys && !parse_key(place)) || !parse_value(place))
      return false;
    skip_space(place);
    if (take_char(place, close))
      return true;
    if (!take_char(place, ','))
      return false;
    if (place->depth == 1)
      place->element++;
  }
}

static bool parse_nested(struct place *place, char close, bool keys) {
  if (place->depth == JSON_TEXT_DEPTH_MAX)
    return false;
  if (place->depth < JSON_TEXT_KEYS)
    place->key[place->depth][0] = '\0';
  place->depth++;
  bool ok = parse_members(place, close, keys);
  place->depth--;
  return ok;
}

static bool parse_value(struct place *place) {
  skip_space(place);
  if (take_char(place, '{'))
    return parse_nested(place, '}', true);
  if (take_char(place, '['))
    return parse_nested(place, ']', false);
  if (place->at < place->end && *place->at == '"')
    return parse_text(place);
  return take_word(place, "true") || take_word(place, "false") ||
         take_word(place, "null") || parse_number(place);
}

int json_text_parse(const char *text, size_t length, json_text_take *take,
                    void *context) {
  struct place place = {
      .at = text, .end = text + length, .take = take, .context = context};
  bool ok = parse_value(&place);
  skip_space(&place);
  return ok && place.at == place.end ? 0 : -EBADMSG;
}
