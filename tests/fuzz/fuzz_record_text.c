/* Any bytes as a record of incidents: refused with words, or taken in. They are
 * read as they are; and, behind the right head, with checksums that are right,
 * for else nothing would come that far. What is taken in is written again and
 * read again: the second text is the third. */
#include "fuzz_target.h"

#include "verdict/state/record_text.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  BODY_MAX = 16384,
  TEXT_MAX = 1 << 20,
  LINES_MAX = 64,
  INCIDENTS_MAX = 8
};

static uint32_t crc32_of(const char *text, size_t size) {
  uint32_t crc = UINT32_MAX;

  for (size_t i = 0; i < 8 * size; i++) {
    if (i % 8 == 0)
      crc ^= (unsigned char)text[i / 8];
    crc = crc & 1 ? crc >> 1 ^ 0xedb88320u : crc >> 1;
  }
  return ~crc;
}

struct copy {
  struct record *record;
  size_t length, incidents;
  char text[TEXT_MAX];
};

static int take(void *to, const struct record_incident *incident) {
  struct copy *copy = to;

  if (copy->length + 2 * RECORD_TEXT_LINE_MAX >= TEXT_MAX)
    return -ENOSPC;
  copy->length += record_text_incident(incident, copy->text + copy->length);
  copy->incidents++;
  record_restore(copy->record, incident);
  return 0;
}

static int copy_of(const char *text, size_t length, struct copy *copy,
                   size_t *damaged) {
  char why[RECORD_TEXT_ERROR_MAX] = "";
  struct record_text_reader reader = {take, copy};
  struct record_text_head head = {1, 2, 3, false};

  copy->record = record_create(INCIDENTS_MAX);
  if (!copy->record)
    abort();
  copy->length = record_text_begin(&head, copy->text);
  copy->incidents = 0;
  int rc = record_text_read(text, length, &reader, &head, damaged, why);
  if (rc != 0 && rc != -ENOSPC && (rc != -EPROTO || why[0] == '\0'))
    abort();
  record_settle(copy->record);
  if (record_count(copy->record) > INCIDENTS_MAX ||
      record_count_open(copy->record) != 0)
    abort();
  copy->length += record_text_end(copy->incidents, copy->text + copy->length);
  record_destroy(copy->record);
  return rc;
}

static void try(const char *text, size_t length) {
  static struct copy first, second;
  size_t damaged;

  if (copy_of(text, length, &first, &damaged) != 0)
    return;
  if (copy_of(first.text, first.length, &second, &damaged) != 0 ||
      damaged != 0 || first.length != second.length ||
      memcmp(first.text, second.text, first.length) != 0)
    abort();
}

/* Each line as that of an incident. */
static size_t sign(const char *body, size_t size, char *text) {
  struct record_text_head head = {1, 2, 3, false};
  size_t length = record_text_begin(&head, text);
  const char *end = body + size;

  for (int i = 0; i < LINES_MAX && body < end; i++) {
    const char *feed = memchr(body, '\n', (size_t)(end - body));
    size_t line = (size_t)((feed ? feed : end) - body);
    memcpy(text + length, "incident ", 9);
    memcpy(text + length + 9, body, line);
    length += (size_t)sprintf(text + length + 9 + line, " crc=%08" PRIx32 "\n",
                              crc32_of(text + length, 9 + line)) +
              9 + line;
    body += line + 1;
  }
  return length + record_text_end(0, text + length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static char text[BODY_MAX + 64 * LINES_MAX + RECORD_TEXT_LINE_MAX];

  if (size > BODY_MAX)
    return 0;
  char *exact = malloc(size ? size : 1); /* nothing behind it is read */
  if (!exact)
    abort();
  memcpy(exact, data, size);
  try(exact, size);
  size_t length = sign(exact, size, text);
  free(exact);
  try(text, length);
  return 0;
}
