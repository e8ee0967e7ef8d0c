/* What is published of other detectors: their thresholds
 * (config/thresholds.json) and scores (results/final_results.json). */
#ifndef TESTS_NAB_PUBLISHED_H
#define TESTS_NAB_PUBLISHED_H

#include "nab_corpus.h"

struct nab_published {
  char name[NAB_NAME_MAX];
  double threshold[NAB_PROFILES]; /* a score from here on is a detection */
  double score[NAB_PROFILES];     /* normalised; NAN: not published */
};
enum { NAB_PUBLISHED_MAX = 64 };

/* Those with a threshold, in the order of the file. out: NAB_PUBLISHED_MAX of
 * them. Returns 0, or -errno and why in problem. */
int nab_published_open(const struct nab_corpus *corpus,
                       struct nab_published *out, size_t *len, char *problem);

/* Score the results of a detector with its thresholds. out: the normalised
 * scores of the whole corpus. Returns 0, or -errno and why in problem. */
int nab_published_score(const struct nab_corpus *corpus,
                        const struct nab_published *published,
                        double out[NAB_PROFILES], char *problem);

#endif
