/* Does a judgement follow from its trace, and is each of its figures a number
 * where it was made from numbers? For tests and fuzzing. */
#ifndef TESTS_SCENES_JUDGEMENT_SOUNDNESS_H
#define TESTS_SCENES_JUDGEMENT_SOUNDNESS_H

#include "verdict/judge.h"

/* before: as it was, judge: as it is since. Returns NULL, or what is wrong. */
const char *judgement_soundness(const struct judge *before,
                                const struct judge *judge,
                                const struct judgement *out,
                                const struct judge_trace *trace);

#endif
