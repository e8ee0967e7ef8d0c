/* A file that is whole or not there: written beside, synced, renamed. Never
 * through a symbolic link. Knows nothing of what it holds. */
#ifndef IO_STATE_FILE_H
#define IO_STATE_FILE_H

#include <stddef.h>

enum {
  STATE_FILE_PATH_MAX = 4096,
  STATE_FILE_SIZE_MAX = 1 << 30, /* what is written can be read: no more */
};

/* Read the whole file. Returns 0 and *text (to be freed, length bytes and a
 * terminator behind them), or -errno: -ENOENT where there is none, -ELOOP where
 * a link stands in its place, -EINVAL where it is no regular file, -EFBIG above
 * STATE_FILE_SIZE_MAX bytes. */
int state_file_read(const char *path, char **text, size_t *length);

/* Move a file that is of no use out of the way, to PATH.bad. Returns 0 or
 * -errno. */
int state_file_set_aside(const char *path);

/* Lock PATH.lock, an empty file beside it, for as long as *out is open. Returns
 * 0; -EWOULDBLOCK where another process has it; or another -errno. */
int state_file_lock(const char *path, int *out);
void state_file_unlock(int fd); /* below 0: nothing to do */

/* A new version, being written to PATH.new; what stood at PATH stays until
 * state_file_commit. */
struct state_file {
  int fd;
  size_t used;
  size_t room; /* bytes that may still be appended */
  char buffer[65536];
  char path[STATE_FILE_PATH_MAX];
  char beside[STATE_FILE_PATH_MAX + 8];
};

/* The new version has the owner and the mode of the old one; where there is
 * none, it is the folder's owner's, as far as this process may give it away,
 * and has mode 0640. Returns 0, or -errno and nothing to clean up. */
int state_file_begin(struct state_file *file, const char *path);

/* Returns 0 or -errno: -EFBIG where there is no room; after an error
 * state_file_abandon is what is left. */
int state_file_append(struct state_file *file, const char *text, size_t length);

/* Sync, rename over PATH, sync the folder. Returns 0, or -errno with the old
 * version still in place and the new one removed. */
int state_file_commit(struct state_file *file);
void state_file_abandon(struct state_file *file);

#endif
