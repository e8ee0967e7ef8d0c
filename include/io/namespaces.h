/* Other network namespaces of this machine, each read as a host of its own:
 * found, entered once, watched, let go when they end. Opens, reads; says what
 * happened and logs nothing. */
#ifndef IO_NAMESPACES_H
#define IO_NAMESPACES_H

#include "io/table_source.h"
#include "table/metrics.h"
#include "table/namespace_name.h"

struct namespaces_options {
  bool all; /* also those without a name in /run/netns */
  unsigned max;
  struct namespace_patterns match;
  const char *host; /* of the daemon; copied */
  /* Of each of them. interval_s and read_budget are for all together. */
  struct table_source_options source;
  struct metrics_options metrics;
  const char *root; /* NULL for ""; of /run/netns and the folders of container
                       runtimes; tests have their own; copied */
};

/* What became of one round. */
struct namespaces_outcome {
  size_t found, wanted, read; /* read: those with values in this round */
  int find_error;  /* why there was no look for namespaces; 0 there was */
  int enter_error; /* why some could not be entered; 0 none */
  const char *enter_failed;  /* with it: the call; static, or "" */
  bool denied;               /* ... for want of CAP_SYS_ADMIN */
  bool hidden;               /* those of other users' processes */
  bool over_max;             /* there are more than max */
  bool short_of_descriptors; /* ... than the limit of open files allows */
  int bpf_error; /* why walks count, if BPF was asked for; 0: it counts */
  const char *bpf_failed; /* with it: the call; static, or "" */
  bool bpf_doubted;       /* of some: it disagreed with their walks */
  int read_error;         /* of one that could not be read; 0 none */
  char read_failed[256];  /* with it: which one, and what failed */
};

struct namespaces;

/* Returns 0 and *out, or -ENOMEM. Finds nothing yet. */
int namespaces_create(const struct namespaces_options *options,
                      struct namespaces **out);
void namespaces_destroy(struct namespaces *namespaces);

/* Begin a round: let go what ended, find and enter what is new. reserved_s: CPU
 * time of the budget that is spent already. */
void namespaces_begin(struct namespaces *namespaces, double reserved_s);

/* Read the next one. *host and *list are valid until the next call of any of
 * these functions. Returns false at the end of the round: outcome then says
 * what became of it. */
bool namespaces_next(struct namespaces *namespaces, const char **host,
                     const struct metrics_list **list,
                     struct namespaces_outcome *outcome);

#endif
