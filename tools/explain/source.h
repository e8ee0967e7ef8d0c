/* What is explained: the settings, the saved state, and in it one host, whose
 * last judgement is done again, and the watched series. */
#ifndef TOOLS_EXPLAIN_SOURCE_H
#define TOOLS_EXPLAIN_SOURCE_H

#include "conf/conf_silences.h"
#include "daemon/unixsock.h"
#include "verdict/hosts.h"
#include "verdict/series.h"

enum { EXPLAIN_PROBLEM_MAX = 1024 };

/* From the command line; NULL: not given. */
struct explain_wanted {
  const char *socket_path, *config_path, *state_path;
  double limit_s; /* how long to wait for the daemon */
};

struct explain_source {
  struct rules rules;
  const char *config_path; /* the rules' file; NULL: the defaults */
  char state_path[RULES_PATH_MAX + RULES_PATH_MAX];
  bool is_asked;  /* the daemon saved the state for this command */
  double saved_s; /* when it was saved; NAN unknown */
  struct conf_silences silences; /* empty if they cannot be had */
  char *text;
  size_t length;
};

/* Read the settings, ask the daemon to save its state, read the state. If a
 * state file is given, the daemon is asked only if a socket is given too.
 * now_s: since 1970. Returns 0 and *out, which the caller releases; or -1 with
 * the problem and its remedy in problem (EXPLAIN_PROBLEM_MAX bytes). */
int explain_source_open(const struct explain_wanted *wanted, double now_s,
                        struct explain_source *out, char *problem);
void explain_source_release(struct explain_source *source);

/* Find one host in the state. wanted: its name; NULL: the only host. Returns 0
 * and *out; or -1 with the reason and the names of the hosts in problem
 * (EXPLAIN_PROBLEM_MAX bytes). */
int explain_source_host(const struct explain_source *source, const char *wanted,
                        struct hosts_host *out, char *problem);

/* --- the last judgement --------------------------------------------------- */

/* How an incident in the saved state compares with the repeated judgement. */
enum explain_odds {
  EXPLAIN_AGREES,
  EXPLAIN_CLOSED, /* closed later: its values, or all values, stopped coming */
  EXPLAIN_DIFFERS /* the daemon judges by other settings */
};

/* The last judgement, repeated by the same code from the host's memory as it
 * was before that judgement. */
struct explain_view {
  const struct rules *rules;
  struct hosts_host host; /* as it was saved */
  bool is_judged;         /* there was a reading; the members below are set */
  struct judgement judgement;
  struct judge_trace trace;
  struct judge redone; /* the host's memory after the repetition */
  enum explain_odds odds[INCIDENT_COUNT];
};

/* rules: those of the daemon; must live as long as *out. */
void explain_view_make(const struct hosts_host *saved,
                       const struct rules *rules, struct explain_view *out);

/* One incident as it was saved. */
const struct incident *explain_view_incident(const struct explain_view *view,
                                             enum incident_kind kind);

/* The worst severity of all open incidents. */
enum severity explain_view_severity(const struct explain_view *view);

/* --- watched series ------------------------------------------------------- */

struct explain_series {
  const char *identifier;
  const struct series_rules *rules; /* its <Watch> */
  const struct series_memory *memory;
  unsigned weekend; /* its days, bit 0 Monday */
  /* What would be judged if its last value came once more. */
  bool is_ahead; /* the rest is set */
  double next_s; /* when */
  struct series_judgement next;
  struct series_memory after;
};

/* Hand over every series of the state that matches a <Watch> of the settings.
 * host, watch: only theirs; NULL: all. Returns 0, the first result of take that
 * is not 0, or -ENOMEM. */
int explain_source_series(
    const struct explain_source *source, const char *host, const char *watch,
    int (*take)(void *to, const struct explain_series *series), void *to);

#endif
