/* See conf_files.h. */
#include "conf_files.h"

#include "conf_syntax.h"

#include <dirent.h>
#include <errno.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <wordexp.h>

enum {
  INCLUDES_MAX = 8, /* files that include each other */
  FILE_BYTES_MAX = 16 << 20,
  PATH_BYTES = 4096
};

__attribute__((format(printf, 3, 4))) static int fail(char *error, int rc,
                                                      const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(error, CONF_ERROR_MAX, format, arguments);
  va_end(arguments);
  return rc;
}

/* rc: what fail has returned, for a file that was included. */
static int odd(struct conf_files *files, enum conf_files_oddity oddity, int rc,
               const char *error) {
  return files->odd(files->context, oddity, rc, error);
}

/* The whole text, to be freed. */
static int load(FILE *file, const char *path, char **text, size_t *length,
                char *error) {
  char *all = malloc(FILE_BYTES_MAX + 1);
  int rc = 0;

  if (!all)
    return fail(error, -ENOMEM, "out of memory");
  *length = fread(all, 1, FILE_BYTES_MAX + 1, file);
  if (ferror(file))
    rc = fail(error, -EIO, "cannot read %.400s: %s", path, strerror(errno));
  else if (*length > FILE_BYTES_MAX)
    rc = fail(error, -EFBIG, "%.400s is larger than %d bytes", path,
              FILE_BYTES_MAX);
  if (rc != 0)
    free(all);
  else
    *text = all;
  return rc;
}

static int open_and_load(const char *path, char **text, size_t *length,
                         char *error) {
  FILE *file = fopen(path, "re");

  if (!file)
    return fail(error, -errno, "cannot open %.400s: %s", path, strerror(errno));
  int rc = load(file, path, text, length, error);
  fclose(file);
  return rc;
}

static int hand_over(struct conf_files *files, const char *path, char *text,
                     size_t length, char *error) {
  int rc = files->read(files->context, path, text, length, error);

  free(text);
  return rc;
}

int conf_files_read(struct conf_files *files, const char *path, char *error) {
  char *text = NULL;
  size_t length = 0;
  int rc = open_and_load(path, &text, &length, error);

  return rc == 0 ? hand_over(files, path, text, length, error) : rc;
}

static int read_included(struct conf_files *files, const char *path,
                         char *error) {
  char *text = NULL;
  size_t length = 0;
  int rc = open_and_load(path, &text, &length, error);

  if (rc == -ENOMEM)
    return rc;
  return rc == 0 ? hand_over(files, path, text, length, error)
                 : odd(files, CONF_FILES_UNREADABLE, rc, error);
}

static int is_visible(const struct dirent *entry) {
  return entry->d_name[0] != '.';
}

/* By bytes, whatever the locale. */
static int compare(const struct dirent **a, const struct dirent **b) {
  return strcmp((*a)->d_name, (*b)->d_name);
}

static int read_path(struct conf_files *files, const char *path,
                     const char *filter, char *error);

static int read_entries(struct conf_files *files, const char *folder,
                        const char *filter, struct dirent **entries, int len,
                        char *error) {
  char path[PATH_BYTES];
  int rc = 0;

  for (int i = 0; i < len; i++) {
    int wanted =
        snprintf(path, sizeof(path), "%s/%s", folder, entries[i]->d_name);
    if (rc == 0 && wanted >= PATH_BYTES)
      rc = fail(error, -ENAMETOOLONG, "%.400s/... is too long", folder);
    if (rc == 0)
      rc = read_path(files, path, filter, error);
    free(entries[i]);
  }
  return rc;
}

static int read_folder(struct conf_files *files, const char *folder,
                       const char *filter, char *error) {
  struct dirent **entries = NULL;
  int len = scandir(folder, &entries, is_visible, compare);

  if (len < 0) {
    int rc =
        fail(error, -errno, "cannot read %.400s: %s", folder, strerror(errno));
    return rc == -ENOMEM ? rc : odd(files, CONF_FILES_UNREADABLE, rc, error);
  }
  files->folders++;
  int rc = read_entries(files, folder, filter, entries, len, error);
  files->folders--;
  free(entries);
  return rc;
}

/* Of what lies in a folder, Filter chooses. */
static int leave_out(struct conf_files *files, const char *path,
                     const char *filter, char *error) {
  if (files->folders > files->outside)
    return 0;
  int rc = fail(error, -EINVAL,
                "Filter \"%.100s\" does not match %.400s, and collectd refuses "
                "the whole configuration for that; Filter belongs to a folder, "
                "not to wildcards",
                filter, path);
  return odd(files, CONF_FILES_FILTERED, rc, error);
}

static int read_path(struct conf_files *files, const char *path,
                     const char *filter, char *error) {
  const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
  struct stat about;

  if (stat(path, &about) != 0) {
    int rc =
        fail(error, -errno, "Include \"%.400s\": %s", path, strerror(errno));
    return odd(files, CONF_FILES_MISSING, rc, error);
  }
  if (S_ISDIR(about.st_mode))
    return read_folder(files, path, filter, error);
  if (!S_ISREG(about.st_mode))
    return 0;
  if (*filter != '\0' && fnmatch(filter, name, 0) != 0)
    return leave_out(files, path, filter, error);
  return read_included(files, path, error);
}

static int compare_words(const void *a, const void *b) {
  return strcmp(*(char *const *)a, *(char *const *)b);
}

int conf_files_include(struct conf_files *files, const char *pattern,
                       const char *filter, char *error) {
  wordexp_t words;
  int rc = 0, outside = files->outside;

  if (files->depth == INCLUDES_MAX - 1)
    return fail(error, -ELOOP, "Include \"%.400s\": nested deeper than %d",
                pattern, INCLUDES_MAX);
  int expanded = wordexp(pattern, &words, WRDE_NOCMD);
  if (expanded == WRDE_NOSPACE)
    return fail(error, -ENOMEM, "out of memory");
  if (expanded != 0)
    return fail(error, -EINVAL, "cannot expand Include \"%.400s\"", pattern);
  files->depth++;
  files->outside = files->folders;
  qsort(words.we_wordv, words.we_wordc, sizeof(words.we_wordv[0]),
        compare_words);
  for (size_t i = 0; i < words.we_wordc && rc == 0; i++)
    rc = read_path(files, words.we_wordv[i], filter, error);
  files->outside = outside;
  files->depth--;
  wordfree(&words);
  return rc;
}
