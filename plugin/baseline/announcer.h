/* Notifications leave the plugin through a bounded queue and a thread of its
 * own: handlers run in the thread that dispatches, may take a minute, and may
 * come back into the plugin. */
#ifndef BASELINE_ANNOUNCER_H
#define BASELINE_ANNOUNCER_H

#include "verdict/notice.h"

struct announcer;

/* Start the thread. Returns 0 and *out, or -errno. */
int announcer_create(struct announcer **out);

/* Hand over one notice; it is copied. Never blocks on a handler. Returns 0, or
 * -ENOBUFS when the queue is full, -ENOMEM. */
int announcer_push(struct announcer *announcer, const struct notice *notice);

/* Wait until every notice handed over has been dispatched, at most limit_s
 * seconds. Returns how many are left. */
size_t announcer_drain(struct announcer *announcer, double limit_s);

/* Stop the thread; a handler that is running is waited for. Returns how many
 * notices were left undispatched. NULL is allowed. */
size_t announcer_destroy(struct announcer *announcer);

#endif
