/* Files of collectd's configuration -> rules. Source of the facts on Include:
 * src/daemon/configfile.c of collectd 5.12. */
#include "replay_settings.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wordexp.h>

enum { DEPTH_MAX = 8, FILE_BYTES_MAX = 16 << 20, PATH_BYTES = 4096 };

/* The files that are being read, one included by the other. */
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

/* In the order of bytes, whatever the locale. */
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

  if (nesting->depth == DEPTH_MAX - 1)
    return fail(error, -ELOOP, "Include \"%.400s\": nested deeper than %d",
                pattern, DEPTH_MAX);
  if (wordexp(pattern, &words, WRDE_NOCMD) != 0)
    return fail(error, -EINVAL, "Include \"%.400s\" cannot be expanded",
                pattern);
  nesting->depth++;
  qsort(words.we_wordv, words.we_wordc, sizeof(words.we_wordv[0]),
        compare_words);
  for (size_t i = 0; i < words.we_wordc && rc == 0; i++)
    rc = read_path(nesting, words.we_wordv[i], filter, error);
  nesting->depth--;
  wordfree(&words);
  return rc;
}

int replay_settings_read(const char *path, struct rules *rules, size_t *blocks,
                         char *error) {
  return replay_settings_read_base(path, rules, blocks, NULL, error);
}

int replay_settings_read_base(const char *path, struct rules *rules,
                              size_t *blocks, char *base_dir, char *error) {
  struct nesting nesting = {
      .text = {.rules = rules, .base_dir = base_dir, .include = include}};

  nesting.text.context = &nesting;
  int rc = read_file(&nesting, path, error);
  *blocks += nesting.text.blocks;
  return rc;
}
