/* Loads the BPF program for other namespaces and has the kernel run it. May use
 * system calls, libbpf and the room table. Source: bpf(2),
 * Documentation/bpf/bpf_iterators.rst of the kernel. */
#define _DEFAULT_SOURCE
#include "io/space_probe.h"

#include "io/bpf/probe_load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <space_probe.skel.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct space_probe {
  struct space_probe_bpf *program;
  struct bpf_link *walk, *changes;
  struct space_record *records; /* shared with the kernel */
  size_t room;
};

static size_t records_size(const struct space_probe *probe) {
  return probe->room * sizeof(struct space_record);
}

void space_probe_destroy(struct space_probe *probe) {
  if (probe == NULL)
    return;
  if (probe->records != NULL)
    munmap(probe->records, records_size(probe));
  bpf_link__destroy(probe->changes);
  bpf_link__destroy(probe->walk);
  space_probe_bpf__destroy(probe->program);
  free(probe);
}

static int attach(struct space_probe *probe) {
  struct space_probe_bpf *program = probe->program;
  probe->changes = bpf_program__attach(program->progs.follow_listener);
  if (probe->changes == NULL)
    return probe_load_error();
  probe->walk = bpf_program__attach_iter(program->progs.add_listeners, NULL);
  return probe->walk == NULL ? probe_load_error() : 0;
}

static int map_records(struct space_probe *probe) {
  void *records =
      mmap(NULL, records_size(probe), PROT_READ | PROT_WRITE, MAP_SHARED,
           bpf_map__fd(probe->program->maps.records), 0);
  if (records == MAP_FAILED)
    return -errno;
  probe->records = records;
  return 0;
}

static int load(struct space_probe *probe, const char **failed) {
  *failed = "open";
  probe->program = space_probe_bpf__open();
  if (probe->program == NULL)
    return probe_load_error();
  uint32_t room = (uint32_t)probe->room;
  int rc = bpf_map__set_max_entries(probe->program->maps.records, room);
  if (rc == 0)
    rc = bpf_map__set_max_entries(probe->program->maps.listeners, room);
  if (rc != 0)
    return rc;
  *failed = "load";
  rc = space_probe_bpf__load(probe->program);
  if (rc != 0)
    return rc;
  *failed = "attach";
  rc = attach(probe);
  if (rc != 0)
    return rc;
  *failed = "map";
  return map_records(probe);
}

int space_probe_create(size_t room, struct space_probe **out,
                       const char **failed) {
  *failed = "memory";
  struct space_probe *probe = calloc(1, sizeof(*probe));
  if (probe == NULL)
    return -ENOMEM;
  probe->room = room;
  libbpf_print_fn_t print = libbpf_set_print(probe_load_print_nothing);
  int rc = load(probe, failed);
  libbpf_set_print(print);
  if (rc != 0) {
    space_probe_destroy(probe);
    return rc;
  }
  *out = probe;
  return 0;
}

/* The program writes nothing to the iterator's file. Its end of the walk comes
 * out as EAGAIN. */
int space_probe_mark(struct space_probe *probe) {
  char nothing[64];
  ssize_t got;
  int iterator = bpf_iter_create(bpf_link__fd(probe->walk));
  if (iterator < 0)
    return -errno;
  do
    got = read(iterator, nothing, sizeof(nothing));
  while (got > 0 || (got < 0 && errno == EINTR));
  int rc = got == 0 || errno == EAGAIN ? 0 : -errno;
  close(iterator);
  return rc;
}

int space_probe_read(struct space_probe *probe,
                     const struct space_record **records, size_t *len,
                     const char **failed) {
  LIBBPF_OPTS(bpf_test_run_opts, options);
  *failed = "run";
  probe->program->bss->found = 0;
  int rc = bpf_prog_test_run_opts(
      bpf_program__fd(probe->program->progs.write_listeners), &options);
  if (rc != 0)
    return rc;
  *failed = "room";
  if (probe->program->bss->missed != 0 ||
      probe->program->bss->found > probe->room)
    return -E2BIG;
  *len = probe->program->bss->found;
  space_record_sort(probe->records, *len);
  *records = probe->records;
  return 0;
}
