/* Numbers, lengths of time and moments as words of the screen. Pure but for
 * the time zone. */
#ifndef TOOLS_LIB_WORDS_H
#define TOOLS_LIB_WORDS_H

#include <stddef.h>

enum { WATCH_TEXT_MAX = 32 };

/* "12", "98.2 %", "12.3k", "-" for NAN. text: WATCH_TEXT_MAX bytes. All of
 * these return text. */
const char *words_number(double value, int decimals, const char *unit,
                         char *text);

/* "0 s", "1.5 s", "30 s", "5 min", "2 h 03 min", "3 d 04 h"; "-" for NAN. */
const char *words_duration(double seconds, char *text);

/* "12:03:44" of local time; with the day where it is not that of now_s. */
const char *words_moment(double time_s, double now_s, char *text);

/* What others sent may hold anything: whatever is not printable ASCII becomes a
 * question mark. text: text_max bytes. */
const char *words_clean(const char *raw, char *text, size_t text_max);

#endif
