/* Moments: as the command line names them, and as they are written. Local time,
 * by TZ.
 *
 *     char when[MOMENT_MAX];
 *     moment_write(start_s, when); */
#ifndef TOOLS_LIB_MOMENT_H
#define TOOLS_LIB_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

enum { MOMENT_MAX = 64, PLOT_MOMENT_TEXT_MAX = MOMENT_MAX };

/* One end of a range. */
struct moment {
  bool given;
  bool relative; /* seconds before another moment, not since 1970 */
  double seconds;
};

/* Reads seconds since 1970; a date with or without a time,
 * "2026-11-22T10:00:30", local unless Z or +01:00 follows; or a length of time
 * before another moment, "-3h", in s, m, h, d or w. Returns false, with *out
 * untouched, for all else. */
bool moment_read(const char *text, struct moment *out);

/* Seconds since 1970 by the clock on the wall, which may be set. */
double moment_now(void);

/* Seconds by a clock that is never set back: only differences mean anything. */
double moment_steady(void);

/* "2026-11-22 10:00:30"; "?" where the time is beyond the calendar. out:
 * MOMENT_MAX bytes. Returns out. */
const char *moment_write(double time_s, char *out);

/* As strftime(3) writes it; "?" where the time is beyond the calendar. */
void moment_format(double time_s, const char *format, char *out, size_t size);

/* "12:03:44" for a time of the same day as now_s, else other_day, a format of
 * strftime(3). Returns false, with out "", for a time that is not known (NAN)
 * or beyond the calendar. */
bool moment_clock(double time_s, double now_s, const char *other_day, char *out,
                  size_t size);

/* Until plot and learn are converted: words_duration_notice in words.h. */
void moment_duration(double duration_s, char *out);

#endif
