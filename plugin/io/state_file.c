/* Read, set aside, lock, write beside and rename. System calls only. */
#include "io/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

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
  if (is.st_size > STATE_FILE_SIZE_MAX)
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

/* The folder of path, in size bytes; "." where none is named. */
static void folder_of(const char *path, char *folder, size_t size) {
  const char *slash = strrchr(path, '/');

  if (!slash)
    snprintf(folder, size, ".");
  else if (slash == path)
    snprintf(folder, size, "/");
  else
    snprintf(folder, size, "%.*s", (int)(slash - path), path);
}

/* Whose a new file is to be: the old version's, else the folder's. Root may
 * write for a daemon of another user, who must be able to read it. */
static bool find_owner(const char *path, struct stat *out) {
  char folder[STATE_FILE_PATH_MAX];

  folder_of(path, folder, sizeof(folder));
  return (lstat(path, out) == 0 && S_ISREG(out->st_mode)) ||
         stat(folder, out) == 0;
}

/* fd: of a file that this process has just made; never of one it has found, as
 * that might be somebody's link to another. Who is not root cannot give a file
 * away, and has no need to: what cannot be done is left. */
static void keep_owner(int fd, const char *path, bool with_mode) {
  struct stat old, fresh;

  if (!find_owner(path, &old) || fstat(fd, &fresh) != 0)
    return;
  if ((old.st_uid != fresh.st_uid || old.st_gid != fresh.st_gid) &&
      fchown(fd, old.st_uid, old.st_gid) != 0)
    return;
  if (with_mode && S_ISREG(old.st_mode))
    (void)!fchmod(fd, old.st_mode & 0777);
}

int state_file_begin(struct state_file *file, const char *path) {
  file->used = 0;
  file->room = STATE_FILE_SIZE_MAX;
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
  if (file->fd < 0)
    return -errno;
  keep_owner(file->fd, path, true);
  return 0;
}

/* Only to read: its file system can be made read-only meanwhile. */
static int open_lock(const char *path, const char *lock) {
  int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
  int fd = open(lock, flags | O_CREAT | O_EXCL, 0600);

  if (fd >= 0)
    keep_owner(fd, path, false);
  else if (errno == EEXIST)
    fd = open(lock, flags);
  return fd < 0 ? -errno : fd;
}

int state_file_lock(const char *path, int *out) {
  char lock[STATE_FILE_PATH_MAX + 8];

  if (snprintf(lock, sizeof(lock), "%s.lock", path) >= (int)sizeof(lock))
    return -ENAMETOOLONG;
  int fd = open_lock(path, lock);
  if (fd < 0)
    return fd;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    int rc = -errno;
    close(fd);
    return rc;
  }
  *out = fd;
  return 0;
}

void state_file_unlock(int fd) {
  if (fd >= 0)
    close(fd);
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
  int rc = length > file->room ? -EFBIG : 0;

  if (rc == 0)
    file->room -= length;
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

  folder_of(path, folder, sizeof(folder));
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
