/* What is learnt, and what the load explains by it, for people. */
#ifndef TOOLS_EXPLAIN_MODEL_H
#define TOOLS_EXPLAIN_MODEL_H

#include "page.h"

/* The figures of a reading that syn_flood is judged by, and what it has learnt
 * and expects. */
void explain_model_flood(const struct explain_page *page,
                         const struct explain_view *view);

/* What the other incidents have learnt and expect. */
void explain_model_other(const struct explain_page *page,
                         const struct explain_view *view,
                         enum incident_kind kind);

/* Whether it learns, and if not why. */
void explain_model_frozen(const struct explain_page *page,
                          const struct explain_case *is);

#endif
