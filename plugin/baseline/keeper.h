/* Saves what was learned, and the record of incidents beside it: loads both at
 * the start, saves them at an interval, on demand and at the end, with a thread
 * of its own. Glue: may touch collectd's
 * log and threads; the lock over the engine is the plugin's. */
#ifndef BASELINE_KEEPER_H
#define BASELINE_KEEPER_H

#include "verdict/engine.h"
#include "verdict/record.h"

#include <pthread.h>

/* What is kept, and the lock that guards it. Not owned. The lock is held for
 * the copying of a few hosts at a time, never over the disk. */
struct keeper_charge {
  const struct rules *rules;
  pthread_mutex_t *lock;
  struct engine *engine;
  size_t size_max;       /* bytes; 0: what state_file can read */
  bool only_loads;       /* a trial run: nothing is saved, moved or locked */
  struct record *record; /* NULL: no incidents are recorded */
};

struct keeper;

/* Load what was saved and start the thread. A file of no use is set aside and
 * logged, now or before anything is saved; one that may be good and cannot be
 * read now is never overwritten; one that another process has locked is saved
 * only once that has ended. now_s: seconds since 1970. Returns 0 and *out, or
 * -errno. */
int keeper_create(const struct keeper_charge *charge, double now_s,
                  struct keeper **out);

/* Save now; returns when it is on the disk. Returns 0 or -errno, which is
 * logged once per change; -EWOULDBLOCK when another process has it locked; why
 * the file could not be read when it was not loaded whole. */
int keeper_save(struct keeper *keeper);

/* Stop the thread; saves the record, and nothing else. NULL is allowed. */
void keeper_destroy(struct keeper *keeper);

#endif
