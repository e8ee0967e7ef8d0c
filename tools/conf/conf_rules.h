/* A collectd.conf -> rules: every <Plugin baseline> block, checked as the
 * plugin checks it; the rest must be well-formed and is ignored. */
#ifndef TOOLS_CONF_CONF_RULES_H
#define TOOLS_CONF_CONF_RULES_H

#include "conf_tree.h"
#include "verdict/rules.h"

/* Who is told of each mistake. node: the option or block that it is about. */
struct conf_rules_listener {
  void (*mistake)(void *context, const struct conf_node *node,
                  const char *words);
  void *context;
};

/* All blocks of a tree, to the last mistake. Settings that contradict each
 * other are reported behind the last block, which may set what an earlier one
 * contradicts. Pure. Returns the number of blocks. */
size_t conf_rules_take(const struct conf_tree *tree, struct rules *rules,
                       const struct conf_rules_listener *listener);

/* Reads path and the files it includes. *blocks grows by the number of <Plugin
 * baseline> blocks. base_dir: RULES_PATH_MAX bytes for BaseDir, untouched if
 * the files set none; NULL: not wanted. Returns 0, or -errno and a message
 * about the first mistake in error (CONF_ERROR_MAX bytes); then rules may be
 * set in part. Warns on stderr about an Include that finds nothing. */
int conf_rules_read_file(const char *path, struct rules *rules, size_t *blocks,
                         char *base_dir, char *error);

/* The same for one text; an Include is not followed. name: what messages call
 * it. */
int conf_rules_read_text(const char *name, const char *text, size_t length,
                         struct rules *rules, size_t *blocks, char *base_dir,
                         char *error);

#endif
