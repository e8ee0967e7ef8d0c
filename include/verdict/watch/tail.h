/* How rare a deviation is by the series' own past: a histogram of the largest
 * deviation of each block of time, and an exponential tail beyond its last
 * quantile. Constant memory. After SPOT (Siffer et al., KDD 2017). */
#ifndef VERDICT_WATCH_TAIL_H
#define VERDICT_WATCH_TAIL_H

#include <stdbool.h>
#include <stdint.h>

enum { TAIL_BINS = 52 }; /* of an eighth each, ln z from -1 to 5.5 */

#define TAIL_NONE (-9.0F) /* ln z below all: no maximum */

struct tail {
  float total;      /* maxima counted; halved now and then */
  float rarity;     /* -ln of the share of maxima in and above bin quantile */
  float steepness;  /* 1 / mean excess of ln z above that bin */
  float block_max;  /* ln z, the largest of the running block */
  float event_max;  /* the same, of the running event */
  uint8_t quantile; /* the bin where the tail begins */
  uint8_t top;      /* the highest bin with a count */
  uint8_t halvings; /* how often the counts were halved, modulo 256 */
  uint8_t count[TAIL_BINS];
};

void tail_init(struct tail *tail);

/* -ln of the share of blocks whose largest deviation is at least this one;
 * 0: nothing special, or not known yet. log_deviation: ln of a deviation in
 * units of its spread. What was seen before is never rarer than that. */
float tail_rarity(const struct tail *tail, float log_deviation);

/* The deviation, in units of its spread, that reaches a rarity. Only beyond the
 * quantile; INFINITY while too little is known. */
float tail_reach(const struct tail *tail, float rarity);

bool tail_is_sound(const struct tail *tail);

/* Count the maximum of one more block. */
void tail_add(struct tail *tail, float log_deviation);

#endif
