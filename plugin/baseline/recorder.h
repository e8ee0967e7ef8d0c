/* The file of the record of incidents, beside the state file: loaded at the
 * start, written when something has changed. Glue: may touch collectd's log;
 * the keeper's thread calls it, and its lock over the files is held. */
#ifndef BASELINE_RECORDER_H
#define BASELINE_RECORDER_H

#include "io/state_file.h"
#include "verdict/engine.h"
#include "verdict/record.h"

#include <pthread.h>

/* Not owned. The lock guards the record; it is held for the copying of a few
 * incidents at a time, never over the disk. */
struct recorder_charge {
  const struct rules *rules;
  pthread_mutex_t *lock;
  struct record *record;
  const struct engine *engine; /* its state is loaded */
  bool may_move;               /* a file of no use */
  struct state_file *file;     /* to write with; large, so that it is shared */
};

struct recorder;

/* Load what was recorded, and end what the engine's state does not have open. A
 * file of no use is set aside, and what is good in a damaged one is loaded
 * before. now_s: seconds since 1970. Returns 0 and *out, or -ENOMEM. */
int recorder_create(const struct recorder_charge *charge, double now_s,
                    struct recorder **out);
void recorder_destroy(struct recorder *recorder); /* NULL is allowed */

/* Seconds between two writings of what changes: more of a larger record. */
double recorder_period_s(const struct recorder *recorder);

enum recorder_reason {
  RECORDER_CHANGED, /* write if an incident began, worsened or ended, or it
                       was not written since the start */
  RECORDER_REGULAR, /* write if one is open, too: its figures go on */
  RECORDER_LAST     /* the daemon ends */
};

/* Write the file, outside the charge's lock. Returns 0, also when there was
 * nothing to write; or -errno: the last version stays, and the next call tries
 * again. *say: give the result to recorder_say, which logs it, once no lock is
 * held any more. */
int recorder_save(struct recorder *recorder, enum recorder_reason reason,
                  bool *say);
void recorder_say(const struct recorder *recorder, int rc);

#endif
