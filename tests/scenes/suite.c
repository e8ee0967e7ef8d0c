/* See suite.h. The exit status is 0 if every test passed. */
#include "scenes/suite.h"

#include <stdlib.h>

enum { SUITES_MAX = 64 };

static Suite *(*suites[SUITES_MAX])(void);
static size_t count;

void suite_register(Suite *(*make)(void)) {
  if (count == SUITES_MAX)
    abort();
  suites[count++] = make;
}

int main(void) {
  if (count == 0)
    return EXIT_FAILURE;
  SRunner *runner = srunner_create(suites[0]());
  for (size_t i = 1; i < count; i++)
    srunner_add_suite(runner, suites[i]());
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
