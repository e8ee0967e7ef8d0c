/* The progress of long work, drawn in place on a terminal. */
#ifndef TOOLS_LIB_PROGRESS_H
#define TOOLS_LIB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PROGRESS_LINE_MAX = 512 };

/* Where the work stands. */
struct progress_at {
  uint64_t done, total; /* bytes; total 0: not known */
  double elapsed_s;
  const char *note; /* what is being read, "2026-11-22"; "" none */
};

struct progress {
  FILE *out; /* NULL: nothing is drawn */
  double begun_s, drawn_s;
  bool drawn;
};

/* Writes a line of at most `columns` characters: a bar, percent, bytes, the
 * note, and the time left if it can be known. Pure ASCII. line:
 * PROGRESS_LINE_MAX bytes. */
void progress_line(const struct progress_at *at, int columns, char *line);

/* out: stderr; nothing is drawn if it is no terminal. */
void progress_begin(struct progress *progress, FILE *out);

/* Draws, at most five times a second. Cheap enough for every thousandth value.
 */
void progress_show(struct progress *progress, uint64_t done, uint64_t total,
                   const char *note);

/* Removes the line, so that other text can be printed. */
void progress_end(struct progress *progress);

#endif
