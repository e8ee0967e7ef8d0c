/* What would have to change: for the next severity, for an OKAY. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_AHEAD_H
#define TOOLS_EXPLAIN_EXPLAIN_AHEAD_H

#include "page.h"

void explain_ahead(const struct explain_page *page,
                   const struct explain_view *view, enum incident_kind kind,
                   const struct explain_case *is);

#endif
