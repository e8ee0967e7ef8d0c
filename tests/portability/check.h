/* Stands in for Check where there is none for the machine type: what the tests
 * use of it, each test in a process of its own. See check(3) for the names. */
#ifndef TESTS_PORTABILITY_CHECK_H
#define TESTS_PORTABILITY_CHECK_H

#include <stddef.h>

enum print_output { CK_ENV };

struct check_test {
  const char *name;
  void (*run)(int _i);
};

typedef struct Suite Suite;
typedef struct TCase TCase;
typedef struct SRunner SRunner;

#define START_TEST(test)                                                       \
  static void test##_run(int _i);                                              \
  static const struct check_test test[1] = {{#test, test##_run}};              \
  static void test##_run(int _i __attribute__((unused)))
#define END_TEST

Suite *suite_create(const char *name);
void suite_add_tcase(Suite *suite, TCase *tcase);
TCase *tcase_create(const char *name);
void tcase_set_timeout(TCase *tcase, double seconds);
void tcase_add_loop_test(TCase *tcase, const struct check_test *test, int first,
                         int end);
#define tcase_add_test(tcase, test) tcase_add_loop_test(tcase, test, 0, 1)
void tcase_add_checked_fixture(TCase *tcase, void (*setup)(void),
                               void (*teardown)(void));
SRunner *srunner_create(Suite *suite);
void srunner_add_suite(SRunner *runner, Suite *suite);
void srunner_run_all(SRunner *runner, enum print_output mode);
int srunner_ntests_failed(const SRunner *runner);
void srunner_free(SRunner *runner);

#include "check_assert.h"

#endif
