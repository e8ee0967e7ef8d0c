/* See memory_faults.h. The names are those of ld's --wrap. */
#include "memory_faults.h"
#include "wrapped_calls.h"

#include <check.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SLOTS = 1 << 16, REQUESTS_MAX = 20000 };

/* Of the thread that runs the scene. */
static _Thread_local struct {
  bool running, ended, lasting;
  unsigned request; /* number of the last one, from 1 */
  unsigned due;     /* the one that fails */
  unsigned failed;
} self;

/* The blocks that are out, by open addressing; whichever thread frees them. */
static atomic_flag busy = ATOMIC_FLAG_INIT;
static void *blocks[SLOTS];
static size_t blocks_len;
static char removed; /* its address marks a slot that was used */

static void lock(void) {
  while (atomic_flag_test_and_set(&busy))
    ;
}

static void unlock(void) { atomic_flag_clear(&busy); }

static size_t place_of(const void *block) {
  return (size_t)(((uint64_t)(uintptr_t)block * UINT64_C(0x9e3779b97f4a7c15)) >>
                  48);
}

static void remember(void *block) {
  if (!self.running || block == NULL)
    return;
  lock();
  size_t i = place_of(block);
  while (blocks[i] != NULL && blocks[i] != (void *)&removed)
    i = (i + 1) % SLOTS;
  blocks[i] = block;
  blocks_len++;
  unlock();
}

static void forget(const void *block) {
  if (block == NULL)
    return;
  lock();
  size_t i = place_of(block);
  while (blocks[i] != NULL && blocks[i] != block)
    i = (i + 1) % SLOTS;
  if (blocks[i] == block) {
    blocks[i] = (void *)&removed;
    blocks_len--;
  }
  unlock();
}

/* Count a request. Returns whether it is to fail. */
static bool refuse(void) {
  if (!self.running)
    return false;
  self.request++;
  bool fails = !self.ended && (self.request == self.due ||
                               (self.lasting && self.request > self.due));
  self.failed += fails;
  if (fails)
    errno = ENOMEM;
  return fails;
}

void *__wrap_malloc(size_t size) {
  void *block = refuse() ? NULL : __real_malloc(size);
  remember(block);
  return block;
}

void *__wrap_calloc(size_t count, size_t size) {
  void *block = refuse() ? NULL : __real_calloc(count, size);
  remember(block);
  return block;
}

void *__wrap_realloc(void *old, size_t size) {
  if (refuse())
    return NULL;
  forget(old);
  void *block = __real_realloc(old, size);
  remember(block);
  return block;
}

char *__wrap_strdup(const char *text) {
  char *block = refuse() ? NULL : __real_strdup(text);
  remember(block);
  return block;
}

char *__wrap_strndup(const char *text, size_t length) {
  char *block = refuse() ? NULL : __real_strndup(text, length);
  remember(block);
  return block;
}

void __wrap_free(void *block) {
  forget(block);
  __real_free(block);
}

/* These ask the C library for memory, too. */
FILE *__wrap_fopen(const char *path, const char *mode) {
  return refuse() ? NULL : __real_fopen(path, mode);
}

DIR *__wrap_opendir(const char *path) {
  return refuse() ? NULL : __real_opendir(path);
}

int __wrap_scandir(const char *path, struct dirent ***list,
                   filter_entry *filter, compare_entries *compare) {
  return refuse() ? -1 : __real_scandir(path, list, filter, compare);
}

bool memory_faults_met(void) { return self.failed > 0; }

void memory_faults_end(void) { self.ended = true; }

void memory_faults_fail(const char *file, int line, const char *condition) {
  unsigned due = self.due;
  bool lasting = self.lasting, met = self.failed > 0;
  self.running = false;
  ck_abort_msg("%s:%d: %s does not hold (request %u%s, which %s)", file, line,
               condition, due, lasting ? " and all after it" : "",
               met ? "has failed" : "was not reached");
}

bool memory_faults_passed(int rc) {
  if (rc == 0)
    return true;
  memory_faults_must(rc == -ENOMEM && memory_faults_met());
  memory_faults_end();
  return false;
}

/* Returns whether a request has failed, which is to say that there are more. */
static bool run(void (*scene)(void), unsigned due, bool lasting) {
  self.request = self.failed = 0;
  self.due = due;
  self.lasting = lasting;
  self.ended = false;
  self.running = true;
  scene();
  self.running = false;
  if (blocks_len != 0)
    ck_abort_msg("%zu blocks are still out after request %u%s failed",
                 blocks_len, due, lasting ? " and all after it" : "");
  memset(blocks, 0, sizeof(blocks)); /* of the marks, too */
  return self.failed > 0;
}

unsigned memory_faults_each(void (*scene)(void)) {
  unsigned due = 0;
  for (int lasting = 0; lasting < 2; lasting++) {
    for (due = 1; run(scene, due, lasting != 0); due++)
      ck_assert_uint_lt(due, REQUESTS_MAX);
  }
  return due - 1;
}
