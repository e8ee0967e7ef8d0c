/* The lines of a file, gzipped or not, read in large pieces; of any length up
 * to a limit. */
#ifndef TOOLS_HISTORY_HISTORY_LINES_H
#define TOOLS_HISTORY_HISTORY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { HISTORY_LINE_MAX = 1 << 20 };

struct history_lines {
  char *path;
  int fd;                        /* -1: closed between two pieces */
  bool hold;                     /* keep it open */
  bool at_end;                   /* of the file; what is buffered may be left */
  off_t offset;                  /* of the file as it is stored */
  struct history_packed *packed; /* NULL: it is not gzipped */
  size_t piece;                  /* bytes read at once */
  char *buffer;
  size_t capacity, from, to;
  unsigned long line; /* number of the last line handed out, from 1 */
};

/* path: copied; "-" is standard input. hold: keep the file open; else it is
 * opened for each piece, so that thousands can be read side by side. Nothing is
 * opened yet. Returns 0 or -ENOMEM. */
int history_lines_init(struct history_lines *lines, const char *path, bool hold,
                       size_t piece);

/* Begin another file with the same buffer. As history_lines_init. */
int history_lines_change(struct history_lines *lines, const char *path);

void history_lines_release(struct history_lines *lines);

/* The next line without its end, in the buffer until the next call; may be
 * written to, but not terminated. Returns 0; 1 at the end of the file; -EFBIG
 * for a line beyond HISTORY_LINE_MAX; -EBADMSG for gzipped bytes that are
 * damaged or cut; -ENOTSUP for gzipped ones in a build without zlib; -ENOMEM;
 * -errno of open or read. */
int history_lines_next(struct history_lines *lines, char **text,
                       size_t *length);

/* Line number i of those that come next, counted from 0, as it stands in the
 * file; at most `piece` bytes ahead. Returns 0, 1 where there is none so near,
 * or -errno. */
int history_lines_peek(struct history_lines *lines, size_t i, const char **text,
                       size_t *length);

#endif
