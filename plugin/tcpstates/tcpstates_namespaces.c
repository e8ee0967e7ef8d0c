/* Outcomes of rounds through other namespaces -> log lines. Touches collectd's
 * log alone. */
#include "collectd_api.h"

#include "tcpstates_namespaces.h"

#include <errno.h>

enum { QUIET_ROUNDS = 60 };

static int code_of(enum tcpstates_namespaces_condition condition,
                   const struct namespaces_outcome *outcome) {
  switch (condition) {
  case NAMESPACES_NOT_FOUND:
    return abs(outcome->find_error);
  case NAMESPACES_NOT_ENTERED:
    return abs(outcome->enter_error);
  case NAMESPACES_HIDDEN:
    return outcome->hidden;
  case NAMESPACES_OVER_MAX:
    return outcome->over_max;
  case NAMESPACES_NO_DESCRIPTORS:
    return outcome->short_of_descriptors;
  case NAMESPACES_NO_BPF:
    return abs(outcome->bpf_error);
  case NAMESPACES_BPF_DOUBTED:
    return outcome->bpf_doubted;
  case NAMESPACES_NOT_READ:
    return abs(outcome->read_error);
  case NAMESPACES_CONDITION_END:
    break;
  }
  return 0;
}

static void say_not_entered(const struct namespaces_outcome *outcome) {
  int error = abs(outcome->enter_error);
  if (outcome->denied)
    WARNING("tcpstates: cannot enter network namespaces (%s): CAP_SYS_ADMIN is "
            "missing; only the daemon's own is read",
            STRERROR(error));
  else
    WARNING("tcpstates: cannot enter some network namespaces (%s: %s); they "
            "are left out",
            outcome->enter_failed, STRERROR(error));
}

/* Of conditions of which nothing more is known. */
static const char *plain_words(enum tcpstates_namespaces_condition condition) {
  if (condition == NAMESPACES_HIDDEN)
    return "cannot see the namespaces of other users' processes: "
           "CAP_SYS_PTRACE is missing; those are left out";
  if (condition == NAMESPACES_NO_DESCRIPTORS)
    return "there are too few file descriptors for all network namespaces "
           "(LimitNOFILE); some are left out";
  return "BPF and walks count different half-open sockets in some network "
         "namespaces; walks count them there";
}

static void say_begins(enum tcpstates_namespaces_condition condition,
                       const struct namespaces_outcome *outcome, unsigned max) {
  switch (condition) {
  case NAMESPACES_NOT_FOUND:
    WARNING("tcpstates: cannot look for network namespaces: %s; those that are "
            "known are read",
            STRERROR(abs(outcome->find_error)));
    break;
  case NAMESPACES_NOT_ENTERED:
    say_not_entered(outcome);
    break;
  case NAMESPACES_OVER_MAX:
    WARNING("tcpstates: there are more network namespaces than MaxNamespaces "
            "(%u); those found later are left out",
            max);
    break;
  case NAMESPACES_NO_BPF:
    NOTICE("tcpstates: BPF cannot count the half-open sockets of other network "
           "namespaces (%s: %s); walks in turns count them",
           outcome->bpf_failed, STRERROR(abs(outcome->bpf_error)));
    break;
  case NAMESPACES_NOT_READ:
    WARNING("tcpstates: cannot read some network namespaces (%s: %s); they are "
            "entered again",
            outcome->read_failed, STRERROR(abs(outcome->read_error)));
    break;
  case NAMESPACES_HIDDEN:
  case NAMESPACES_NO_DESCRIPTORS:
  case NAMESPACES_BPF_DOUBTED:
    WARNING("tcpstates: %s", plain_words(condition));
    break;
  case NAMESPACES_CONDITION_END:
    break;
  }
}

static void say_ends(enum tcpstates_namespaces_condition condition) {
  static const char *const text[NAMESPACES_CONDITION_END] = {
      [NAMESPACES_NOT_FOUND] = "network namespaces are looked for again",
      [NAMESPACES_NOT_ENTERED] = "network namespaces can be entered again",
      [NAMESPACES_HIDDEN] =
          "the namespaces of other users' processes are seen again",
      [NAMESPACES_OVER_MAX] =
          "there are no more network namespaces than MaxNamespaces again",
      [NAMESPACES_NO_DESCRIPTORS] =
          "there are enough file descriptors for network namespaces again",
      [NAMESPACES_NO_BPF] =
          "BPF counts the half-open sockets of other network namespaces again",
      [NAMESPACES_BPF_DOUBTED] =
          "BPF counts the half-open sockets of all namespaces again",
      [NAMESPACES_NOT_READ] = "all network namespaces can be read again",
  };
  NOTICE("tcpstates: %s", text[condition]);
}

void tcpstates_namespaces_report(struct tcpstates_namespaces *said,
                                 const struct namespaces_outcome *outcome,
                                 unsigned max) {
  for (int i = 0; i < NAMESPACES_CONDITION_END; i++) {
    enum tcpstates_namespaces_condition condition =
        (enum tcpstates_namespaces_condition)i;
    int code = code_of(condition, outcome);
    if (said->state[i].quiet > 0)
      said->state[i].quiet--;
    if (code == 0 && said->state[i].said != 0) {
      say_ends(condition);
      said->state[i].said = 0;
    } else if (code != said->state[i].said && said->state[i].quiet == 0) {
      say_begins(condition, outcome, max);
      said->state[i].said = code;
      said->state[i].quiet = QUIET_ROUNDS;
    }
  }
}
