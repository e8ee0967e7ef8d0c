/* A folder of recorded values of a test's own, and what a reader makes of it.
 */
#ifndef TESTS_SCENES_HISTORY_SCENE_H
#define TESTS_SCENES_HISTORY_SCENE_H

#include "history/history.h"

extern struct history history_scene;
extern char history_scene_folder[64];
extern char history_scene_taken[1 << 16]; /* a line a value */
extern char history_scene_problem[HISTORY_PROBLEM_MAX];
extern char
    history_scene_said[HISTORY_PROBLEM_MAX]; /* the last that was skipped */

/* Before and after each test. */
void history_scene_setup(void);
void history_scene_teardown(void);

/* Write a file below the folder, and the folders it stands in. */
void history_scene_write(const char *name, const char *text);

/* Its whole path, until the next call. */
const char *history_scene_path(const char *name);

/* Read what was added by names (NULL ends them). Returns the first error. */
int history_scene_run(const char *const *names);

#endif
