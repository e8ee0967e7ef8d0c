/* A /proc of the test's own, in a temporary folder. */
#ifndef TESTS_IO_PROC_ROOT_H
#define TESTS_IO_PROC_ROOT_H

#include <stddef.h>

enum { PROC_ROOT_PATH = 128 };

/* What the files of a fresh root hold: tcp a listener on port 8080, two
 * ESTABLISHED on it, a CLOSE_WAIT on port 22 and a TIME_WAIT; tcp6 a listener
 * and a half-open entry whose SYN-ACK was sent again. The counters fit. */
extern const char proc_root_header[];
extern const char proc_root_tcp[];
extern const char proc_root_tcp6[];

/* path: PROC_ROOT_PATH bytes. A folder that cannot be made ends the test. */
void proc_root_create(char *path);
void proc_root_destroy(const char *path);

/* name: below the root, "net/tcp". text NULL removes the file. */
void proc_root_write(const char *path, const char *name, const char *text);

/* How many file descriptors this process has open. */
unsigned open_fds(void);

#endif
