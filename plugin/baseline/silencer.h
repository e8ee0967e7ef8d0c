/* What counts as silenced in the daemon: the time zones of <Maintenance>
 * blocks, and the file beside the StateFile that `collectd-baseline silence`
 * writes. Glue: may touch collectd's log and the files; the lock over the
 * engine is the plugin's. */
#ifndef BASELINE_SILENCER_H
#define BASELINE_SILENCER_H

#include "verdict/silences.h"

#include <pthread.h>

struct silencer;

/* Load the time zones and the file. rules and lock are not owned. Returns 0 and
 * *out; or -errno, which is logged: a time zone that cannot be had, memory. A
 * file of no use is no error; it is logged. */
int silencer_create(const struct rules *rules, pthread_mutex_t *lock,
                    struct silencer **out);

/* For the engine; what is in it changes under the lock. */
const struct silences *silencer_silences(const struct silencer *silencer);

/* Read the file again if it is another one now. By one thread at a time,
 * without the lock. NULL is allowed. */
void silencer_look(struct silencer *silencer);

/* The engine uses it no more. NULL is allowed. */
void silencer_destroy(struct silencer *silencer);

#endif
