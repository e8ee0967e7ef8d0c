/* A taker in front of another one. */
#include "learn_models.h"

#include "history/file_names.h"
#include "lib/moment.h"

#include <errno.h>
#include <math.h>

enum { SHOW_EVERY = 1024 }; /* values, a power of two */

int learn_feed_init(struct learn_feed *feed, struct history *history,
                    const struct rules *rules, struct judged_report *report,
                    struct progress *progress) {
  *feed = (struct learn_feed){.history = history,
                              .since_s = -INFINITY,
                              .until_s = INFINITY,
                              .progress = progress};
  if (judged_init(&feed->judge, rules, report) != 0) {
    *feed = (struct learn_feed){.history = history};
    return -ENOMEM;
  }
  feed->inner = judged_taker(&feed->judge);
  learn_hosts_init(&feed->hosts);
  return 0;
}

void learn_feed_release(struct learn_feed *feed) {
  learn_hosts_release(&feed->hosts);
  judged_release(&feed->judge);
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

  moment_format(time_s, "%Y-%m-%d", day, sizeof(day));
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
