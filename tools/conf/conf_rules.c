/* See conf_rules.h. Source of the facts: src/daemon/configfile.c of collectd
 * 5.12, and plugin/baseline/baseline_config.c. */
#include "conf_rules.h"

#include "conf_look.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* One walk over a tree. */
struct walk {
  struct rules *rules;
  const struct conf_rules_listener *listener;
  /* What a contradiction is about: */
  const struct conf_node *last; /* <Plugin baseline> */
  const struct conf_node *incident[INCIDENT_COUNT];
  const struct conf_node *watch[RULES_SERIES_MAX];
};

__attribute__((format(printf, 3, 4))) static void
tell(const struct walk *walk, const struct conf_node *node, const char *format,
     ...) {
  char words[RULES_ERROR_MAX];
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(words, sizeof(words), format, arguments);
  va_end(arguments);
  walk->listener->mistake(walk->listener->context, node, words);
}

static struct rules_value value_of(const struct conf_value *value) {
  if (value->text)
    return (struct rules_value){.type = RULES_STRING, .string = value->text};
  if (value->kind == CONF_NUMBER)
    return (struct rules_value){.type = RULES_NUMBER, .number = value->number};
  return (struct rules_value){.type = RULES_BOOLEAN,
                              .boolean = value->kind == CONF_TRUE};
}

static void set_option(struct walk *walk, const struct rules_block *block,
                       const struct conf_node *option) {
  char words[RULES_ERROR_MAX];

  if (option->values_len != 1 || option->children_len > 0) {
    tell(walk, option, "option %.60s needs exactly one value", option->key);
    return;
  }
  struct rules_value value = value_of(&option->values[0]);
  if (rules_set(walk->rules, block, option->key, &value, words) != 0)
    tell(walk, option, "%s", words);
}

static void note_place(struct walk *walk, const struct rules_block *block,
                       const struct conf_node *node) {
  if (block->type == RULES_INCIDENT)
    walk->incident[block->index] = node;
  else if (block->type == RULES_WATCH)
    walk->watch[block->index] = node;
}

static void take_named(struct walk *walk, const struct conf_node *node) {
  char words[RULES_ERROR_MAX];
  const char *name = conf_node_string(node);
  struct rules_block block;

  if (!name) {
    tell(walk, node, "block <%.60s> needs exactly one name, in quotes",
         node->key);
    return;
  }
  if (rules_open(walk->rules, node->key, name, &block, words) != 0) {
    tell(walk, node, "%s", words);
    return;
  }
  note_place(walk, &block, node);
  for (size_t i = 0; i < node->children_len; i++)
    set_option(walk, &block, &node->children[i]);
}

static void take_block(struct walk *walk, const struct conf_node *block) {
  walk->last = block;
  for (size_t i = 0; i < block->children_len; i++) {
    const struct conf_node *node = &block->children[i];
    if (node->children_len > 0 || rules_is_block(node->key))
      take_named(walk, node);
    else
      set_option(walk, &rules_top, node);
  }
}

static void check_contradictions(const struct walk *walk) {
  char words[RULES_ERROR_MAX];
  struct rules_block where;

  for (size_t i = 0; rules_contradiction(walk->rules, i, &where, words); i++) {
    const struct conf_node *node = NULL;
    if (where.type == RULES_WATCH)
      node = walk->watch[where.index];
    else if (where.type == RULES_INCIDENT)
      node = walk->incident[where.index];
    tell(walk, node ? node : walk->last, "%s", words);
  }
}

size_t conf_rules_take(const struct conf_tree *tree, struct rules *rules,
                       const struct conf_rules_listener *listener) {
  struct walk walk = {.rules = rules, .listener = listener};
  const struct conf_node *block = NULL;
  size_t blocks = 0;

  while ((block = conf_look_block(tree, "baseline", block)) != NULL) {
    take_block(&walk, block);
    blocks++;
  }
  if (blocks > 0)
    check_contradictions(&walk);
  return blocks;
}

/* The first mistake, for those who want no other. */
struct first {
  int rc;
  char *error;
};

__attribute__((format(printf, 3, 4))) static void
note(struct first *first, int rc, const char *format, ...) {
  va_list arguments;

  if (first->rc != 0)
    return;
  first->rc = rc;
  va_start(arguments, format);
  vsnprintf(first->error, CONF_ERROR_MAX, format, arguments);
  va_end(arguments);
}

static void on_mistake(void *context, const struct conf_node *node,
                       const char *words) {
  note(context, -EINVAL, "%.400s:%u: %s", node->file, node->line, words);
}

static void on_file(void *context, enum conf_tree_mistake mistake,
                    const char *file, unsigned line, bool in_folder,
                    const char *words) {
  (void)in_folder;
  switch (mistake) {
  case CONF_TREE_SYNTAX:
    note(context, -EINVAL, "%.400s:%u: %s", file, line, words);
    break;
  case CONF_TREE_MISSING:
    fprintf(stderr, "collectd-baseline: %s\n", words);
    break;
  case CONF_TREE_FILTERED: /* was always passed over here */
    break;
  case CONF_TREE_UNREADABLE:
    note(context, -EIO, "%s", words);
    break;
  }
}

static int take(const struct conf_tree *tree, struct first *first,
                struct rules *rules, size_t *blocks, char *base_dir) {
  const struct conf_rules_listener listener = {on_mistake, first};

  if (first->rc != 0)
    return first->rc;
  const char *base = conf_look_global(tree, "BaseDir", NULL);
  *blocks += conf_rules_take(tree, rules, &listener);
  if (first->rc == 0 && base && base_dir)
    snprintf(base_dir, RULES_PATH_MAX, "%s", base);
  return first->rc;
}

/* rc, words: of the reading. */
static int finish(struct conf_tree *tree, struct first *first, int rc,
                  const char *words, struct rules *rules, size_t *blocks,
                  char *base_dir) {
  if (rc == 0)
    rc = take(tree, first, rules, blocks, base_dir);
  else
    snprintf(first->error, CONF_ERROR_MAX, "%s", words);
  conf_tree_release(tree);
  return rc;
}

int conf_rules_read_file(const char *path, struct rules *rules, size_t *blocks,
                         char *base_dir, char *error) {
  char words[CONF_ERROR_MAX] = "";
  struct first first = {0, error};
  struct conf_tree tree = {.files = NULL};
  const struct conf_tree_listener listener = {on_file, &first};
  int rc = conf_tree_read_file(&tree, path, &listener, words);

  return finish(&tree, &first, rc, words, rules, blocks, base_dir);
}

int conf_rules_read_text(const char *name, const char *text, size_t length,
                         struct rules *rules, size_t *blocks, char *base_dir,
                         char *error) {
  char words[CONF_ERROR_MAX] = "";
  struct first first = {0, error};
  struct conf_tree tree = {.files = NULL};
  const struct conf_tree_listener listener = {on_file, &first};
  int rc = conf_tree_read_text(&tree, name, text, length, &listener, words);

  return finish(&tree, &first, rc, words, rules, blocks, base_dir);
}
