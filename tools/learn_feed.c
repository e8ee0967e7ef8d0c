/* A taker in front of another one. */
#include "learn_feed.h"

#include "history_identifier.h"
#include "plot_moment.h"

#include <errno.h>
#include <math.h>

enum { SHOW_EVERY = 1024 }; /* values, a power of two */

int learn_feed_init(struct learn_feed *feed, struct history *history,
                    const struct rules *rules, struct replay_report *report,
                    struct progress *progress) {
  *feed = (struct learn_feed){.history = history,
                              .since_s = -INFINITY,
                              .until_s = INFINITY,
                              .progress = progress};
  if (replay_judge_init(&feed->judge, rules, report) != 0) {
    *feed = (struct learn_feed){.history = history};
    return -ENOMEM;
  }
  feed->inner = replay_judge_taker(&feed->judge);
  learn_hosts_init(&feed->hosts);
  return 0;
}

void learn_feed_release(struct learn_feed *feed) {
  learn_hosts_release(&feed->hosts);
  replay_judge_release(&feed->judge);
}

static bool wants(void *context, struct history_series *series) {
  struct learn_feed *feed = context;
  enum signal signal = history_identifier_signal(series);

  if (!feed->inner.wants(feed->inner.context, series))
    return false;
  if (signal != SIGNAL_COUNT &&
      learn_hosts_add(&feed->hosts, series->host, signal) != 0)
    feed->no_memory = true;
  return true;
}

static void show(struct learn_feed *feed, double time_s) {
  const struct history_tally *tally = &feed->history->tally;
  char day[PLOT_MOMENT_TEXT_MAX];

  plot_moment_format(time_s, "%Y-%m-%d", day, sizeof(day));
  progress_show(feed->progress, feed->bytes_before + tally->bytes,
                feed->bytes_total, day);
}

static int take(void *context, const struct history_value *value) {
  struct learn_feed *feed = context;

  if ((++feed->values & (SHOW_EVERY - 1)) == 0)
    show(feed, value->time_s);
  if (feed->no_memory)
    return -ENOMEM;
  if (value->time_s < feed->since_s || value->time_s > feed->until_s) {
    feed->outside++;
    return 0;
  }
  return feed->inner.take(feed->inner.context, value);
}

struct history_taker learn_feed_taker(struct learn_feed *feed) {
  return (struct history_taker){wants, take, feed};
}
