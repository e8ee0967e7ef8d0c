/* What the files of tests/io share. */
#ifndef TESTS_IO_SUITES_H
#define TESTS_IO_SUITES_H

#include "scenes/suite.h"

/* A case of proc_source's suite, in a file of its own. */
TCase *proc_huge_case(void);

/* The cases of table_source's suite, each in a file of its own. */
void table_walks_add(TCase *tcase);
void table_faults_add(TCase *tcase);
void table_proc_add(TCase *tcase);
void table_budget_add(TCase *tcase);
void table_kernels_add(TCase *tcase);

/* How many file descriptors this process has open. */
unsigned open_fds(void);

#endif
