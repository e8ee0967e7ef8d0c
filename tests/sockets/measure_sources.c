/* measure_sources [SOCKETS]: what a reading costs by each way, with so many
 * sockets (100,000) in a network namespace of its own, beside `cat` of the
 * tables and the size of this process. The last line is for scripts. */
#define _GNU_SOURCE
#include "crowd.h"
#include "io/table_source.h"
#include "must.h"
#include "namespace.h"

#include <inttypes.h>
#include <sys/resource.h>
#include <time.h>

enum { SOCKETS_USUAL = 100000, TIMES = 9 };

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double values[TIMES]) {
  qsort(values, TIMES, sizeof(values[0]), compare);
  return values[TIMES / 2];
}

static double wall_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Returns the median CPU time of a reading in seconds. full_dumps: each one is
 * to be a full dump, or, by netlink, each one filtered but the first. */
static double measure(const char *name, enum table_source_mode mode,
                      bool full_dumps) {
  const struct table_source_options options = {
      .mode = mode, .by_family = full_dumps, .verify_every = 1000};
  struct table_source *source;
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct table_source_outcome outcome;
  double cpu[TIMES], wall[TIMES];
  must(table_source_create(&options, &source) == 0, "table_source");
  for (int i = -1; i < TIMES; i++) {
    const double start = wall_s();
    errno = -table_source_read(source, &reading, &counters, &outcome);
    must(errno == 0, name);
    if (i < 0) /* warms the tables up, and verifies the counters */
      continue;
    wall[i] = wall_s() - start;
    cpu[i] = outcome.cost_s;
    errno = EPROTO;
    must(outcome.was_full_dump == full_dumps, "the kind of walk");
  }
  const double cost = median(cpu);
  printf("%-14s %9.6f s CPU %9.6f s wall, ESTABLISHED %" PRIu64
         ", CLOSE_WAIT %" PRIu64 "\n",
         name, cost, median(wall), reading->total[TCP_STATE_ESTABLISHED],
         reading->total[TCP_STATE_CLOSE_WAIT]);
  table_source_destroy(source);
  return cost;
}

static double children_cpu_s(void) {
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double measure_cat(void) {
  double cpu[TIMES];
  for (int i = 0; i < TIMES; i++) {
    const double start = children_cpu_s();
    must(system("cat /proc/net/tcp /proc/net/tcp6 > /dev/null") == 0, "cat");
    cpu[i] = children_cpu_s() - start;
  }
  const double cost = median(cpu);
  printf("%-14s %9.6f s CPU\n", "cat", cost);
  return cost;
}

int main(int argc, char **argv) {
  const long sockets = argc > 1 ? strtol(argv[1], NULL, 10) : SOCKETS_USUAL;
  errno = ERANGE;
  must(sockets > 0 && sockets <= CROWD_MAX, "number of sockets");
  namespace_enter();
  crowd_create((size_t)sockets);
  const double filtered = measure("filtered walk", TABLE_SOURCE_NETLINK, false);
  const double full = measure("full dump", TABLE_SOURCE_NETLINK, true);
  const double proc = measure("/proc", TABLE_SOURCE_PROC, true);
  const double cat = measure_cat();
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("sockets=%ld filtered_s=%.6f full_s=%.6f proc_s=%.6f cat_s=%.6f "
         "proc_to_cat=%.2f maxrss_kb=%ld\n",
         sockets, filtered, full, proc, cat, proc / cat, usage.ru_maxrss);
  return EXIT_SUCCESS;
}
