/* Any bytes as the file of silences, as they are and behind the right head.
 * What is taken in is sound, is written again, and reads the same. */
#include "fuzz_target.h"

#include "verdict/state/silences_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *write_again(const struct silences_list *list, size_t *length) {
  char *text = malloc(SILENCES_TEXT_MAX);

  fuzz_must(text != NULL, "memory");
  *length = silences_text_head(text);
  for (size_t i = 0; i < list->len; i++) {
    fuzz_must(silences_text_is_sound(&list->one[i]), "it is sound");
    *length += silences_text_line(&list->one[i], text + *length);
  }
  return text;
}

static void read_once(const char *text, size_t length) {
  struct silences_list list = {0, NULL}, again = {0, NULL};
  char error[SILENCES_TEXT_ERROR_MAX] = "";

  if (silences_text_read(text, length, &list, error) != 0) {
    fuzz_must(error[0] != '\0' && !list.one, "refused with words");
    return;
  }
  fuzz_must(list.len <= SILENCES_MAX, "not too many");
  size_t written_len;
  char *written = write_again(&list, &written_len);
  fuzz_must(silences_text_read(written, written_len, &again, error) == 0,
            "what is written is read");
  fuzz_must(again.len == list.len &&
                (list.len == 0 || memcmp(again.one, list.one,
                                         list.len * sizeof(*list.one)) == 0),
            "the same");
  free(written);
  free(list.one);
  free(again.one);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const char head[] = "collectd-baseline silences 1\n";
  char *behind = malloc(sizeof(head) + size);

  fuzz_must(behind != NULL, "memory");
  read_once((const char *)data, size);
  memcpy(behind, head, sizeof(head) - 1);
  memcpy(behind + sizeof(head) - 1, data, size);
  read_once(behind, sizeof(head) - 1 + size);
  free(behind);
  return 0;
}
