/* Every host's snapshots, models and incidents: values go in one by one, in any
 * order, from many hosts; judgements come out, one a host and snapshot. Holds
 * no lock and no clock; bounded by MaxHosts. */
#ifndef VERDICT_WATCH_H
#define VERDICT_WATCH_H

#include "verdict/gather.h"
#include "verdict/judge.h"

#include <stddef.h>

/* What is remembered of one host, and saved. Plain data. */
struct watch_host {
  char name[JUDGE_HOST_MAX];
  double seen_s;        /* the receiver's clock at its last snapshot */
  struct snapshot last; /* the last that was judged; have 0: none */
  struct judge judge;
  struct { /* as it was when `last` was judged: to explain it */
    struct snapshot_mark last;
    struct judge judge;
  } before;
};

/* What was not judged, since the start. */
struct watch_losses {
  uint64_t late_values;   /* older than the last judged snapshot, or twice */
  uint64_t refused_hosts; /* values of hosts beyond MaxHosts, no memory,
                             or without a plain name */
};

struct watch;

/* rules are kept by reference and must outlive the watch. Returns NULL where
 * memory is short. */
struct watch *watch_create(const struct rules *rules);
void watch_destroy(struct watch *watch);

/* Take in one value. Returns 0; -EAGAIN where a snapshot must be judged first:
 * call watch_next until false and put the value again; -ESTALE for one that
 * came too late or twice; -ENOSPC for one of a host beyond the limit; -ENOMEM;
 * -EINVAL for one without a usable host, time or interval; -EILSEQ for one
 * whose host's name is not plain_text. */
int watch_put(struct watch *watch, const struct watch_value *value);

/* How many sockets of the host listen, beside its other values of that time: an
 * incident that needs one is over where there is none. */
void watch_put_listeners(struct watch *watch, const char *name, double time_s,
                         double listeners);

/* The next snapshot that is ready (see gather_ready), judged: returns true and
 * *out, or false where there is none. Call after each watch_put until false. */
bool watch_next(struct watch *watch, struct judgement *out);

/* What was observed in the host's last snapshot, as it was judged. */
void watch_observe(const struct watch_host *host, struct observation *out);

/* Time has passed without a value: look at every host in the next watch_next;
 * close what is open on hosts that have fallen silent, forget those silent for
 * MaxAge. now_s: the receiver's clock; INFINITY at the end of all input, when
 * nothing is closed or forgotten. */
void watch_wake(struct watch *watch, double now_s);

void watch_get_losses(const struct watch *watch, struct watch_losses *out);

/* Hosts known, and a copy of number i of them, in no stable order. */
size_t watch_hosts(const struct watch *watch);
void watch_host_at(const struct watch *watch, size_t i, struct watch_host *out);

/* While held, no host is forgotten, so that watch_host_at can go through them
 * in steps. */
void watch_hold(struct watch *watch, bool hold);

/* Take in what was saved of one host. Returns 0, -EEXIST where the host is
 * there already, or as watch_put. */
int watch_restore(struct watch *watch, const struct watch_host *saved);

#endif
