/* The folder of the benchmark: its labels, and the rows of its data and of
 * published results. Reads only. */
#ifndef TESTS_NAB_CORPUS_H
#define TESTS_NAB_CORPUS_H

#include "nab_score.h"
#include "nab_text.h"

enum { NAB_NAME_MAX = 128, NAB_WINDOWS_MAX = 16 };

/* A labelled window, as seconds since 1970. The benchmark's times are local
 * times without a zone; they are taken as UTC. */
struct nab_span {
  double from_s, to_s;
};

struct nab_file {
  char name[NAB_NAME_MAX]; /* "realTweets/Twitter_volume_AAPL.csv" */
  struct nab_span spans[NAB_WINDOWS_MAX];
  size_t spans_len;
};

/* The labelled files, sorted by name. */
struct nab_corpus {
  const char *folder; /* not owned */
  struct nab_file *files;
  size_t len, capacity;
};

/* The rows of one file. */
struct nab_rows {
  size_t len, capacity;
  double *time_s;
  double *value; /* NAN: not in the file */
  double *score; /* of a published detector; NAN: not in the file */
};

/* Functions below return 0, or -errno and why in problem (NAB_PROBLEM_MAX
 * bytes). Release what they give in either case. */

int nab_corpus_open(const char *folder, struct nab_corpus *out, char *problem);
void nab_corpus_release(struct nab_corpus *corpus);

/* The labels' text; corpus is empty before. */
int nab_corpus_labels(const char *text, size_t length,
                      struct nab_corpus *corpus, char *problem);

/* A file of the data; or, with a detector's name, the file of its results. */
int nab_corpus_read(const struct nab_corpus *corpus,
                    const struct nab_file *file, const char *detector,
                    struct nab_rows *out, char *problem);
void nab_corpus_release_rows(struct nab_rows *rows);

/* Where the file's windows lie in its rows. out: NAB_WINDOWS_MAX of them. */
int nab_corpus_place(const struct nab_file *file, const struct nab_rows *rows,
                     struct nab_window *out, char *problem);

/* "2014-04-10 07:15:00" with or without zeros behind the second. Returns false
 * for all else. */
bool nab_corpus_time(const char *text, size_t length, double *out);

#endif
