/* The incidents of a host, one row each: what the settings, the judgement, the
 * saved state, the notices and the command need to know about an incident. To
 * add an incident of a shape that exists: its kind and options in rules.h, its
 * memory in judge.h, its tests in the file of its shape, and a row here. */
#ifndef VERDICT_INCIDENTS_CATALOGUE_H
#define VERDICT_INCIDENTS_CATALOGUE_H

#include "verdict/incidents/saved_fields.h"
#include "verdict/judge.h"

/* How an incident is judged, and so what it remembers. */
enum catalogue_shape {
  CATALOGUE_SYN_FLOOD,       /* struct syn_flood; struct trace_test [] */
  CATALOGUE_ACCEPT_OVERFLOW, /* struct accept_overflow; struct trace_test [] */
  CATALOGUE_EXCESS,          /* struct excess; struct excess_trace */
  CATALOGUE_OFF_BASELINE,    /* struct off_baseline; off_baseline_trace */
  CATALOGUE_HELD             /* struct held_connections; struct held_trace */
};

/* A number in the incident's block of the configuration. */
struct catalogue_option {
  const char *key;
  size_t offset; /* into struct rules */
  double preset, min, max;
};

struct catalogue_row {
  const char *name; /* in options, metrics, notifications and saved state */
  enum catalogue_shape shape;
  bool off; /* not judged unless the configuration enables it */
  const struct catalogue_option *options; /* beside those of every incident */
  size_t options_len;

  size_t memory;   /* offset into struct judge, */
  size_t incident; /* and that of the struct incident in it */
  size_t trace;    /* offset into struct judge_trace, */
  size_t tests;    /* and that of the tests in it */
  const struct trace_rule *rules;
  struct state_part saved; /* offsets into struct judge */

  /* An earlier incident: while it is open, this one waits, or is not raised.
   * INCIDENT_COUNT: none. */
  enum incident_kind muted_by;
  size_t queue;  /* of a listener: offset into struct observation; 0: none */
  size_t source; /* of most: an address, the same; 0: none */
  uint32_t counters; /* bits (1 << signal): without them nothing is learned from
                        a history */

  const char *meaning;  /* of an open one, a sentence */
  const char *observed; /* what is counted: "in SYN_SENT" */
  const char *noticed;  /* the same in a notice: "in CLOSE_WAIT" */
  const char *checked;  /* the same in check's line, behind the number */
  bool percent;         /* it is counted in percent */
};

/* By enum incident_kind, in the order in which they are judged. */
extern const struct catalogue_row catalogue[INCIDENT_COUNT];

/* The incident of a name, or INCIDENT_COUNT if there is none. */
enum incident_kind catalogue_find(const char *name);

/* What one incident remembers, and how it was judged: the struct of its shape.
 * As with strchr, the result is as writable as what went in. */
void *catalogue_memory(const struct judge *judge, enum incident_kind kind);
const void *catalogue_trace(const struct judge_trace *trace,
                            enum incident_kind kind);

/* The tests in that trace; their rules are catalogue[kind].rules. */
const struct trace_test *catalogue_tests(const struct judge_trace *trace,
                                         enum incident_kind kind);

/* The queue that an incident is about, or NULL. */
const struct snapshot_queue *catalogue_queue(const struct observation *seen,
                                             enum incident_kind kind);

/* Where most of it comes from, or "". */
const char *catalogue_source(const struct observation *seen,
                             enum incident_kind kind);

/* Seconds until what the incident has learned is used; 0: it is, or it needs no
 * baseline. */
double catalogue_learning_s(const struct judge *judge, enum incident_kind kind,
                            const struct rules *rules, double interval_s);

/* Why an incident was not judged: "no listener"; "" for UNJUDGED_NOT. */
const char *catalogue_unjudged(enum finding_unjudged unjudged);

/* Make the memory of one incident that of a host that was just met. */
void catalogue_init(struct judge *judge, enum incident_kind kind);

/* Judge one incident; those before it are judged. Sets out->finding[kind] and,
 * where that is judged, its trace. */
void catalogue_judge(struct judge *judge, enum incident_kind kind,
                     const struct rules *rules, const struct observation *seen,
                     struct judgement *out, struct judge_trace *trace);

#endif
