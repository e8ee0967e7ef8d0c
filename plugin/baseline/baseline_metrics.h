/* Judgements -> value lists, through a queue and one thread: each identifier's
 * values leave in the order of their times, whichever thread has judged, and no
 * foreign code runs under the plugin's lock. Glue: may touch collectd's
 * dispatch and threads. */
#ifndef BASELINE_BASELINE_METRICS_H
#define BASELINE_BASELINE_METRICS_H

#include "verdict/judge.h"
#include "verdict/series.h"

#include "collectd.h"

#include "plugin.h"

struct baseline_metrics;

/* Start the thread. Returns 0 and *out, or -errno. */
int baseline_metrics_create(struct baseline_metrics **out);

/* Hand over the state of every incident that was judged, to be dispatched with
 * the host and time of what was judged: writers receive no notifications. Under
 * the plugin's lock, so that the order is that of the judgements; never waits.
 * Returns 0; -ENOBUFS when too much waits already, -ENOMEM. */
int baseline_metrics_push(struct baseline_metrics *metrics,
                          const struct judgement *judgement);

/* The same of what is expected of a series, for a
 * <Watch> with Report: values "gauge-NAME-expected", -lower, -upper and -score
 * of an instance that is named as the <Watch>. */
int baseline_metrics_push_series(struct baseline_metrics *metrics,
                                 const struct series_judgement *judgement);

/* A value list of the plugin has come back to it: the daemon's cache has it. */
void baseline_metrics_returned(struct baseline_metrics *metrics,
                               const value_list_t *vl);

/* Wait until all that was handed over is dispatched, at most limit_s seconds.
 */
void baseline_metrics_drain(struct baseline_metrics *metrics, double limit_s);

/* Stop the thread. What it has not dispatched is lost: there is no writer any
 * more. NULL is allowed. */
void baseline_metrics_destroy(struct baseline_metrics *metrics);

#endif
