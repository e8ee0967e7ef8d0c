/* Recorded values through the judgement: what the plugin baseline would have
 * done with them. */
#ifndef TOOLS_JUDGED_JUDGED_H
#define TOOLS_JUDGED_JUDGED_H

#include "replay_value.h"
#include "report.h"
#include "verdict/engine.h"

struct replay_series;

/* Who looks on, to draw what is judged. */
struct replay_onlooker {
  /* Whether it wants the values of a series, which is judged itself where watch
   * is not NULL or its signal is one; asked once a series. *use comes back with
   * each value. */
  bool (*wants)(void *context, struct history_series *series,
                const struct series_rules *watch, void **use);
  /* A value, before it is judged. Returns 0 or -errno, which ends the replay.
   */
  int (*value)(void *context, const struct history_value *value, void *use);
  void (*judged)(void *context, const struct judgement *judgement);
  void (*judged_series)(void *context,
                        const struct series_judgement *judgement);
  /* subject: the host, or the identifier of a watched series. */
  void (*notice)(void *context, const struct notice *notice,
                 const char *subject);
  void *context;
};

struct judged {
  const struct rules *rules;
  struct engine *engine;
  struct replay_clock clock;
  double ticked_s;             /* the clock at the engine's last tick */
  struct replay_series *known; /* a list */
  uint64_t refused; /* values that could not be judged: too many series */
  struct judged_report *report;
  const struct replay_onlooker *onlooker; /* NULL: none */
  const char *host; /* judge no other's values; NULL: all */
};

/* rules and report are kept by reference. Returns 0 or -ENOMEM. */
int judged_init(struct judged *judge, const struct rules *rules,
                struct judged_report *report);
void judged_release(struct judged *judge);

/* Who takes the values. */
struct history_taker judged_taker(struct judged *judge);

/* After the last value. */
void judged_finish(struct judged *judge);

#endif
