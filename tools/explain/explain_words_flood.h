/* The words of syn_flood; a part of explain_words. */
#ifndef TOOLS_EXPLAIN_EXPLAIN_WORDS_FLOOD_H
#define TOOLS_EXPLAIN_EXPLAIN_WORDS_FLOOD_H

#include "words.h"

/* By enum syn_flood_test. */
extern const struct explain_word explain_words_flood[FLOOD_TESTS];

#endif
