/* A netlink socket to inet_diag -> rows of a reading. Kept open from one
 * reading to the next; needs no privilege. */
#ifndef IO_DIAG_SOURCE_H
#define IO_DIAG_SOURCE_H

#include "table/diag_message.h"

struct diag_source;

/* Returns NULL where memory is short. Opens nothing yet. */
struct diag_source *diag_source_create(void);
void diag_source_destroy(struct diag_source *source);

/* Send one request (its sequence is set here) and take in the whole answer.
 * ports_only as in diag_message_parse. Waits at most 5 s for each part of the
 * answer and 30 s for the whole (-ETIMEDOUT). Returns 0 or -errno; after an
 * error the reading is not to be used and the socket is opened anew at the next
 * call. */
int diag_source_walk(struct diag_source *source,
                     const struct diag_request *request, bool ports_only,
                     struct reading *reading);

/* What the last error came from: "socket", "send", "receive", or "dump" for
 * the kernel's answer itself; "" before any error. Static text. */
const char *diag_source_failed(const struct diag_source *source);

#endif
