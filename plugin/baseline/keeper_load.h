/* Loading what was saved. Glue: may touch collectd's log. */
#ifndef BASELINE_KEEPER_LOAD_H
#define BASELINE_KEEPER_LOAD_H

#include "keeper.h"

/* Nobody else uses watch and series yet. now_s: seconds since 1970. A file of
 * no use is set aside where may_move; whatever is wrong is logged. Returns 0;
 * -EBUSY where one of no use was not set aside: it must be before anything is
 * saved; or another -errno where it may be good and was not loaded whole: it
 * must not be written over. */
int keeper_load(const struct keeper_charge *charge, bool may_move,
                double now_s);

#endif
