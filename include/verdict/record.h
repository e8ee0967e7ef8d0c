/* The record of incidents: what was open and when, how bad it was, and what was
 * said of it. Judgements go in; a bounded set of incidents, the newest, comes
 * out. Holds no lock, no clock and no file. */
#ifndef VERDICT_RECORD_H
#define VERDICT_RECORD_H

#include "verdict/notice.h"

enum {
  RECORD_MAX = 10000, /* incidents; older ones make room */
  RECORD_WORDS_MAX = 128,
  RECORD_IDENTITY_MAX = RULES_NAME_MAX + SERIES_IDENTIFIER_MAX
};

/* Whether an incident has ended, and why. */
enum record_end {
  RECORD_OPEN,
  RECORD_CLEARED,
  RECORD_GONE,     /* cleared: no socket listens any more */
  RECORD_ADOPTED,  /* it has become the normal state */
  RECORD_SILENT,   /* no values come any more */
  RECORD_DISABLED, /* by the configuration */
  RECORD_UNKNOWN,  /* the daemon ended, and the next one did not find it open */
  RECORD_ENDS
};

/* Where it was farthest off. Unknown figures are NAN. */
struct record_peak {
  double time_s; /* 0: no figures were seen */
  double observed, expected, lower, upper, score;
};

/* One incident. Plain data. */
struct record_incident {
  char identity[RECORD_IDENTITY_MAX]; /* "NAME/HOST", "NAME/HOST/443-local" of a
                                         listener, or "NAME/SERIES" */
  char host[JUDGE_HOST_MAX];
  char port[JUDGE_LISTENER_MAX]; /* "443-local": of this listener alone; "" */
  char name[RULES_NAME_MAX];     /* "syn_flood", or the <Watch>'s name */
  bool of_series;
  double begin_s, worsened_s; /* by the sender's clock; 0: never */
  double seen_s;              /* the last time it was judged */
  double end_s;               /* 0: open; RECORD_UNKNOWN: seen_s */
  enum record_end end;        /* why */
  enum severity severity;     /* the worst */
  struct record_peak peak;    /* the largest score, then the farthest off */
  uint32_t evidence_bits;     /* not saved: those that `evidence` has */
  bool confirmed;             /* not saved: see record_confirm */
  char evidence[RECORD_WORDS_MAX]; /* all that was seen: "excess,cookies" */
  char listener[SNAPSHOT_ADDRESS_MAX], top_source[SNAPSHOT_ADDRESS_MAX];
  char flags[RECORD_WORDS_MAX]; /* "silenced": nothing was notified for a time;
                                   words, with commas between */
  char first[NOTICE_TEXT_MAX];  /* the text that raised it; "": not known */
  char worst[NOTICE_TEXT_MAX];  /* that said that it had become worse, */
  char last[NOTICE_TEXT_MAX];   /* and that it was over; "": none */
};

/* The series of an incident of a <Watch>; "HOST/443-local" of a listener; else
 * the host. */
const char *record_subject(const struct record_incident *incident);

/* "cleared", "gone", ...; "" for RECORD_OPEN. And back: RECORD_ENDS if there is
 * none of that name. */
const char *record_end_name(enum record_end end);
enum record_end record_end_find(const char *name);

struct record;

/* incidents_max: RECORD_MAX, or fewer in a test. Returns NULL when memory is
 * short. */
struct record *record_create(size_t incidents_max);
void record_destroy(struct record *record); /* NULL is allowed */

/* Take in what a judgement says of the incidents of its host, or of its series.
 * Allocates only for an incident that is new. Returns 0; -ENOSPC when an
 * incident is not recorded because as many are open as there may be; -ENOMEM.
 */
int record_take(struct record *record, const struct judgement *judgement);
int record_take_series(struct record *record,
                       const struct series_judgement *judgement);

/* Take in an incident that was saved; the oldest first. Returns 0 or -ENOMEM.
 */
int record_restore(struct record *record,
                   const struct record_incident *incident);

/* After both the record and the engine's state were loaded: confirm what is
 * open in the state since since_s; then settle: what is open here and was not
 * confirmed has ended, at a time that nobody knows. */
void record_confirm(struct record *record, const char *name,
                    const char *subject, double since_s);
void record_settle(struct record *record);

/* Incidents that were not recorded, or made room for newer ones. */
struct record_losses {
  uint64_t refused, dropped;
};
void record_get_losses(const struct record *record, struct record_losses *out);

size_t record_count(const struct record *record);
size_t record_count_open(const struct record *record);

/* Grows whenever an incident begins, worsens or ends; not with each new peak.
 */
uint64_t record_changes(const struct record *record);

/* Copies of incidents number from, from + 1, ..., at most len; the oldest
 * first, but an incident may take the place of an older one meanwhile. Returns
 * how many. */
size_t record_copy(const struct record *record, size_t from,
                   struct record_incident *out, size_t len);

#endif
