/* Options that every subcommand which reads history has. */
#ifndef TOOLS_LIB_OPTIONS_H
#define TOOLS_LIB_OPTIONS_H

#include <stdbool.h>

/* Seconds between two rows, 0.001 to 86400; false, with *out untouched, where
 * the text is no such number. */
bool options_interval(const char *text, double *out);

/* Whether a host may have this name. */
bool options_is_host(const char *text);

#endif
