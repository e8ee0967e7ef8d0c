/* The lines below the verdict: why, and what clears it or would raise it. */
#ifndef TOOLS_EXPLAIN_BRIEF_H
#define TOOLS_EXPLAIN_BRIEF_H

#include "page.h"

/* Of an open incident. */
void explain_brief_open(const struct explain_page *page,
                        const struct explain_view *view,
                        enum incident_kind kind);

/* Of a host without an open incident, or of one incident that is not open.
 * only: that incident, or -1. The view is judged. */
void explain_brief_calm(const struct explain_page *page,
                        const struct explain_view *view, int only);

#endif
