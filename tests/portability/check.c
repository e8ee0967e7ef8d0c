/* See check.h. */
#include "check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PARTS_MAX = 256, TIMEOUT_S = 120 };

struct TCase {
  void (*setup)(void), (*teardown)(void);
  unsigned timeout_s;
  size_t len;
  struct {
    const struct check_test *test;
    int first, end;
  } tests[PARTS_MAX];
};

struct Suite {
  const char *name;
  size_t len;
  TCase *cases[PARTS_MAX];
};

struct SRunner {
  size_t len;
  Suite *suites[PARTS_MAX];
  int passed, failed;
};

static void *provide(size_t size) {
  void *memory = calloc(1, size);
  if (memory == NULL)
    abort();
  return memory;
}

static size_t next(size_t *len) {
  if (*len == PARTS_MAX)
    abort();
  return (*len)++;
}

Suite *suite_create(const char *name) {
  Suite *suite = provide(sizeof(*suite));
  suite->name = name;
  return suite;
}

void suite_add_tcase(Suite *suite, TCase *tcase) {
  suite->cases[next(&suite->len)] = tcase;
}

TCase *tcase_create(const char *name) {
  TCase *tcase = provide(sizeof(*tcase));
  (void)name;
  tcase->timeout_s = TIMEOUT_S;
  return tcase;
}

/* Meant for a machine that is not played by another one. */
void tcase_set_timeout(TCase *tcase, double seconds) {
  if (10 * seconds > (double)TIMEOUT_S)
    tcase->timeout_s = (unsigned)(10 * seconds);
}

void tcase_add_loop_test(TCase *tcase, const struct check_test *test, int first,
                         int end) {
  size_t i = next(&tcase->len);
  tcase->tests[i].test = test;
  tcase->tests[i].first = first;
  tcase->tests[i].end = end;
}

void tcase_add_checked_fixture(TCase *tcase, void (*setup)(void),
                               void (*teardown)(void)) {
  tcase->setup = setup;
  tcase->teardown = teardown;
}

SRunner *srunner_create(Suite *suite) {
  SRunner *runner = provide(sizeof(*runner));
  srunner_add_suite(runner, suite);
  return runner;
}

void srunner_add_suite(SRunner *runner, Suite *suite) {
  runner->suites[next(&runner->len)] = suite;
}

int srunner_ntests_failed(const SRunner *runner) { return runner->failed; }

void srunner_free(SRunner *runner) {
  for (size_t i = 0; i < runner->len; i++) {
    for (size_t j = 0; j < runner->suites[i]->len; j++)
      free(runner->suites[i]->cases[j]);
    free(runner->suites[i]);
  }
  free(runner);
}

void check_fail(const char *file, int line, const char *format, ...) {
  va_list arguments;
  printf("%s:%d: ", file, line);
  va_start(arguments, format);
  vprintf(format, arguments);
  va_end(arguments);
  printf("\n");
  fflush(stdout);
  _exit(EXIT_FAILURE);
}

void check_text(const char *file, int line, const char *a, const char *b,
                bool same) {
  bool equal = a != NULL && b != NULL && strcmp(a, b) == 0;
  if (equal != same)
    check_fail(file, line, "\"%s\" and \"%s\"", a != NULL ? a : "(null)",
               b != NULL ? b : "(null)");
}

static _Noreturn void run(const TCase *tcase, const struct check_test *test,
                          int i) {
  alarm(tcase->timeout_s);
  if (tcase->setup != NULL)
    tcase->setup();
  test->run(i);
  if (tcase->teardown != NULL)
    tcase->teardown();
  fflush(stdout);
  _exit(EXIT_SUCCESS);
}

static void run_apart(SRunner *runner, const TCase *tcase,
                      const struct check_test *test, int i) {
  int status = 0;
  fflush(stdout);
  pid_t child = fork();
  if (child < 0)
    abort();
  if (child == 0)
    run(tcase, test, i);
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR)
      abort();
  if (status == 0) {
    runner->passed++;
    return;
  }
  runner->failed++;
  printf("%s(%d): %s %d\n", test->name, i,
         WIFSIGNALED(status) ? "signal" : "exit",
         WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
}

static void run_case(SRunner *runner, const TCase *tcase) {
  for (size_t i = 0; i < tcase->len; i++)
    for (int j = tcase->tests[i].first; j < tcase->tests[i].end; j++)
      run_apart(runner, tcase, tcase->tests[i].test, j);
}

void srunner_run_all(SRunner *runner, enum print_output mode) {
  (void)mode;
  for (size_t i = 0; i < runner->len; i++)
    for (size_t j = 0; j < runner->suites[i]->len; j++)
      run_case(runner, runner->suites[i]->cases[j]);
  int all = runner->passed + runner->failed;
  printf("%d%%: Checks: %d, Failures: %d, Errors: 0\n",
         all == 0 ? 100 : 100 * runner->passed / all, all, runner->failed);
}
