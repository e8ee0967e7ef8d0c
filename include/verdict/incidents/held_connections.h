/* The incident held_connections: clients finish the handshake, hold the
 * connection, and say or read next to nothing, until the server has no room for
 * others. Three kinds are told: peers that read nothing (slow read), peers that
 * send a few bytes now and then (slowloris, slow POST), peers that say nothing
 * (silent connects). */
#ifndef VERDICT_INCIDENTS_HELD_CONNECTIONS_H
#define VERDICT_INCIDENTS_HELD_CONNECTIONS_H

#include "verdict/baseline.h"
#include "verdict/incidents/incident.h"
#include "verdict/incidents/trace.h"
#include "verdict/snapshot.h"

/* Bits of finding.evidence, by weight. */
enum held_evidence {
  HELD_IS_SLOW_READ = 1 << 0,
  HELD_IS_DRIP = 1 << 1,
  HELD_IS_SILENT = 1 << 2
};

/* The sender looks at the connections only under suspicion, and not in each
 * reading: what it saw last counts for a while. */
struct held_sight {
  double value;   /* connections */
  double age_s;   /* since it was seen; INFINITY: never */
  double since_s; /* between the last two times */
  double met_s;   /* for how long it has shown what its rule asks for */
  double usual;   /* share of ESTABLISHED on ordinary days, 0..1 */
  double looks;   /* that were learned from */
  uint8_t met;    /* sightings in a row that have */
};

struct held_connections {
  struct baseline usual; /* of the connections beyond what arrivals explain */
  struct incident incident;
  double suspect_s; /* how long there have been too many */
  double acks_s;    /* how long bare acknowledgements have fitted them */
  double quiet_s;   /* since evidence of an open one */
  struct held_sight zero_window, starved, drip, mute;
  uint8_t acks; /* readings in a row in which they have */
  uint8_t kind; /* bits: the evidence of the open incident */
};

/* Its tests. Those without figures of their own are rules. */
enum held_test {
  HELD_MANY,
  HELD_ZERO_WINDOW,
  HELD_ZERO_SHARE,
  HELD_ZERO_NOW,
  HELD_ZERO_RUN,
  HELD_STARVED,
  HELD_SLOW_READ,
  HELD_ACKS,
  HELD_ACKS_LEAST,
  HELD_ACKS_MOST,
  HELD_ACKS_KINDS,
  HELD_ACKS_NOW,
  HELD_ACKS_RUN,
  HELD_ACKS_TIME,
  HELD_DRIP_MANY,
  HELD_DRIP_HALF,
  HELD_DRIP_RUN,
  HELD_DRIP,
  HELD_MUTE_MANY,
  HELD_MUTE_HALF,
  HELD_MUTE_TIME,
  HELD_MUTE_SUSPECT,
  HELD_SILENT,
  HELD_EVIDENCE,
  HELD_ABORTS,
  HELD_ACCEPT_FULL,
  HELD_REFUSED,
  HELD_FAILURE,
  HELD_QUIET,
  HELD_CALM,
  HELD_OPEN,
  HELD_FROZEN,
  HELD_LONG_FROZEN,
  HELD_TESTS
};

struct held_trace {
  double dt_s; /* since the last one that was judged */
  struct baseline_now now;
  struct trace_test test[HELD_TESTS];
};

/* What the notice shows. NAN: unknown. */
struct held_figures {
  double held;        /* beyond what arrivals explain */
  double zero_window; /* peers that read nothing, */
  double drip;        /* that send a few bytes now and then, */
  double mute;        /* that say nothing */
  uint8_t kind;       /* bits: of the open incident, or of its evidence */
};

/* By enum held_test. */
extern const struct trace_rule held_connections_rules[HELD_TESTS];

void held_connections_init(struct held_connections *memory);

/* Judge one observation and learn from it. *figures and *trace are set where
 * finding->judged. */
void held_connections_judge(struct held_connections *memory,
                            const struct rules *rules,
                            const struct observation *seen,
                            struct finding *finding,
                            struct held_figures *figures,
                            struct held_trace *trace);

/* The kind in plain words: "read nothing: slow read"; of several bits the first
 * in the order above. */
const char *held_connections_kind_words(uint32_t kind);

#endif
