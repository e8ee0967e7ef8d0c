/* The listeners of one host, each with a syn_flood of its own: values of the
 * instances PORT-local of tcpstates go in, beside those of the host; a
 * judgement of each comes out. A listener is all sockets that listen on one
 * local port. Only with PerListener; bounded by MaxListeners over all hosts. */
#ifndef VERDICT_LISTENERS_H
#define VERDICT_LISTENERS_H

#include "verdict/judge.h"
#include "verdict/silences.h"

/* The values of one listener at one time, by the sender's clock. */
struct listeners_values {
  double time_s; /* 0: there are none */
  uint32_t have; /* bit (1 << signal); drops are SIGNAL_LISTEN_DROPS */
  bool is_rate;  /* drops are given a second */
  double half_open, aged, syn_queue, accept_queue; /* NAN: unknown */
  union snapshot_value drops;
};

/* What is remembered of one listener. Plain data; saved but for what says so.
 */
struct listeners_one {
  uint16_t port;
  uint8_t missed; /* readings in a row without its values; not saved */
  double time_s;  /* of its last values, the sender's clock; 0: none yet */
  double seen_s;  /* the receiver's clock then */
  int64_t drops;  /* the counter then, if */
  uint8_t drops_known;
  char address[SNAPSHOT_ADDRESS_MAX]; /* "192.0.2.7:443"; "" not known */
  struct syn_flood flood;
  /* Not saved: */
  struct listeners_values coming[2];
  double excess;   /* half-open beyond what is expected, in the last reading */
  bool shows;      /* ... which showed evidence */
  float missing_s; /* open, and not judged for so long */
};

/* All zeros at the beginning. */
struct listeners {
  struct listeners_one **all; /* len of them, sorted by port; owned */
  size_t len, capacity;
  struct {
    double time_s;
    uint32_t count;
  } coming[2]; /* values of all of them */
};

/* What all hosts share. */
struct listeners_limits {
  size_t max, len; /* listeners that there may be, and are */
  double max_age_s;
};

/* "443-local" <-> 443. 0: it is no such name. */
uint16_t listeners_port(const char *instance);
void listeners_name(uint16_t port, char name[JUDGE_LISTENER_MAX]);

/* "HOST/443-local" for a record; without a listener "HOST". */
void listeners_subject(const char *host, const char *listener, char *subject,
                       size_t size);

void listeners_release(struct listeners *listeners,
                       struct listeners_limits *limits);

/* Take in one value; value->port says of which listener. Returns 0; -EINVAL for
 * a signal that no listener has; -ESTALE for one that is there already; -ENOSPC
 * when there are too many listeners, and -ENOMEM. */
int listeners_put(struct listeners *listeners, struct listeners_limits *limits,
                  const struct hosts_value *value);

/* Values that have come of that time. */
uint32_t listeners_count(const struct listeners *listeners, double time_s);

/* One reading of the host, for each of its listeners. */
struct listeners_reading {
  const struct rules *rules;
  const struct silences *silences;
  const char *host;
  const struct observation *seen; /* the host's */
  double now_s;                   /* the receiver's clock */
  bool any;                       /* values of some listener have come */
  bool mixed;                     /* of two machines: nothing is judged */
};

/* Judge a listener, and learn. Returns true and *out if there is
 * something to say. */
bool listeners_judge(struct listeners_one *one,
                     const struct listeners_reading *reading,
                     struct judgement *out);

/* Nothing has come from the host for so long: close what is open of a listener,
 * or hold it. last: the host's last snapshot. Returns true and *out
 * if there is something to say. */
bool listeners_judge_absent(struct listeners_one *one,
                            const struct listeners_reading *reading,
                            const struct snapshot *last, double silent_s,
                            bool closes, struct judgement *out);

/* Of a judged reading: whether listeners with an open syn_flood, or one that
 * has just been over or begins, explain what the host's own shows. finding: the
 * host's. */
bool listeners_explain(const struct listeners *listeners,
                       const struct rules *rules,
                       const struct finding *finding);

/* Whether one of them is flooded. */
bool listeners_any_open(const struct listeners *listeners);

/* Forget those without values for MaxAge. */
void listeners_tidy(struct listeners *listeners,
                    struct listeners_limits *limits, double time_s);

/* The first whose port is at least `from`, in the order of ports; NULL: none.
 */
struct listeners_one *listeners_from(const struct listeners *listeners,
                                     unsigned from);

/* Take in what was saved. Returns 0, -EEXIST, -ENOSPC or -ENOMEM. */
int listeners_restore(struct listeners *listeners,
                      struct listeners_limits *limits,
                      const struct listeners_one *saved);

#endif
