/* What a replay prints: a line for each notification, and a summary. */
#ifndef TOOLS_JUDGED_REPORT_H
#define TOOLS_JUDGED_REPORT_H

#include "verdict/notice.h"

#include <stdio.h>

enum { JUDGED_KINDS_MAX = INCIDENT_COUNT + RULES_SERIES_MAX };

/* Notifications of one incident, or of one <Watch>, by severity. */
struct judged_kind {
  char name[RULES_NAME_MAX];
  uint64_t sent[SEVERITY_FAILURE + 1];
};

/* The incident that was open longest. */
struct judged_longest {
  char what[SERIES_IDENTIFIER_MAX + RULES_NAME_MAX + 16];
  double since_s, open_s; /* 0: none was open */
  bool closed;
};

struct judged_report {
  FILE *out; /* NULL: count notifications, do not print them */
  bool json;
  uint64_t readings; /* snapshots of a host that were judged */
  uint64_t watched;  /* values of <Watch> that were judged */
  double first_s, last_s;
  size_t kinds_len;
  struct judged_kind kinds[JUDGED_KINDS_MAX];
  struct judged_longest longest;
};

/* Count one notification, and print it unless out is NULL. */
void judged_report_notice(struct judged_report *report,
                          const struct notice *notice);

/* Remember the incident that was open longest. time_s: now. name: of the
 * incident, or of the <Watch>. */
void judged_report_open(struct judged_report *report,
                        const struct finding *finding, double time_s,
                        const char *name, const char *host);

/* Print one notification of two settings that are compared, and count nothing.
 * settings: whose it is; before the line, or a member of the JSON object. */
void judged_report_print(const struct notice *notice, const char *settings,
                         bool json, FILE *out);

/* The notifications counted; and a line for each incident's. */
uint64_t judged_report_sent(const struct judged_report *report);
void judged_report_kinds(const struct judged_report *report, FILE *out);

/* Print what was read: the summary's first lines. */
void judged_report_range(const struct judged_report *report, FILE *out,
                         size_t hosts);

/* Print the summary. hosts: how many were seen. */
void judged_report_summary(const struct judged_report *report, FILE *out,
                           size_t hosts);

#endif
