/* A picture -> a file beside, and then in its place. */
#include "plot_output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATH_BYTES = 4096 };
static const char suffix[] = ".XXXXXX"; /* of mkstemp(3) */

static bool ends(const char *path, const char *ending) {
  size_t length = strlen(path), end = strlen(ending);

  return length > end && path[length - end - 1] != '/' &&
         strcasecmp(path + length - end, ending) == 0;
}

/* A new file beside path, its name in beside. Returns it, or -errno. */
static int open_beside(const char *path, char *beside) {
  int used = snprintf(beside, PATH_BYTES, "%s%s", path, suffix);

  if (used >= PATH_BYTES)
    return -ENAMETOOLONG;
  int file = mkstemp(beside);
  return file < 0 ? -errno : file;
}

static int refuse(const char *path, int rc, char *problem) {
  return history_fail(problem, rc, "cannot write %.400s: %s", path,
                      strerror(-rc));
}

int plot_output_check(const char *path, char *problem) {
  char beside[PATH_BYTES];
  struct stat about;

  if (!ends(path, ".svg") && !ends(path, ".png"))
    return history_fail(problem, -EINVAL,
                        "cannot draw %.400s: its name must end in .svg or .png",
                        path);
  if (stat(path, &about) == 0 && !S_ISREG(about.st_mode))
    return history_fail(problem, -EINVAL,
                        "cannot write %.400s: it is no regular file", path);
  int file = open_beside(path, beside);
  if (file < 0)
    return refuse(path, file, problem);
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

/* As the shell would have made it. */
static int set_mode(int file) {
  mode_t mask = umask(0);

  umask(mask);
  return fchmod(file, 0666 & ~mask) == 0 ? 0 : -errno;
}

static int replace(const char *path, const char *bytes, size_t length,
                   char *problem) {
  char beside[PATH_BYTES];
  int file = open_beside(path, beside);

  if (file < 0)
    return refuse(path, file, problem);
  int rc = write_all(file, bytes, length);
  if (rc == 0)
    rc = set_mode(file);
  if (close(file) != 0 && rc == 0)
    rc = -errno;
  if (rc == 0 && rename(beside, path) != 0)
    rc = -errno;
  if (rc == 0)
    return 0;
  unlink(beside);
  return refuse(path, rc, problem);
}

int plot_output_save(struct plot_gather *gather, const struct plot_size *size,
                     const char *path, char *problem) {
  char *bytes = NULL;
  size_t length = 0;
  int rc = plot_gather_finish(gather, problem);

  if (rc != 0)
    return rc;
  FILE *picture = open_memstream(&bytes, &length);
  if (!picture)
    return history_fail(problem, -ENOMEM, "out of memory");
  rc = plot_picture_draw(gather, size, ends(path, ".svg"), picture, problem);
  if (fclose(picture) != 0 && rc == 0)
    rc = history_fail(problem, -ENOMEM, "out of memory");
  if (rc == 0)
    rc = replace(path, bytes, length, problem);
  free(bytes);
  return rc;
}
