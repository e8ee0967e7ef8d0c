/* How far long work has come, drawn in place on a terminal. */
#ifndef TOOLS_LIB_PROGRESS_H
#define TOOLS_LIB_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum { PROGRESS_LINE_MAX = 512 };

/* Where the work stands. */
struct progress_at {
  uint64_t done, total; /* bytes; total 0: nobody knows */
  double elapsed_s;
  const char *note; /* what it is at, "2026-11-22"; "" none */
};

struct progress {
  FILE *out; /* NULL: nothing is drawn */
  double begun_s, drawn_s;
  bool drawn;
};

/* The line, of at most columns characters and a terminator, in line
 * (PROGRESS_LINE_MAX bytes): a bar, percent, bytes, the note, and the time that
 * is left where it can be known. Pure ASCII. */
void progress_line(const struct progress_at *at, int columns, char *line);

/* out: stderr; what is no terminal is not drawn on. */
void progress_begin(struct progress *progress, FILE *out);

/* Draw, unless a moment ago; cheap enough for every thousandth value. */
void progress_show(struct progress *progress, uint64_t done, uint64_t total,
                   const char *note);

/* Take the line away, so that other text can be printed. */
void progress_end(struct progress *progress);

#endif
