/* Listening sockets, read by a BPF program in the kernel: how long their queues
 * are, at a cost that does not depend on the number of connections. Needs
 * CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, and a kernel with BTF. Private to
 * the room io. */
#ifndef IO_LISTENER_PROBE_H
#define IO_LISTENER_PROBE_H

#include "table/listener_record.h"

#include <errno.h>
#include <stdbool.h>

enum { LISTENER_PROBE_MAX = 1 << 17 }; /* sockets that one walk can show */

struct listener_probe;

/* Whether an error of these functions is a shortage, which passes; else it is a
 * refusal. */
static inline bool listener_probe_is_shortage(int rc) {
  return rc == -ENOMEM || rc == -EMFILE || rc == -ENFILE || rc == -EAGAIN;
}

/* Whether this build has it. */
bool listener_probe_is_built(void);

/* Load the program. count_syns: also count the SYNs of each socket, from now
 * on; some kernels and administrators refuse that alone:
 * listener_probe_syns_error. *failed: the call that failed; static text.
 * Returns 0 and *out, or -errno: the kernel or its administrator refuses, or
 * the build has none (-ENOSYS). */
int listener_probe_create(bool count_syns, struct listener_probe **out,
                          const char **failed);

/* Why SYNs are not counted: -errno; 0: they are, or nobody asked. A read that
 * had to load the program again may change it. */
int listener_probe_syns_error(const struct listener_probe *probe);

void listener_probe_destroy(struct listener_probe *probe);

/* Read the listening sockets of the network namespace this thread is in.
 * listeners: how many there are, as just counted; more of them than that are
 * left out, and fewer make the kernel walk its whole table. *records belongs to
 * the probe and is valid until the next call. Returns 0 or -errno. */
int listener_probe_read(struct listener_probe *probe, size_t listeners,
                        const struct listener_record **records, size_t *len,
                        const char **failed);

#endif
