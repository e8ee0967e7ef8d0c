/* measure_sources [SOCKETS [busy|calm] | --here]: what a reading costs by each
 * way, beside the least that any client would pay for it, with so many sockets
 * (100,000) in a network namespace of its own or, with --here, those that are
 * there; busy: with thousands of listeners and half-open connections besides;
 * calm: one connection in a hundred is half closed, which a filtered walk
 * brings back, not one in ten. The ways take turns, so that what else the
 * machine does meets all of them alike. The last line is for scripts: medians
 * in seconds of CPU. */
#define _GNU_SOURCE
#include "bare_walk.h"
#include "busy_port.h"
#include "count_allocations.h"
#include "crowd.h"
#include "io/table_source.h"
#include "must.h"
#include "namespace.h"

#include <inttypes.h>
#include <math.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { SOCKETS_USUAL = 100000, TIMES = 9, WARM_UP = 2 };

/* What a filtered walk asks for: all but LISTEN, and what counters tell. */
static const uint32_t filtered_states =
    ((UINT32_C(1) << TCP_STATE_END) - 2) &
    ~(UINT32_C(1) << TCP_STATE_LISTEN | UINT32_C(1) << TCP_STATE_ESTABLISHED |
      UINT32_C(1) << TCP_STATE_TIME_WAIT);

enum way {
  BARE,
  FILTERED,
  LOOK,
  INFO,
  LOOK_BPF,
  INFO_BPF,
  FULL,
  BPF,
  CAT,
  PROC,
  WAYS
};

static const char *const way_names[WAYS] = {
    [BARE] = "bare walk",
    [FILTERED] = "filtered walk",
    [LOOK] = "walk, look",
    [INFO] = "look, tcp_info",
    [LOOK_BPF] = "look by BPF",
    [INFO_BPF] = "same, tcp_info",
    [FULL] = "full dump",
    [BPF] = "BPF, no walk",
    [CAT] = "cat",
    [PROC] = "/proc",
};

static struct table_source *sources[WAYS];
static int bare_socket;
static bool is_busy; /* there are the listeners of busy_port, too */
static uint64_t allocations, all_sockets, established, close_wait, half_open,
    listeners, bpf_half_open;

static bool is_by_bpf(enum way way) {
  return way == BPF || way == LOOK_BPF || way == INFO_BPF;
}

static void open_source(enum way way, const char *mode, bool full_dumps) {
  static const enum held_look looks[WAYS] = {[LOOK] = HELD_LOOK,
                                             [INFO] = HELD_LOOK_INFO,
                                             [LOOK_BPF] = HELD_LOOK,
                                             [INFO_BPF] = HELD_LOOK_INFO};
  const struct table_source_options options = {.source = mode,
                                               .by_family = full_dumps,
                                               .half_open_by_bpf =
                                                   is_by_bpf(way),
                                               .interval_s = way == BPF,
                                               .walk_every_s = 3600,
                                               .look = looks[way],
                                               .verify_every = 1000};
  must(table_source_create(&options, &sources[way]) == 0, "table_source");
}

static double children_cpu_s(void) {
  struct rusage usage;
  getrusage(RUSAGE_CHILDREN, &usage);
  return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static double thread_cpu_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double read_bare(void) {
  const double start_s = thread_cpu_s();
  bare_walk(bare_socket, filtered_states);
  return thread_cpu_s() - start_s;
}

static double read_cat(void) {
  const double start_s = children_cpu_s();
  must(system("cat /proc/net/tcp /proc/net/tcp6 > /dev/null") == 0, "cat");
  return children_cpu_s() - start_s;
}

/* NAN where the kernel refuses BPF. */
static double cost_of_bpf(const struct reading *reading,
                          const struct table_source_outcome *outcome) {
  if (!outcome->half_open_by_bpf)
    return NAN;
  errno = EPROTO;
  must(outcome->walk_left_out, "a reading without a walk");
  bpf_half_open = reading->total[TCP_STATE_SYN_RECV];
  return outcome->cost_s;
}

/* warm: this is not among a source's first readings, which verify the counters
 * and let the tables grow. */
static double read_source(enum way way, bool warm) {
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct table_source_outcome outcome;
  const uint64_t before = count_allocations();
  errno = -table_source_read(sources[way], &reading, &counters, &outcome);
  must(errno == 0, way_names[way]);
  if (!warm)
    return 0;
  if (way == BPF)
    return cost_of_bpf(reading, &outcome);
  if (is_by_bpf(way) && !outcome.looked_by_bpf)
    return NAN;
  allocations += count_allocations() - before;
  errno = EPROTO;
  bool full = way == FULL || way == PROC;
  must(outcome.was_full_dump == full, "the kind of walk");
  must(full || isnan(outcome.held.kind[HOLDER_MUTE]) ==
                   (way != INFO && way != INFO_BPF),
       "the kind of look");
  established = reading->total[TCP_STATE_ESTABLISHED];
  close_wait = reading->total[TCP_STATE_CLOSE_WAIT];
  half_open = reading->total[TCP_STATE_SYN_RECV];
  listeners = reading->total[TCP_STATE_LISTEN];
  all_sockets = 0;
  for (int state = 1; state < TCP_STATE_END; state++)
    all_sockets += reading->total[state];
  return outcome.cost_s;
}

static double read_once(enum way way, bool warm) {
  if (way == BARE)
    return read_bare();
  return way == CAT ? read_cat() : read_source(way, warm);
}

/* What a reading without suspicion spends on connections that are held. */
static double cost_of_note(void) {
  enum { NOTES = 20000 };
  struct held held = {.counted = false};
  struct kernel_counters counters = {.value = {0}};
  for (int i = 0; i < COUNTER_END; i++)
    counters.known[i] = true;
  const double start_s = thread_cpu_s();
  for (int i = 0; i < NOTES; i++) {
    counters.value[COUNTER_PASSIVE_OPENS] += 20;
    held_note(&held, i, 60, &counters);
  }
  return (thread_cpu_s() - start_s) / NOTES;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double values[TIMES]) {
  qsort(values, TIMES, sizeof(values[0]), compare);
  return values[TIMES / 2];
}

/* One way's cost beside another's, both of the same round. */
static double ratio(const double over[TIMES], const double under[TIMES]) {
  double ratios[TIMES];
  for (int i = 0; i < TIMES; i++)
    ratios[i] = over[i] / under[i];
  return median(ratios);
}

struct costs {
  double median_s[WAYS];
  double filtered_to_bare, proc_to_cat; /* medians of each round's */
};

static void measure(struct costs *out) {
  static double cpu_s[WAYS][TIMES];
  for (int i = -WARM_UP; i < TIMES; i++) {
    if (is_busy)
      busy_port_fill();
    for (int way = 0; way < WAYS; way++) {
      const double taken_s = read_once((enum way)way, i >= 0);
      if (i >= 0)
        cpu_s[way][i] = taken_s;
    }
  }
  out->filtered_to_bare = ratio(cpu_s[FILTERED], cpu_s[BARE]);
  out->proc_to_cat = ratio(cpu_s[PROC], cpu_s[CAT]);
  for (int way = 0; way < WAYS; way++) {
    out->median_s[way] = median(cpu_s[way]);
    printf("%-14s %9.6f s CPU, from %.6f to %.6f\n", way_names[way],
           out->median_s[way], cpu_s[way][0], cpu_s[way][TIMES - 1]);
  }
}

/* busy: see above; calm: one connection in a hundred is half closed, not in
 * ten. Have so many sockets. Returns how many; 0: those that were there. */
static long find_sockets(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--here") == 0)
    return 0;
  const long sockets = argc > 1 ? strtol(argv[1], NULL, 10) : SOCKETS_USUAL;
  errno = ERANGE;
  must(sockets > 0 && sockets <= CROWD_MAX, "number of sockets");
  namespace_enter();
  bool is_calm = argc > 2 && strcmp(argv[2], "calm") == 0;
  crowd_create_of((size_t)sockets, is_calm ? 100 : 10);
  is_busy = argc > 2 && strcmp(argv[2], "busy") == 0;
  if (is_busy)
    busy_port_open();
  return sockets;
}

int main(int argc, char **argv) {
  const long made = find_sockets(argc, argv);
  struct costs costs;
  bare_socket = bare_walk_open();
  open_source(FILTERED, "netlink", false);
  open_source(LOOK, "netlink", false);
  open_source(INFO, "netlink", false);
  open_source(LOOK_BPF, "netlink", false);
  open_source(INFO_BPF, "netlink", false);
  open_source(FULL, "netlink", true);
  open_source(BPF, "netlink", false);
  open_source(PROC, "proc", false);
  sleep(2); /* all are mute then: no table grows any more */
  measure(&costs);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("ESTABLISHED %" PRIu64 ", CLOSE_WAIT %" PRIu64 ", SYN_RECV %" PRIu64
         " (%" PRIu64 " by BPF), LISTEN %" PRIu64 "\n",
         established, close_wait, half_open, bpf_half_open, listeners);
  const double *cost_s = costs.median_s;
  if (!isnan(cost_s[BPF]))
    printf("bpf_s=%.6f ", cost_s[BPF]);
  if (!isnan(cost_s[LOOK_BPF]) && !isnan(cost_s[INFO_BPF]))
    printf("look_bpf_s=%.6f info_bpf_s=%.6f ", cost_s[LOOK_BPF],
           cost_s[INFO_BPF]);
  printf("look_s=%.6f info_s=%.6f note_s=%.9f ", cost_s[LOOK], cost_s[INFO],
         cost_of_note());
  printf("sockets=%" PRIu64 " filtered_s=%.6f full_s=%.6f bare_s=%.6f "
         "proc_s=%.6f cat_s=%.6f filtered_to_bare=%.3f proc_to_cat=%.3f "
         "allocations=%" PRIu64 " maxrss_kb=%ld\n",
         made > 0 ? (uint64_t)made : all_sockets, cost_s[FILTERED],
         cost_s[FULL], cost_s[BARE], cost_s[PROC], cost_s[CAT],
         costs.filtered_to_bare, costs.proc_to_cat, allocations,
         usage.ru_maxrss);
  for (int way = 0; way < WAYS; way++)
    table_source_destroy(sources[way]);
  return EXIT_SUCCESS;
}
