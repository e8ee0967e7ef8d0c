/* A locale with a decimal comma, made by localedef in a folder of its own and
 * set for the whole process. Included by one test program at a time. */
#ifndef TESTS_SCENES_COMMA_LOCALE_H
#define TESTS_SCENES_COMMA_LOCALE_H

#include <check.h>
#include <locale.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMA_LOCALE "de_DE.UTF-8"

/* A number as printf has it now: "0,5" or "0.5". */
static inline bool comma_is_set(void) {
  char text[16];
  snprintf(text, sizeof(text), "%.1f", 0.5);
  return strcmp(text, "0,5") == 0;
}

/* Make it in a folder, and set it. Returns false, and says so, where the
 * machine cannot make one. */
static inline bool comma_locale_make(const char *folder) {
  char command[160];
  snprintf(command, sizeof(command),
           "localedef -i de_DE -f UTF-8 %s/" COMMA_LOCALE " >/dev/null 2>&1",
           folder);
  int made = system(command);
  ck_assert_int_eq(setenv("LOCPATH", folder, 1), 0);
  if (setlocale(LC_ALL, COMMA_LOCALE) != NULL && comma_is_set())
    return true;
  printf("left out: no locale with a decimal comma (localedef: %d)\n", made);
  return false;
}

static inline void comma_locale_remove(const char *folder) {
  char command[64];
  snprintf(command, sizeof(command), "rm -rf %s", folder);
  ck_assert_int_eq(system(command), 0);
}

/* The same in a folder that is no longer needed then. */
static inline bool comma_locale_set(void) {
  char folder[] = "/tmp/comma_locale.XXXXXX";
  ck_assert_ptr_nonnull(mkdtemp(folder));
  bool set = comma_locale_make(folder);
  comma_locale_remove(folder);
  return set;
}

/* Another thread sets it and the C locale in turn, until comma_flips ends. */
static atomic_bool comma_flips;

static inline void *comma_flip(void *unused) {
  while (comma_flips) {
    setlocale(LC_NUMERIC, COMMA_LOCALE);
    setlocale(LC_NUMERIC, "C");
  }
  return unused;
}

#endif
