/* Any bytes as the labels of the benchmark: refused with words, or sorted files
 * whose windows lie from left to right. */
#include "fuzz_target.h"

#include "nab/nab_corpus.h"

#include <math.h>
#include <string.h>

static void check_file(const struct nab_file *file) {
  double after = -INFINITY;

  fuzz_must(strlen(file->name) < NAB_NAME_MAX, "a name ends");
  fuzz_must(file->spans_len <= NAB_WINDOWS_MAX, "not too many windows");
  for (size_t i = 0; i < file->spans_len; i++) {
    fuzz_must(file->spans[i].from_s > after, "windows do not overlap");
    fuzz_must(file->spans[i].to_s > file->spans[i].from_s, "a window is wide");
    after = file->spans[i].to_s;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct nab_corpus corpus = {0};
  char problem[NAB_PROBLEM_MAX] = "";
  int rc = nab_corpus_labels((const char *)data, size, &corpus, problem);

  if (rc != 0)
    fuzz_must(problem[0] != '\0', "what is wrong is said");
  for (size_t i = 0; rc == 0 && i < corpus.len; i++) {
    check_file(&corpus.files[i]);
    fuzz_must(i == 0 ||
                  strcmp(corpus.files[i - 1].name, corpus.files[i].name) < 0,
              "files are sorted, each once");
  }
  nab_corpus_release(&corpus);
  return 0;
}
