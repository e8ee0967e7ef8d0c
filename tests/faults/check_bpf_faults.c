/* Every call of libbpf and of the system that the BPF probe makes fails, with
 * each errno that kernels and administrators give: the readings go on by walks,
 * the reason is in the outcome, and nothing is left open. Then a kernel that
 * lies. The calls are this file's, by --wrap of ld(1); the sockets are those of
 * the fake kernel of tests/io. */
#define _GNU_SOURCE
#include "io/fake_netlink.h"
#include "io/proc_root.h"
#include "io/table_source.h"
#include "scenes/suite.h"
#include "table/listener_record.h"
#include "table/probe_trust.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum call { OPEN, SIZE, SYNS, LOAD, ATTACH, MAP, ITERATOR, READ, CALLS };

static const char *const call_names[CALLS] = {
    "open", "open", "open", "load", "attach", "map", "iterator", "read"};

static const int errors[] = {EPERM, EACCES,     ENOSYS, EINVAL, ENOENT, ESRCH,
                             E2BIG, EOPNOTSUPP, ENOSPC, EFAULT, EBADF};
static const int shortages[] = {ENOMEM, EMFILE, ENFILE};
enum {
  ERRORS = sizeof(errors) / sizeof(errors[0]),
  SHORTAGES = sizeof(shortages) / sizeof(shortages[0]),
  RECORDS_MAX = 4096,
  SHORTAGE_PAUSE = 60, /* readings */
};

/* Of the running test. */
static struct {
  int error[CALLS]; /* 0: it works */
  size_t mapped;    /* bytes of the map; 0 none */
  unsigned links, objects, loads;
  bool with_syns; /* the program that counts them is to be loaded ... */
  int syns_load_error, attach_error; /* ... and the kernel refuses it */
  uint64_t syns;                     /* of each listener */
  struct {
    uint32_t found, wanted;
  } bss;
  struct listener_record records[RECORDS_MAX];
  size_t listeners;  /* that the iterator finds */
  uint32_t each;     /* half-open entries of each of them */
  uint16_t family;   /* of each record */
  uint32_t too_many; /* that the program claims beyond those */
  int iterator;      /* its descriptor */
} kernel;

static char root[PROC_ROOT_PATH];
static struct table_source *source;
static const struct reading *reading;
static const struct kernel_counters *counters;
static struct table_source_outcome outcome;

static int failing(enum call call) {
  errno = kernel.error[call];
  return -kernel.error[call];
}

int __wrap_bpf_object__open_skeleton(struct bpf_object_skeleton *skeleton,
                                     const struct bpf_object_open_opts *opts);
int __wrap_bpf_object__load_skeleton(struct bpf_object_skeleton *skeleton);
void __wrap_bpf_object__destroy_skeleton(struct bpf_object_skeleton *skeleton);
void __real_bpf_object__destroy_skeleton(struct bpf_object_skeleton *skeleton);
int __wrap_bpf_map__set_max_entries(struct bpf_map *map, uint32_t entries);
int __wrap_bpf_program__set_autoload(struct bpf_program *program,
                                     bool autoload);
struct bpf_link *__wrap_bpf_program__attach(const struct bpf_program *program);
int __wrap_bpf_map__fd(const struct bpf_map *map);
struct bpf_link *
__wrap_bpf_program__attach_iter(const struct bpf_program *program,
                                const struct bpf_iter_attach_opts *opts);
int __wrap_bpf_link__fd(const struct bpf_link *link);
int __wrap_bpf_link__destroy(struct bpf_link *link);
int __wrap_bpf_iter_create(int link);
void *__real_mmap(void *at, size_t length, int protection, int flags, int fd,
                  off_t offset);
void *__wrap_mmap(void *at, size_t length, int protection, int flags, int fd,
                  off_t offset);
int __real_munmap(void *at, size_t length);
int __wrap_munmap(void *at, size_t length);
ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);

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
  if (kernel.with_syns && kernel.syns_load_error != 0)
    return -kernel.syns_load_error;
  return failing(LOAD);
}

/* There is no object in it. */
void __wrap_bpf_object__destroy_skeleton(struct bpf_object_skeleton *skeleton) {
  if (skeleton != NULL && kernel.error[OPEN] == 0)
    kernel.objects--;
  __real_bpf_object__destroy_skeleton(skeleton);
}

int __wrap_bpf_map__set_max_entries(struct bpf_map *map, uint32_t entries) {
  (void)map;
  ck_assert_uint_le(entries, RECORDS_MAX);
  return failing(SIZE);
}

int __wrap_bpf_program__set_autoload(struct bpf_program *program,
                                     bool autoload) {
  (void)program;
  kernel.with_syns = autoload;
  return failing(SYNS);
}

struct bpf_link *__wrap_bpf_program__attach(const struct bpf_program *program) {
  (void)program;
  ck_assert(kernel.with_syns);
  errno = kernel.attach_error;
  if (errno != 0)
    return NULL;
  kernel.links++;
  return (struct bpf_link *)&kernel.links;
}

int __wrap_bpf_map__fd(const struct bpf_map *map) {
  (void)map;
  return -2;
}

struct bpf_link *
__wrap_bpf_program__attach_iter(const struct bpf_program *program,
                                const struct bpf_iter_attach_opts *opts) {
  (void)program;
  (void)opts;
  if (failing(ATTACH) != 0)
    return NULL;
  kernel.links++;
  return (struct bpf_link *)&kernel.links;
}

int __wrap_bpf_link__fd(const struct bpf_link *link) {
  ck_assert_ptr_eq(link, &kernel.links);
  return -3;
}

int __wrap_bpf_link__destroy(struct bpf_link *link) {
  if (link != NULL)
    kernel.links--;
  return 0;
}

int __wrap_bpf_iter_create(int link) {
  ck_assert_int_eq(link, -3);
  if (failing(ITERATOR) != 0)
    return -1;
  kernel.iterator = open("/dev/null", O_RDONLY | O_CLOEXEC);
  return kernel.iterator;
}

void *__wrap_mmap(void *at, size_t length, int protection, int flags, int fd,
                  off_t offset) {
  if (fd != -2)
    return __real_mmap(at, length, protection, flags, fd, offset);
  if (failing(MAP) != 0)
    return MAP_FAILED;
  ck_assert_uint_le(length, sizeof(kernel.records));
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

/* The program runs: as many records as it wants, or as there are. */
static void run_program(void) {
  kernel.bss.found = 0;
  while (kernel.bss.found < kernel.bss.wanted &&
         kernel.bss.found < kernel.listeners)
    kernel.records[kernel.bss.found++] =
        (struct listener_record){.address = {127, 0, 0, 1},
                                 .family = kernel.family,
                                 .port = 8080,
                                 .half_open = kernel.each,
                                 .young = kernel.each,
                                 .syns = kernel.syns};
  kernel.bss.found += kernel.too_many;
}

ssize_t __wrap_read(int fd, void *buffer, size_t size) {
  if (fd != kernel.iterator)
    return __real_read(fd, buffer, size);
  kernel.iterator = -1;
  run_program();
  errno = kernel.error[READ] != 0 ? kernel.error[READ] : EAGAIN;
  return -1;
}

static void setup(void) {
  memset(&kernel, 0, sizeof(kernel));
  kernel.iterator = -1;
  kernel.listeners = 2;
  kernel.family = 2;
  proc_root_create(root);
  fake_netlink_reset();
  fake_netlink_add(TCP_STATE_LISTEN, 8080, 2);
  fake_netlink_add(TCP_STATE_ESTABLISHED, 8080, 2);
  fake_netlink_add(TCP_STATE_CLOSE_WAIT, 22, 1);
  fake_netlink_add(TCP_STATE_TIME_WAIT, 8080, 1);
  source = NULL;
}

static void assert_unloaded(void) {
  ck_assert_uint_eq(kernel.mapped, 0);
  ck_assert_uint_eq(kernel.links, 0);
  ck_assert_uint_eq(kernel.objects, 0);
}

static void teardown(void) {
  table_source_destroy(source);
  proc_root_destroy(root);
}

static void create_with(bool count_syns) {
  const struct table_source_options options = {.source = "auto",
                                               .count_syns = count_syns,
                                               .half_open_by_bpf = true,
                                               .interval_s = 1,
                                               .walk_every_s = 5,
                                               .proc_root = root};
  ck_assert_int_eq(table_source_create(&options, &source), 0);
}

static void create(void) { create_with(false); }

static void look(void) {
  fake.sends = fake.receives = 0;
  ck_assert_int_eq(table_source_read(source, &reading, &counters, &outcome), 0);
  ck_assert_uint_eq(reading->total[TCP_STATE_LISTEN], 2);
  ck_assert_int_eq(outcome.first_error, 0);
}

static void look_by_walks(int readings) {
  for (int i = 0; i < readings; i++) {
    look();
    ck_assert(!outcome.half_open_by_bpf && !outcome.walk_left_out);
    ck_assert_uint_eq(reading->total[TCP_STATE_ESTABLISHED], 2);
    ck_assert_uint_eq(reading->total[TCP_STATE_CLOSE_WAIT], 1);
  }
}

START_TEST(where_all_works_walks_are_rare) {
  create();
  for (int i = 0; i < 20; i++) {
    look();
    ck_assert(outcome.half_open_by_bpf && outcome.bpf_error == 0);
    ck_assert_int_eq(outcome.walk_left_out, i % 5 != 0);
  }
  table_source_destroy(source);
  source = NULL;
  assert_unloaded();
}
END_TEST

/* A call that fails when the daemon starts, or from the first reading on. */
START_TEST(a_call_that_fails_leaves_the_walks_for_good) {
  enum call call = (enum call)(_i / ERRORS);
  int error = errors[_i % ERRORS];
  const unsigned files = open_fds();
  kernel.error[call] = error;
  create();
  look_by_walks(3);
  ck_assert_int_eq(outcome.bpf_error, -error);
  ck_assert_str_eq(outcome.bpf_failed, call_names[call]);
  ck_assert(!outcome.bpf_doubted);
  assert_unloaded();
  kernel.error[call] = 0;
  look_by_walks(100);
  ck_assert_int_eq(outcome.bpf_error, -error);
  ck_assert_uint_le(kernel.loads, 1);
  table_source_destroy(source);
  source = NULL;
  ck_assert_uint_eq(open_fds(), files);
}
END_TEST

/* Returns after how many readings BPF counts again. */
static int look_until_bpf_counts(void) {
  for (int i = 1; i <= 2 * SHORTAGE_PAUSE; i++) {
    look();
    if (outcome.half_open_by_bpf)
      return i;
  }
  ck_abort_msg("BPF counts no more");
}

START_TEST(a_shortage_passes) {
  enum call call = (enum call)(_i / SHORTAGES);
  int error = shortages[_i % SHORTAGES];
  const unsigned files = open_fds();
  kernel.error[call] = error;
  create();
  look_by_walks(1);
  ck_assert_int_eq(outcome.bpf_error, -error);
  ck_assert_str_eq(outcome.bpf_failed, call_names[call]);
  ck_assert(table_source_can_look(source));
  table_source_look(source);
  assert_unloaded();
  kernel.error[call] = 0;
  int readings = look_until_bpf_counts();
  ck_assert_int_ge(readings, SHORTAGE_PAUSE - 1);
  ck_assert_int_le(readings, SHORTAGE_PAUSE);
  ck_assert_int_eq(outcome.bpf_error, 0);
  look();
  ck_assert(outcome.half_open_by_bpf);
  table_source_destroy(source);
  source = NULL;
  assert_unloaded();
  ck_assert_uint_eq(open_fds(), files);
}
END_TEST

START_TEST(a_shortage_that_lasts_is_met_once_a_pause) {
  kernel.error[LOAD] = ENOMEM;
  create();
  look_by_walks(4 * SHORTAGE_PAUSE + 1);
  ck_assert_int_eq(outcome.bpf_error, -ENOMEM);
  ck_assert_uint_eq(kernel.loads, 1 + 4);
  assert_unloaded();
}
END_TEST

/* The sum goes on; what came in between is not known. */
START_TEST(after_a_shortage_syns_are_counted_again) {
  create_with(true);
  kernel.syns = 50;
  look();
  ck_assert_uint_eq(reading->syns, 100);
  kernel.error[READ] = ENOMEM;
  look();
  ck_assert_int_eq(outcome.syns_error, -ENOMEM);
  ck_assert(!reading->syns_known);
  kernel.error[READ] = 0;
  kernel.syns = 3; /* since the program was loaded again */
  look_until_bpf_counts();
  ck_assert(reading->syns_known && outcome.syns_error == 0);
  ck_assert_uint_eq(reading->syns, 100 + 6);
}
END_TEST

/* Only those who ask for SYNs need their part of the program. */
START_TEST(a_shortage_where_syns_are_counted_is_no_refusal) {
  int *error = _i % 2 == 0 ? &kernel.syns_load_error : &kernel.attach_error;
  *error = ENOMEM;
  create_with(true);
  look_by_walks(1);
  ck_assert_int_eq(outcome.syns_error, -ENOMEM);
  assert_unloaded();
  *error = 0;
  look_until_bpf_counts();
  ck_assert(reading->syns_known && outcome.syns_error == 0);
}
END_TEST

/* In a reading without a walk: a walk is made in its place, at once. */
START_TEST(a_call_that_fails_later_costs_no_reading) {
  enum call call = _i % 2 == 0 ? ITERATOR : READ;
  create();
  for (int i = 0; i < 2 + _i % 5; i++)
    look();
  kernel.error[call] = EPERM;
  look_by_walks(10);
  ck_assert_int_eq(outcome.bpf_error, -EPERM);
  assert_unloaded();
}
END_TEST

START_TEST(records_that_no_program_writes_are_not_used) {
  create();
  look();
  look();
  ck_assert(outcome.walk_left_out);
  if (_i == 0)
    kernel.family = 0;
  else
    kernel.too_many = RECORDS_MAX;
  look_by_walks(10);
  ck_assert_int_eq(outcome.bpf_error, -EBADMSG);
  assert_unloaded();
}
END_TEST

/* The table has no half-open entry. */
START_TEST(counts_that_walks_contradict_are_used_no_more) {
  create();
  look();
  kernel.each = 100;
  for (int i = 1; i < 5; i++) {
    look(); /* nobody knows yet */
    ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 200);
  }
  for (int i = 1; i <= PROBE_TRUST_RUN; i++) {
    look();
    ck_assert(!outcome.walk_left_out && !outcome.half_open_by_bpf);
    ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
    ck_assert_int_eq(outcome.bpf_doubted, i == PROBE_TRUST_RUN);
  }
  kernel.each = 0;
  look_by_walks(20);
  ck_assert(outcome.bpf_doubted);
  assert_unloaded();
}
END_TEST

START_TEST(counts_that_agree_again_are_used_again) {
  create();
  look();
  kernel.each = 100;
  for (int i = 0; i < 5; i++)
    look();
  ck_assert(!outcome.half_open_by_bpf);
  kernel.each = 0;
  look();
  ck_assert(outcome.half_open_by_bpf && !outcome.bpf_doubted);
  look();
  ck_assert(outcome.walk_left_out);
}
END_TEST

/* What is there only between two readings. */
START_TEST(a_look_between_readings_makes_the_peaks) {
  create();
  for (int i = 0; i < 4; i++) {
    look();
    ck_assert_double_eq(outcome.peaks.half_open, 0);
    kernel.each = 100;
    ck_assert(table_source_can_look(source));
    table_source_look(source);
    kernel.each = 0;
    table_source_look(source);
    look();
    ck_assert_double_eq(outcome.peaks.half_open, 200);
    ck_assert_double_eq(outcome.peaks.aged, 0);
    ck_assert_uint_eq(reading->total[TCP_STATE_SYN_RECV], 0);
  }
}
END_TEST

/* In readings with a walk and without, and by looks in between. */
START_TEST(syns_add_up_while_sockets_come_and_go) {
  create_with(true);
  for (unsigned i = 1; i <= 12; i++) {
    kernel.syns = 10 * i;
    look();
    ck_assert(reading->syns_known && outcome.syns_error == 0);
    ck_assert_uint_eq(reading->syns, 20 * i);
    ck_assert_uint_eq(reading->listeners[0].syns, 20 * i);
  }
  kernel.syns = 0; /* both were opened anew */
  table_source_look(source);
  kernel.syns = 7;
  look();
  ck_assert_uint_eq(reading->syns, 20 * 12 + 14);
}
END_TEST

START_TEST(where_counting_syns_is_refused_the_rest_works) {
  *(_i == 0 ? &kernel.syns_load_error : &kernel.attach_error) = EPERM;
  create_with(true);
  ck_assert_uint_eq(kernel.loads, _i == 0 ? 2 : 1);
  for (int i = 0; i < 20; i++) {
    look();
    ck_assert(outcome.half_open_by_bpf && outcome.bpf_error == 0);
    ck_assert_int_eq(outcome.syns_error, -EPERM);
    ck_assert(!reading->syns_known);
  }
  table_source_destroy(source);
  source = NULL;
  assert_unloaded();
}
END_TEST

START_TEST(where_bpf_is_refused_syns_are_not_counted_either) {
  kernel.error[LOAD] = EPERM;
  create_with(true);
  look_by_walks(3);
  ck_assert_int_eq(outcome.syns_error, -EPERM);
  assert_unloaded();
}
END_TEST

START_TEST(a_look_that_fails_shows_in_the_next_reading) {
  create();
  look();
  kernel.error[READ] = EPERM;
  table_source_look(source);
  ck_assert(!table_source_can_look(source));
  table_source_look(source);
  look_by_walks(3);
  ck_assert_int_eq(outcome.bpf_error, -EPERM);
  assert_unloaded();
}
END_TEST

SUITE(bpf_faults) {
  Suite *suite = suite_create("bpf_faults");
  TCase *tcase = tcase_create("calls");
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_test(tcase, where_all_works_walks_are_rare);
  tcase_add_loop_test(tcase, a_call_that_fails_leaves_the_walks_for_good, 0,
                      (int)CALLS * ERRORS);
  tcase_add_loop_test(tcase, a_shortage_passes, 0, (int)CALLS * SHORTAGES);
  tcase_add_test(tcase, a_shortage_that_lasts_is_met_once_a_pause);
  tcase_add_test(tcase, after_a_shortage_syns_are_counted_again);
  tcase_add_loop_test(tcase, a_shortage_where_syns_are_counted_is_no_refusal, 0,
                      2);
  tcase_add_loop_test(tcase, a_call_that_fails_later_costs_no_reading, 0, 10);
  tcase_add_loop_test(tcase, records_that_no_program_writes_are_not_used, 0, 2);
  tcase_add_test(tcase, counts_that_walks_contradict_are_used_no_more);
  tcase_add_test(tcase, counts_that_agree_again_are_used_again);
  tcase_add_test(tcase, a_look_between_readings_makes_the_peaks);
  tcase_add_test(tcase, syns_add_up_while_sockets_come_and_go);
  tcase_add_loop_test(tcase, where_counting_syns_is_refused_the_rest_works, 0,
                      2);
  tcase_add_test(tcase, where_bpf_is_refused_syns_are_not_counted_either);
  tcase_add_test(tcase, a_look_that_fails_shows_in_the_next_reading);
  suite_add_tcase(suite, tcase);
  return suite;
}
