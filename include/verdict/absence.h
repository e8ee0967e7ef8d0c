/* Open incidents of a host that goes on sending, but no longer what they are
 * judged by, or that have been disabled. */
#ifndef VERDICT_ABSENCE_H
#define VERDICT_ABSENCE_H

#include "verdict/judge.h"

/* All zeros at the beginning. Not saved: while nobody looked, nothing was
 * missing. */
struct absence {
  double missing_s[INCIDENT_COUNT]; /* since an open one was last judged */
};

/* After each judgement of the host: close what is disabled, what has not been
 * judged for SilentAfter and three intervals, and what is about sockets that
 * listen where none does; hold what is open and was not judged. out->finding
 * says so. */
void absence_look(struct absence *absence, const struct rules *rules,
                  struct judge *judge, struct judgement *out);

#endif
