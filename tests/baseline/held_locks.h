/* Watches which mutexes a thread holds, and what it does meanwhile. The linker
 * puts it between the files under test and the C library: see
 * glue_wraps in local.mk. */
#ifndef TESTS_BASELINE_HELD_LOCKS_H
#define TESTS_BASELINE_HELD_LOCKS_H

#include <pthread.h>
#include <stdbool.h>

/* Mutexes that this thread holds. */
int held_locks_count(void);

/* Measure this mutex from now on; NULL: whichever is held. */
void held_locks_watch(const pthread_mutex_t *lock);

/* Of what is measured: how often it was held; the longest hold, in seconds of
 * its holder's processor time, for a busy machine takes none of that; and how
 * often a file was opened, written, synced or renamed under it. */
unsigned held_locks_holds(void);
double held_locks_longest_s(void);
unsigned held_locks_disk_calls(void);

/* From now on whoever writes or syncs waits at the disk, until let through: one
 * call at a time, where one waits. */
void held_locks_close_disk(void);
bool held_locks_disk_waits(void);
void held_locks_let_through(void);

#endif
