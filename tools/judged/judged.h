/* Recorded values through the engine: what the plugin baseline would have done
 * with them. */
#ifndef TOOLS_JUDGED_JUDGED_H
#define TOOLS_JUDGED_JUDGED_H

#include "conf/conf_silences.h"
#include "history/history.h"
#include "report.h"
#include "verdict/engine.h"

struct known_series;

/* The receiver's clock of a replay. It follows the values' times, stands still
 * for a value that is a little late, and goes on by an interval if the sender's
 * clock was set back. */
struct judged_clock {
  double time_s; /* of the newest value; 0 before the first */
  double now_s;
};

/* An observer, as one that draws what is judged. wants NULL: it wants no
 * values, and value may be NULL, too; notice NULL: no notices. */
struct judged_onlooker {
  /* Whether it wants the values of a series; asked once a series. watch: the
   * <Watch> that judges the series, NULL for none. *use is passed back with
   * each value. */
  bool (*wants)(void *context, struct history_series *series,
                const struct series_rules *watch, void **use);
  /* A value, before it is judged. Returns 0, or -errno, which ends the run. */
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
  struct judged_clock clock;
  double ticked_s;            /* the clock at the engine's last tick */
  struct known_series *known; /* a list */
  uint64_t refused;           /* values not judged: too many series */
  struct judged_report *report;
  const struct judged_onlooker *onlooker; /* NULL: none */
  const char *host;              /* judge only this host's values; NULL: all */
  struct conf_silences silences; /* none, or the rules' <Maintenance> blocks */
};

/* rules and report are kept by reference. Returns 0 or -ENOMEM. */
int judged_init(struct judged *judge, const struct rules *rules,
                struct judged_report *report);
void judged_release(struct judged *judge);

/* From now on the rules' <Maintenance> blocks count, as in the plugin; judge
 * must stay where it is. Returns 0; or -errno and what is wrong in problem
 * (CONF_SILENCES_PROBLEM_MAX bytes). */
int judged_silence(struct judged *judge, char *problem);

/* The taker of the values. */
struct history_taker judged_taker(struct judged *judge);

/* To be called after the last value. */
void judged_finish(struct judged *judge);

struct series_name judged_series_name(const struct history_series *series);

/* now_s: the receiver's clock. */
struct series_value judged_series_value(const struct history_value *value,
                                        double now_s);

#endif
