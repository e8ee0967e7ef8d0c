/* Every host's snapshots, models and incidents: values go in one by one, in any
 * order, from many hosts; judgements come out, one a host and snapshot. Holds
 * no lock and no clock; bounded by MaxHosts. */
#ifndef VERDICT_HOSTS_H
#define VERDICT_HOSTS_H

#include "verdict/judge.h"
#include "verdict/listeners.h"
#include "verdict/silences.h"
#include "verdict/snapshot.h"

#include <stddef.h>

/* What is remembered of one host, and saved. Plain data. */
struct hosts_host {
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
struct hosts_losses {
  uint64_t late_values;   /* older than the last judged snapshot, or twice */
  uint64_t refused_hosts; /* values of hosts beyond MaxHosts, no memory,
                             or without a plain name */
  uint64_t refused_listeners; /* values of listeners beyond MaxListeners */
};

struct hosts;

/* rules are kept by reference and must outlive the hosts. Returns NULL when
 * memory is short. */
struct hosts *hosts_create(const struct rules *rules);
void hosts_destroy(struct hosts *hosts);

/* From now on these count, kept by reference; NULL: none do. */
void hosts_set_silences(struct hosts *hosts, const struct silences *silences);

/* Take in one value. Returns 0; -EAGAIN when a snapshot must be judged first:
 * call hosts_next until false and put the value again; -ESTALE for one that
 * came too late or twice; -ENOSPC for one of a host beyond the limit; -ENOMEM;
 * -EINVAL for one without a usable host, time or interval; -EILSEQ for one
 * whose host's name is not plain_text. */
int hosts_put(struct hosts *hosts, const struct hosts_value *value);

/* A value whose port is not 0 is of a listener: returns 0, and as
 * listeners_put; without PerListener, and before its host's, it is left out. */

/* How many sockets of the host listen, beside its other values of that time: an
 * incident that needs one is over when there is none. */
void hosts_put_listeners(struct hosts *hosts, const char *name, double time_s,
                         double listeners);

/* The next snapshot that is ready (see snapshot_gather_ready), judged: returns
 * true and *out, or false when there is none. Call after each hosts_put until
 * false. */
bool hosts_next(struct hosts *hosts, struct judgement *out);

/* What was observed in the host's last snapshot, as it was judged. */
void hosts_observe(const struct hosts_host *host, struct observation *out);

/* Time has passed without a value: look at every host in the next hosts_next;
 * close what is open on hosts that have fallen silent, forget those silent for
 * MaxAge. now_s: the receiver's clock; INFINITY at the end of all input, when
 * nothing is closed or forgotten. */
void hosts_wake(struct hosts *hosts, double now_s);

void hosts_get_losses(const struct hosts *hosts, struct hosts_losses *out);

/* Hosts known, and a copy of number i of them, in no stable order. */
size_t hosts_count(const struct hosts *hosts);
void hosts_at(const struct hosts *hosts, size_t i, struct hosts_host *out);

/* While held, no host is forgotten, so that hosts_at can go through them
 * in steps. */
void hosts_hold(struct hosts *hosts, bool hold);

/* Listeners of all hosts; and of host number i, the first whose port is at
 * least `from`: false behind the last. */
size_t hosts_listeners_count(const struct hosts *hosts);
bool hosts_listener_from(const struct hosts *hosts, size_t i, unsigned from,
                         struct listeners_one *out);

/* Take in what was saved of a listener, after its host. Returns as
 * listeners_restore, or -ENOENT. */
int hosts_restore_listener(struct hosts *hosts, const char *name,
                           const struct listeners_one *saved);

/* Take in what was saved of one host. Returns 0, -EEXIST when the host is
 * there already, or as hosts_put. */
int hosts_restore(struct hosts *hosts, const struct hosts_host *saved);

#endif
