/* Source networks, added up to wider ones. Touches memory only. An entry is
 * counted once, in the narrowest network that there is room for; that of a
 * wider one is the sum of what is in it. */
#include "table/wide_sources.h"
#include "table/tcp_state.h"

#include <errno.h>
#include <string.h>

enum { ROOM = 4096 }; /* a level, for those that come while rows are added */

static const uint8_t prefixes[TCP_FAMILY_COUNT][WIDE_SOURCES_LEVELS + 1] = {
    [TCP_IPV4] = {24, 22, 16}, [TCP_IPV6] = {64, 48, 32}};

void wide_sources_init(struct wide_sources *wide, uint64_t seed) {
  memset(wide, 0, sizeof(*wide));
  for (int i = 0; i < WIDE_SOURCES_LEVELS; i++) {
    wide->level[i].seed = seed;
    wide->level[i].limit = ROOM;
  }
}

void wide_sources_clear(struct wide_sources *wide) {
  for (int i = 0; i < WIDE_SOURCES_LEVELS; i++) {
    tally_table_clear(&wide->level[i]);
    wide->level[i].limit = ROOM;
  }
}

void wide_sources_release(struct wide_sources *wide) {
  for (int i = 0; i < WIDE_SOURCES_LEVELS; i++)
    tally_table_release(&wide->level[i]);
}

/* The network of level i that another one is in. */
static struct endpoint widen(const struct endpoint *at, int i) {
  struct endpoint out = {.family = at->family};
  unsigned bits = prefixes[at->family][i + 1];

  memcpy(out.address, at->address, bits / 8);
  if (bits % 8 != 0)
    out.address[bits / 8] =
        (uint8_t)(at->address[bits / 8] & 0xff << (8 - bits % 8));
  return out;
}

static int count(struct tally_table *level, const struct endpoint *at,
                 uint64_t half_open) {
  struct tally *tally;
  int rc = tally_table_take(level, at, &tally);

  if (rc == 0)
    tally->half_open += half_open;
  return rc;
}

/* A heavy /22 has its four /24 among the first ones; it is a /48 that may have
 * more /64 than there is room for. */
int wide_sources_add(struct wide_sources *wide, const struct endpoint *narrow) {
  int rc = -ENOSPC;

  for (int i = narrow->family == TCP_IPV4 ? 1 : 0;
       i < WIDE_SOURCES_LEVELS && rc == -ENOSPC; i++) {
    struct endpoint at = widen(narrow, i);
    rc = count(&wide->level[i], &at, 1);
  }
  return rc == -ENOMEM ? rc : 0;
}

/* Make room for, and add, what is counted in the networks of the level below.
 */
static int add_up(struct tally_table *level, int i,
                  const struct tally_table *below) {
  int rc = 0;

  level->limit = level->len + below->len;
  for (size_t k = 0; k < below->len && rc == 0; k++) {
    struct endpoint at = widen(&below->tallies[k].at, i);
    rc = count(level, &at, below->tallies[k].half_open);
  }
  return rc;
}

static struct source_network heaviest(const struct tally_table *level, int i) {
  struct source_network out = {.prefix = 0};

  for (size_t k = 0; k < level->len; k++) {
    const struct tally *tally = &level->tallies[k];
    if (tally->half_open <= out.half_open)
      continue;
    out.half_open = tally->half_open;
    out.family = tally->at.family;
    out.prefix = prefixes[out.family][i];
    memcpy(out.address, tally->at.address, sizeof(out.address));
  }
  return out;
}

struct source_network wide_sources_finish(struct wide_sources *wide,
                                          const struct tally_table *narrow,
                                          uint64_t total) {
  struct source_network top[WIDE_SOURCES_LEVELS + 1] = {heaviest(narrow, 0)};
  const struct tally_table *below = narrow;
  int rc = 0;

  for (int i = 0; i < WIDE_SOURCES_LEVELS && rc == 0; i++) {
    rc = add_up(&wide->level[i], i, below);
    below = &wide->level[i];
    if (rc == 0)
      top[i + 1] = heaviest(below, i + 1);
  }
  for (uint64_t share = 2; share <= 5; share += 3)
    for (int i = 0; i <= WIDE_SOURCES_LEVELS; i++)
      if (top[i].half_open > 0 &&
          top[i].half_open >= (total + share - 1) / share)
        return top[i];
  return (struct source_network){.prefix = 0};
}
