/* The listing for people. */
#ifndef TOOLS_INCIDENTS_TEXT_H
#define TOOLS_INCIDENTS_TEXT_H

#include "source.h"

#include <stdio.h>

void incidents_text(const struct incidents_list *list, FILE *out);

#endif
