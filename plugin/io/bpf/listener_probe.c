/* Loads the BPF program and has the kernel run it. May use system calls, libbpf
 * and the room table. Source: bpf(2), kernel/bpf/bpf_iter.c of the kernel,
 * Documentation/bpf/bpf_iterators.rst. */
#define _DEFAULT_SOURCE
#include "io/listener_probe.h"

#include "io/bpf/probe_load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <listener_probe.skel.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { LISTENERS_FIRST = 256 };

struct listener_probe {
  struct listener_probe_bpf *program;
  struct bpf_link *link, *syn_link;
  bool count_syns;
  int syns_error;
  struct listener_record *records; /* shared with the kernel */
  size_t capacity;
};

bool listener_probe_is_built(void) { return true; }

static void unload(struct listener_probe *probe) {
  if (probe->records != NULL)
    munmap(probe->records, probe->capacity * sizeof(*probe->records));
  bpf_link__destroy(probe->link);
  bpf_link__destroy(probe->syn_link);
  listener_probe_bpf__destroy(probe->program);
  *probe = (struct listener_probe){.count_syns = probe->count_syns,
                                   .syns_error = probe->syns_error};
}

static int map_records(struct listener_probe *probe, size_t capacity) {
  void *records =
      mmap(NULL, capacity * sizeof(*probe->records), PROT_READ | PROT_WRITE,
           MAP_SHARED, bpf_map__fd(probe->program->maps.records), 0);
  if (records == MAP_FAILED)
    return -errno;
  probe->records = records;
  probe->capacity = capacity;
  return 0;
}

static int open_and_load(struct listener_probe *probe, size_t capacity,
                         bool with_syns, const char **failed) {
  *failed = "open";
  probe->program = listener_probe_bpf__open();
  if (probe->program == NULL)
    return probe_load_error();
  int rc = bpf_map__set_max_entries(probe->program->maps.records,
                                    (uint32_t)capacity);
  if (rc == 0)
    rc = bpf_program__set_autoload(probe->program->progs.count_syn, with_syns);
  if (rc != 0)
    return rc;
  *failed = "load";
  return listener_probe_bpf__load(probe->program);
}

/* Who refuses to count SYNs may allow the rest. */
static int load_programs(struct listener_probe *probe, size_t capacity,
                         const char **failed) {
  probe->syns_error = 0;
  int rc = open_and_load(probe, capacity, probe->count_syns, failed);
  if (rc == 0 || !probe->count_syns || listener_probe_is_shortage(rc))
    return rc;
  unload(probe);
  probe->syns_error = rc;
  return open_and_load(probe, capacity, false, failed);
}

static int attach_programs(struct listener_probe *probe, const char **failed) {
  *failed = "attach";
  if (probe->count_syns && probe->syns_error == 0) {
    probe->syn_link = bpf_program__attach(probe->program->progs.count_syn);
    probe->syns_error = probe->syn_link == NULL ? probe_load_error() : 0;
  }
  if (listener_probe_is_shortage(probe->syns_error))
    return probe->syns_error;
  probe->link =
      bpf_program__attach_iter(probe->program->progs.write_listener, NULL);
  return probe->link == NULL ? probe_load_error() : 0;
}

/* On failure the probe is empty, and can be loaded again. */
static int load(struct listener_probe *probe, size_t capacity,
                const char **failed) {
  libbpf_print_fn_t print = libbpf_set_print(probe_load_print_nothing);
  int rc = load_programs(probe, capacity, failed);
  if (rc == 0)
    rc = attach_programs(probe, failed);
  if (rc == 0) {
    *failed = "map";
    rc = map_records(probe, capacity);
  }
  if (rc != 0)
    unload(probe);
  libbpf_set_print(print);
  return rc;
}

int listener_probe_syns_error(const struct listener_probe *probe) {
  return probe->syns_error;
}

int listener_probe_create(bool count_syns, struct listener_probe **out,
                          const char **failed) {
  *failed = "memory";
  struct listener_probe *probe = calloc(1, sizeof(*probe));
  if (probe == NULL)
    return -ENOMEM;
  probe->count_syns = count_syns;
  int rc = load(probe, LISTENERS_FIRST, failed);
  if (rc != 0) {
    free(probe);
    return rc;
  }
  *out = probe;
  return 0;
}

void listener_probe_destroy(struct listener_probe *probe) {
  if (probe == NULL)
    return;
  unload(probe);
  free(probe);
}

/* A map cannot grow. */
static int make_room(struct listener_probe *probe, size_t listeners,
                     const char **failed) {
  size_t capacity = LISTENERS_FIRST;
  if (listeners > LISTENER_PROBE_MAX)
    return -E2BIG;
  if (listeners <= probe->capacity)
    return 0;
  while (capacity < listeners)
    capacity *= 2;
  unload(probe);
  return load(probe, capacity, failed);
}

/* The program writes nothing to the iterator's file. Its end of the walk comes
 * out as EAGAIN. */
static int run(int iterator) {
  char nothing[64];
  ssize_t got;
  do
    got = read(iterator, nothing, sizeof(nothing));
  while (got > 0 || (got < 0 && errno == EINTR));
  return got == 0 || errno == EAGAIN ? 0 : -errno;
}

int listener_probe_read(struct listener_probe *probe, size_t listeners,
                        const struct listener_record **records, size_t *len,
                        const char **failed) {
  *failed = "room";
  int rc = make_room(probe, listeners, failed);
  if (rc != 0)
    return rc;
  probe->program->bss->wanted = (uint32_t)listeners;
  probe->program->bss->found = 0;
  if (listeners > 0) {
    *failed = "iterator";
    int iterator = bpf_iter_create(bpf_link__fd(probe->link));
    if (iterator < 0)
      return -errno;
    *failed = "read";
    rc = run(iterator);
    close(iterator);
  }
  if (rc != 0)
    return rc;
  *records = probe->records;
  *len = probe->program->bss->found;
  return *len <= probe->capacity ? 0 : -EBADMSG;
}
