/* In place of space_probe.c where configure found no clang, bpftool or libbpf.
 */
#include "space_probe.h"

#include <errno.h>

int space_probe_create(size_t room, struct space_probe **out,
                       const char **failed) {
  (void)room;
  (void)out;
  *failed = "build";
  return -ENOSYS;
}

void space_probe_destroy(struct space_probe *probe) { (void)probe; }

int space_probe_mark(struct space_probe *probe) {
  (void)probe;
  return -ENOSYS;
}

int space_probe_read(struct space_probe *probe,
                     const struct space_record **records, size_t *len,
                     const char **failed) {
  (void)probe;
  (void)records;
  (void)len;
  *failed = "build";
  return -ENOSYS;
}
