/* The ways to a reading, each tried once: what table_source chooses from.
 * Private to the room io. */
#ifndef IO_TABLE_WAYS_H
#define IO_TABLE_WAYS_H

#include "io/diag_source.h"
#include "io/table_source.h"
#include "table/unanswered.h"
#include "table/walk.h"

#include <time.h>

/* A reading with what was read beside it. */
struct table_take {
  struct reading *reading; /* owned */
  struct kernel_counters counters;
};

struct table_ways {
  bool by_family;           /* counts must be right for each family */
  char *proc_root;          /* owned */
  struct diag_source *diag; /* owned */
  struct walk_plan plan;
  struct unanswered unanswered; /* of the readings by /proc */
};

double table_ways_seconds(clockid_t clock);

/* Each fills *take and, of the outcome, what it has to tell. Returns 0, or
 * -errno: then the take is not to be used. */

/* All sockets: walked, or counted by the kernel where the plan trusts it. */
int table_ways_netlink(struct table_ways *ways, struct table_take *take,
                       struct table_source_outcome *outcome);
int table_ways_proc(struct table_ways *ways, struct table_take *take,
                    struct table_source_outcome *outcome);

/* Without a walk: the listening sockets and the counters; only the counters. */
int table_ways_netlink_listeners(const struct table_ways *ways,
                                 struct table_take *take,
                                 struct table_source_outcome *outcome);
int table_ways_counters(struct table_ways *ways, struct table_take *take,
                        struct table_source_outcome *outcome);

#endif
