/* read(2) into one buffer, lines out of it. */
#include "history_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int history_lines_init(struct history_lines *lines, const char *path, bool hold,
                       size_t piece) {
  *lines = (struct history_lines){.fd = -1, .hold = hold, .piece = piece};
  lines->path = strdup(path);
  lines->buffer = malloc(2 * piece);
  if (!lines->path || !lines->buffer) {
    history_lines_release(lines);
    return -ENOMEM;
  }
  lines->capacity = 2 * piece;
  return 0;
}

static void close_file(struct history_lines *lines) {
  if (lines->fd > STDIN_FILENO)
    close(lines->fd);
  lines->fd = -1;
}

void history_lines_release(struct history_lines *lines) {
  close_file(lines);
  free(lines->path);
  free(lines->buffer);
  lines->path = lines->buffer = NULL;
}

int history_lines_change(struct history_lines *lines, const char *path) {
  char *copy = strdup(path);

  if (!copy)
    return -ENOMEM;
  close_file(lines);
  free(lines->path);
  lines->path = copy;
  lines->at_end = false;
  lines->offset = 0;
  lines->from = lines->to = 0;
  lines->line = 0;
  return 0;
}

static int open_file(struct history_lines *lines) {
  if (lines->fd >= 0)
    return 0;
  if (strcmp(lines->path, "-") == 0) {
    lines->fd = STDIN_FILENO;
    return 0;
  }
  lines->fd = open(lines->path, O_RDONLY | O_CLOEXEC);
  if (lines->fd < 0)
    return -errno;
  if (lines->offset > 0 && lseek(lines->fd, lines->offset, SEEK_SET) < 0)
    return -errno;
  return 0;
}

/* Room for another piece behind what is left in the buffer. */
static int make_room(struct history_lines *lines) {
  if (lines->from > 0) {
    memmove(lines->buffer, lines->buffer + lines->from,
            lines->to - lines->from);
    lines->to -= lines->from;
    lines->from = 0;
  }
  if (lines->capacity - lines->to >= lines->piece)
    return 0;
  if (lines->to > HISTORY_LINE_MAX)
    return -EFBIG;
  char *larger = realloc(lines->buffer, 2 * lines->capacity);
  if (!larger)
    return -ENOMEM;
  lines->buffer = larger;
  lines->capacity *= 2;
  return 0;
}

static int read_piece(struct history_lines *lines) {
  ssize_t got = 0;
  int rc = make_room(lines);

  if (rc == 0)
    rc = open_file(lines);
  if (rc != 0)
    return rc;
  do
    got = read(lines->fd, lines->buffer + lines->to, lines->piece);
  while (got < 0 && errno == EINTR);
  if (got < 0)
    return -errno;
  lines->to += (size_t)got;
  lines->offset += got;
  lines->at_end = got == 0;
  if (!lines->hold || lines->at_end)
    close_file(lines);
  return 0;
}

/* The line that begins at buffer[from]. Returns as history_lines_next. */
static int find_line(struct history_lines *lines, size_t skipped,
                     size_t *length) {
  size_t searched = 0;

  for (;;) {
    size_t begin = lines->from + skipped;
    const char *text = lines->buffer + begin;
    const char *end =
        memchr(text + searched, '\n', lines->to - begin - searched);
    if (end) {
      *length = (size_t)(end - text);
      return 0;
    }
    searched = lines->to - begin;
    if (lines->at_end) {
      *length = searched;
      return searched > 0 ? 0 : 1;
    }
    int rc = read_piece(lines);
    if (rc != 0)
      return rc;
  }
}

int history_lines_next(struct history_lines *lines, char **text,
                       size_t *length) {
  int rc = find_line(lines, 0, length);

  if (rc != 0)
    return rc;
  if (*length > HISTORY_LINE_MAX)
    return -EFBIG;
  *text = lines->buffer + lines->from;
  lines->from += *length;
  if (lines->from < lines->to)
    lines->from++; /* the end of the line */
  lines->line++;
  return 0;
}

int history_lines_peek(struct history_lines *lines, size_t i, const char **text,
                       size_t *length) {
  size_t skipped = 0;

  for (;; i--) {
    if (skipped >= lines->piece)
      return 1;
    int rc = find_line(lines, skipped, length);
    if (rc != 0 || i == 0) {
      *text = lines->buffer + lines->from + skipped;
      return rc;
    }
    skipped += *length;
    skipped += lines->from + skipped < lines->to;
  }
}
