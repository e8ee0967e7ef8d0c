/* See replace_file.h. */
#include "replace_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };
static const char suffix[] = ".XXXXXX"; /* of mkstemp(3) */

/* A new file beside path, its name in beside. Returns it, or -errno. */
static int open_beside(const char *path, char *beside) {
  int used = snprintf(beside, PATH_BYTES, "%s%s", path, suffix);

  if (used >= PATH_BYTES)
    return -ENAMETOOLONG;
  int file = mkstemp(beside);
  return file < 0 ? -errno : file;
}

int replace_file_check(const char *path) {
  char beside[PATH_BYTES];
  struct stat about;

  if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
    return -EEXIST;
  int file = open_beside(path, beside);
  if (file < 0)
    return file;
  close(file);
  unlink(beside);
  return 0;
}

static int write_all(int file, const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t done = write(file, bytes, length);
    if (done < 0 && errno != EINTR)
      return -errno;
    bytes += done > 0 ? done : 0;
    length -= done > 0 ? (size_t)done : 0;
  }
  return 0;
}

/* The mode that the shell would have used. */
static int set_mode(int file) {
  mode_t mask = umask(0);

  umask(mask);
  return fchmod(file, 0666 & ~mask) == 0 ? 0 : -errno;
}

int replace_file(const char *path, const char *bytes, size_t length) {
  char beside[PATH_BYTES];
  int file = open_beside(path, beside);

  if (file < 0)
    return file;
  int rc = write_all(file, bytes, length);
  if (rc == 0)
    rc = set_mode(file);
  if (close(file) != 0 && rc == 0)
    rc = -errno;
  if (rc == 0 && rename(beside, path) != 0)
    rc = -errno;
  if (rc != 0)
    unlink(beside);
  return rc;
}
