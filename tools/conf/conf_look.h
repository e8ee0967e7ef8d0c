/* Questions to the tree of a collectd.conf that any plugin may have. Pure. */
#ifndef TOOLS_CONF_CONF_LOOK_H
#define TOOLS_CONF_CONF_LOOK_H

#include "conf_tree.h"

/* Whether a node is <KEY "NAME"> or KEY "NAME", in any case. */
bool conf_look_is(const struct conf_node *node, const char *key,
                  const char *name);

/* The first LoadPlugin of a plugin; with AutoLoadPlugin also its first block;
 * NULL if it is not loaded. */
const struct conf_node *conf_look_load(const struct conf_tree *tree,
                                       const char *plugin);

/* The next <KEY NAME> block behind `after`; NULL: the first. A block without
 * content is none. Returns NULL behind the last. */
const struct conf_node *conf_look_next(const struct conf_tree *tree,
                                       const char *key, const char *name,
                                       const struct conf_node *after);

/* The same for <Plugin NAME>. */
const struct conf_node *conf_look_block(const struct conf_tree *tree,
                                        const char *plugin,
                                        const struct conf_node *after);

/* The last option of that key in the blocks of a plugin, or NULL. */
const struct conf_node *conf_look_option(const struct conf_tree *tree,
                                         const char *plugin, const char *key);

/* The text of such an option, or otherwise. */
const char *conf_look_text(const struct conf_tree *tree, const char *plugin,
                           const char *key, const char *otherwise);

/* The text of the last such option outside of all blocks, or otherwise. */
const char *conf_look_global(const struct conf_tree *tree, const char *key,
                             const char *otherwise);

/* Whether its only value is true, quoted or not. node: may be NULL. */
bool conf_look_true(const struct conf_node *node);

/* The number that its only value is, quoted or not; NAN if it is none. */
double conf_look_number(const struct conf_node *node);

/* The configuration that collectd reads where nobody names one: the first of
 * the usual places that has a file. */
const char *conf_look_usual(void);

/* A plugin that passes notifications on to people or programs. */
struct conf_look_told {
  const char *plugin;
  const char *option; /* that says where to; NULL: none */
  const char *note;   /* where to look */
};

/* Number i of those that are loaded and, as far as their options say, do it.
 * Returns false behind the last. */
bool conf_look_told(const struct conf_tree *tree, size_t i,
                    struct conf_look_told *out);

#endif
