/* A collectd.conf with all that it includes, as one tree: every option and
 * block with its file and line. Unlike conf_rules it goes on behind a mistake.
 * A block without content is an option, as it is for collectd. */
#ifndef TOOLS_CONF_CONF_TREE_H
#define TOOLS_CONF_CONF_TREE_H

#include "conf_syntax.h"

#include <stdbool.h>

struct conf_value {
  enum conf_token_kind kind;
  double number; /* of a CONF_NUMBER */
  char *text;    /* of a CONF_WORD or CONF_QUOTED, else NULL */
};

struct conf_node {
  const char *file; /* owned by the tree */
  unsigned line;
  char *key;
  size_t values_len, children_len;
  struct conf_value *values;
  struct conf_node *children;
};

struct conf_tree {
  struct conf_node root; /* its children: what stands outside of all blocks */
  size_t files_len;
  char **files; /* in the order they were read */
};

/* What is wrong with the files themselves. */
enum conf_tree_mistake {
  CONF_TREE_SYNTAX,     /* collectd refuses the file, or all of it */
  CONF_TREE_MISSING,    /* an Include finds nothing */
  CONF_TREE_FILTERED,   /* wildcards find what Filter refuses: so does collectd
                         */
  CONF_TREE_UNREADABLE, /* an Include finds what cannot be read */
};

struct conf_tree_listener {
  /* line: 0 where it is no line. in_folder: collectd leaves out the file, which
   * it found in a folder, and starts without it. */
  void (*mistake)(void *context, enum conf_tree_mistake mistake,
                  const char *file, unsigned line, bool in_folder,
                  const char *words);
  void *context;
};

/* Read path and what it includes. tree: all zero. Mistakes go to the listener.
 * Returns 0; or -errno and a message in error (CONF_ERROR_MAX bytes) if path
 * itself cannot be read, or without memory. The caller releases the tree in
 * any case. */
int conf_tree_read_file(struct conf_tree *tree, const char *path,
                        const struct conf_tree_listener *listener, char *error);

/* The same for one text; an Include is not followed. */
int conf_tree_read_text(struct conf_tree *tree, const char *name,
                        const char *text, size_t length,
                        const struct conf_tree_listener *listener, char *error);

void conf_tree_release(struct conf_tree *tree);

/* Whether the key is this one, in any case. */
bool conf_node_is(const struct conf_node *node, const char *key);

/* The text of its only value; NULL if it has none, several, or no string. */
const char *conf_node_string(const struct conf_node *node);

/* Its last child of that key, or NULL: where a key may be set again, the last
 * one counts. */
const struct conf_node *conf_node_last(const struct conf_node *node,
                                       const char *key);

#endif
