/* What the checks look at, and what each of them is: a function that adds what
 * it finds. */
#ifndef TOOLS_CHECK_CONFIG_SITE_H
#define TOOLS_CHECK_CONFIG_SITE_H

#include "findings.h"
#include "table/reading_options.h"
#include "verdict/rules.h"

struct site {
  const struct conf_tree *tree;
  struct findings *findings;
  struct rules rules; /* as far as they are good */
  struct reading_options reading;
  bool has_tcpstates, has_baseline; /* loaded */
};

/* The blocks of tcpstates and baseline, which fill rules and reading. Pure. */
void ours_check(struct site *site);

/* LoadPlugin: order, twice, files, libraries. */
void plugins_check(struct site *site);

/* What filter chains let through to baseline. Pure. */
void chains_check(struct site *site);

/* Folders and files: unixsock, StateFile, types.db, AuthFile. */
void places_check(struct site *site);

/* Who learns of an incident, and what comes to be judged. */
void habits_check(struct site *site);

#endif
