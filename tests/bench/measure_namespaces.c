/* measure_namespaces: what a round over all namespaces in /run/netns costs, by
 * our own rooms, without a daemon. A line for scripts: medians and means in
 * seconds of CPU; keys of BPF are left out where the kernel refuses it. */
#define _GNU_SOURCE
#include "io/namespaces.h"
#include "sockets/must.h"

#include <time.h>

enum { WARM_UP = 3, ROUNDS = 21, WALK_ROUNDS = 40 };

/* The interval that collectd has by default, and our ReadBudget. */
static const double interval_s = 10;
static const unsigned read_budget = 5;

static double thread_cpu_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static struct namespaces *create(unsigned max, bool by_bpf) {
  const struct namespaces_options options = {
      .max = max,
      .host = "bench",
      .source = {.source = "netlink",
                 .half_open_by_bpf = by_bpf,
                 .walk_every_s = by_bpf ? 3600 : 0,
                 .interval_s = interval_s,
                 .read_budget = read_budget},
      .metrics = {.counters = true, .variance_window = 30}};
  struct namespaces *namespaces;
  errno = -namespaces_create(&options, &namespaces);
  must(errno == 0, "namespaces_create");
  return namespaces;
}

/* The CPU time of one round; *read: how many had values. */
static double read_round(struct namespaces *namespaces, size_t *read) {
  const char *host;
  const struct metrics_list *list;
  struct namespaces_outcome outcome;
  const double start_s = thread_cpu_s();
  namespaces_begin(namespaces, 0);
  while (namespaces_next(namespaces, &host, &list, &outcome))
    ;
  *read = outcome.read;
  return thread_cpu_s() - start_s;
}

struct cost {
  double median_s, mean_s;
  size_t read;
};

static struct cost measure(unsigned max, bool by_bpf, int rounds) {
  double cost_s[WALK_ROUNDS] = {0};
  struct cost cost = {0};
  struct namespaces *namespaces = create(max, by_bpf);
  for (int i = -WARM_UP; i < rounds; i++) {
    const double round_s = read_round(namespaces, &cost.read);
    if (i < 0)
      continue;
    cost_s[i] = round_s;
    cost.mean_s += round_s / rounds;
  }
  namespaces_destroy(namespaces);
  qsort(cost_s, (size_t)rounds, sizeof(cost_s[0]), compare);
  cost.median_s = cost_s[rounds / 2];
  return cost;
}

int main(void) {
  const struct cost all = measure(4096, true, ROUNDS);
  const struct cost one = measure(1, true, ROUNDS);
  const struct cost walks = measure(4096, false, WALK_ROUNDS);
  printf("namespaces=%zu all_s=%.9f one_s=%.9f "
         "walks_mean_s=%.9f budget_s=%.9f\n",
         all.read, all.median_s, one.median_s, walks.mean_s,
         interval_s * read_budget / 100);
  return EXIT_SUCCESS;
}
