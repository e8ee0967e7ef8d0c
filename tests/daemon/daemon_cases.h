/* The cases of check_daemon, one file each. */
#ifndef DAEMON_CASES_H
#define DAEMON_CASES_H

#include <check.h>

TCase *daemon_values_case(void);
TCase *daemon_options_case(void);
TCase *daemon_conditions_case(void);
TCase *daemon_status_case(void);
TCase *daemon_check_case(void);
TCase *daemon_explain_case(void);
TCase *daemon_incidents_case(void);
TCase *daemon_silence_case(void);
TCase *daemon_memory_case(void);
TCase *daemon_watch_case(void);
TCase *daemon_learn_case(void);
TCase *daemon_handlers_case(void);
TCase *daemon_network_case(void);
TCase *daemon_kernels_case(void);
TCase *daemon_beside_case(void);

#endif
