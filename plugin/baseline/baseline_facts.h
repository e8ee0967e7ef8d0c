/* What the command shows of a host beside its values: the listener and the
 * source of an open incident, how long a baseline is still learned, why an
 * incident is not judged. It is put into the daemon's cache, where the plugin
 * unixsock finds it, and nowhere else: no writer gets it, because a text stands
 * in the name and would make a series of its own. Glue. */
#ifndef BASELINE_BASELINE_FACTS_H
#define BASELINE_BASELINE_FACTS_H

#include "verdict/judge.h"

#include "collectd.h"

#include "plugin.h"

struct baseline_facts {
  struct baseline_fact {
    bool open;
    struct snapshot_queue queue;       /* listener "": unknown */
    char source[SNAPSHOT_ADDRESS_MAX]; /* of most; "" unknown */
    double learning_s;
    enum finding_unjudged unjudged;
  } of[INCIDENT_COUNT];
};

void baseline_facts_take(const struct judgement *judgement,
                         struct baseline_facts *out);

/* Without any lock. plan: host, plugin, time and interval of what is judged. */
void baseline_facts_put(const value_list_t *plan,
                        const struct baseline_facts *facts);

/* The same of a listener whose incident is open, or was closed just now.
 * finding: of that; time_s, now_s: of the reading, and the receiver's clock. */
void baseline_facts_put_listener(const value_list_t *plan, const char *listener,
                                 const struct baseline_facts *facts,
                                 const struct finding *finding, double time_s,
                                 double now_s);

#endif
