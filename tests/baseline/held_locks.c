/* See held_locks.h. The names are those of ld's --wrap. */
#include "held_locks.h"

#include <fcntl.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int __real_pthread_mutex_lock(pthread_mutex_t *lock);
int __real_pthread_mutex_unlock(pthread_mutex_t *lock);
int __real_open(const char *path, int flags, ...);
ssize_t __real_write(int fd, const void *data, size_t length);
int __real_fsync(int fd);
int __real_rename(const char *from, const char *to);

int __wrap_pthread_mutex_lock(pthread_mutex_t *lock);
int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock);
int __wrap_open(const char *path, int flags, ...);
ssize_t __wrap_write(int fd, const void *data, size_t length);
int __wrap_fsync(int fd);
int __wrap_rename(const char *from, const char *to);

static _Thread_local int count;
static _Thread_local const pthread_mutex_t *held; /* the one measured now */
static _Thread_local double since_s;
static const pthread_mutex_t *_Atomic watched;
static atomic_bool watching;
static _Atomic double longest_s;
static atomic_uint holds, disk_calls;
static atomic_bool disk_closed;
static atomic_uint disk_waits;
static sem_t disk_turns;

static double processor_time_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

int held_locks_count(void) { return count; }

void held_locks_watch(const pthread_mutex_t *lock) {
  watched = lock;
  watching = true;
  longest_s = 0;
  holds = disk_calls = 0;
}

unsigned held_locks_holds(void) { return holds; }

double held_locks_longest_s(void) { return longest_s; }

unsigned held_locks_disk_calls(void) { return disk_calls; }

void held_locks_close_disk(void) {
  sem_init(&disk_turns, 0, 0);
  disk_closed = true;
}

bool held_locks_disk_waits(void) { return disk_waits > 0; }

void held_locks_let_through(void) {
  disk_waits--;
  sem_post(&disk_turns);
}

int __wrap_pthread_mutex_lock(pthread_mutex_t *lock) {
  int rc = __real_pthread_mutex_lock(lock);
  count++;
  if (watching && held == NULL && (watched == NULL || watched == lock)) {
    held = lock;
    holds++;
    since_s = processor_time_s();
  }
  return rc;
}

int __wrap_pthread_mutex_unlock(pthread_mutex_t *lock) {
  double longest = longest_s;
  if (held == lock) {
    double held_s = processor_time_s() - since_s;
    held = NULL;
    while (held_s > longest &&
           !atomic_compare_exchange_weak(&longest_s, &longest, held_s))
      ;
  }
  count--;
  return __real_pthread_mutex_unlock(lock);
}

static void touch_disk(void) {
  disk_calls += held != NULL;
  if (!disk_closed)
    return;
  disk_waits++;
  while (sem_wait(&disk_turns) != 0)
    ; /* a signal came */
}

int __wrap_open(const char *path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  disk_calls += held != NULL;
  return __real_open(path, flags, mode);
}

ssize_t __wrap_write(int fd, const void *data, size_t length) {
  touch_disk();
  return __real_write(fd, data, length);
}

int __wrap_fsync(int fd) {
  touch_disk();
  return __real_fsync(fd);
}

int __wrap_rename(const char *from, const char *to) {
  disk_calls += held != NULL;
  return __real_rename(from, to);
}
