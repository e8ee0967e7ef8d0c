/* walk_at_intervals INTERVAL_S COUNT: what a bare filtered walk costs that
 * comes once in an interval, as a daemon's does: others have used the
 * processor's caches meanwhile, so it waits for memory. Prints bare_paused_s=,
 * the median in seconds of CPU. */
#define _GNU_SOURCE
#include "sockets/bare_walk.h"
#include "sockets/must.h"

#include "table/tcp_state.h"

#include <stdint.h>
#include <time.h>
#include <unistd.h>

enum { WARM_UP = 2, COUNT_MAX = 100 };

static const uint32_t filtered_states =
    ((UINT32_C(1) << TCP_STATE_END) - 2) &
    ~(UINT32_C(1) << TCP_STATE_LISTEN | UINT32_C(1) << TCP_STATE_ESTABLISHED |
      UINT32_C(1) << TCP_STATE_TIME_WAIT);

static double thread_cpu_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  const long interval_s = argc == 3 ? strtol(argv[1], NULL, 10) : 0;
  const long count = argc == 3 ? strtol(argv[2], NULL, 10) : 0;
  double cost_s[COUNT_MAX] = {0};
  errno = ERANGE;
  must(interval_s > 0 && count > 0 && count <= COUNT_MAX, "INTERVAL_S COUNT");
  const int fd = bare_walk_open();
  for (long i = -WARM_UP; i < count; i++) {
    sleep((unsigned)interval_s);
    const double start_s = thread_cpu_s();
    bare_walk(fd, filtered_states);
    cost_s[i < 0 ? 0 : i] = thread_cpu_s() - start_s;
  }
  qsort(cost_s, (size_t)count, sizeof(cost_s[0]), compare);
  printf("bare_paused_s=%.9f\n", cost_s[count / 2]);
  return EXIT_SUCCESS;
}
