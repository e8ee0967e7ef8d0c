/* What would have to change: for the next severity, for an OKAY. */
#ifndef EXPLAIN_AHEAD_H
#define EXPLAIN_AHEAD_H

#include "explain_page.h"

void explain_ahead(const struct explain_page *page,
                   const struct explain_view *view, enum incident_kind kind,
                   const struct explain_case *is);

#endif
