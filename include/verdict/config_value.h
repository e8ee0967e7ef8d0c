/* Numbers and booleans as collectd's configuration syntax writes them;
 * collectd's samples put them in quotes. Pure. */
#ifndef VERDICT_CONFIG_VALUE_H
#define VERDICT_CONFIG_VALUE_H

#include <stddef.h>

enum config_value_kind {
  CONFIG_VALUE_TEXT,
  CONFIG_VALUE_NUMBER,
  CONFIG_VALUE_TRUE, /* true yes on, in any case */
  CONFIG_VALUE_FALSE /* false no off, in any case */
};

/* Characters of the number that begins at `at`; 0 if none does. */
size_t config_value_number_length(const char *at, const char *end);

/* The number that these characters are. */
double config_value_number(const char *text, size_t length);

/* What the text of a quoted value means when a number or a boolean is
 * expected. *number is set for CONFIG_VALUE_NUMBER only. */
enum config_value_kind config_value_read(const char *text, double *number);

#endif
