/* The saved state that learn writes: the plugin's text, whole or not at all. */
#ifndef TOOLS_LEARN_LEARN_FILE_H
#define TOOLS_LEARN_LEARN_FILE_H

#include "verdict/engine.h"

#include <stdbool.h>

enum { LEARN_PROBLEM_MAX = 4608 };

/* Before the work: whether path may be written, which must not be there unless
 * force. Returns 0, or -errno and why in problem (LEARN_PROBLEM_MAX bytes). */
int learn_file_check(const char *path, bool force, char *problem);

/* Write what of the engine the filter chooses, with now_s as its time. Returns
 * as learn_file_check; then what stood at path is still there. */
int learn_file_write(const char *path, bool force, double now_s,
                     struct engine *engine, const struct engine_filter *filter,
                     char *problem);

#endif
