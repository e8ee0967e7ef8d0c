/* All incidents of one host: a snapshot goes in, a judgement comes out. */
#ifndef VERDICT_JUDGE_H
#define VERDICT_JUDGE_H

#include "verdict/incidents/accept_overflow.h"
#include "verdict/incidents/excess.h"
#include "verdict/incidents/held_connections.h"
#include "verdict/incidents/off_baseline.h"
#include "verdict/incidents/syn_flood.h"

enum { JUDGE_HOST_MAX = 128, JUDGE_LISTENER_MAX = 16 };

/* Everything that is remembered of one host. Plain data. */
struct judge {
  struct syn_flood syn_flood;
  struct accept_overflow accept_overflow;
  struct excess outbound_stall;
  struct excess close_wait_leak;
  struct off_baseline time_wait_pressure;
  struct off_baseline state_shift;
  struct held_connections held_connections;
  struct off_baseline strays;
};

/* One snapshot, judged. */
struct judgement {
  char host[JUDGE_HOST_MAX];
  char listener[JUDGE_LISTENER_MAX]; /* "443-local": of this one alone, and only
                                        syn_flood is judged; "": the host */
  struct observation seen;
  struct finding finding[INCIDENT_COUNT];
  struct syn_flood_figures syn_flood;
  struct held_figures held; /* where held_connections is judged */
  double silent_s;  /* above 0: nothing came for so long; nothing was judged */
  bool away;        /* nothing has come for three intervals, or SilentAfter */
  bool fell_silent; /* away for SilentAfter, from here on */
  bool came_back;   /* the first reading after that */
  bool keeps_quiet; /* neither of the two is notified: they are silenced */
  bool is_back;     /* the first reading after it was away at all */
  double away_s;    /* for how long it is, or was, away */
  bool mixed;       /* from here on two machines send as the host */
  bool mutes; /* an open syn_flood keeps another incident from being raised */
};

/* How each came to its finding; set when that was judged. */
struct judge_trace {
  struct trace_test syn_flood[FLOOD_TESTS];
  struct trace_test accept_overflow[ACCEPT_TESTS];
  struct excess_trace outbound_stall, close_wait_leak;
  struct off_baseline_trace time_wait_pressure, state_shift, strays;
  struct held_trace held_connections;
};

void judge_init(struct judge *judge);

/* Judge what was observed and learn from it. out->host is left alone. */
void judge_observation(struct judge *judge, const struct rules *rules,
                       const struct observation *seen, struct judgement *out);

/* The same, and how it was done. */
void judge_trace(struct judge *judge, const struct rules *rules,
                 const struct observation *seen, struct judgement *out,
                 struct judge_trace *trace);

/* Nothing has come from the host for silent_s seconds: close what is open.
 * last: its last snapshot. Returns true and *out (out->host is left alone)
 * when something was open. */
bool judge_silent(struct judge *judge, const struct snapshot *last,
                  double silent_s, struct judgement *out);

/* Nothing has come for a while, and what is open stays open: *out says what is
 * known of it, passed_s after last. out->host is left alone. */
void judge_hold(struct judge *judge, const struct snapshot *last,
                double passed_s, struct judgement *out);

/* The state of one incident. */
struct incident *judge_incident(struct judge *judge, enum incident_kind kind);

/* How long each open incident was not judged. All zeros at the beginning. Not
 * saved: while nobody looked, nothing was missing. */
struct judge_absence {
  double missing_s[INCIDENT_COUNT];
};

/* Call after each judgement of the host, which goes on sending: close what is
 * disabled, what has not been judged for SilentAfter and three intervals, and
 * what is about listening sockets when none is left; hold what is open and was
 * not judged. out->finding says so. */
void judge_look_for_absence(struct judge_absence *absence,
                            const struct rules *rules, struct judge *judge,
                            struct judgement *out);

#endif
