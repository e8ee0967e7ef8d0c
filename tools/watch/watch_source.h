/* Asks the daemon without waiting for it: a child process does, so that keys
 * and the window are served meanwhile, whatever the daemon does. */
#ifndef TOOLS_WATCH_WATCH_SOURCE_H
#define TOOLS_WATCH_WATCH_SOURCE_H

#include "fetch.h"

struct watch_source; /* opaque */

/* Returns NULL where there is no memory. */
struct watch_source *watch_source_create(void);
/* Ends a question that is still open. */
void watch_source_destroy(struct watch_source *source);

/* Ask; one question at a time. limit_s of the query ends it.
 * Returns 0, or -errno where no process could be started. */
int watch_source_ask(struct watch_source *source,
                     const struct status_query *query, bool wants_hosts);
bool watch_source_is_asking(const struct watch_source *source);
/* Give the question up. */
void watch_source_drop(struct watch_source *source);

/* Readable when there is more of the answer; -1 while none is awaited. */
int watch_source_fd(const struct watch_source *source);

/* Take what has come. Returns whether the answer is whole: then *answer is
 * filled, to be released with watch_fetch_release. */
bool watch_source_take(struct watch_source *source,
                       struct watch_answer *answer);

#endif
