/* See findings.h. */
#include "findings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* The array grows whenever its length is a power of 2. */
static bool make_room(struct findings *findings) {
  size_t len = findings->len;

  if ((len & (len - 1)) != 0)
    return true;
  struct findings_item *grown =
      realloc(findings->items, (len == 0 ? 1 : 2 * len) * sizeof(*grown));
  if (grown)
    findings->items = grown;
  else
    findings->no_memory = true;
  return grown != NULL;
}

static struct findings_item *add(struct findings *findings,
                                 enum findings_severity severity,
                                 const char *file, unsigned line) {
  findings->count[severity]++;
  if (findings->len == FINDINGS_MAX || !make_room(findings))
    return NULL;
  struct findings_item *item = &findings->items[findings->len];
  *item = (struct findings_item){
      .severity = severity, .file = file, .line = line, .order = findings->len};
  findings->len++;
  return item;
}

static void add_words(struct findings *findings,
                      enum findings_severity severity,
                      const struct conf_node *node, const char *format,
                      va_list arguments) {
  struct findings_item *item =
      add(findings, severity, node ? node->file : NULL, node ? node->line : 0);

  if (item)
    vsnprintf(item->words, sizeof(item->words), format, arguments);
}

bool findings_starved(struct findings *findings, int error) {
  if (error == ENOMEM)
    findings->no_memory = true;
  return error == ENOMEM;
}

void findings_error(struct findings *findings, const struct conf_node *node,
                    const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  add_words(findings, FINDINGS_ERROR, node, format, arguments);
  va_end(arguments);
}

void findings_warning(struct findings *findings, const struct conf_node *node,
                      const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  add_words(findings, FINDINGS_WARNING, node, format, arguments);
  va_end(arguments);
}

void findings_add(struct findings *findings, enum findings_severity severity,
                  const char *file, unsigned line, const char *format, ...) {
  struct findings_item *item = add(findings, severity, file, line);
  va_list arguments;

  va_start(arguments, format);
  if (item)
    vsnprintf(item->words, sizeof(item->words), format, arguments);
  va_end(arguments);
}

/* A file that is included twice has two numbers: pointers tell them apart. */
static size_t number_of(const struct conf_tree *tree, const char *file) {
  size_t i = 0;

  while (i < tree->files_len && tree->files[i] != file)
    i++;
  return file ? i : tree->files_len + 1;
}

static int compare_sizes(size_t a, size_t b) { return a < b ? -1 : a > b; }

static int compare(const void *a, const void *b) {
  const struct findings_item *one = a, *other = b;

  if (one->file_number != other->file_number)
    return compare_sizes(one->file_number, other->file_number);
  if (one->line != other->line)
    return compare_sizes(one->line, other->line);
  return compare_sizes(one->order, other->order);
}

void findings_sort(struct findings *findings, const struct conf_tree *tree) {
  for (size_t i = 0; i < findings->len; i++)
    findings->items[i].file_number = number_of(tree, findings->items[i].file);
  if (findings->len > 0)
    qsort(findings->items, findings->len, sizeof(*findings->items), compare);
}

void findings_release(struct findings *findings) {
  free(findings->items);
  *findings = (struct findings){.len = 0};
}
