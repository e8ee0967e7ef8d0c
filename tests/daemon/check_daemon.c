/* The plugins in the real, stock collectd. Needs root or user namespaces, the
 * programs collectd and ss, and the freshly built plugins. */
#include "daemon_cases.h"
#include "daemon_harness.h"

#include <stdlib.h>

int main(void) {
  Suite *suite = suite_create("daemon");
  suite_add_tcase(suite, daemon_values_case());
  suite_add_tcase(suite, daemon_options_case());
  suite_add_tcase(suite, daemon_conditions_case());
  suite_add_tcase(suite, daemon_status_case());
  suite_add_tcase(suite, daemon_check_case());
  suite_add_tcase(suite, daemon_explain_case());
  suite_add_tcase(suite, daemon_incidents_case());
  suite_add_tcase(suite, daemon_silence_case());
  suite_add_tcase(suite, daemon_memory_case());
  suite_add_tcase(suite, daemon_watch_case());
  suite_add_tcase(suite, daemon_learn_case());
  suite_add_tcase(suite, daemon_handlers_case());
  suite_add_tcase(suite, daemon_network_case());
  suite_add_tcase(suite, daemon_kernels_case());
  suite_add_tcase(suite, daemon_beside_case());

  daemon_folder_create();
  SRunner *runner = srunner_create(suite);
  srunner_run_all(runner, CK_ENV);
  int failed = srunner_ntests_failed(runner);
  srunner_free(runner);
  daemon_folder_remove(failed > 0);
  return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
