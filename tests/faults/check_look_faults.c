/* Every call of libbpf and of the system that the look by BPF makes fails, with
 * each errno that kernels and administrators give: netlink looks at the same
 * sockets at once, the reason is known, and nothing is left open. Then a kernel
 * that lies. And when the program is loaded at all. The calls are this file's,
 * by --wrap of ld(1); the sockets are those of the fake kernel of tests/io. */
#define _GNU_SOURCE
#include "io/fake_netlink.h"
#include "io/holders_look.h"
#include "io/proc_root.h"
#include "scenes/suite.h"
#include "table/holder_record.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <holder_probe.skel.h>

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum call { CLOCK, OPEN, LOAD, MAP, RUN, CALLS };

static const char *const call_names[CALLS] = {"clock", "open", "load", "map",
                                              "run"};

static const int errors[] = {EPERM, EACCES,     ENOSYS, EINVAL, ENOENT, ESRCH,
                             E2BIG, EOPNOTSUPP, ENOSPC, EFAULT, EBADF};
static const int shortages[] = {ENOMEM, EMFILE, ENFILE};
enum {
  ERRORS = sizeof(errors) / sizeof(errors[0]),
  SHORTAGES = sizeof(shortages) / sizeof(shortages[0]),
  PAUSE = 60,        /* looks, after a shortage */
  VERIFY_EVERY = 60, /* looks */
  ZERO_WINDOWS = 3,
  CALM = 4,
};

/* Of the running test. */
static struct {
  int error[CALLS]; /* 0: it works */
  unsigned objects, loads, looks;
  size_t mapped; /* bytes of the map; 0: none */
  struct holder_probe_bpf__bss bss;
  struct holder_record records[HOLDER_RECORDS_MAX];
  unsigned zero_windows, calm; /* sockets that the program finds */
  uint16_t family;
  bool fails;          /* the program does not understand this kernel */
  unsigned empty_left; /* runs that find nothing before the rest */
  uint32_t too_many;   /* that the program claims beyond what it found */
} kernel;

static struct holders_look look;
static struct diag_source *diag;
static struct holders holders;

static int failing(enum call call) {
  errno = kernel.error[call];
  return -kernel.error[call];
}

int __wrap_clock_getres(clockid_t clock, struct timespec *resolution);
int __wrap_bpf_object__open_skeleton(struct bpf_object_skeleton *skeleton,
                                     const struct bpf_object_open_opts *opts);
int __wrap_bpf_object__load_skeleton(struct bpf_object_skeleton *skeleton);
void __wrap_bpf_object__destroy_skeleton(struct bpf_object_skeleton *skeleton);
void __real_bpf_object__destroy_skeleton(struct bpf_object_skeleton *skeleton);
int __wrap_bpf_map__fd(const struct bpf_map *map);
int __wrap_bpf_program__fd(const struct bpf_program *program);
int __wrap_bpf_prog_test_run_opts(int program, struct bpf_test_run_opts *opts);
void *__real_mmap(void *at, size_t length, int protection, int flags, int fd,
                  off_t offset);
void *__wrap_mmap(void *at, size_t length, int protection, int flags, int fd,
                  off_t offset);
int __real_munmap(void *at, size_t length);
int __wrap_munmap(void *at, size_t length);

int __wrap_clock_getres(clockid_t clock, struct timespec *resolution) {
  ck_assert_int_eq(clock, CLOCK_MONOTONIC_COARSE);
  *resolution = (struct timespec){.tv_nsec = 4000000};
  return failing(CLOCK) != 0 ? -1 : 0;
}

int __wrap_bpf_object__open_skeleton(struct bpf_object_skeleton *skeleton,
                                     const struct bpf_object_open_opts *opts) {
  (void)skeleton;
  (void)opts;
  kernel.objects += kernel.error[OPEN] == 0;
  return failing(OPEN);
}

int __wrap_bpf_object__load_skeleton(struct bpf_object_skeleton *skeleton) {
  for (int i = 0; i < skeleton->map_cnt; i++)
    if (skeleton->maps[i].mmaped != NULL)
      *skeleton->maps[i].mmaped = &kernel.bss;
  kernel.loads++;
  return failing(LOAD);
}

/* There is no object in it. */
void __wrap_bpf_object__destroy_skeleton(struct bpf_object_skeleton *skeleton) {
  if (skeleton != NULL && kernel.error[OPEN] == 0)
    kernel.objects--;
  __real_bpf_object__destroy_skeleton(skeleton);
}

int __wrap_bpf_map__fd(const struct bpf_map *map) {
  (void)map;
  return -2;
}

int __wrap_bpf_program__fd(const struct bpf_program *program) {
  (void)program;
  return -3;
}

void *__wrap_mmap(void *at, size_t length, int protection, int flags, int fd,
                  off_t offset) {
  if (fd != -2)
    return __real_mmap(at, length, protection, flags, fd, offset);
  if (failing(MAP) != 0)
    return MAP_FAILED;
  ck_assert_uint_eq(length, sizeof(kernel.records));
  kernel.mapped = length;
  return kernel.records;
}

int __wrap_munmap(void *at, size_t length) {
  if (at != kernel.records)
    return __real_munmap(at, length);
  ck_assert_uint_eq(length, kernel.mapped);
  kernel.mapped = 0;
  return 0;
}

static struct holder_record record_of(uint8_t timer) {
  return (struct holder_record){.local = {127, 0, 0, 1},
                                .family = kernel.family,
                                .local_port = 8080,
                                .state = TCP_STATE_ESTABLISHED,
                                .timer = timer};
}

/* One socket a run, the zero windows first: each run is to go on where the last
 * one ended. */
static void run_program(void) {
  struct holder_probe_bpf__bss *bss = &kernel.bss;
  bool probed = bss->bucket < kernel.zero_windows;
  ck_assert_uint_eq(bss->ticks_a_second, 250);
  ck_assert_uint_eq(bss->done, 0);
  kernel.looks += bss->bucket == 0;
  bss->found = probed || bss->asked;
  bss->others += bss->found == 0;
  kernel.records[0] = record_of(probed ? TCP_TIMER_PROBE : 0);
  bss->bucket++;
  bss->done = bss->bucket == kernel.zero_windows + kernel.calm;
  bss->found += kernel.too_many;
  bss->failed = kernel.fails;
}

int __wrap_bpf_prog_test_run_opts(int program, struct bpf_test_run_opts *opts) {
  ck_assert_int_eq(program, -3);
  ck_assert_ptr_nonnull(opts);
  kernel.bss.found = 0;
  if (kernel.empty_left > 0)
    kernel.empty_left--;
  else if (kernel.error[RUN] == 0)
    run_program();
  return failing(RUN);
}

static void setup(void) {
  memset(&kernel, 0, sizeof(kernel));
  kernel.zero_windows = ZERO_WINDOWS;
  kernel.calm = CALM;
  kernel.family = AF_INET;
  fake_netlink_reset();
  fake_netlink_add(TCP_STATE_LISTEN, 8080, 1);
  fake_netlink_add(TCP_STATE_ESTABLISHED, 8080, ZERO_WINDOWS + CALM);
  for (int i = 0; i < ZERO_WINDOWS; i++)
    fake.rows[1 + i].timer = TCP_TIMER_PROBE;
  look = (struct holders_look){.may_use_bpf = true, .at_once = true};
  diag = diag_source_create();
  ck_assert_int_eq(holders_init(&holders), 0);
}

static void end(void) {
  holders_look_end(&look);
  ck_assert_uint_eq(kernel.mapped, 0);
  ck_assert_uint_eq(kernel.objects, 0);
}

static void teardown(void) {
  end();
  diag_source_destroy(diag);
  holders_release(&holders);
}

/* Whoever looked, it is there, and once. */
static void take(bool asked) {
  fake.sends = fake.receives = 0;
  ck_assert_int_eq(holders_look_take(&look, diag, &holders, asked), 0);
  ck_assert_uint_eq(holders.sockets, ZERO_WINDOWS + CALM);
  ck_assert_uint_eq(holders.kind[HOLDER_ZERO_WINDOW], ZERO_WINDOWS);
  const struct listener *listener = holders_listener(&holders);
  ck_assert_ptr_nonnull(listener);
  ck_assert_uint_eq(listener->port, 8080);
  ck_assert_uint_eq(listener->half_open, ZERO_WINDOWS);
}

static void take_by_netlink(int looks) {
  for (int i = 0; i < looks; i++) {
    take(i % 2 != 0);
    ck_assert(!look.was_by_bpf);
  }
}

/* Of each sort, with tcp_info and without, the first and each 60th. */
START_TEST(where_all_works_few_looks_are_compared) {
  for (int i = 0; i < 3 * VERIFY_EVERY; i++)
    for (int asked = 0; asked < 2; asked++) {
      take(asked != 0);
      ck_assert_int_eq(look.was_by_bpf, i % VERIFY_EVERY != 0);
      ck_assert_uint_eq(fake.sends, look.was_by_bpf ? 1 : 2);
      ck_assert_int_eq(look.error, 0);
    }
  ck_assert_uint_eq(kernel.loads, 1);
  ck_assert_uint_eq(kernel.looks, 6 * VERIFY_EVERY);
}
END_TEST

START_TEST(a_call_that_fails_leaves_netlink_for_good) {
  enum call call = (enum call)(_i / ERRORS);
  const unsigned files = open_fds();
  kernel.error[call] = errors[_i % ERRORS];
  take_by_netlink(3);
  ck_assert_int_eq(look.error, call == CLOCK ? -ENOSYS : -kernel.error[call]);
  ck_assert_str_eq(look.failed, call_names[call]);
  ck_assert(!holders_look_is_doubted(&look));
  ck_assert_ptr_null(look.probe);
  ck_assert_uint_eq(kernel.mapped, 0);
  ck_assert_uint_eq(kernel.objects, 0);
  memset(kernel.error, 0, sizeof(kernel.error));
  take_by_netlink(2 * PAUSE);
  ck_assert_int_ne(look.error, 0);
  ck_assert_uint_le(kernel.loads, 1);
  ck_assert_uint_eq(open_fds(), files + 1); /* that of netlink */
}
END_TEST

START_TEST(a_shortage_passes) {
  enum call call = (enum call)(OPEN + _i / SHORTAGES);
  const unsigned files = open_fds();
  kernel.error[call] = shortages[_i % SHORTAGES];
  take_by_netlink(1);
  ck_assert_int_eq(look.error, -shortages[_i % SHORTAGES]);
  ck_assert_str_eq(look.failed, call_names[call]);
  kernel.error[call] = 0;
  take_by_netlink(PAUSE);
  ck_assert_int_eq(look.error, 0);
  take(true);
  ck_assert(look.was_by_bpf);
  end();
  ck_assert_uint_eq(open_fds(), files + 1);
}
END_TEST

START_TEST(a_shortage_that_lasts_is_met_once_a_pause) {
  kernel.error[LOAD] = ENOMEM;
  take_by_netlink(1 + 4 * PAUSE);
  ck_assert_int_eq(look.error, -ENOMEM);
  ck_assert_uint_eq(kernel.loads, 1 + 4);
}
END_TEST

static void take_until_bpf(void) {
  for (int asked = 0; asked < 2; asked++) {
    take(asked != 0);
    take(asked != 0);
    ck_assert(look.was_by_bpf);
  }
}

START_TEST(a_call_that_fails_later_costs_no_look) {
  take_until_bpf();
  kernel.error[RUN] = EPERM;
  take_by_netlink(PAUSE + 1);
  ck_assert_int_eq(look.error, -EPERM);
  ck_assert_uint_eq(kernel.loads, 1);
}
END_TEST

START_TEST(records_that_no_program_writes_are_not_used) {
  take_until_bpf();
  if (_i == 0)
    kernel.family = AF_UNIX;
  else if (_i == 1)
    kernel.too_many = HOLDER_RECORDS_MAX;
  else
    kernel.fails = true;
  take_by_netlink(PAUSE + 1);
  ck_assert_int_eq(look.error, -EBADMSG);
  ck_assert_str_eq(look.failed, "records");
}
END_TEST

/* There are empty buckets. */
START_TEST(runs_that_find_nothing_are_not_the_end) {
  take_until_bpf();
  kernel.empty_left = 20;
  take(true);
  ck_assert(look.was_by_bpf);
  ck_assert_uint_eq(kernel.empty_left, 0);
}
END_TEST

START_TEST(a_program_that_never_ends_is_left) {
  take_until_bpf();
  kernel.empty_left = UINT32_MAX;
  take_by_netlink(1);
  ck_assert_int_eq(look.error, -ELOOP);
}
END_TEST

/* The next comparison shows it. */
START_TEST(looks_that_netlink_contradicts_are_used_no_more) {
  take_by_netlink(2);
  *(_i == 0 ? &kernel.zero_windows : &kernel.calm) += 100;
  look.looks_left[false] = look.looks_left[true] = 0;
  for (int i = 1; i <= PROBE_TRUST_RUN; i++) {
    take(false);
    ck_assert(!look.was_by_bpf);
    ck_assert_int_eq(holders_look_is_doubted(&look), i == PROBE_TRUST_RUN);
  }
  ck_assert_ptr_null(look.probe);
  kernel.zero_windows = ZERO_WINDOWS;
  kernel.calm = CALM;
  take_by_netlink(2 * VERIFY_EVERY);
  ck_assert(holders_look_is_doubted(&look));
  ck_assert_int_eq(look.error, 0);
  ck_assert_uint_eq(kernel.loads, 1);
}
END_TEST

START_TEST(looks_that_agree_again_are_used_again) {
  kernel.zero_windows += 100;
  take(false);
  take(false);
  ck_assert(!look.was_by_bpf);
  kernel.zero_windows = ZERO_WINDOWS;
  take(false);
  take(false);
  ck_assert(look.was_by_bpf);
}
END_TEST

START_TEST(a_walk_that_fails_is_an_error_whoever_looks) {
  for (int i = 0; i < 4; i++) {
    fake.fault = FAULT_NO_BUFFERS;
    fake.fault_at = 0;
    fake.fault_times = 9;
    fake.sends = fake.receives = 0;
    ck_assert_int_eq(holders_look_take(&look, diag, &holders, true), -ENOBUFS);
    fake.fault_times = 0;
    take(true);
  }
  ck_assert(look.was_by_bpf);
}
END_TEST

/* Looks that cost little do not pay for loading. */
START_TEST(it_is_loaded_when_it_pays) {
  look.at_once = false;
  take_by_netlink(10);
  ck_assert_uint_eq(kernel.loads, 0);
  look.spent_s = 0.1;
  take(true);
  take(true);
  ck_assert(look.was_by_bpf);
}
END_TEST

START_TEST(it_is_not_loaded_where_bpf_is_not_wanted) {
  look.may_use_bpf = false;
  look.spent_s = 1;
  take_by_netlink(10);
  ck_assert_uint_eq(kernel.loads, 0);
}
END_TEST

START_TEST(a_while_after_the_suspicion_it_is_unloaded) {
  const double begin_s = 100000;
  look.at_once = false;
  holders_look_note(&look, begin_s, true);
  look.spent_s = 1;
  take_until_bpf();
  for (int s = 1; s <= 600; s++)
    holders_look_note(&look, begin_s + s, false);
  ck_assert_ptr_nonnull(look.probe);
  holders_look_note(&look, begin_s + 601, false);
  ck_assert_ptr_null(look.probe);
  ck_assert_uint_eq(kernel.mapped, 0);
  ck_assert_uint_eq(kernel.objects, 0);
  take_by_netlink(2);
  look.spent_s = 1;
  take_until_bpf();
  ck_assert_uint_eq(kernel.loads, 2);
}
END_TEST

/* What looks without suspicion have cost is not added up. */
START_TEST(calm_looks_never_load_it) {
  look.at_once = false;
  for (int i = 1; i < 100; i++) {
    holders_look_note(&look, 100000 + 200 * i, false);
    take_by_netlink(1);
    look.spent_s += 0.03;
  }
  ck_assert_uint_eq(kernel.loads, 0);
}
END_TEST

SUITE(look_faults) {
  Suite *suite = suite_create("look_faults");
  TCase *tcase = tcase_create("calls");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, where_all_works_few_looks_are_compared);
  tcase_add_loop_test(tcase, a_call_that_fails_leaves_netlink_for_good, 0,
                      (int)CALLS * ERRORS);
  tcase_add_loop_test(tcase, a_shortage_passes, 0,
                      (int)(CALLS - OPEN) * SHORTAGES);
  tcase_add_test(tcase, a_shortage_that_lasts_is_met_once_a_pause);
  tcase_add_test(tcase, a_call_that_fails_later_costs_no_look);
  tcase_add_loop_test(tcase, records_that_no_program_writes_are_not_used, 0, 3);
  tcase_add_test(tcase, runs_that_find_nothing_are_not_the_end);
  tcase_add_test(tcase, a_program_that_never_ends_is_left);
  tcase_add_loop_test(tcase, looks_that_netlink_contradicts_are_used_no_more, 0,
                      2);
  tcase_add_test(tcase, looks_that_agree_again_are_used_again);
  tcase_add_test(tcase, a_walk_that_fails_is_an_error_whoever_looks);
  tcase_add_test(tcase, it_is_loaded_when_it_pays);
  tcase_add_test(tcase, it_is_not_loaded_where_bpf_is_not_wanted);
  tcase_add_test(tcase, a_while_after_the_suspicion_it_is_unloaded);
  tcase_add_test(tcase, calm_looks_never_load_it);
  suite_add_tcase(suite, tcase);
  return suite;
}
