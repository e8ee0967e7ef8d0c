/* Any bytes as saved state: refused with words, or taken in and gone on with.
 * The bytes are read as they are; with an end whose counts and checksum are
 * right, for else nothing would come that far; and so once more as a body
 * behind the right head. What is taken in is written again and read again: the
 * second text is the third. */
#include "fuzz_target.h"

#include "verdict/state/state_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BODY_MAX = 65536, TEXT_MAX = 1 << 20 };

static uint32_t crc32_of(const char *text, size_t size) {
  uint32_t crc = UINT32_MAX;

  for (size_t i = 0; i < 8 * size; i++) {
    if (i % 8 == 0)
      crc ^= (unsigned char)text[i / 8];
    crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

static size_t lines_with(const char *text, size_t size, const char *word) {
  size_t count = 0, length = strlen(word);

  for (size_t i = 0; i + length < size; i++)
    count += text[i] == '\n' && memcmp(text + i + 1, word, length) == 0;
  return count;
}

/* What is taken in, and written again. */
struct copy {
  struct state_text state;
  struct hosts *hosts;
  struct series *series;
  size_t length;
  char text[TEXT_MAX];
};

static bool has_room(const struct copy *copy) {
  return copy->length + STATE_TEXT_HOST_MAX + STATE_TEXT_FRAME_MAX < TEXT_MAX;
}

static int take_host(void *to, const struct hosts_host *host) {
  struct copy *copy = to;

  if (!has_room(copy))
    return -ENOSPC;
  copy->length +=
      state_text_host(&copy->state, host, copy->text + copy->length);
  hosts_restore(copy->hosts, host);
  return 0;
}

static int take_series(void *to, const char *identifier,
                       const struct series_memory *memory) {
  struct copy *copy = to;

  if (!has_room(copy))
    return -ENOSPC;
  copy->length += state_text_series(&copy->state, identifier, memory,
                                    copy->text + copy->length);
  series_restore(copy->series, identifier, memory);
  return 0;
}

/* The restored go on: a value each, and time. */
static void go_on(struct copy *copy, const struct rules *rules) {
  struct series_judgement series_out;
  struct judgement out;
  struct series_name name = {"h", "p", "", "t", "", ""};
  struct series_value value = {
      .gauge = 5, .time_s = 1.7e9, .interval_s = 10, .now_s = 1.7e9};

  series_put(copy->series, &rules->series[0], &name, &value, &series_out);
  hosts_wake(copy->hosts, 1.7e9);
  while (hosts_next(copy->hosts, &out))
    ;
  series_wake(copy->series, 1.7e9);
  while (series_next(copy->series, &series_out))
    ;
}

/* Returns what state_text_read says; *copy is what was taken in. */
static int copy_of(const char *text, size_t length, const struct rules *rules,
                   struct copy *copy) {
  char why[STATE_TEXT_ERROR_MAX] = "";
  struct state_text_reader reader = {take_host, take_series, copy};

  copy->hosts = hosts_create(rules);
  copy->series = series_create(rules);
  if (!copy->hosts || !copy->series)
    abort();
  copy->length = state_text_begin(&copy->state, 1, copy->text);
  int rc = state_text_read(text, length, &reader, why);
  if (rc != 0 && rc != -ENOSPC &&
      ((rc != -EPROTO && rc != -EBADMSG) || why[0] == '\0'))
    abort();
  if (rc == 0) {
    copy->length += state_text_end(&copy->state, copy->text + copy->length);
    go_on(copy, rules);
  }
  hosts_destroy(copy->hosts);
  series_destroy(copy->series);
  return rc;
}

static void try(const char *text, size_t length, const struct rules *rules) {
  static struct copy first, second;

  if (copy_of(text, length, rules, &first) != 0)
    return;
  if (copy_of(first.text, first.length, rules, &second) != 0 ||
      first.length != second.length ||
      memcmp(first.text, second.text, first.length) != 0)
    abort();
}

/* Where the last line begins. */
static size_t last_line(const char *text, size_t length) {
  size_t at = length > 0 ? length - 1 : 0;

  while (at > 0 && text[at - 1] != '\n')
    at--;
  return at;
}

/* Read with an end that is right, in the place of one that is there. */
static void try_signed(char *text, size_t length, const struct rules *rules) {
  size_t last = last_line(text, length);

  if (length - last > 4 && memcmp(text + last, "end ", 4) == 0)
    length = last;
  if (length > 0 && text[length - 1] != '\n')
    text[length++] = '\n';
  length += (size_t)sprintf(text + length, "end %zu %zu %08" PRIx32 "\n",
                            lines_with(text, length, "host "),
                            lines_with(text, length, "series "),
                            crc32_of(text, length));
  try(text, length, rules);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static char text[STATE_TEXT_FRAME_MAX + BODY_MAX + 256];
  static struct rules rules;
  struct rules_block block;
  struct state_text state;
  char error[RULES_ERROR_MAX];

  if (size > BODY_MAX)
    return 0;
  rules_defaults(&rules);
  if (rules_open(&rules, "Watch", "w", &block, error) != 0)
    abort();
  char *exact = malloc(size ? size : 1); /* nothing behind it is read */
  memcpy(exact, data, size);
  try(exact, size, &rules);
  free(exact);
  memcpy(text, data, size);
  try_signed(text, size, &rules);
  size_t head = state_text_begin(&state, 1, text);
  memcpy(text + head, data, size);
  try_signed(text, head + size, &rules);
  return 0;
}
