/* What a replay prints: a line a notification, and a summary. */
#ifndef TOOLS_JUDGED_REPORT_H
#define TOOLS_JUDGED_REPORT_H

#include "verdict/notice.h"

#include <stdio.h>

enum { REPLAY_KINDS_MAX = INCIDENT_COUNT + RULES_SERIES_MAX };

/* Notifications of one incident, or of one <Watch>, by severity. */
struct replay_kind {
  char name[RULES_NAME_MAX];
  uint64_t sent[SEVERITY_FAILURE + 1];
};

/* The incident that was open longest. */
struct replay_longest {
  char what[SERIES_IDENTIFIER_MAX + RULES_NAME_MAX + 16];
  double since_s, open_s; /* 0: none was open */
  bool closed;
};

struct judged_report {
  FILE *out; /* NULL: notifications are only counted */
  bool json;
  uint64_t readings; /* snapshots of a host that were judged */
  uint64_t watched;  /* values of <Watch> that were judged */
  double first_s, last_s;
  size_t kinds_len;
  struct replay_kind kinds[REPLAY_KINDS_MAX];
  struct replay_longest longest;
};

/* Print one notification, unless out is NULL, and count it. */
void judged_report_notice(struct judged_report *report,
                          const struct notice *notice);

/* Note how long an incident has been open, or was when it closed. what: "NAME
 * on HOST". */
void judged_report_open(struct judged_report *report,
                        const struct finding *finding, double time_s,
                        const char *name, const char *host);

/* The summary. hosts: that were seen. */
void judged_report_summary(const struct judged_report *report, FILE *out,
                           size_t hosts);

#endif
