/* The explanation for people: the verdict, and step by step how it came. */
#ifndef TOOLS_EXPLAIN_TEXT_H
#define TOOLS_EXPLAIN_TEXT_H

#include "page.h"
#include "source.h"

/* only: the one incident that is wanted, or -1 for all. */
void explain_text_host(const struct explain_page *page,
                       const struct explain_source *source,
                       const struct explain_view *view, int only);

#endif
