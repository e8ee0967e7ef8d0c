/* Statements of a collectd.conf -> rules, in one pass. Reading a text is pure;
 * only conf_rules_read_file touches the disk, and warns on stderr. Source of
 * the facts: src/daemon/configfile.c of collectd 5.12. It treats a block
 * without content as an option, and ignores a block that has neither name nor
 * content. */
#include "conf_rules.h"

#include "conf_files.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { WORD_MAX = 128, VALUE_MAX = 2 * RULES_PATH_MAX };

/* What a block is; ROOT is the text outside of all blocks. */
enum kind { ROOT, BASELINE, NAMED, TOO_DEEP, INCLUDE, ELSEWHERE };

struct block {
  enum kind kind;
  struct conf_statement head;
  bool filled; /* it has content */
};

/* One reading of a text. */
struct reader {
  struct conf_rules *target;
  struct conf_place place;
  unsigned last_line; /* of the last baseline block in this text */
  size_t depth;
  struct block blocks[CONF_DEPTH_MAX + 1];
  struct rules_block named; /* the open NAMED block */
  struct conf_token filter; /* of the open INCLUDE block */
  char key[WORD_MAX];       /* scratch */
  char text[VALUE_MAX];
};

/* The key's text, valid until the next call. */
static const char *key_of(struct reader *reader,
                          const struct conf_statement *statement) {
  conf_syntax_text(&statement->key, reader->key, sizeof(reader->key));
  return reader->key;
}

static bool is_key(struct reader *reader,
                   const struct conf_statement *statement, const char *key) {
  return strcasecmp(key_of(reader, statement), key) == 0;
}

static bool is_string(const struct conf_token *token) {
  return token->kind == CONF_WORD || token->kind == CONF_QUOTED;
}

/* The first value's text, valid until the next call; NULL if it is no string.
 */
static const char *name_of(struct reader *reader,
                           const struct conf_statement *statement) {
  if (statement->values_len == 0 || !is_string(&statement->first))
    return NULL;
  conf_syntax_text(&statement->first, reader->text, sizeof(reader->text));
  return reader->text;
}

static int pass_on(const struct reader *reader,
                   const struct conf_statement *statement, int rc,
                   const char *words) {
  return rc == 0 ? 0
                 : conf_syntax_fail(&reader->place, statement->key.line, "%s",
                                    words);
}

static int open_named(struct reader *reader,
                      const struct conf_statement *head) {
  char words[RULES_ERROR_MAX];
  const char *key = key_of(reader, head), *name = name_of(reader, head);

  if (head->values_len != 1 || !name)
    return conf_syntax_fail(&reader->place, head->key.line,
                            "block <%.60s> needs exactly one name, in quotes",
                            key);
  int rc = rules_open(reader->target->rules, key, name, &reader->named, words);
  return pass_on(reader, head, rc, words);
}

static int refuse_values(struct reader *reader,
                         const struct conf_statement *statement) {
  return conf_syntax_fail(&reader->place, statement->key.line,
                          "option %.60s needs exactly one value",
                          key_of(reader, statement));
}

static int set_option(struct reader *reader, const struct rules_block *block,
                      const struct conf_statement *option) {
  char words[RULES_ERROR_MAX];
  struct rules_value value = {.type = RULES_STRING};

  if (option->values_len != 1)
    return refuse_values(reader, option);
  value.string = name_of(reader, option);
  if (option->first.kind == CONF_NUMBER) {
    value.type = RULES_NUMBER;
    value.number = option->first.number;
  } else if (!value.string) {
    value.type = RULES_BOOLEAN;
    value.boolean = option->first.kind == CONF_TRUE;
  }
  int rc = rules_set(reader->target->rules, block, key_of(reader, option),
                     &value, words);
  return pass_on(reader, option, rc, words);
}

static int follow_include(struct reader *reader,
                          const struct conf_statement *head) {
  const struct conf_rules *target = reader->target;
  const char *path = name_of(reader, head);
  char filter[WORD_MAX] = "";

  if (head->values_len != 1 || !path)
    return conf_syntax_fail(&reader->place, head->key.line,
                            "Include needs exactly one path, in quotes");
  if (reader->filter.length > 0)
    conf_syntax_text(&reader->filter, filter, sizeof(filter));
  reader->filter.length = 0;
  if (!target->include)
    return 0;
  return target->include(target->context, path, filter, reader->place.error);
}

/* An option outside of all blocks. */
static int apply_global(struct reader *reader,
                        const struct conf_statement *option) {
  char *base_dir = reader->target->base_dir;

  if (is_key(reader, option, "Include"))
    return follow_include(reader, option);
  if (base_dir && is_key(reader, option, "BaseDir") &&
      option->values_len == 1 && is_string(&option->first))
    conf_syntax_text(&option->first, base_dir, RULES_PATH_MAX);
  return 0;
}

/* An option, or a block without content, inside a block of this kind. */
static int apply(struct reader *reader, enum kind kind,
                 const struct conf_statement *option) {
  switch (kind) {
  case ROOT:
    return apply_global(reader, option);
  case BASELINE:
    if (rules_is_block(key_of(reader, option)))
      return open_named(reader, option);
    return set_option(reader, &rules_top, option);
  case NAMED:
    return set_option(reader, &reader->named, option);
  case INCLUDE:
    if (is_key(reader, option, "Filter") && is_string(&option->first))
      reader->filter = option->first;
    return 0;
  default:
    return 0;
  }
}

/* Content follows: now the blocks around it are known to be blocks, not options
 * written as blocks. */
static int fill(struct reader *reader) {
  int rc = 0;

  for (size_t i = 1; i <= reader->depth && rc == 0; i++) {
    struct block *block = &reader->blocks[i];
    if (!block->filled && block->kind == NAMED)
      rc = open_named(reader, &block->head);
    if (!block->filled && block->kind == TOO_DEEP)
      rc = refuse_values(reader, &block->head);
    block->filled = true;
  }
  return rc;
}

static int on_option(void *context, const struct conf_statement *option) {
  struct reader *reader = context;
  int rc = fill(reader);

  return rc == 0 ? apply(reader, reader->blocks[reader->depth].kind, option)
                 : rc;
}

static enum kind find_kind(struct reader *reader, enum kind outer,
                           const struct conf_statement *head) {
  if (outer == BASELINE)
    return NAMED;
  if (outer == NAMED || outer == TOO_DEEP)
    return TOO_DEEP;
  if (outer != ROOT)
    return ELSEWHERE;
  if (is_key(reader, head, "Include"))
    return INCLUDE;
  const char *name = name_of(reader, head);
  if (is_key(reader, head, "Plugin") && name &&
      strcasecmp(name, "baseline") == 0)
    return BASELINE;
  return ELSEWHERE;
}

static int on_open(void *context, const struct conf_statement *head) {
  struct reader *reader = context;
  enum kind outer = reader->blocks[reader->depth].kind;
  int rc = head->values_len > 0 ? fill(reader) : 0;

  reader->blocks[++reader->depth] =
      (struct block){find_kind(reader, outer, head), *head, false};
  return rc;
}

static int on_close(void *context) {
  struct reader *reader = context;
  struct block *left = &reader->blocks[reader->depth--];
  bool is_option = !left->filled && left->head.values_len > 0;

  if (left->kind == INCLUDE)
    return follow_include(reader, &left->head);
  if ((left->kind == NAMED || left->kind == TOO_DEEP) && is_option)
    return apply(reader, reader->blocks[reader->depth].kind, &left->head);
  if (left->kind != BASELINE)
    return 0;
  reader->target->blocks++;
  reader->last_line = left->head.key.line;
  return 0;
}

/* Only at the end: a later block may resolve what an earlier one contradicts.
 */
static int check_all(const struct reader *reader) {
  char words[RULES_ERROR_MAX];

  if (rules_check(reader->target->rules, words) == 0)
    return 0;
  return conf_syntax_fail(&reader->place, reader->last_line, "%s", words);
}

int conf_rules_read(struct conf_rules *target, const char *name,
                    const char *text, size_t length, char *error) {
  struct reader reader = {
      .target = target, .place = {name, error}, .last_line = 1};
  const struct conf_handler handler = {on_option, on_open, on_close, &reader,
                                       NULL};

  target->depth++;
  int rc = conf_syntax_read(&reader.place, text, length, &handler);
  target->depth--;
  return rc == 0 && target->depth == 0 ? check_all(&reader) : rc;
}

/* The files that are being read, each included by the one before. */
struct nesting {
  struct conf_rules text;
  struct conf_files files;
};

static int read_text(void *context, const char *path, const char *text,
                     size_t length, char *error) {
  struct nesting *nesting = context;

  return conf_rules_read(&nesting->text, path, text, length, error);
}

static int odd(void *context, enum conf_files_oddity oddity, int rc,
               const char *words) {
  (void)context;
  if (oddity == CONF_FILES_UNREADABLE)
    return rc;
  if (oddity == CONF_FILES_MISSING)
    fprintf(stderr, "collectd-baseline: %s\n", words);
  return 0;
}

static int include(void *context, const char *pattern, const char *filter,
                   char *error) {
  struct nesting *nesting = context;

  return conf_files_include(&nesting->files, pattern, filter, error);
}

int conf_rules_read_file(const char *path, struct rules *rules, size_t *blocks,
                         char *base_dir, char *error) {
  struct nesting nesting = {
      .text = {.rules = rules, .base_dir = base_dir, .include = include},
      .files = {.read = read_text, .odd = odd}};

  nesting.text.context = nesting.files.context = &nesting;
  int rc = conf_files_read(&nesting.files, path, error);
  *blocks += nesting.text.blocks;
  return rc;
}
