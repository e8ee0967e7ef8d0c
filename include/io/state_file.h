/* A file that is whole or not there: written beside, synced, renamed. Never
 * through a symbolic link. What it holds is not known here. */
#ifndef IO_STATE_FILE_H
#define IO_STATE_FILE_H

#include <stddef.h>

enum {
  STATE_FILE_PATH_MAX = 4096,
  STATE_FILE_SIZE_MAX = 1 << 30, /* what is written can be read: no more */
};

/* Read the whole file. Returns 0 and *text (to be freed, length bytes and a
 * terminator after them), or -errno: -ENOENT if there is none, -ELOOP if there
 * is a link in its place, -EINVAL if it is no regular file, -EFBIG above
 * STATE_FILE_SIZE_MAX bytes. */
int state_file_read(const char *path, char **text, size_t *length);

/* Move a file that is of no use out of the way, to PATH.bad. Returns 0 or
 * -errno. */
int state_file_set_aside(const char *path);

/* Lock PATH.lock, an empty file beside it, for as long as *out is open. Returns
 * 0; -EWOULDBLOCK if another process has it; or another -errno. */
int state_file_lock(const char *path, int *out);
void state_file_unlock(int fd); /* below 0: nothing to do */

/* A new version, written to PATH.new; the file at PATH stays until
 * state_file_commit. */
struct state_file {
  int fd;
  size_t used;
  size_t room; /* bytes that may still be appended */
  char buffer[16384];
  char path[STATE_FILE_PATH_MAX];
  char beside[STATE_FILE_PATH_MAX + 8];
};

/* The new version has the owner and the mode of the old one; if there is none,
 * it belongs to the folder's owner, if this process may give it away, and has
 * mode 0640. Returns 0, or -errno and nothing to clean up. */
int state_file_begin(struct state_file *file, const char *path);

/* Returns 0 or -errno: -EFBIG without room; after an error call
 * state_file_abandon. */
int state_file_append(struct state_file *file, const char *text, size_t length);

/* Sync, rename over PATH, sync the folder. Returns 0, or -errno with the old
 * version still in place and the new one removed. */
int state_file_commit(struct state_file *file);
void state_file_abandon(struct state_file *file);

#endif
