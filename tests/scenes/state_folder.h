/* A folder with a state file in it, for the tests of state_file. Included by
 * one test program at a time. */
#ifndef TESTS_SCENES_STATE_FOLDER_H
#define TESTS_SCENES_STATE_FOLDER_H

#include "io/state_file.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct state_file file;
static char folder[64], path[128], beside[160], bad[160];
static char *text;
static size_t length;

static inline void setup(void) {
  umask(022);
  strcpy(folder, "/tmp/check_state_file.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(folder));
  snprintf(path, sizeof(path), "%s/state", folder);
  snprintf(beside, sizeof(beside), "%s.new", path);
  snprintf(bad, sizeof(bad), "%s.bad", path);
  text = NULL;
}

static inline void teardown(void) {
  char command[128];
  free(text);
  snprintf(command, sizeof(command), "rm -rf %s", folder);
  ck_assert_int_eq(system(command), 0);
}

static inline int save(const char *what) {
  int rc = state_file_begin(&file, path);
  if (rc != 0)
    return rc;
  rc = state_file_append(&file, what, strlen(what));
  if (rc == 0)
    return state_file_commit(&file);
  state_file_abandon(&file);
  return rc;
}

static inline void assert_holds(const char *what) {
  free(text);
  text = NULL;
  ck_assert_int_eq(state_file_read(path, &text, &length), 0);
  ck_assert_uint_eq(length, strlen(what));
  ck_assert_str_eq(text, what);
}

static inline void put(const char *at, const char *what) {
  FILE *out = fopen(at, "w");
  ck_assert_ptr_nonnull(out);
  ck_assert_int_ge(fputs(what, out), 0);
  ck_assert_int_eq(fclose(out), 0);
}

static inline void assert_nothing_beside(void) {
  ck_assert_int_ne(access(beside, F_OK), 0);
}

#endif
