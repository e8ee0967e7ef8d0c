/* What check-config has found: mistakes and doubts, each with its file and
 * line. */
#ifndef TOOLS_CHECK_CONFIG_FINDINGS_H
#define TOOLS_CHECK_CONFIG_FINDINGS_H

#include "conf/conf_tree.h"

enum { FINDINGS_MAX = 1000, FINDINGS_WORDS_MAX = 1024 };

/* A warning: it works, but is probably not meant. */
enum findings_severity { FINDINGS_WARNING, FINDINGS_ERROR };

struct findings_item {
  enum findings_severity severity;
  const char *file;          /* not owned; NULL: of the whole configuration */
  unsigned line;             /* 0: of the whole file */
  size_t file_number, order; /* for sorting */
  char words[FINDINGS_WORDS_MAX];
};

/* All zero: none. */
struct findings {
  size_t len, count[FINDINGS_ERROR + 1];
  struct findings_item *items;
  bool unread;    /* a file could not be read */
  bool no_memory; /* some are missing */
};

/* node: where; NULL: the whole configuration. Those beyond FINDINGS_MAX are
 * only counted. */
__attribute__((format(printf, 3, 4))) void
findings_error(struct findings *findings, const struct conf_node *node,
               const char *format, ...);
__attribute__((format(printf, 3, 4))) void
findings_warning(struct findings *findings, const struct conf_node *node,
                 const char *format, ...);

/* After a call that has failed with this error: whether it was for want of
 * memory, and then the findings are not all. */
bool findings_starved(struct findings *findings, int error);

/* With a place of one's own. */
__attribute__((format(printf, 5, 6))) void
findings_add(struct findings *findings, enum findings_severity severity,
             const char *file, unsigned line, const char *format, ...);

/* By file, in the order of the tree's; by line; those of the whole
 * configuration last. */
void findings_sort(struct findings *findings, const struct conf_tree *tree);

void findings_release(struct findings *findings);

#endif
