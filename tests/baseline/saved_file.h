/* What stands in the place of a keeper's file and at its other names, and what
 * holds where it cannot be saved; for the keeper's tests. */
#ifndef TESTS_BASELINE_SAVED_FILE_H
#define TESTS_BASELINE_SAVED_FILE_H

#include "kept_engine.h"

/* StateFile with .bad and .new behind its name. */
extern char saved_bad[sizeof(kept.rules.state_file) + 8];
extern char saved_beside[sizeof(kept.rules.state_file) + 8];

/* kept_setup, and these names. */
void saved_setup(void);

/* A file's text, good until the next but one; "" where there is none. length:
 * NULL where it is of no interest. */
const char *saved_text(const char *path, size_t *length);
void saved_put(const char *path, const char *text, size_t length);
void saved_assert(const char *path, const char *text);

/* Learn something of a few hosts and save it. Returns the saved text, to be
 * freed. */
char *saved_some(size_t *length);

/* Saving fails with that error, which is said once, and learning goes on. */
void saved_assert_fails(int error);

/* It succeeds again, which is said once, and all is there after a restart. */
void saved_assert_again(void);

#endif
