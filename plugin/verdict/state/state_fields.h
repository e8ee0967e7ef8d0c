/* The words of the saved text: a line is cut into them; a number, a name or a
 * member is one. Private to the room. */
#ifndef VERDICT_STATE_STATE_FIELDS_H
#define VERDICT_STATE_STATE_FIELDS_H

#include "verdict/hosts.h"
#include "verdict/incidents/saved_fields.h"
#include "verdict/series.h"

struct state_cursor {
  const char *at, *end; /* the line, without its newline */
};

/* The next word, with its zero at the end, in size bytes. Returns false when
 * there is none, it has no room, or it has a zero byte in it. */
bool state_cursor_next_token(struct state_cursor *cursor, char *token,
                             size_t size);

bool state_cursor_at_end(const struct state_cursor *cursor);

/* Names come from the network: what is not printable ASCII, and '%', is written
 * %XX. Returns the length, at most three times that of name; nothing is put
 * behind it. */
size_t state_cursor_print_name(const char *name, char *text);

/* A word as the name that it was written from, %XX for what is no letter of a
 * word. Returns false for what is none, or has no room in size bytes. */
bool state_cursor_scan_name(const char *token, char *name, size_t size);

/* One number <-> a word, exactly, short and fast: a central server saves
 * millions of them. */
enum { STATE_NUMBER_MAX = 24 }; /* longer is none that is written here */

/* Each returns the length; nothing is put behind it. */
size_t state_number_print_whole(int64_t number, char *text);

/* Whole numbers and infinity as everybody writes them; others as '~' and the
 * bits of the double, in sixty-fourths from the highest, the zeros at the end
 * left out. */
size_t state_number_print(double number, char *text);

/* The reverse; decimal fractions are understood, too. The token must be a
 * number from end to end. Returns whether it is. */
bool state_number_scan_whole(const char *token, int64_t *out);
bool state_number_scan(const char *token, double *out);

/* strtod of a time, in every locale; a comma counts as the decimal point, for
 * version 1.0.0 wrote it when another plugin had set such a locale. */
double state_number_scan_time(char *text, char **end);

/* The kinds of lines, in the order of a host's. */
enum {
  STATE_SNAPSHOT = 0, /* struct snapshot but its values */
  STATE_JUDGE = 1,    /* parts of struct judge, from here on */
  STATE_MARK = STATE_JUDGE + INCIDENT_COUNT, /* struct snapshot_mark */
  STATE_SERIES = STATE_MARK + 1,             /* struct series_memory */
  STATE_PARTS = STATE_SERIES + 1
};

enum {
  STATE_TOKEN_MAX = 32, /* a number */
  /* A packed one: four digits for each short, at most. */
  STATE_WORD_MAX = 4 * SEASON_SLOTS * SEASON_WEEKDAYS + 2
};
_Static_assert((int)STATE_WORD_MAX > 3 * (int)SNAPSHOT_ADDRESS_MAX + 2,
               "an address is a word, too");

/* A series as it is read: that of an older version is carried over. */
struct state_series {
  struct series_memory memory;
  struct {
    double level, variance, learnt;
    float day_level[SEASON_SLOTS];
    uint16_t day_seen_s[SEASON_SLOTS];
  } old;
};

/* Whether a word is a packed one, of whatever. */
bool state_fields_is_packed(const char *token);

/* Which members lines of one kind hold. */
const struct state_part *state_fields_part(int part);

/* In front of the name of a line of hosts_host.before. */
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
