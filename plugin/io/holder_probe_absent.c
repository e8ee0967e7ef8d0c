/* In place of holder_probe.c where configure found no clang, bpftool or libbpf.
 */
#include "holder_probe.h"

#include <errno.h>

int holder_probe_create(struct holder_probe **out, const char **failed) {
  (void)out;
  *failed = "build";
  return -ENOSYS;
}

void holder_probe_destroy(struct holder_probe *probe) { (void)probe; }

int holder_probe_read(struct holder_probe *probe, struct holders *holders,
                      const char **failed) {
  (void)probe;
  (void)holders;
  *failed = "build";
  return -ENOSYS;
}
