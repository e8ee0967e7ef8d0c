/* The record of incidents <-> text that is saved: a head, a line an incident,
 * an end. Pure: the caller reads and writes the file.
 *
 *     collectd-baseline incidents 1
 *     # saved 1790000000.000 every 300 begun 1789000000.000 running
 *     incident begin=... end=... host="web1" incident="syn_flood" ... crc=...
 *     end 1
 *
 * A line is words "key=value" with a blank between them, in any order but for
 * the checksum of what stands before it, which is last. A key that is not known
 * here is passed over, and a member without a key is unknown. */
#ifndef VERDICT_STATE_RECORD_TEXT_H
#define VERDICT_STATE_RECORD_TEXT_H

#include "verdict/record.h"

enum {
  RECORD_TEXT_LINE_MAX = 8192, /* bytes of one incident, or of head or end */
  RECORD_TEXT_ERROR_MAX = 256
};

/* What the head tells. */
struct record_text_head {
  double saved_s; /* when it was written */
  double every_s; /* it is written at least so often while one is open */
  double begun_s; /* nothing is recorded from before */
  bool stopped;   /* the daemon ended, and wrote it last of all */
};

/* Each writes one piece into text (RECORD_TEXT_LINE_MAX bytes) and returns its
 * length. */
size_t record_text_begin(const struct record_text_head *head, char *text);
size_t record_text_incident(const struct record_incident *incident, char *text);
size_t record_text_end(size_t incidents, char *text);

/* Takes in what is read. A result other than 0 stops the reading and is handed
 * on. */
struct record_text_reader {
  int (*incident)(void *to, const struct record_incident *incident);
  void *to;
};

/* text: length bytes, the whole file. Lines that are damaged are left out and
 * counted in *damaged, and so is what is missing at the end. Returns 0 and
 * *head; or -EPROTO for text of a newer version or of something else, with a
 * reason in error (RECORD_TEXT_ERROR_MAX bytes). */
int record_text_read(const char *text, size_t length,
                     const struct record_text_reader *reader,
                     struct record_text_head *head, size_t *damaged,
                     char *error);

#endif
