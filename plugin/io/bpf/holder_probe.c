/* Loads the BPF program for the look at established sockets and has the kernel
 * run it. May use system calls, libbpf and the room table. Source: bpf(2),
 * Documentation/bpf/bpf_prog_run.rst of the kernel, clock_getres(2). */
#define _DEFAULT_SOURCE
#include "io/holder_probe.h"

#include "io/bpf/probe_load.h"
#include "table/holder_record.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <holder_probe.skel.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

/* Of a table of a hundred million sockets. */
enum { RUNS_MAX = 1 << 20 };

static const long ns_of_s = 1000000000;

struct holder_probe {
  struct holder_probe_bpf *program;
  struct holder_record *records; /* shared with the kernel */
};

static const size_t records_size =
    HOLDER_RECORDS_MAX * sizeof(struct holder_record);

/* The kernel's HZ: the coarse clocks go on with its timer. */
static uint32_t ticks_a_second(void) {
  struct timespec tick = {0};
  if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) != 0 || tick.tv_sec != 0 ||
      tick.tv_nsec <= 0)
    return 0;
  return (uint32_t)((ns_of_s + tick.tv_nsec / 2) / tick.tv_nsec);
}

static int load(struct holder_probe *probe, const char **failed) {
  *failed = "clock";
  const uint32_t ticks = ticks_a_second();
  if (ticks == 0)
    return -ENOSYS;
  *failed = "open";
  probe->program = holder_probe_bpf__open();
  if (probe->program == NULL)
    return probe_load_error();
  *failed = "load";
  int rc = holder_probe_bpf__load(probe->program);
  if (rc != 0)
    return rc;
  probe->program->bss->ticks_a_second = ticks;
  *failed = "map";
  void *records = mmap(NULL, records_size, PROT_READ, MAP_SHARED,
                       bpf_map__fd(probe->program->maps.records), 0);
  if (records == MAP_FAILED)
    return -errno;
  probe->records = records;
  return 0;
}

int holder_probe_create(struct holder_probe **out, const char **failed) {
  *failed = "memory";
  struct holder_probe *probe = calloc(1, sizeof(*probe));
  if (probe == NULL)
    return -ENOMEM;
  libbpf_print_fn_t print = libbpf_set_print(probe_load_print_nothing);
  int rc = load(probe, failed);
  libbpf_set_print(print);
  if (rc != 0) {
    holder_probe_destroy(probe);
    return rc;
  }
  *out = probe;
  return 0;
}

void holder_probe_destroy(struct holder_probe *probe) {
  if (probe == NULL)
    return;
  if (probe->records != NULL)
    munmap(probe->records, records_size);
  holder_probe_bpf__destroy(probe->program);
  free(probe);
}

/* Goes on where the last run ended. */
static int run(struct holder_probe *probe, struct holders *holders,
               const char **failed) {
  LIBBPF_OPTS(bpf_test_run_opts, options);
  const struct holder_probe_bpf__bss *bss = probe->program->bss;
  *failed = "run";
  int rc = bpf_prog_test_run_opts(
      bpf_program__fd(probe->program->progs.write_holders), &options);
  if (rc != 0)
    return rc;
  *failed = "records";
  if (bss->failed != 0 || bss->found > HOLDER_RECORDS_MAX)
    return -EBADMSG;
  return holder_record_parse(probe->records,
                             bss->found * sizeof(*probe->records), holders);
}

int holder_probe_read(struct holder_probe *probe, struct holders *holders,
                      const char **failed) {
  struct holder_probe_bpf__bss *bss = probe->program->bss;
  bss->asked = holders->asked;
  bss->bucket = bss->done = 0;
  bss->others = 0;
  for (int runs = 0; bss->done == 0; runs++) {
    int rc = runs < RUNS_MAX ? run(probe, holders, failed) : -ELOOP;
    if (rc != 0)
      return rc;
  }
  holders->sockets += bss->others;
  return 0;
}
