/* A netlink socket to inet_diag -> rows of a reading. Kept open from one
 * reading to the next; needs no privilege. Private to the room io. */
#ifndef IO_DIAG_SOURCE_H
#define IO_DIAG_SOURCE_H

#include "table/diag_message.h"

struct diag_source;

/* The kernel sizes its datagrams by the receiver's buffer, up to so much. */
enum { DIAG_ANSWER_MAX = 32 * 1024 };

/* Returns NULL without memory. Opens nothing yet. */
struct diag_source *diag_source_create(void);
/* The same on a socket that is open already, and now the source's: one of
 * another network namespace. After an error there is no new one: every walk
 * then fails with -ENOTCONN. answer: DIAG_ANSWER_MAX bytes, as malloc aligns
 * them, that outlive the source; sources that never walk at once may share
 * them. */
struct diag_source *diag_source_create_on(int fd, unsigned char *answer);
void diag_source_destroy(struct diag_source *source);

/* A socket as the source opens it, of the network namespace this thread is in.
 * Returns 0 and *out, or -errno. */
int diag_source_open(int *out);

/* Send one request (its sequence is set here) and read the whole answer.
 * ports_only as in diag_message_parse. Waits at most 5 s for each part of the
 * answer and 30 s for the whole (-ETIMEDOUT). Returns 0 or -errno; after an
 * error the reading must not be used, and the next call opens a new socket. */
int diag_source_walk(struct diag_source *source,
                     const struct diag_request *request, bool ports_only,
                     struct reading *reading);

/* The same, of rows that go to holders_add. */
int diag_source_look(struct diag_source *source,
                     const struct diag_request *request,
                     struct holders *holders);

bool diag_source_is_open(const struct diag_source *source);

/* What caused the last error: "socket", "send", "receive", or "dump" for the
 * kernel's answer itself; "" before any error. Static text. */
const char *diag_source_failed(const struct diag_source *source);

#endif
