/* Read, set aside, write beside and rename. System calls only. */
#include "io/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const off_t size_max = (off_t)1 << 30;

static int read_all(int fd, char *text, size_t size, size_t *length) {
  *length = 0;
  while (*length < size) {
    ssize_t got = read(fd, text + *length, size - *length);
    if (got < 0 && errno != EINTR)
      return -errno;
    if (got == 0)
      break;
    if (got > 0)
      *length += (size_t)got;
  }
  text[*length] = '\0';
  return 0;
}

static int read_open(int fd, char **text, size_t *length) {
  struct stat is;

  if (fstat(fd, &is) != 0)
    return -errno;
  if (!S_ISREG(is.st_mode))
    return -EINVAL;
  if (is.st_size > size_max)
    return -EFBIG;
  char *fresh = malloc((size_t)is.st_size + 1);
  if (!fresh)
    return -ENOMEM;
  int rc = read_all(fd, fresh, (size_t)is.st_size, length);
  if (rc == 0)
    *text = fresh;
  else
    free(fresh);
  return rc;
}

int state_file_read(const char *path, char **text, size_t *length) {
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

  if (fd < 0)
    return -errno;
  int rc = read_open(fd, text, length);
  close(fd);
  return rc;
}

int state_file_set_aside(const char *path) {
  char aside[STATE_FILE_PATH_MAX + 8];

  if (snprintf(aside, sizeof(aside), "%s.bad", path) >= (int)sizeof(aside))
    return -ENAMETOOLONG;
  return rename(path, aside) == 0 ? 0 : -errno;
}

static bool is_link(const char *path) {
  struct stat is;

  return lstat(path, &is) == 0 && S_ISLNK(is.st_mode);
}

int state_file_begin(struct state_file *file, const char *path) {
  file->used = 0;
  if (snprintf(file->path, sizeof(file->path), "%s", path) >=
      (int)sizeof(file->path))
    return -ENAMETOOLONG;
  snprintf(file->beside, sizeof(file->beside), "%s.new", path);
  if (is_link(path))
    return -ELOOP;
  if (unlink(file->beside) != 0 && errno != ENOENT)
    return -errno;
  file->fd = open(file->beside,
                  O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0640);
  return file->fd < 0 ? -errno : 0;
}

static int write_all(int fd, const char *text, size_t length) {
  while (length > 0) {
    ssize_t put = write(fd, text, length);
    if (put < 0 && errno != EINTR)
      return -errno;
    if (put > 0) {
      text += put;
      length -= (size_t)put;
    }
  }
  return 0;
}

static int flush(struct state_file *file) {
  int rc = write_all(file->fd, file->buffer, file->used);

  file->used = 0;
  return rc;
}

int state_file_append(struct state_file *file, const char *text,
                      size_t length) {
  int rc = 0;

  while (rc == 0 && length > 0) {
    size_t room = sizeof(file->buffer) - file->used;
    size_t part = length < room ? length : room;
    memcpy(file->buffer + file->used, text, part);
    file->used += part;
    text += part;
    length -= part;
    if (file->used == sizeof(file->buffer))
      rc = flush(file);
  }
  return rc;
}

/* The rename itself must reach the disk. A folder that cannot be synced (some
 * network file systems) is no reason to fail: the file is whole. */
static void sync_folder(const char *path) {
  char folder[STATE_FILE_PATH_MAX];
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) : 1;

  if (slash && length == 0)
    length = 1;
  memcpy(folder, slash ? path : ".", length);
  folder[length] = '\0';
  int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0) {
    fsync(fd);
    close(fd);
  }
}

int state_file_commit(struct state_file *file) {
  int rc = flush(file);

  if (rc == 0 && fsync(file->fd) != 0)
    rc = -errno;
  if (close(file->fd) != 0 && rc == 0)
    rc = -errno;
  file->fd = -1;
  if (rc == 0 && is_link(file->path))
    rc = -ELOOP;
  if (rc == 0 && rename(file->beside, file->path) != 0)
    rc = -errno;
  if (rc != 0)
    unlink(file->beside);
  else
    sync_folder(file->path);
  return rc;
}

void state_file_abandon(struct state_file *file) {
  if (file->fd >= 0)
    close(file->fd);
  file->fd = -1;
  unlink(file->beside);
}
