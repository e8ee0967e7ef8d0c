/* Listening sockets of all network namespaces that were entered, read in one
 * pass by a BPF program in the kernel. Needs what listener_probe.h needs.
 * Private to the room io. */
#ifndef IO_SPACE_PROBE_H
#define IO_SPACE_PROBE_H

#include "table/space_record.h"

/* Sockets that one pass can show: first, and at most. The room for each costs
 * the kernel some 50 ns in every pass, used or not. */
enum { SPACE_PROBE_FIRST = 1 << 11, SPACE_PROBE_MAX = 1 << 14 };

struct space_probe;

/* Load the program with room for so many sockets. *failed: the call that
 * failed; static text. Returns 0 and *out, or -errno; -ENOSYS: the build has
 * none. */
int space_probe_create(size_t room, struct space_probe **out,
                       const char **failed);
void space_probe_destroy(struct space_probe *probe);

/* From now on the sockets that listen in the namespace this thread is in are
 * shown, too. Returns 0 or -errno. */
int space_probe_mark(struct space_probe *probe);

/* *records: ordered by namespace; they belong to the probe and are valid until
 * the next call. Returns 0 or -errno: -E2BIG: there are more than it has
 * room for. */
int space_probe_read(struct space_probe *probe,
                     const struct space_record **records, size_t *len,
                     const char **failed);

#endif
