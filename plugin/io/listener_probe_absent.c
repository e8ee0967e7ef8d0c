/* In place of listener_probe.c where configure found no clang, bpftool or
 * libbpf. */
#include "listener_probe.h"

#include <errno.h>

bool listener_probe_is_built(void) { return false; }

int listener_probe_create(bool count_syns, struct listener_probe **out,
                          const char **failed) {
  (void)count_syns;
  (void)out;
  *failed = "build";
  return -ENOSYS;
}

int listener_probe_syns_error(const struct listener_probe *probe) {
  (void)probe;
  return 0;
}

void listener_probe_destroy(struct listener_probe *probe) { (void)probe; }

int listener_probe_read(struct listener_probe *probe, size_t listeners,
                        const struct listener_record **records, size_t *len,
                        const char **failed) {
  (void)probe;
  (void)listeners;
  (void)records;
  (void)len;
  *failed = "build";
  return -ENOSYS;
}
