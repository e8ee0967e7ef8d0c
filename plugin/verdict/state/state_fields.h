/* Which members of the models are saved, in which order. Private to the room.
 */
#ifndef VERDICT_STATE_STATE_FIELDS_H
#define VERDICT_STATE_STATE_FIELDS_H

#include "verdict/hosts.h"
#include "verdict/series.h"

enum state_type {
  STATE_DOUBLE, /* finite, not below 0 */
  STATE_AGE,    /* not below 0, infinite: never */
  STATE_SIGNED, /* a finite double */
  STATE_FLOAT,  /* a finite float */
  STATE_BYTE,   /* uint8_t */
  STATE_FACTOR, /* uint8_t, 1..64 */
  STATE_SHORT,  /* uint16_t */
  STATE_WORD,   /* uint32_t */
  STATE_LONG,   /* int64_t */
  STATE_SEVERITY,
  STATE_ADDRESS /* char[SNAPSHOT_ADDRESS_MAX], written behind "=" */
};

struct state_field {
  const char *name;
  enum state_type type;
  size_t offset; /* into the part's struct */
  size_t count;  /* of an array, else 1 */
};

/* One line of the file. */
struct state_part {
  const char *name;
  const struct state_field *fields;
  size_t fields_len;
};

/* The kinds of lines, in the order of a host's. */
enum {
  STATE_SNAPSHOT, /* struct snapshot but its values */
  STATE_JUDGE,    /* parts of struct judge, from here on */
  STATE_JUDGE_PARTS = 6,
  STATE_MARK = STATE_JUDGE + STATE_JUDGE_PARTS, /* struct snapshot_mark */
  STATE_SERIES,                                 /* struct series_memory */
  STATE_PARTS
};

enum {
  STATE_TOKEN_MAX = 32, /* a number */
  STATE_WORD_MAX = 3 * SNAPSHOT_ADDRESS_MAX + 2
};

extern const struct state_part state_parts[STATE_PARTS];

/* In front of the name of a line of watch_host.before. */
extern const char state_fields_before[];

/* CRC-32 of text behind what gave crc; 0 at the start. */
uint32_t state_fields_checksum(uint32_t crc, const char *text, size_t length);

/* One member as text, without blanks. Returns its length, below
 * STATE_WORD_MAX; of a number below STATE_TOKEN_MAX. */
size_t state_fields_print(const struct state_field *field, size_t i,
                          const void *base, char *text);

/* Whether a member is bit by bit that of another of its struct; and made so. */
bool state_fields_same(const struct state_field *field, size_t i,
                       const void *base, const void *other);
void state_fields_copy(const struct state_field *field, size_t i, void *base,
                       const void *other);

/* The reverse of print; the whole token must be what the field can hold.
 * Returns whether it is. */
bool state_fields_scan(const struct state_field *field, size_t i, void *base,
                       const char *token);

#endif
