/* From history to what a daemon can begin with: the feed between the history
 * and the judgement, and the harvest of what was learned. */
#ifndef TOOLS_LEARN_LEARN_MODELS_H
#define TOOLS_LEARN_LEARN_MODELS_H

#include "judged/judged.h"
#include "lib/progress.h"
#include "verdict/name_index.h"

/* Which signals the history has of each host. */
struct learn_hosts {
  struct name_index index;
  struct learn_host {
    char name[JUDGE_HOST_MAX];
    uint32_t have; /* bit (1 << signal) */
  } * hosts;
  size_t len, capacity;
};

/* Passes values on to the judge; leaves out those that are not to be learned
 * from, and shows the progress. */
struct learn_feed {
  struct history *history;
  struct judged judge;
  struct history_taker inner; /* of the judge */
  struct learn_hosts hosts;
  double since_s, until_s;
  uint64_t values, outside;           /* all; before since_s or after until_s */
  uint64_t bytes_before, bytes_total; /* of other feeds; of all */
  struct progress *progress;
  bool no_memory;
};

/* All pointers are kept; the feed must stay at its address until it is
 * released. Returns 0 or -ENOMEM; it may be released in either case. */
int learn_feed_init(struct learn_feed *feed, struct history *history,
                    const struct rules *rules, struct judged_report *report,
                    struct progress *progress);
void learn_feed_release(struct learn_feed *feed);

/* The taker of the values. */
struct history_taker learn_feed_taker(struct learn_feed *feed);

/* Copy what a new daemon can use of a host: what was learned, not what was
 * going on at the end of the history. Incidents, votes, sums, the means of half
 * an hour and the last reading are those of a new host; a model is kept if the
 * history had all of its inputs. have: bit (1 << signal) of what the history
 * had of the host. live_s: seconds between the daemon's readings; rows farther
 * apart are taken for averages. now_s: the clock. */
void learn_keep_host(const struct hosts_host *host, uint32_t have,
                     double live_s, double now_s, struct hosts_host *out);

/* The same for a watched series. */
void learn_keep_series(const struct series_memory *memory, double live_s,
                       double now_s, struct series_memory *out);

/* Whether the first reading of the host would be judged by what was learned.
 * *learnt_s: how many seconds were learned. A series: before it is kept. */
bool learn_keep_is_warm(const struct hosts_host *kept,
                        const struct rules *rules, double *learnt_s);
bool learn_keep_series_is_warm(const struct series_memory *judged,
                               const struct rules *rules);

/* Why a host or series is not written, or will not help at once. */
enum learn_lack {
  LEARN_TOO_OLD,      /* its values ended more than MaxAge ago */
  LEARN_NO_HANDSHAKE, /* the history lacks its SYN_RECV, ESTABLISHED or
                         PassiveOpens: syn_flood begins as on a new host */
  LEARN_TOO_SHORT,    /* less than WarmUp */
  LEARN_NOT_RARE, /* a series of less than HABIT_BLOCKS, or of averages: what it
                     is used to is known, how rare a value is not yet */
  LEARN_LACKS
};

struct learn_lacking {
  size_t count;
  char name[SERIES_IDENTIFIER_MAX]; /* of the first */
  double figure; /* TOO_OLD: its last time; TOO_SHORT: seconds learned */
};

struct learn_harvest {
  const struct judged *judge;
  const struct learn_hosts *known;
  const struct rules *rules;
  double live_s, now_s;
  bool any_age;         /* ignore MaxAge */
  size_t hosts, series; /* that passed the filter */
  double rows_s;        /* the longest distance of the last rows; 0: no rows */
  struct learn_lacking lacking[LEARN_LACKS];
};

/* Chooses what is worth keeping from the judge's engine, reduces it, and counts
 * in harvest. For each use set the members up to any_age; the others are 0. */
struct engine_filter learn_harvest_filter(struct learn_harvest *harvest);

/* Only count. */
void learn_harvest_count(struct learn_harvest *harvest);

/* Put it into another engine. Returns 0 or -ENOMEM. */
int learn_harvest_hand_over(struct learn_harvest *harvest, struct engine *to);

#endif
