/* Statements of a collectd.conf -> rules, in one pass; and the files that
 * contain them. Reading a text is pure; only reading a file touches the disk,
 * and warns on stderr. Source of the facts: src/daemon/configfile.c of collectd
 * 5.12. It treats a block without content as an option, and ignores a block
 * that has neither name nor content. */
#include "conf_rules.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <wordexp.h>

enum {
  WORD_MAX = 128,
  VALUE_MAX = 2 * RULES_PATH_MAX,
  INCLUDES_MAX = 8, /* files that include each other */
  FILE_BYTES_MAX = 16 << 20,
  PATH_BYTES = 4096
};

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
  const struct conf_handler handler = {on_option, on_open, on_close, &reader};

  target->depth++;
  int rc = conf_syntax_read(&reader.place, text, length, &handler);
  target->depth--;
  return rc == 0 && target->depth == 0 ? check_all(&reader) : rc;
}

/* The files that are being read, each included by the one before. */
struct nesting {
  struct conf_rules text;
  int depth;
};

static int include(void *context, const char *pattern, const char *filter,
                   char *error);

__attribute__((format(printf, 3, 4))) static int fail(char *error, int rc,
                                                      const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(error, CONF_ERROR_MAX, format, arguments);
  va_end(arguments);
  return rc;
}

static int read_text(struct nesting *nesting, const char *path, FILE *file,
                     char *error) {
  char *text = malloc(FILE_BYTES_MAX + 1);

  if (!text)
    return fail(error, -ENOMEM, "out of memory");
  size_t length = fread(text, 1, FILE_BYTES_MAX + 1, file);
  int rc = 0;
  if (ferror(file))
    rc = fail(error, -EIO, "cannot read %.400s: %s", path, strerror(errno));
  else if (length > FILE_BYTES_MAX)
    rc = fail(error, -EFBIG, "%.400s is larger than %d bytes", path,
              FILE_BYTES_MAX);
  else
    rc = conf_rules_read(&nesting->text, path, text, length, error);
  free(text);
  return rc;
}

static int read_file(struct nesting *nesting, const char *path, char *error) {
  FILE *file = fopen(path, "re");

  if (!file)
    return fail(error, -errno, "cannot open %.400s: %s", path, strerror(errno));
  int rc = read_text(nesting, path, file, error);
  fclose(file);
  return rc;
}

static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

/* By bytes, whatever the locale. */
static int compare(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_path(struct nesting *nesting, const char *path,
                     const char *filter, char *error);

static int read_folder(struct nesting *nesting, const char *folder,
                       const char *filter, char *error) {
  struct dirent **entries = NULL;
  char path[PATH_BYTES];
  int len = scandir(folder, &entries, is_visible, compare), rc = 0;

  if (len < 0)
    return fail(error, -errno, "cannot read %.400s: %s", folder,
                strerror(errno));
  for (int i = 0; i < len; i++) {
    int wanted =
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
    if (rc == 0 && wanted >= PATH_BYTES)
      rc = fail(error, -ENAMETOOLONG, "%.400s/... is too long", folder);
    if (rc == 0)
      rc = read_path(nesting, path, filter, error);
    free(entries[i]);
  }
  free(entries);
  return rc;
}

static int read_path(struct nesting *nesting, const char *path,
                     const char *filter, char *error) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  struct stat about;

  if (stat(path, &about) != 0) {
    fprintf(stderr, "collectd-baseline: Include \"%s\": %s\n", path,
            strerror(errno));
    return 0;
  }
  if (S_ISDIR(about.st_mode))
    return read_folder(nesting, path, filter, error);
  if (!S_ISREG(about.st_mode) ||
      (*filter != '\0' && fnmatch(filter, name, 0) != 0))
    return 0;
  return read_file(nesting, path, error);
}

static int compare_words(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

static int include(void *context, const char *pattern, const char *filter,
                   char *error) {
  struct nesting *nesting = context;
  wordexp_t words;
  int rc = 0;

  if (nesting->depth == INCLUDES_MAX - 1)
    return fail(error, -ELOOP, "Include \"%.400s\": nested deeper than %d",
                pattern, INCLUDES_MAX);
  if (wordexp(pattern, &words, WRDE_NOCMD) != 0)
    return fail(error, -EINVAL, "cannot expand Include \"%.400s\"", pattern);
  nesting->depth++;
  qsort(words.we_wordv, words.we_wordc, sizeof(words.we_wordv[0]),
        compare_words);
  for (size_t i = 0; i < words.we_wordc && rc == 0; i++)
    rc = read_path(nesting, words.we_wordv[i], filter, error);
  nesting->depth--;
  wordfree(&words);
  return rc;
}

int conf_rules_read_file(const char *path, struct rules *rules, size_t *blocks,
                         char *base_dir, char *error) {
  struct nesting nesting = {
      .text = {.rules = rules, .base_dir = base_dir, .include = include}};

  nesting.text.context = &nesting;
  int rc = read_file(&nesting, path, error);
  *blocks += nesting.text.blocks;
  return rc;
}
