/* Saving. Glue: takes the plugin's lock; logs nothing. */
#ifndef BASELINE_KEEPER_WRITE_H
#define BASELINE_KEEPER_WRITE_H

#include "keeper.h"

#include "io/state_file.h"
#include "verdict/state/state_text.h"

enum { KEEPER_STEP_MAX = 32 }; /* copied under one hold of the lock */

/* A series copied out of the table. */
struct keeper_series {
  char identifier[SERIES_IDENTIFIER_MAX];
  struct series_memory memory;
};

/* What is needed on the way; not for two threads at a time. */
struct keeper_writer {
  const struct keeper_charge *charge;
  struct state_file file;
  bool full; /* the last version does not hold all */
  union {
    struct hosts_host hosts[KEEPER_STEP_MAX];
    struct keeper_series series[KEEPER_STEP_MAX];
  } copied;
  char text[STATE_TEXT_HOST_MAX];
};

/* Write the charge's StateFile anew; hosts first, and no more than can be read
 * again. Returns 0, or -errno with the old version
 * still in place. */
int keeper_write(struct keeper_writer *writer);

#endif
