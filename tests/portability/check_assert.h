/* The assertions of check.h: what does not hold is printed and ends the test.
 */
#ifndef TESTS_PORTABILITY_CHECK_ASSERT_H
#define TESTS_PORTABILITY_CHECK_ASSERT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

_Noreturn void check_fail(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#define ck_abort_msg(...) check_fail(__FILE__, __LINE__, __VA_ARGS__)
#define ck_abort() ck_abort_msg("aborted")
#define ck_assert_msg(is, ...)                                                 \
  ((is) ? (void)0 : check_fail(__FILE__, __LINE__, __VA_ARGS__))
#define ck_assert(is) ck_assert_msg(is, "%s", #is)

#define CHECK_NUMBERS(type, format, a, op, b)                                  \
  do {                                                                         \
    type a_ = (a), b_ = (b);                                                   \
    ck_assert_msg(a_ op b_, "%s %s %s: " format ", " format, #a, #op, #b, a_,  \
                  b_);                                                         \
  } while (0)
#define ck_assert_int_eq(a, b) CHECK_NUMBERS(intmax_t, "%jd", a, ==, b)
#define ck_assert_int_ne(a, b) CHECK_NUMBERS(intmax_t, "%jd", a, !=, b)
#define ck_assert_int_lt(a, b) CHECK_NUMBERS(intmax_t, "%jd", a, <, b)
#define ck_assert_int_le(a, b) CHECK_NUMBERS(intmax_t, "%jd", a, <=, b)
#define ck_assert_int_gt(a, b) CHECK_NUMBERS(intmax_t, "%jd", a, >, b)
#define ck_assert_int_ge(a, b) CHECK_NUMBERS(intmax_t, "%jd", a, >=, b)
#define ck_assert_uint_eq(a, b) CHECK_NUMBERS(uintmax_t, "%ju", a, ==, b)
#define ck_assert_uint_ne(a, b) CHECK_NUMBERS(uintmax_t, "%ju", a, !=, b)
#define ck_assert_uint_lt(a, b) CHECK_NUMBERS(uintmax_t, "%ju", a, <, b)
#define ck_assert_uint_le(a, b) CHECK_NUMBERS(uintmax_t, "%ju", a, <=, b)
#define ck_assert_uint_gt(a, b) CHECK_NUMBERS(uintmax_t, "%ju", a, >, b)
#define ck_assert_uint_ge(a, b) CHECK_NUMBERS(uintmax_t, "%ju", a, >=, b)
#define ck_assert_double_eq(a, b) CHECK_NUMBERS(double, "%.17g", a, ==, b)
#define ck_assert_double_lt(a, b) CHECK_NUMBERS(double, "%.17g", a, <, b)
#define ck_assert_double_le(a, b) CHECK_NUMBERS(double, "%.17g", a, <=, b)
#define ck_assert_double_gt(a, b) CHECK_NUMBERS(double, "%.17g", a, >, b)
#define ck_assert_double_ge(a, b) CHECK_NUMBERS(double, "%.17g", a, >=, b)
#define ck_assert_double_nan(a) ck_assert(isnan(a))
#define ck_assert_double_eq_tol(a, b, tolerance)                               \
  ck_assert_double_le(fabs((double)(a) - (double)(b)), tolerance)
#define ck_assert_float_eq(a, b) CHECK_NUMBERS(float, "%.9g", a, ==, b)
#define ck_assert_float_lt(a, b) CHECK_NUMBERS(float, "%.9g", a, <, b)
#define ck_assert_float_le(a, b) CHECK_NUMBERS(float, "%.9g", a, <=, b)
#define ck_assert_float_gt(a, b) CHECK_NUMBERS(float, "%.9g", a, >, b)
#define ck_assert_float_ge(a, b) CHECK_NUMBERS(float, "%.9g", a, >=, b)
#define ck_assert_float_finite(a) ck_assert(isfinite(a))
#define ck_assert_float_infinite(a) ck_assert(isinf(a))
#define ck_assert_float_eq_tol(a, b, tolerance)                                \
  ck_assert_double_le(fabs((double)(a) - (double)(b)), (double)(tolerance))
#define ck_assert_ptr_eq(a, b) ck_assert((a) == (b))
#define ck_assert_ptr_ne(a, b) ck_assert((a) != (b))
#define ck_assert_ptr_null(a) ck_assert((a) == NULL)
#define ck_assert_ptr_nonnull(a) ck_assert((a) != NULL)
#define ck_assert_str_eq(a, b) check_text(__FILE__, __LINE__, a, b, true)
#define ck_assert_str_ne(a, b) check_text(__FILE__, __LINE__, a, b, false)
void check_text(const char *file, int line, const char *a, const char *b,
                bool same);
#define ck_assert_mem_eq(a, b, size) ck_assert(memcmp(a, b, size) == 0)
#define ck_assert_mem_ne(a, b, size) ck_assert(memcmp(a, b, size) != 0)

#endif
