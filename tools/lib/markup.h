/* Text in XML and HTML. */
#ifndef TOOLS_LIB_MARKUP_H
#define TOOLS_LIB_MARKUP_H

#include <stdio.h>

/* Write text, UTF-8, with its special characters escaped, as content or in a
 * quoted attribute. Control characters, which XML may not have, become blanks.
 */
void markup_escape(FILE *out, const char *text);

#endif
