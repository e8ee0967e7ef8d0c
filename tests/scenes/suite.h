/* A folder's tests are one program: each file adds its suite by
 *     SUITE(name) { Suite *suite = suite_create("name"); ...; return suite; }
 * and tests/scenes/suite.c runs all that were linked in. CK_RUN_SUITE=name runs
 * one of them, CK_FORK=no runs it where a debugger sees it; see check(3). */
#ifndef TESTS_SCENES_SUITE_H
#define TESTS_SCENES_SUITE_H

#include <check.h>

/* Runs before main. */
void suite_register(Suite *(*make)(void));

#define SUITE(name)                                                            \
  static Suite *name##_suite(void);                                            \
  __attribute__((constructor)) static void name##_register(void) {             \
    suite_register(name##_suite);                                              \
  }                                                                            \
  static Suite *name##_suite(void)

#endif
