/* What is remembered of one host from one judgement to the next: as it is
 * judged, and as it is kept meanwhile, a third as long. */
#ifndef VERDICT_HOST_MEMORY_H
#define VERDICT_HOST_MEMORY_H

#include "verdict/judge.h"
#include "verdict/packed.h"

/* Plain data. */
struct host_memory {
  struct judge judge, judge_before; /* the second: before `last` was judged */
  struct snapshot last;             /* the last that was judged */
  struct snapshot_mark mark;        /* of the one before it, */
  struct snapshot_mark earlier;     /* and of that before; have 0: none */
  struct judge_absence absence;
};

enum {
  HOST_MEMORY_PARTS = 6,
  HOST_MEMORY_MAX = PACKED_MAX(sizeof(struct host_memory), HOST_MEMORY_PARTS),
  HOST_MEMORY_TEXT = HOST_MEMORY_MAX + PACKED_CHUNK,
  /* What a host needs that has learned for a day: measured. They are there from
   * the beginning, so that nothing is allocated while it learns. */
  HOST_MEMORY_CHUNKS = 8,
  HOST_MEMORY_SPARE = HOST_MEMORY_MAX / PACKED_CHUNK + 1
};

/* Of a host that was never judged. fresh: as judge_init has it. */
void host_memory_init(struct host_memory *memory, const struct judge *fresh);

/* Keep it; there is room for HOST_MEMORY_MAX in the pool. */
void host_memory_pack(const struct host_memory *memory,
                      const struct judge *fresh, struct packed_pool *pool,
                      struct packed_chunk **kept);

/* The reverse; kept: NULL for a host that was never judged. Without
 * judge_before unless it is asked for. */
void host_memory_unpack(struct host_memory *memory, const struct judge *fresh,
                        const struct packed_chunk *kept, bool with_before);

#endif
