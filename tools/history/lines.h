/* The lines of a file, gzipped or not, read in large pieces. A line may be up
 * to HISTORY_LINE_MAX bytes long. */
#ifndef TOOLS_HISTORY_LINES_H
#define TOOLS_HISTORY_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { HISTORY_LINE_MAX = 1 << 20 };

struct history_lines {
  char *path;
  int fd;       /* -1: closed between two pieces */
  bool hold;    /* keep it open */
  bool at_end;  /* all of the file is read; the buffer may still hold lines */
  off_t offset; /* in the file as stored */
  struct history_packed *packed; /* NULL: not gzipped */
  size_t piece;                  /* bytes read at once */
  char *buffer;
  size_t capacity, from, to;
  unsigned long line; /* number of the last line returned, from 1 */
};

/* path: copied; "-" is standard input. hold: keep the file open; otherwise it
 * is opened for each piece, so that thousands of files can be read side by
 * side. Opens nothing yet. Returns 0 or -ENOMEM. */
int history_lines_init(struct history_lines *lines, const char *path, bool hold,
                       size_t piece);

/* Begin another file with the same buffer. Returns as history_lines_init. */
int history_lines_change(struct history_lines *lines, const char *path);

void history_lines_release(struct history_lines *lines);

/* The next line without its end, valid until the next call; it may be changed,
 * but not terminated. Returns 0; 1 at the end of the file; -EFBIG for a line
 * longer than HISTORY_LINE_MAX; -EBADMSG for gzipped bytes that are damaged or
 * cut; -ENOTSUP for a gzipped file in a build without zlib; -ENOMEM; or -errno
 * of open or read. */
int history_lines_next(struct history_lines *lines, char **text,
                       size_t *length);

/* Look at line i of the coming lines, counted from 0, without consuming it; at
 * most `piece` bytes ahead. Returns 0, 1 if there is none within that distance,
 * or -errno. */
int history_lines_peek(struct history_lines *lines, size_t i, const char **text,
                       size_t *length);

#endif
