/* Any bytes as a JSON text: what is told is text, within its limits. */
#include "fuzz_target.h"

#include "table/json_text.h"

#include <string.h>

static void take(void *context, const struct json_text_string *string) {
  size_t *strings = context;
  fuzz_must(strlen(string->value) < JSON_TEXT_STRING_MAX, "a value");
  fuzz_must(string->depth <= JSON_TEXT_DEPTH_MAX, "a depth");
  for (unsigned i = 0; i < JSON_TEXT_KEYS; i++) {
    fuzz_must(strlen(string->key[i]) < JSON_TEXT_STRING_MAX, "a key");
    fuzz_must(i < string->depth || string->key[i][0] == '\0',
              "a key of no level");
  }
  (*strings)++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  size_t strings = 0, again = 0;
  char *text = malloc(size + 1);
  if (text == NULL)
    return 0;
  memcpy(text, data, size);
  int rc = json_text_parse(text, size, take, &strings);
  fuzz_must(strings <= size / 2, "more strings than pairs of quotes");
  /* White space behind it changes nothing. */
  text[size] = ' ';
  fuzz_must(json_text_parse(text, size + 1, take, &again) == rc || rc != 0,
            "a space behind the text");
  free(text);
  return 0;
}
