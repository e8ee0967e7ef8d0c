/* Which hosts are meant: names or patterns of the shell, as `silence` has them.
 * Pure. */
#ifndef TOOLS_DAEMON_HOST_PATTERN_H
#define TOOLS_DAEMON_HOST_PATTERN_H

#include <stdbool.h>

/* The longest pattern, with its end. */
enum { HOST_PATTERN_MAX = 256 };

/* patterns: some, with commas between them: "web1,*@web1,db?". */
bool host_pattern_takes(const char *patterns, const char *host);

/* The same in either case. */
bool host_pattern_takes_any_case(const char *patterns, const char *host);

/* Whether no pattern is empty or too long. */
bool host_pattern_is_sound(const char *patterns);

#endif
