/* JSON, written as RFC 8259 wants it. */
#ifndef TOOLS_LIB_JSON_H
#define TOOLS_LIB_JSON_H

#include <stdio.h>

/* A string with its quotes. What is no UTF-8 becomes U+FFFD; all controls, C1
 * too, are escaped, for JSON is also looked at in terminals. */
void json_string(FILE *out, const char *text);

/* A number; null where it is none that JSON knows. */
void json_number(FILE *out, double number);

#endif
