/* The detector that is measured: a <Watch> over one file. Each notification of
 * a new incident is a detection. */
#ifndef TESTS_NAB_WATCH_H
#define TESTS_NAB_WATCH_H

#include "nab_corpus.h"

/* What the judgement said of one row. */
struct nab_verdict {
  bool judged; /* else all else says nothing */
  bool told;   /* an incident was raised */
  double score, expected, lower, upper;
};

struct nab_watch;

/* Returns NULL when memory is short. */
struct nab_watch *nab_watch_create(void);
void nab_watch_destroy(struct nab_watch *watch);

/* Set one option of the <Watch>, or of the plugin: "KEY=VALUE". Returns 0, or
 * -EINVAL and why in problem (NAB_PROBLEM_MAX bytes). */
int nab_watch_set(struct nab_watch *watch, const char *setting, char *problem);

/* Judge a file from its first row on, with nothing learned before. out: a
 * verdict for each row. Returns 0, or -errno and why in problem. */
int nab_watch_judge(struct nab_watch *watch, const struct nab_file *file,
                    const struct nab_rows *rows, struct nab_verdict *out,
                    char *problem);

#endif
