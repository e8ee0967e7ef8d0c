/* Requests for memory that fail on order. Linked with --wrap of malloc, calloc,
 * realloc, strdup, strndup, free, fopen, opendir and scandir it sits between
 * our own code and the C library. */
#ifndef MEMORY_FAULTS_H
#define MEMORY_FAULTS_H

#include <stdbool.h>

/* Runs the scene with its first request for memory failing, with its second,
 * and so on until it has no more: each alone at first, then each with all that
 * come after it. In this thread only. The test fails where a run does not give
 * back all that it was given. Returns how many requests a run has. */
unsigned memory_faults_each(void (*scene)(void));

/* In a scene: whether a request has failed in this run. */
bool memory_faults_met(void);

/* From here to the end of this run there is memory again. */
void memory_faults_end(void);

/* In a scene: as ck_assert, which asks for memory itself. */
#define memory_faults_must(condition)                                          \
  ((condition) ? (void)0 : memory_faults_fail(__FILE__, __LINE__, #condition))
void memory_faults_fail(const char *file, int line, const char *condition);

/* Whether to go on with the result of a call: 0, or -ENOMEM where a request has
 * failed; then there is memory from here on, and the call is due again. */
bool memory_faults_passed(int rc);

#endif
