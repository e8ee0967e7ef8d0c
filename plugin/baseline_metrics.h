/* Judgements -> value lists. Glue: may touch collectd's dispatch. */
#ifndef BASELINE_METRICS_H
#define BASELINE_METRICS_H

#include "verdict/judge.h"

/* Dispatch the state of every incident that was judged, with the host and time
 * of what was judged: writers receive no notifications. Not under a lock: the
 * values come back to the plugin. */
void baseline_metrics_dispatch(const struct judgement *judgement);

#endif
