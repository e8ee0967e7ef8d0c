/* Outcomes of readings -> log lines: one when a condition begins, one when it
 * ends. Touches collectd's log alone. */
#include "collectd_api.h"

#include "tcpstates_conditions.h"

#include <errno.h>
#include <inttypes.h>

enum { QUIET_READINGS = 60 };

/* Why a condition holds: a positive error number or a plain 1; 0 if it does
 * not. A skipped reading does not show whether the tables were odd. */
static int condition_code(enum tcpstates_condition condition,
                          const struct table_source_outcome *outcome,
                          const struct reading *reading) {
  switch (condition) {
  case TCPSTATES_SKIPPED:
    return abs(outcome->error);
  case TCPSTATES_FELL_BACK:
    return abs(outcome->first_error);
  case TCPSTATES_DOUBTED:
    return outcome->counters_doubted;
  case TCPSTATES_NO_COUNTERS:
    return (int)outcome->counters_lost;
  case TCPSTATES_NO_BPF:
    return abs(outcome->bpf_error);
  case TCPSTATES_NO_SYNS:
    return abs(outcome->syns_error);
  case TCPSTATES_BPF_DOUBTED:
    return outcome->bpf_doubted;
  case TCPSTATES_NO_BPF_LOOK:
    return abs(outcome->look_bpf_error);
  case TCPSTATES_BPF_LOOK_DOUBTED:
    return outcome->look_bpf_doubted;
  case TCPSTATES_SLOW:
    return outcome->slow;
  case TCPSTATES_UNKNOWN_STATES:
    return reading->unknown_states > 0;
  case TCPSTATES_DROPPED_ROWS:
    return reading->dropped_rows > 0;
  case TCPSTATES_CONDITION_END:
    break;
  }
  return 0;
}

/* Whether this reading shows if the condition holds. */
static bool is_told(enum tcpstates_condition condition,
                    const struct table_source_outcome *outcome,
                    const struct reading *reading) {
  switch (condition) {
  case TCPSTATES_SKIPPED:
  case TCPSTATES_FELL_BACK:
  case TCPSTATES_NO_BPF:
  case TCPSTATES_NO_SYNS:
  case TCPSTATES_BPF_DOUBTED:
    return true;
  case TCPSTATES_NO_BPF_LOOK:
  case TCPSTATES_BPF_LOOK_DOUBTED:
  case TCPSTATES_DOUBTED:
  case TCPSTATES_NO_COUNTERS:
  case TCPSTATES_CONDITION_END:
    break;
  case TCPSTATES_SLOW:
  case TCPSTATES_UNKNOWN_STATES:
  case TCPSTATES_DROPPED_ROWS:
    return reading != NULL && !outcome->walk_left_out;
  }
  return reading != NULL;
}

static const char *or_else(const char *text, const char *otherwise) {
  return text[0] != '\0' ? text : otherwise;
}

static void say_skipped(const struct table_source_outcome *outcome) {
  const char *what = or_else(outcome->detail, "the TCP table");
  int error = abs(outcome->error);
  if (error == EBADMSG)
    WARNING("tcpstates: this reading is skipped: %s is garbled", what);
  else if (error == EINTR)
    WARNING("tcpstates: this reading is skipped: %s was interrupted twice",
            what);
  else
    WARNING("tcpstates: this reading is skipped: %s: %s", what,
            STRERROR(error));
}

static void say_fell_back(const struct table_source_outcome *outcome) {
  const char *first = outcome->first;
  int error = abs(outcome->first_error);
  if (error == EINTR)
    WARNING("tcpstates: a %s dump was interrupted twice; reading %s instead, "
            "%s is tried again later",
            first, outcome->from, first);
  else
    WARNING("tcpstates: %s is not available (%s); reading %s instead, "
            "%s is tried again later",
            first, STRERROR(error), outcome->from, first);
}

static void say_doubted(void) {
  WARNING("tcpstates: the kernel's counters do not agree with a full dump; "
          "full dumps from now on");
}

static void say_no_counters(const struct table_source_outcome *outcome) {
  const char *what = or_else(outcome->detail, "/proc/net");
  int error = abs(outcome->counters_error);
  WARNING("tcpstates: cannot read the kernel's counters in %s: %s; all other "
          "values are reported",
          what, error == EBADMSG ? "garbled or cut" : STRERROR(error));
}

/* A refusal holds until the daemon starts anew; a shortage passes. */
static void say_no_bpf(bool asked, const struct table_source_outcome *outcome) {
  const char *why = STRERROR(abs(outcome->bpf_error));
  if (asked)
    WARNING("tcpstates: BPF cannot count the half-open sockets (%s: %s); walks "
            "count them",
            outcome->bpf_failed, why);
  else
    NOTICE("tcpstates: BPF cannot count the half-open sockets (%s: %s); walks "
           "count them",
           outcome->bpf_failed, why);
}

static void say_no_syns(const struct table_source_outcome *outcome) {
  WARNING("tcpstates: SYNs cannot be counted (%s); all other values are "
          "reported",
          STRERROR(abs(outcome->syns_error)));
}

static void say_bpf_doubted(void) {
  WARNING("tcpstates: BPF and walks count different half-open sockets; walks "
          "count them from now on");
}

static void say_no_bpf_look(const struct table_source_outcome *outcome) {
  NOTICE("tcpstates: BPF cannot look at the established sockets (%s: %s); "
         "netlink looks at them",
         outcome->look_bpf_failed, STRERROR(abs(outcome->look_bpf_error)));
}

static void say_bpf_look_doubted(void) {
  WARNING("tcpstates: BPF and netlink find different established sockets; "
          "netlink looks at them from now on");
}

static void say_slow(const struct table_source_outcome *outcome) {
  char advice[80] = "";
  if (outcome->cheaper != NULL)
    snprintf(advice, sizeof(advice), ", Source \"%s\" makes them cheaper",
             outcome->cheaper);
  WARNING(
      "tcpstates: a reading took %.2f s, more than a quarter of the "
      "interval; a longer Interval in <LoadPlugin tcpstates> makes readings "
      "rarer%s",
      outcome->took_s, advice);
}

static void say_unknown_states(const struct reading *reading) {
  WARNING("tcpstates: sockets are in a state that is not one of the eleven "
          "known ones (%" PRIu64 " of them); they are not counted",
          reading->unknown_states);
}

static void say_dropped_rows(const struct reading *reading) {
  WARNING("tcpstates: %" PRIu64
          " sockets belong to more listeners or half-open addresses than are "
          "counted separately (%d); they count only in the sums",
          reading->dropped_rows, (int)READING_LISTENERS_MAX);
}

static void say_begins(const struct tcpstates_conditions *conditions,
                       enum tcpstates_condition condition,
                       const struct table_source_outcome *outcome,
                       const struct reading *reading) {
  switch (condition) {
  case TCPSTATES_SKIPPED:
    say_skipped(outcome);
    break;
  case TCPSTATES_FELL_BACK:
    say_fell_back(outcome);
    break;
  case TCPSTATES_DOUBTED:
    say_doubted();
    break;
  case TCPSTATES_NO_COUNTERS:
    say_no_counters(outcome);
    break;
  case TCPSTATES_NO_BPF:
    say_no_bpf(conditions->bpf_asked, outcome);
    break;
  case TCPSTATES_NO_SYNS:
    say_no_syns(outcome);
    break;
  case TCPSTATES_BPF_DOUBTED:
    say_bpf_doubted();
    break;
  case TCPSTATES_NO_BPF_LOOK:
    say_no_bpf_look(outcome);
    break;
  case TCPSTATES_BPF_LOOK_DOUBTED:
    say_bpf_look_doubted();
    break;
  case TCPSTATES_SLOW:
    say_slow(outcome);
    break;
  case TCPSTATES_UNKNOWN_STATES:
    say_unknown_states(reading);
    break;
  case TCPSTATES_DROPPED_ROWS:
    say_dropped_rows(reading);
    break;
  case TCPSTATES_CONDITION_END:
    break;
  }
}

static void say_ends(enum tcpstates_condition condition,
                     const struct table_source_outcome *outcome) {
  static const char *const text[TCPSTATES_CONDITION_END] = {
      [TCPSTATES_SKIPPED] = "readings succeed again",
      [TCPSTATES_FELL_BACK] = "reading again through ",
      [TCPSTATES_DOUBTED] = "the kernel's counters and full dumps agree again",
      [TCPSTATES_NO_COUNTERS] = "the kernel's counters can be read again",
      [TCPSTATES_NO_BPF] = "BPF counts the half-open sockets again",
      [TCPSTATES_NO_SYNS] = "SYNs are counted again",
      [TCPSTATES_BPF_DOUBTED] = "BPF counts the half-open sockets again",
      [TCPSTATES_NO_BPF_LOOK] = "BPF looks at the established sockets again",
      [TCPSTATES_BPF_LOOK_DOUBTED] =
          "BPF looks at the established sockets again",
      [TCPSTATES_UNKNOWN_STATES] = "all sockets are in known states again",
      [TCPSTATES_DROPPED_ROWS] = "every listener is counted separately again",
  };
  NOTICE("tcpstates: %s%s", text[condition],
         condition == TCPSTATES_FELL_BACK ? outcome->first : "");
}

void tcpstates_conditions_report(struct tcpstates_conditions *conditions,
                                 const struct table_source_outcome *outcome,
                                 const struct reading *reading) {
  for (int i = 0; i < TCPSTATES_CONDITION_END; i++) {
    enum tcpstates_condition condition = (enum tcpstates_condition)i;
    unsigned *quiet = &conditions->state[i].quiet;
    int *said = &conditions->state[i].said;
    if (*quiet > 0)
      (*quiet)--;
    if (!is_told(condition, outcome, reading))
      continue;

    int code = condition_code(condition, outcome, reading);
    if (condition == TCPSTATES_SLOW && *said != 0)
      continue;
    if (code == 0 && *said != 0) {
      say_ends(condition, outcome);
      *said = 0;
    } else if (code != *said && *quiet == 0) {
      say_begins(conditions, condition, outcome, reading);
      *said = code;
      *quiet = QUIET_READINGS;
    }
  }
}
