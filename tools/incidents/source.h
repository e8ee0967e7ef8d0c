/* The incidents that are listed: those of the daemon's record, or those that a
 * history would have raised. */
#ifndef TOOLS_INCIDENTS_SOURCE_H
#define TOOLS_INCIDENTS_SOURCE_H

#include "judged/judged.h"
#include "verdict/record.h"

/* What is known of those that are open. */
enum incidents_daemon {
  INCIDENTS_RUNS,  /* it wrote the record not long ago: they are open */
  INCIDENTS_ENDED, /* it ended while they were open */
  INCIDENTS_LOST   /* it should have written the record since, and has not */
};

struct incidents_list {
  struct record_incident *incidents; /* by their beginning */
  size_t len;
  bool from_history;
  double first_s; /* nothing is known from before; NAN: not known */
  double now_s;   /* of a history its last value */
  double saved_s; /* when the record was written; of a history: now_s */
  enum incidents_daemon daemon;
  size_t damaged;   /* lines of the record */
  uint64_t dropped; /* older ones for which there was no room */
};

/* path: of the record. Returns 0 and *out, to be released; or -errno and why in
 * problem (HISTORY_PROBLEM_MAX bytes). */
int incidents_source_record(const char *path, double now_s,
                            struct incidents_list *out, char *problem);

/* Judge a history; its taker is set here. Returns the same. */
int incidents_source_history(struct history *history, const struct rules *rules,
                             char *const *paths, size_t len,
                             struct incidents_list *out, char *problem);

void incidents_source_release(struct incidents_list *list);

#endif
