/* See nab_json.h. */
#include "nab_json.h"

#include "lib/number.h"

#include <math.h>
#include <string.h>

struct nab_json nab_json_begin(const char *text, size_t length) {
  return (struct nab_json){.begin = text, .at = text, .end = text + length};
}

static void refuse(struct nab_json *json, const char *problem) {
  if (!json->problem)
    json->problem = problem;
}

static void skip_blanks(struct nab_json *json) {
  while (json->at < json->end && *json->at != '\0' &&
         strchr(" \t\r\n", *json->at))
    json->at++;
}

static bool take(struct nab_json *json, char wanted) {
  skip_blanks(json);
  if (json->problem || json->at == json->end || *json->at != wanted)
    return false;
  json->at++;
  return true;
}

void nab_json_open(struct nab_json *json, char bracket) {
  if (!take(json, bracket))
    refuse(json, bracket == '{' ? "an object is wanted" : "a list is wanted");
  json->follows = false;
}

bool nab_json_more(struct nab_json *json, char bracket) {
  bool ends = take(json, bracket);

  if (!ends && json->follows && !take(json, ','))
    refuse(json, "a comma or a closing bracket is missing");
  json->follows = true; /* after an inner part, or after this one */
  return !ends && !json->problem;
}

void nab_json_string(struct nab_json *json, char *out, size_t size) {
  size_t length = 0;

  out[0] = '\0';
  if (!take(json, '"')) {
    refuse(json, "a string is wanted");
    return;
  }
  while (json->at + length < json->end && json->at[length] != '"' &&
         json->at[length] != '\\' && (unsigned char)json->at[length] >= ' ')
    length++;
  if (json->at + length == json->end || json->at[length] != '"') {
    refuse(json, "the string has an escape or no end");
  } else if (length >= size) {
    refuse(json, "the string is too long");
  } else {
    memcpy(out, json->at, length);
    out[length] = '\0';
    json->at += length + 1;
  }
}

void nab_json_key(struct nab_json *json, char *out, size_t size) {
  nab_json_string(json, out, size);
  if (!take(json, ':'))
    refuse(json, "a colon is missing");
}

double nab_json_number(struct nab_json *json) {
  struct number number;
  const char *behind = NULL;

  skip_blanks(json);
  if (!json->problem && json->at < json->end && *json->at != '+')
    behind = number_read(json->at, json->end, &number);
  if (!behind) {
    refuse(json, "a number is wanted");
    return NAN;
  }
  json->at = behind;
  return number.value;
}

void nab_json_finish(struct nab_json *json) {
  skip_blanks(json);
  if (json->at != json->end)
    refuse(json, "something follows");
}

size_t nab_json_line(const struct nab_json *json) {
  size_t line = 1;

  for (const char *at = json->begin; at < json->at; at++)
    line += *at == '\n';
  return line;
}
