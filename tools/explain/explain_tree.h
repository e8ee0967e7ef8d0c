/* A rule of the judgement as lines: each test with its figure, its limit and
 * the answer. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_TREE_H
#define TOOLS_EXPLAIN_EXPLAIN_TREE_H

#include "page.h"

/* The terms of one rule. */
void explain_tree_rule(const struct explain_page *page, int indent,
                       const struct explain_case *is, int rule);

#endif
