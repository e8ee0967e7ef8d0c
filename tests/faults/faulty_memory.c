/* Linked into the command with --wrap: the request for memory number
 * MEMORY_FAULT fails, and with MEMORY_FAULT_LASTS all after it. Says so in the
 * file MEMORY_FAULT_MET. Source: --wrap of ld(1). */
#define _GNU_SOURCE
#include "wrapped_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static unsigned long request;

static void tell(void) {
  const char *path = getenv("MEMORY_FAULT_MET");
  if (path != NULL)
    close(open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static bool refuse(void) {
  const char *number = getenv("MEMORY_FAULT");
  unsigned long due = number == NULL ? 0 : strtoul(number, NULL, 10);
  bool lasts = getenv("MEMORY_FAULT_LASTS") != NULL;
  request++;
  if (due == 0 || request < due || (request > due && !lasts))
    return false;
  if (request == due)
    tell();
  errno = ENOMEM;
  return true;
}

void *__wrap_malloc(size_t size) {
  return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size) {
  return refuse() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size) {
  return refuse() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text) {
  return refuse() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t length) {
  return refuse() ? NULL : __real_strndup(text, length);
}

/* Of processes there is now one number and then another. */
static bool is_of_process(const char *path) {
  return strncmp(path, "/proc", strlen("/proc")) == 0;
}

FILE *__wrap_fopen(const char *path, const char *mode) {
  return !is_of_process(path) && refuse() ? NULL : __real_fopen(path, mode);
}

FILE *__wrap_open_memstream(char **text, size_t *length) {
  return refuse() ? NULL : __real_open_memstream(text, length);
}

DIR *__wrap_opendir(const char *path) {
  return !is_of_process(path) && refuse() ? NULL : __real_opendir(path);
}

int __wrap_scandir(const char *path, struct dirent ***list,
                   filter_entry *filter, compare_entries *compare) {
  return refuse() ? -1 : __real_scandir(path, list, filter, compare);
}
