/* The parts of a host's memory, each packed by what it hardly differs from: an
 * incident that was never judged is as it began, what was learned of the last
 * snapshot is little. Pure. */
#include "host_memory.h"

#include <string.h>

void host_memory_init(struct host_memory *memory, const struct judge *fresh) {
  memset(memory, 0, sizeof(*memory));
  memory->judge = memory->judge_before = *fresh;
}

void host_memory_pack(const struct host_memory *memory,
                      const struct judge *fresh, struct packed_pool *pool,
                      struct packed_chunk **kept) {
  unsigned char text[HOST_MEMORY_TEXT], *at = text;

  at += packed_put(at, &memory->judge, fresh, sizeof(*fresh));
  at += packed_put(at, &memory->last, NULL, sizeof(memory->last));
  at += packed_put(at, &memory->mark, NULL, sizeof(memory->mark));
  at += packed_put(at, &memory->earlier, &memory->mark, sizeof(memory->mark));
  at += packed_put(at, &memory->absence, NULL, sizeof(memory->absence));
  at += packed_put(at, &memory->judge_before, &memory->judge, sizeof(*fresh));
  packed_keep(pool, kept, text, (size_t)(at - text));
}

void host_memory_unpack(struct host_memory *memory, const struct judge *fresh,
                        const struct packed_chunk *kept, bool with_before) {
  unsigned char text[HOST_MEMORY_TEXT];
  const unsigned char *at = text;

  if (!kept) {
    host_memory_init(memory, fresh);
    return;
  }
  packed_fetch(kept, text);
  at += packed_get(at, &memory->judge, fresh, sizeof(*fresh));
  at += packed_get(at, &memory->last, NULL, sizeof(memory->last));
  at += packed_get(at, &memory->mark, NULL, sizeof(memory->mark));
  at += packed_get(at, &memory->earlier, &memory->mark, sizeof(memory->mark));
  at += packed_get(at, &memory->absence, NULL, sizeof(memory->absence));
  if (with_before)
    packed_get(at, &memory->judge_before, &memory->judge, sizeof(*fresh));
}
