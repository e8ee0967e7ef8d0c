/* A folder of recorded values of a test's own, and what a reader makes of it.
 */
#ifndef HISTORY_SCENE_H
#define HISTORY_SCENE_H

#include "../tools/history.h"

extern struct history scene;
extern char scene_folder[64];
extern char scene_taken[1 << 16]; /* a line a value */
extern char scene_problem[HISTORY_PROBLEM_MAX];
extern char scene_said[HISTORY_PROBLEM_MAX]; /* the last that was skipped */

/* Before and after each test. */
void scene_setup(void);
void scene_teardown(void);

/* Write a file below the folder, and the folders it stands in. */
void scene_write(const char *name, const char *text);

/* Its whole path, until the next call. */
const char *scene_path(const char *name);

/* Read what was added by names (NULL ends them). Returns the first error. */
int scene_run(const char *const *names);

#endif
