/* A collectd.conf -> rules: every <Plugin baseline> block, checked as the
 * plugin checks it; the rest must be well-formed and is ignored. */
#ifndef TOOLS_CONF_CONF_RULES_H
#define TOOLS_CONF_CONF_RULES_H

#include "conf_syntax.h"
#include "verdict/rules.h"

/* Reads path and the files it includes, as collectd does: wildcards, folders,
 * Filter. *blocks grows by the number of <Plugin baseline> blocks. base_dir:
 * RULES_PATH_MAX bytes for BaseDir, untouched if the files set none; NULL: not
 * wanted. Returns 0, or -errno and a message in error (CONF_ERROR_MAX bytes).
 * Warns on stderr about an Include that finds nothing. */
int conf_rules_read_file(const char *path, struct rules *rules, size_t *blocks,
                         char *base_dir, char *error);

/* Texts that include each other. */
struct conf_rules {
  struct rules *rules;
  size_t blocks; /* baseline blocks found so far */
  /* An <Include "PATH"> outside of all blocks. filter: a shell pattern, "" for
   * none. Called where its settings belong, between those before and after it.
   * Returns 0, or -errno and a message in error (CONF_ERROR_MAX bytes), which
   * ends the reading. NULL: includes are ignored. */
  int (*include)(void *context, const char *path, const char *filter,
                 char *error);
  void *context;
  unsigned depth; /* texts that are being read, one included by the other */
  char *base_dir; /* RULES_PATH_MAX bytes for BaseDir; NULL: not wanted */
};

/* Reads one text. Pure. name: what messages call it. Returns 0; or -EINVAL, or
 * what include returned, and a message in error (CONF_ERROR_MAX bytes):
 * "NAME:LINE: what is wrong"; then target->rules may be set in part. Settings
 * that contradict each other are reported at the end of the outermost text. */
int conf_rules_read(struct conf_rules *target, const char *name,
                    const char *text, size_t length, char *error);

#endif
