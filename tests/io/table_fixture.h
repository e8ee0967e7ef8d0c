/* One table_source over a /proc and a kernel of the test's own. */
#ifndef TESTS_IO_TABLE_FIXTURE_H
#define TESTS_IO_TABLE_FIXTURE_H

#include "fake_netlink.h"
#include "io/table_source.h"
#include "proc_root.h"

#include <check.h>

/* Of the running test; reading and counters as take() got them last. */
extern char root[PROC_ROOT_PATH];
extern struct table_source *source;
extern const struct reading *reading;
extern const struct kernel_counters *counters;
extern struct table_source_outcome outcome;

/* name: of the option Source. with_port: port 8080 is a LocalPort. Every tenth
 * reading is verified. */
void create(const char *name, bool by_family, bool with_port);

/* A case of the suite with a kernel and a /proc for each of its tests. */
TCase *table_case(Suite *suite, const char *name);

/* The last reading, or try at one, was by /proc. */
bool from_proc(void);

/* How many recvmsg in a row fail in the next reading, from the first on. */
void fault(enum fake_fault kind, unsigned times);

/* One reading. Returns what table_source_read does. */
int take(void);

/* The reading counts what the kernel and /proc both have, and once. */
void assert_whole(void);

#endif
