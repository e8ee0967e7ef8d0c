/* Which members of a struct are saved, and as what: the tables behind the saved
 * state. The text itself is the business of verdict/state. */
#ifndef VERDICT_INCIDENTS_SAVED_FIELDS_H
#define VERDICT_INCIDENTS_SAVED_FIELDS_H

#include <stddef.h>

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
  STATE_ADDRESS,     /* char[SNAPSHOT_ADDRESS_MAX], written behind "=" */
  STATE_PACKED_BYTE, /* uint8_t[packed] in one word, behind "*" */
  STATE_PACKED_SHORT /* int16_t[packed], the same */
};

struct state_field {
  const char *name;
  enum state_type type;
  size_t offset; /* into the part's struct */
  size_t count;  /* of an array, else 1 */
  size_t packed; /* elements of a packed one */
};

/* One line of the file. */
struct state_part {
  const char *name;
  const struct state_field *fields;
  size_t fields_len;
  size_t old_len; /* so many at the end are read, and no longer written */
};

/* A row of a table of fields: OF is the struct's tag, MEMBER or AT the path to
 * the member, which is the column's name, too. */
#define SAVED_FIELD(type, of, member)                                          \
  { #member, type, offsetof(struct of, member), 1, 0 }
#define SAVED_ARRAY(type, of, member, count)                                   \
  { #member, type, offsetof(struct of, member), count, 0 }
#define SAVED_AS(name, type, of, member)                                       \
  { name, type, offsetof(struct of, member), 1, 0 }
#define SAVED_PACKED(name, type, of, member, packed)                           \
  { name, type, offsetof(struct of, member), 1, packed }
#define SAVED_DOUBLE(of, member) SAVED_FIELD(STATE_DOUBLE, of, member)
#define SAVED_SIGNED(of, member) SAVED_FIELD(STATE_SIGNED, of, member)
#define SAVED_BYTE(of, member) SAVED_FIELD(STATE_BYTE, of, member)

/* The rows of a struct incident: a series saves these, a host two more. */
#define SAVED_INCIDENT(of, at)                                                 \
  SAVED_FIELD(STATE_SEVERITY, of, at.severity), SAVED_DOUBLE(of, at.since_s),  \
      SAVED_DOUBLE(of, at.open_s), SAVED_DOUBLE(of, at.reminded_s),            \
      SAVED_BYTE(of, at.votes), SAVED_BYTE(of, at.failure_run),                \
      SAVED_FIELD(STATE_SHORT, of, at.calm_run),                               \
      SAVED_FIELD(STATE_FACTOR, of, at.clear_factor),                          \
      SAVED_FIELD(STATE_AGE, of, at.closed_s), SAVED_DOUBLE(of, at.calm_s),    \
      SAVED_BYTE(of, at.told), SAVED_DOUBLE(of, at.told_since_s)
#define SAVED_INCIDENT_OF_HOST(of, at)                                         \
  SAVED_INCIDENT(of, at), SAVED_FIELD(STATE_FLOAT, of, at.unjudged_s),         \
      SAVED_BYTE(of, at.attack)

/* The rows of a struct expectation. */
#define SAVED_MEANS(of, at)                                                    \
  SAVED_DOUBLE(of, at.half_open), SAVED_DOUBLE(of, at.aged),                   \
      SAVED_DOUBLE(of, at.established), SAVED_DOUBLE(of, at.completed)
#define SAVED_EXPECTATION(of, at)                                              \
  SAVED_DOUBLE(of, at.learnt), SAVED_DOUBLE(of, at.learnt_s),                  \
      SAVED_MEANS(of, at.slow), SAVED_MEANS(of, at.shadow),                    \
      SAVED_MEANS(of, at.reference), SAVED_DOUBLE(of, at.shadow_learnt),       \
      SAVED_SIGNED(of, at.overdispersion), SAVED_DOUBLE(of, at.recent),        \
      SAVED_DOUBLE(of, at.recent_aged), SAVED_DOUBLE(of, at.recent_cap),       \
      SAVED_DOUBLE(of, at.drift), SAVED_DOUBLE(of, at.frozen_s)

/* The rows of a struct arrivals. */
#define SAVED_ARRIVALS(of, at)                                                 \
  SAVED_DOUBLE(of, at.bin), SAVED_DOUBLE(of, at.bin_s),                        \
      SAVED_DOUBLE(of, at.sum), SAVED_DOUBLE(of, at.squares)

/* The rows of a struct baseline. */
#define SAVED_BASELINE(of, at)                                                 \
  SAVED_SIGNED(of, at.level), SAVED_SIGNED(of, at.offset),                     \
      SAVED_DOUBLE(of, at.variance), SAVED_DOUBLE(of, at.learnt),              \
      SAVED_DOUBLE(of, at.learnt_s), SAVED_SIGNED(of, at.shadow),              \
      SAVED_DOUBLE(of, at.shadow_variance),                                    \
      SAVED_DOUBLE(of, at.shadow_learnt), SAVED_DOUBLE(of, at.wander),         \
      SAVED_DOUBLE(of, at.rise), SAVED_DOUBLE(of, at.fall),                    \
      SAVED_DOUBLE(of, at.frozen_s)

#endif
