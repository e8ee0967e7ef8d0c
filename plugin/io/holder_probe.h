/* The established sockets that may hold, picked out by a BPF program in the
 * kernel, for much less than what inet_diag costs. Needs what listener_probe.h
 * needs, and Linux 6.1. Private to the room io. */
#ifndef IO_HOLDER_PROBE_H
#define IO_HOLDER_PROBE_H

#include "table/holders.h"

struct holder_probe;

/* Load the program. *failed: the call that failed; static text. Returns 0 and
 * *out, or -errno; -ENOSYS: the build has none. */
int holder_probe_create(struct holder_probe **out, const char **failed);
void holder_probe_destroy(struct holder_probe *probe);

/* Take the sockets of the network namespace this thread is in into a look that
 * was cleared; holders->asked: with what tcp_info has of them. Listening
 * sockets are not among them. Returns 0, or -errno and nothing of the look may
 * be used. */
int holder_probe_read(struct holder_probe *probe, struct holders *holders,
                      const char **failed);

#endif
