/* The listeners of a host whose syn_flood is open, with PerListener. */
#ifndef TOOLS_EXPLAIN_LISTENERS_H
#define TOOLS_EXPLAIN_LISTENERS_H

#include "page.h"
#include "source.h"

/* A sentence or two each. Returns 0 or -errno. */
int explain_listeners(const struct explain_page *page,
                      const struct explain_source *source, const char *host);

#endif
