/* What an incident has learned, what the load explains, and what would change
 * its severity, for people. */
#ifndef TOOLS_EXPLAIN_MODEL_H
#define TOOLS_EXPLAIN_MODEL_H

#include "page.h"

/* The figures of the reading that syn_flood uses, and what syn_flood has
 * learned and expects. */
void explain_model_flood(const struct explain_page *page,
                         const struct explain_view *view);

/* What one of the other incidents has learned and expects. */
void explain_model_other(const struct explain_page *page,
                         const struct explain_view *view,
                         enum incident_kind kind);

/* Whether the incident learns, and if not, why. */
void explain_model_frozen(const struct explain_page *page,
                          const struct explain_case *is);

/* What it takes to raise the severity, and to close the incident. */
void explain_model_ahead(const struct explain_page *page,
                         const struct explain_view *view,
                         enum incident_kind kind,
                         const struct explain_case *is);

#endif
