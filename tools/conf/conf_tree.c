/* See conf_tree.h. Reading a text is pure. */
#include "conf_tree.h"

#include "conf_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { FILES_MAX = 10000, TEXT_SHORT = 256 };

/* Of all texts that are being read. */
struct builder {
  struct conf_tree *tree;
  const struct conf_tree_listener *listener;
  struct conf_files files;
  bool follows; /* includes */
  /* Of the innermost text: */
  const char *name;
  unsigned line; /* of the Include that is being followed */
  size_t depth;
  struct conf_node open[CONF_DEPTH_MAX];
};

bool conf_node_is(const struct conf_node *node, const char *key) {
  return strcasecmp(node->key, key) == 0;
}

const char *conf_node_string(const struct conf_node *node) {
  return node->values_len == 1 ? node->values[0].text : NULL;
}

const struct conf_node *conf_node_last(const struct conf_node *node,
                                       const char *key) {
  for (size_t i = node->children_len; i > 0; i--)
    if (conf_node_is(&node->children[i - 1], key))
      return &node->children[i - 1];
  return NULL;
}

static void release_node(struct conf_node *node) {
  for (size_t i = 0; i < node->children_len; i++)
    release_node(&node->children[i]);
  for (size_t i = 0; i < node->values_len; i++)
    free(node->values[i].text);
  free(node->children);
  free(node->values);
  free(node->key);
}

void conf_tree_release(struct conf_tree *tree) {
  release_node(&tree->root);
  for (size_t i = 0; i < tree->files_len; i++)
    free(tree->files[i]);
  free(tree->files);
  *tree = (struct conf_tree){.files = NULL};
}

/* Room for one more: arrays grow whenever their length is a power of 2.
 * Returns NULL without memory; then the old array stays. */
static void *grow(void *array, size_t len, size_t size) {
  if ((len & (len - 1)) != 0)
    return array;
  return realloc(array, (len == 0 ? 1 : 2 * len) * size);
}

static int add_child(struct conf_node *parent, struct conf_node *child) {
  struct conf_node *grown =
      grow(parent->children, parent->children_len, sizeof(*grown));

  if (!grown) {
    release_node(child);
    return -ENOMEM;
  }
  parent->children = grown;
  parent->children[parent->children_len++] = *child;
  return 0;
}

/* The text of a token, to be freed. */
static char *copy_text(const struct conf_token *token) {
  char *text = malloc(token->length + 1);

  if (text)
    conf_syntax_text(token, text, token->length + 1);
  return text;
}

static int copy_value(const struct conf_token *token, struct conf_value *out) {
  *out = (struct conf_value){.kind = token->kind, .number = token->number};
  if (token->kind != CONF_WORD && token->kind != CONF_QUOTED)
    return 0;
  out->text = copy_text(token);
  return out->text ? 0 : -ENOMEM;
}

static int copy_statement(const struct builder *builder,
                          const struct conf_statement *statement,
                          struct conf_node *out) {
  struct conf_token value = statement->first;
  int rc = 0;

  *out = (struct conf_node){.file = builder->name,
                            .line = statement->key.line,
                            .key = copy_text(&statement->key)};
  if (statement->values_len > 0)
    out->values = calloc(statement->values_len, sizeof(*out->values));
  if (!out->key || (statement->values_len > 0 && !out->values))
    rc = -ENOMEM;
  for (size_t i = 0; rc == 0 && i < statement->values_len; i++) {
    rc = copy_value(&value, &out->values[out->values_len++]);
    conf_syntax_next_value(statement, &value);
  }
  if (rc != 0)
    release_node(out);
  return rc;
}

static void tell(const struct builder *builder, enum conf_tree_mistake mistake,
                 unsigned line, const char *words) {
  builder->listener->mistake(builder->listener->context, mistake, builder->name,
                             line, builder->files.folders > 0, words);
}

/* What ends the following of one Include, but for want of memory, is one more
 * mistake. */
static int follow(struct builder *builder, const struct conf_node *node) {
  char error[CONF_ERROR_MAX] = "", filter[TEXT_SHORT] = "";
  const struct conf_node *given = conf_node_last(node, "Filter");
  const char *path = conf_node_string(node), *text = NULL;

  if (!path) {
    tell(builder, CONF_TREE_SYNTAX, node->line,
         "Include needs exactly one path, in quotes");
    return 0;
  }
  if (given && (text = conf_node_string(given)))
    snprintf(filter, sizeof(filter), "%s", text);
  builder->line = node->line;
  int rc = conf_files_include(&builder->files, path, filter, error);
  if (rc == 0 || rc == -ENOMEM)
    return rc;
  tell(builder, CONF_TREE_SYNTAX, node->line, error);
  return 0;
}

/* A node is complete: with the blocks around it, or in the tree. */
static int finish(struct builder *builder, struct conf_node *node) {
  if (builder->depth > 0)
    return add_child(&builder->open[builder->depth - 1], node);
  if (!builder->follows || !conf_node_is(node, "Include"))
    return add_child(&builder->tree->root, node);
  int rc = follow(builder, node);
  release_node(node);
  return rc;
}

static int on_option(void *context, const struct conf_statement *option) {
  struct builder *builder = context;
  struct conf_node node;
  int rc = copy_statement(builder, option, &node);

  return rc == 0 ? finish(builder, &node) : rc;
}

static int on_open(void *context, const struct conf_statement *head) {
  struct builder *builder = context;
  int rc = copy_statement(builder, head, &builder->open[builder->depth]);

  builder->depth += rc == 0;
  return rc;
}

/* collectd drops a block that has neither value nor content. */
static int on_close(void *context) {
  struct builder *builder = context;
  struct conf_node node = builder->open[--builder->depth];

  if (node.values_len > 0 || node.children_len > 0)
    return finish(builder, &node);
  release_node(&node);
  return 0;
}

static void on_mistake(void *context, unsigned line, const char *words) {
  tell(context, CONF_TREE_SYNTAX, line, words);
}

/* Keeps the name: nodes and messages refer to it. */
static int add_file(struct conf_tree *tree, const char *name, char *error) {
  char **grown = NULL, *copy = NULL;

  if (tree->files_len == FILES_MAX) {
    snprintf(error, CONF_ERROR_MAX, "more than %d files are included",
             FILES_MAX);
    return -E2BIG;
  }
  grown = grow(tree->files, tree->files_len, sizeof(*grown));
  if (grown)
    tree->files = grown;
  if (grown && (copy = strdup(name)))
    tree->files[tree->files_len++] = copy;
  if (copy)
    return 0;
  snprintf(error, CONF_ERROR_MAX, "out of memory");
  return -ENOMEM;
}

static int parse(struct builder *builder, const char *text, size_t length,
                 char *error) {
  const struct conf_place place = {builder->name, error};
  const struct conf_handler handler = {.option = on_option,
                                       .open = on_open,
                                       .close = on_close,
                                       .context = builder,
                                       .mistake = on_mistake};
  int rc = conf_syntax_read(&place, text, length, &handler);

  while (builder->depth > 0) /* without memory */
    release_node(&builder->open[--builder->depth]);
  if (rc == -ENOMEM)
    snprintf(error, CONF_ERROR_MAX, "out of memory");
  return rc;
}

/* Includes stand outside of all blocks: then no block is open. */
static int on_text(void *context, const char *path, const char *text,
                   size_t length, char *error) {
  struct builder *builder = context;
  const char *outer = builder->name;
  unsigned line = builder->line;
  int rc = add_file(builder->tree, path, error);

  if (rc != 0)
    return rc;
  builder->name = builder->tree->files[builder->tree->files_len - 1];
  rc = parse(builder, text, length, error);
  builder->name = outer;
  builder->line = line;
  return rc;
}

static int on_odd(void *context, enum conf_files_oddity oddity, int rc,
                  const char *words) {
  static const enum conf_tree_mistake mistakes[] = {
      [CONF_FILES_MISSING] = CONF_TREE_MISSING,
      [CONF_FILES_FILTERED] = CONF_TREE_FILTERED,
      [CONF_FILES_UNREADABLE] = CONF_TREE_UNREADABLE,
  };
  struct builder *builder = context;

  (void)rc;
  tell(builder, mistakes[oddity], builder->line, words);
  return 0;
}

static struct builder begin(struct conf_tree *tree,
                            const struct conf_tree_listener *listener) {
  return (struct builder){.tree = tree,
                          .listener = listener,
                          .files = {.read = on_text, .odd = on_odd}};
}

int conf_tree_read_file(struct conf_tree *tree, const char *path,
                        const struct conf_tree_listener *listener,
                        char *error) {
  struct builder builder = begin(tree, listener);

  builder.follows = true;
  builder.files.context = &builder;
  return conf_files_read(&builder.files, path, error);
}

int conf_tree_read_text(struct conf_tree *tree, const char *name,
                        const char *text, size_t length,
                        const struct conf_tree_listener *listener,
                        char *error) {
  struct builder builder = begin(tree, listener);

  return on_text(&builder, name, text, length, error);
}
