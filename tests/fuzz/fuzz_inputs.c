/* The main of a fuzz target without libFuzzer: every input that is kept, of
 * whatever target, once. Files below FUZZ_INPUTS, or those that are named. A
 * child does it, so that the input it died of can be named. */
#include "fuzz_target.h"

#include <ftw.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, INPUT_SECONDS = 60 };

/* Shared by the child and its parent. */
struct progress {
  size_t passed;
  char path[PATH_BYTES]; /* of the input that is run */
};
static struct progress *progress;

/* *size bytes on the heap, so that a read beyond them is seen. */
static uint8_t *read_input(const char *path, size_t size) {
  FILE *file = fopen(path, "rb");
  uint8_t *data = malloc(size > 0 ? size : 1);

  if (!file || !data || fread(data, 1, size, file) != size) {
    perror(path);
    exit(EXIT_FAILURE);
  }
  fclose(file);
  return data;
}

static int run_input(const char *path, const struct stat *about, int kind,
                     struct FTW *where) {
  (void)where;
  if (kind != FTW_F)
    return 0;
  snprintf(progress->path, sizeof(progress->path), "%s", path);
  alarm(INPUT_SECONDS);
  size_t size = (size_t)about->st_size;
  uint8_t *data = read_input(path, size);
  LLVMFuzzerTestOneInput(data, size);
  free(data);
  progress->passed++;
  return 0;
}

static void run_inputs(int argc, char **argv) {
  static char kept[] = FUZZ_INPUTS;
  char *all[] = {kept};
  char **paths = argc > 1 ? argv + 1 : all;

  for (int i = 0; i < (argc > 1 ? argc - 1 : 1); i++)
    if (nftw(paths[i], run_input, 8, FTW_PHYS) != 0) {
      perror(paths[i]);
      exit(EXIT_FAILURE);
    }
}

int main(int argc, char **argv) {
  int status = 0;

  progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (progress == MAP_FAILED)
    return EXIT_FAILURE;
  pid_t child = fork();
  if (child == 0) {
    run_inputs(argc, argv);
    return EXIT_SUCCESS;
  }
  if (child < 0 || waitpid(child, &status, 0) != child)
    return EXIT_FAILURE;
  bool failed = status != 0 || progress->passed == 0;
  if (failed)
    printf("FAIL: %s ended at %s: %s %d\n", argv[0], progress->path,
           WIFSIGNALED(status) ? "signal" : "exit status",
           WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
  printf("%zu passed, %d failed\n", progress->passed, failed ? 1 : 0);
  return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
