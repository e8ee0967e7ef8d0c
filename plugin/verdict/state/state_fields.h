/* Which members of the models are saved, in which order. Private to the room.
 */
#ifndef VERDICT_STATE_STATE_FIELDS_H
#define VERDICT_STATE_STATE_FIELDS_H

#include "verdict/hosts.h"
#include "verdict/incidents/saved_fields.h"
#include "verdict/series.h"

/* The kinds of lines, in the order of a host's. */
enum {
  STATE_SNAPSHOT, /* struct snapshot but its values */
  STATE_JUDGE,    /* parts of struct judge, from here on */
  STATE_JUDGE_PARTS = INCIDENT_COUNT,
  STATE_MARK = STATE_JUDGE + STATE_JUDGE_PARTS, /* struct snapshot_mark */
  STATE_SERIES,                                 /* struct series_memory */
  STATE_PARTS
};

enum {
  STATE_TOKEN_MAX = 32, /* a number */
  STATE_WORD_MAX = 3 * SNAPSHOT_ADDRESS_MAX + 2
};

/* Which members lines of one kind hold. */
const struct state_part *state_fields_part(int part);

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
