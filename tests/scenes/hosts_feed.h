/* Values of a small host, put into hosts as the plugin does it: each is
 * followed by the judgement of what is ready. For tests. */
#ifndef TESTS_SCENES_HOSTS_FEED_H
#define TESTS_SCENES_HOSTS_FEED_H

#include "verdict/hosts.h"

enum { FEED_MEMBERS = 4, FEED_INTERVAL_S = 10, FEED_START_S = 1700000000 };

struct feed {
  struct hosts *hosts;
  struct judgement last;          /* the last judged */
  size_t judged;                  /* so far */
  size_t told;                    /* how often a host was said to be away */
  size_t raised, cleared, silent; /* of syn_flood */
};

void feed_drain(struct feed *feed);

/* Put one value. Returns what hosts_put says, after -EAGAIN the second time. */
int feed_value(struct feed *feed, const struct hosts_value *value);

/* A snapshot of 50 established, 2 half-open and `cookies` sent since boot, none
 * returned. Returns the result of its last value. */
int feed_snapshot_at(struct feed *feed, const char *host, double time_s,
                     double now_s, int64_t cookies);

/* One in time, of a host with another interval. */
int feed_snapshot_every(struct feed *feed, const char *host, double time_s,
                        double interval_s, int64_t cookies);

/* Snapshot number n, in time. */
int feed_snapshot(struct feed *feed, const char *host, int n, int64_t cookies);

/* The clock's ticks, once a minute. */
void feed_tick(struct feed *feed, double from_s, double to_s);

#endif
