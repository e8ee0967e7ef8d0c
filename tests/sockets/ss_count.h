/* What ss(8) counts: a third opinion. */
#ifndef TESTS_SOCKETS_SS_COUNT_H
#define TESTS_SOCKETS_SS_COUNT_H

#include "table/tcp_state.h"

#include <stdint.h>

/* Run `ss -Htan` in this network namespace, and leave out what is only bound.
 * Ends the program with a message where ss is missing or says what is not
 * understood. */
void ss_count(uint64_t count[TCP_FAMILY_COUNT][TCP_STATE_END]);

#endif
