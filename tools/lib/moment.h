/* Moments of a picture: as the command line names them, and as they are
 * written. Local time, by TZ. */
#ifndef TOOLS_LIB_MOMENT_H
#define TOOLS_LIB_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

enum { PLOT_MOMENT_TEXT_MAX = 64 };

/* One end of the range. */
struct moment {
  bool given;
  bool relative; /* seconds is what it lies before another moment */
  double seconds;
};

/* Seconds since 1970; a date with or without a time, "2026-11-22T10:00:30",
 * local, or with Z or +01:00 behind it; or, before another moment, "-3h" with
 * one of s, m, h, d, w. Returns whether text is one of these. */
bool moment_read(const char *text, struct moment *out);

/* "2026-11-22 10:00:30". out: PLOT_MOMENT_TEXT_MAX bytes. */
void moment_write(double time_s, char *out);

/* As strftime(3) has it; "?" where the time is beyond the calendar. */
void moment_format(double time_s, const char *format, char *out, size_t size);

/* "45 s", "24 min", "3 h 20 min", "4 d 3 h", what is left over cut off, as the
 * notices have it. out: PLOT_MOMENT_TEXT_MAX bytes. */
void moment_duration(double duration_s, char *out);

#endif
