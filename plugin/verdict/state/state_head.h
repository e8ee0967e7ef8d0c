/* The head of the saved text: its version, and which members its lines hold, in
 * which order. Private to the room. */
#ifndef VERDICT_STATE_STATE_HEAD_H
#define VERDICT_STATE_STATE_HEAD_H

#include "state_fields.h"

enum {
  STATE_VERSION = 3,       /* what is written; 1 and 2 are read, too */
  STATE_COLUMNS_MAX = 256, /* of one kind of line */
  STATE_COUNT_MAX = 1024,  /* words of one column */
  STATE_SIGNALS_MAX = 32,  /* bits of snapshot.have */
  STATE_COLUMN_MAX = 64    /* a column's name with its zero */
};

enum state_column_kind {
  STATE_COLUMN_UNKNOWN, /* passed over */
  STATE_COLUMN_FIELD,
  STATE_COLUMN_SIGNAL /* a snapshot's value */
};

/* What some words of a line are, one after the other. */
struct state_column {
  uint8_t kind;
  uint8_t field;  /* of the part's fields */
  uint16_t first; /* element of that field */
  uint16_t count; /* elements, or words to pass over */
};

struct state_columns {
  bool named; /* its remark was there */
  size_t len;
  struct state_column column[STATE_COLUMNS_MAX];
};

struct state_head {
  unsigned version;
  struct state_columns part[STATE_PARTS];
  /* The signals in the text's order, which is that of its bits: ours, or
   * SIGNAL_COUNT for one that is not known here. */
  uint8_t signal[STATE_SIGNALS_MAX];
  size_t signals_len;
  size_t old_gauges; /* version 1: so many signals come before the counters */
  uint32_t counted;  /* bit (1 << signal): ours, and the mark has its counter */
};

/* Write the first line. Returns behind it. */
char *state_head_print_version(char *at);

/* Write the remarks that name the members, one a kind of line. Returns behind
 * the last. */
char *state_head_print(char *at);

/* The version that the first line tells, and where the second begins. Returns 0
 * when there is none: it is no saved state. */
unsigned state_head_version(const char *text, size_t length, size_t *second);

/* Take in one remark, without its newline; one that names no columns says
 * nothing. head is zero but for its version before the first. Returns whether
 * it can be read by; else says in error (STATE_TEXT_ERROR_MAX bytes) why. */
bool state_head_take(struct state_head *head, const char *remark, size_t length,
                     char *error);

/* The text's bits, one a signal, as ours; a signal that is not known here is
 * left out. Returns false when one is set that the text has no signal for. */
bool state_head_bits(const struct state_head *head, uint32_t *bits);

#endif
