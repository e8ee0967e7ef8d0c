/* The text of a collectd.conf -> rules: every <Plugin baseline> block, checked
 * as the plugin checks it; the rest must be well-formed and is passed over.
 * Pure: opens no file. */
#ifndef TOOLS_CONF_CONF_RULES_H
#define TOOLS_CONF_CONF_RULES_H

#include "settings_grammar.h"
#include "verdict/rules.h"

struct conf_rules {
  struct rules *rules;
  size_t blocks; /* baseline blocks found so far */
  /* An <Include "PATH"> outside of all blocks. filter: a shell pattern, "" for
   * none. Called where its settings belong, between those before and behind it.
   * Returns 0, or -errno and a message in error (CONF_ERROR_MAX bytes),
   * which ends the reading. NULL: includes are passed over. */
  int (*include)(void *context, const char *path, const char *filter,
                 char *error);
  void *context;
  unsigned depth; /* of texts that include each other, from 0 */
  char *base_dir; /* RULES_PATH_MAX bytes for BaseDir; NULL: not asked for */
};

/* Take in one text. name: what messages call it. Returns 0; or -EINVAL, or what
 * include returned, and a message in error (CONF_ERROR_MAX bytes):
 * "NAME:LINE: what is wrong"; then target->rules may be set in part. Settings
 * that contradict each other are looked for behind the outermost text. */
int conf_rules_read(struct conf_rules *target, const char *name,
                    const char *text, size_t length, char *error);

#endif
