/* The watched series, for people. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_LIST_H
#define TOOLS_EXPLAIN_EXPLAIN_LIST_H

#include "explain_series.h"
#include "page.h"

/* One series, whole. */
void explain_list_series(const struct explain_page *page,
                         const struct explain_series *series);

/* Those of one host, a line each, open ones with their severity; no more than
 * a few. Returns 0 or -ENOMEM. */
int explain_list_host(const struct explain_page *page,
                      const struct explain_source *source, const char *host);

#endif
