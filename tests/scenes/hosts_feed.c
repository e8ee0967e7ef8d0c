/* Values of a small host, put into hosts as the plugin does it. */
#include "hosts_feed.h"

#include <errno.h>

static const enum signal members[] = {SIGNAL_ESTABLISHED, SIGNAL_SYN_RECV,
                                      SIGNAL_COOKIES_SENT,
                                      SIGNAL_COOKIES_RECEIVED};

/* Only told that nothing comes, and nothing is closed by it. */
static bool is_told_only(const struct judgement *judgement) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (judgement->finding[i].judged)
      return false;
  return judgement->away;
}

void feed_drain(struct feed *feed) {
  struct judgement next;

  while (hosts_next(feed->hosts, &next)) {
    if (is_told_only(&next)) {
      feed->told++;
      continue;
    }
    feed->last = next;
    enum incident_change change = feed->last.finding[INCIDENT_SYN_FLOOD].change;
    feed->judged++;
    feed->raised += change == INCIDENT_RAISED;
    feed->cleared += change == INCIDENT_CLEARED;
    feed->silent += change == INCIDENT_SILENT;
  }
}

int feed_value(struct feed *feed, const struct hosts_value *value) {
  int rc = hosts_put(feed->hosts, value);

  feed_drain(feed);
  if (rc == -EAGAIN)
    rc = hosts_put(feed->hosts, value);
  feed_drain(feed);
  return rc;
}

static int put_members(struct feed *feed, struct hosts_value value,
                       int64_t cookies) {
  int rc = 0;

  for (int i = 0; i < FEED_MEMBERS; i++) {
    struct hosts_value member = value;
    member.signal = members[i];
    member.now_s += 0.001 * i;
    member.value.gauge = i == 0 ? 50 : 2;
    if (i >= 2)
      member.value.counter = i == 2 ? cookies : 0;
    rc = feed_value(feed, &member);
  }
  return rc;
}

int feed_snapshot_at(struct feed *feed, const char *host, double time_s,
                     double now_s, int64_t cookies) {
  struct hosts_value value = {.host = host,
                              .time_s = time_s,
                              .interval_s = FEED_INTERVAL_S,
                              .now_s = now_s};

  return put_members(feed, value, cookies);
}

int feed_snapshot_every(struct feed *feed, const char *host, double time_s,
                        double interval_s, int64_t cookies) {
  struct hosts_value value = {.host = host,
                              .time_s = time_s,
                              .interval_s = interval_s,
                              .now_s = time_s};

  return put_members(feed, value, cookies);
}

int feed_snapshot(struct feed *feed, const char *host, int n, int64_t cookies) {
  double time_s = FEED_START_S + n * FEED_INTERVAL_S;

  return feed_snapshot_at(feed, host, time_s, time_s, cookies);
}

void feed_tick(struct feed *feed, double from_s, double to_s) {
  for (double now_s = from_s; now_s <= to_s; now_s += 60) {
    hosts_wake(feed->hosts, now_s);
    feed_drain(feed);
  }
}
