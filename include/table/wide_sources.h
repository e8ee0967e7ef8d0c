/* Where half-open entries come from, where that is wider than a /24 or a /64.
 * Private to the room table. */
#ifndef TABLE_WIDE_SOURCES_H
#define TABLE_WIDE_SOURCES_H

#include "table/tally_table.h"

enum { WIDE_SOURCES_LEVELS = 2 }; /* /22 and /16; /48 and /32 */

/* Bounded, whoever chooses the addresses. Freed by wide_sources_release. */
struct wide_sources {
  struct tally_table level[WIDE_SOURCES_LEVELS];
};

/* A network; prefix 0: none. */
struct source_network {
  uint8_t address[16];
  uint8_t family, prefix;
  uint64_t half_open;
};

void wide_sources_init(struct wide_sources *wide, uint64_t seed);
void wide_sources_clear(struct wide_sources *wide);
void wide_sources_release(struct wide_sources *wide);

/* One half-open entry of a /24 or /64 for which there was no room among those.
 * Returns 0 or -ENOMEM. */
int wide_sources_add(struct wide_sources *wide, const struct endpoint *narrow);

/* All entries are in. narrow: those of each /24 and /64. total: of all. The
 * network that says where they come from: the narrowest that holds half of
 * them, or else a fifth; none where they are scattered, or memory is short. */
struct source_network wide_sources_finish(struct wide_sources *wide,
                                          const struct tally_table *narrow,
                                          uint64_t total);

#endif
