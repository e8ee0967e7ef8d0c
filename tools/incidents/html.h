/* The listing as one page that needs nothing beside itself: for somebody who
 * was asleep. */
#ifndef TOOLS_INCIDENTS_HTML_H
#define TOOLS_INCIDENTS_HTML_H

#include "pictures.h"

#include <stdio.h>

/* Returns 0 or -ENOMEM; whether out could be written is for the caller to ask.
 */
int incidents_html(const struct incidents_list *list,
                   const struct incidents_pictures *pictures, FILE *out);

#endif
