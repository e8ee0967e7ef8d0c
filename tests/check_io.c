/* The room io against a /proc and a netlink kernel of the test's own. The real
 * kernel is in tests/sockets. */
#define _GNU_SOURCE
#include "io/suites.h"

#include <dirent.h>
#include <stdlib.h>

unsigned open_fds(void) {
  DIR *folder = opendir("/proc/self/fd");
  if (folder == NULL)
    abort();
  unsigned count = 0;
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}

int main(void) {
  SRunner *runner = srunner_create(proc_source_suite());
  srunner_add_suite(runner, diag_source_suite());
  srunner_add_suite(runner, table_source_suite());
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
