/* See nab_text.h. */
#include "nab_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_MAX = 1 << 20 };

int nab_text_refuse(char *problem, const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(problem, NAB_PROBLEM_MAX, format, arguments);
  va_end(arguments);
  return -EINVAL;
}

static int read_stream(FILE *stream, char **out, size_t *length) {
  char *text = malloc(TEXT_MAX);

  if (!text)
    return -ENOMEM;
  *length = fread(text, 1, TEXT_MAX, stream);
  if (ferror(stream) || *length == TEXT_MAX) {
    free(text);
    return ferror(stream) ? -EIO : -EFBIG;
  }
  *out = text;
  return 0;
}

int nab_text_read(const char *folder, const char *name, char **out,
                  size_t *length, char *problem) {
  char path[NAB_PATH_MAX];

  snprintf(path, sizeof(path), "%s/%s", folder, name);
  FILE *stream = fopen(path, "r");
  int rc = stream ? read_stream(stream, out, length) : -errno;
  if (stream)
    fclose(stream);
  if (rc != 0)
    nab_text_refuse(problem, "%s: %s", path, strerror(-rc));
  return rc;
}
