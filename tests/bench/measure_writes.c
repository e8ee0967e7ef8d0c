/* measure_writes FOLDER [WATCHES]: what the plugin baseline costs under a
 * stand-in for the daemon that does nothing: values that are judged, values
 * that concern nobody, allocations, memory and saving of 20,000 hosts. The
 * last line is for scripts. */
#include "bare_daemon.h"

#include "scenes/random_load.h"
#include "verdict/signals.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

enum {
  FEW = 100,    /* hosts that stay in the processor's cache */
  MANY = 20000, /* hosts that do not */
  NAME_SIZE = 32,
  WARM_UP = 4,
  ROUNDS = 9, /* of which the median is taken */
  FEW_READINGS = 300,
  NOBODYS = 2000000
};

static const double start_s = 1700000000, interval_s = 10;

static double cpu_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values, size_t len) {
  qsort(values, len, sizeof(*values), compare);
  return values[len / 2];
}

/* One value list a signal, as the daemon hands them over. */
static data_source_t sources[2] = {{.name = "value", .type = DS_TYPE_GAUGE},
                                   {.name = "value", .type = DS_TYPE_DERIVE}};
static data_set_t sets[2] = {{.ds_num = 1, .ds = &sources[0]},
                             {.ds_num = 1, .ds = &sources[1]}};
static value_list_t lists[SIGNAL_COUNT];
static char names[MANY][NAME_SIZE];
static value_t filled[MANY][SIGNAL_COUNT];
static struct random_load random_;

static void prepare(void) {
  static struct meta_data_s queue = {"0.0.0.0:443", "192.0.2.0/24 (80 %)", 511};

  for (int i = 0; i < SIGNAL_COUNT; i++) {
    value_list_t *list = &lists[i];
    list->values_len = 1;
    list->interval = DOUBLE_TO_CDTIME_T(interval_s);
    strcpy(list->plugin, "tcpstates");
    strcpy(list->plugin_instance, "all");
    strcpy(list->type, signals_type((enum signal)i));
    strcpy(list->type_instance, signals_type_instance((enum signal)i));
    if (i == SIGNAL_SYN_QUEUE)
      list->meta = &queue;
  }
  for (int host = 0; host < MANY; host++)
    snprintf(names[host], NAME_SIZE, "host-%d.dc1.example.net", host);
}

/* The numbers of a calm host's reading. */
static void fill(value_t *to, int reading) {
  memset(to, 0, SIGNAL_COUNT * sizeof(*to));
  to[SIGNAL_ESTABLISHED].gauge = random_count(&random_, 200);
  to[SIGNAL_ACTIVE].gauge = 210;
  to[SIGNAL_SYN_RECV].gauge = random_count(&random_, 3);
  to[SIGNAL_STATE_ENTROPY].gauge = 0.3 + 0.01 * random_unit(&random_);
  to[SIGNAL_PASSIVE_OPENS].derive = 200 * (derive_t)reading;
  to[SIGNAL_ACTIVE_OPENS].derive = 20 * (derive_t)reading;
}

static int ignore(const data_set_t *ds, const value_list_t *vl,
                  user_data_t *user_data) {
  (void)ds, (void)vl, (void)user_data;
  return 0;
}

/* Signals from..until of each host, to whom they are written. */
static void send_values(plugin_write_cb to, int hosts, int reading, int from,
                        int until) {
  cdtime_t time = DOUBLE_TO_CDTIME_T(start_s + interval_s * reading);

  for (int host = 0; host < hosts; host++)
    for (int i = from; i < until; i++) {
      memcpy(lists[i].host, names[host], NAME_SIZE);
      lists[i].time = time;
      lists[i].values = &filled[host][i];
      if (to(&sets[i >= SIGNAL_FIRST_COUNTER], &lists[i], NULL) != 0)
        abort();
    }
}

static void begin_reading(int hosts, int reading) {
  bare_daemon_set_clock(start_s + interval_s * reading + 1);
  for (int host = 0; host < hosts; host++)
    fill(filled[host], reading);
}

/* A reading of each host. Returns the CPU time that its values took. */
static double send_reading(int hosts, int reading) {
  begin_reading(hosts, reading);
  double began_s = cpu_s();
  send_values(ignore, hosts, reading, 0, SIGNAL_COUNT);
  double between_s = cpu_s();
  send_values(fake_callbacks()->write, hosts, reading, 0, SIGNAL_COUNT);
  return cpu_s() - between_s - (between_s - began_s);
}

/* The median of a value's seconds over rounds of so many readings. */
static double measure_judged(int hosts, int readings, int *reading) {
  double spent_s[ROUNDS];

  for (int round = 0; round < ROUNDS; round++) {
    spent_s[round] = 0;
    for (int i = 0; i < readings; i++)
      spent_s[round] += send_reading(hosts, ++*reading);
    spent_s[round] /= (double)hosts * readings * (double)SIGNAL_COUNT;
  }
  return median(spent_s, ROUNDS);
}

/* Values that no rule is about. */
static const struct {
  const char *plugin, *plugin_instance, *type, *type_instance;
} nobodys[] = {
    {"cpu", "0", "cpu", "user"},
    {"tcpstates", "443-local", "tcp_connections", "ESTABLISHED"},
    {"tcpstates", "all", "tcp_connections", "LAST_ACK"},
    {"tcpstates", "all", "protocol_counter", "TCPTimeouts"},
    {"baseline", "syn_flood", "gauge", "severity"},
};
enum { NOBODYS_KINDS = sizeof(nobodys) / sizeof(nobodys[0]) };

static double measure_nobodys(int kind) {
  value_t number = {.gauge = 1};
  value_list_t list = {.values = &number, .values_len = 1, .host = "host-1"};
  double spent_s[ROUNDS];
  plugin_write_cb write = fake_callbacks()->write;

  strcpy(list.plugin, nobodys[kind].plugin);
  strcpy(list.plugin_instance, nobodys[kind].plugin_instance);
  strcpy(list.type, nobodys[kind].type);
  strcpy(list.type_instance, nobodys[kind].type_instance);
  const int each = NOBODYS / ROUNDS;
  for (int round = 0; round < ROUNDS; round++) {
    double began_s = cpu_s();
    for (int i = 0; i < each; i++)
      write(&sets[0], &list, NULL);
    spent_s[round] = (cpu_s() - began_s) / each;
  }
  return median(spent_s, ROUNDS);
}

static double worst_of_nobodys(void) {
  double worst_s = 0;

  for (int kind = 0; kind < NOBODYS_KINDS; kind++) {
    double cost_s = measure_nobodys(kind);
    printf("%s-%s/%s-%s: %.0f ns\n", nobodys[kind].plugin,
           nobodys[kind].plugin_instance, nobodys[kind].type,
           nobodys[kind].type_instance, 1e9 * cost_s);
    if (cost_s > worst_s)
      worst_s = cost_s;
  }
  return worst_s;
}

/* Half of a reading of each host, and then the other: all of them are being
 * gathered at once. */
static void send_halves(int hosts, int reading) {
  begin_reading(hosts, reading);
  send_values(fake_callbacks()->write, hosts, reading, 0, SIGNAL_COUNT / 2);
  send_values(fake_callbacks()->write, hosts, reading, SIGNAL_COUNT / 2,
              SIGNAL_COUNT);
}

/* What it takes to save all of them. */
static void measure_saving(const char *path) {
  struct stat file;

  bare_daemon_watch_locks();
  double began_s = cpu_s();
  if (fake_callbacks()->flush(0, NULL, NULL) != 0 || stat(path, &file) != 0) {
    perror(path);
    exit(EXIT_FAILURE);
  }
  printf("save_s=%.3f lock_ms=%.3f saved_mb=%.2f ", cpu_s() - began_s,
         1e3 * bare_daemon_longest_hold_s(), (double)file.st_size / 1048576);
}

/* Large pieces have mappings of their own. */
static size_t in_use(void) {
  struct mallinfo2 is = mallinfo2();
  return is.uordblks + is.hblkhd;
}

int main(int argc, char **argv) {
  int watches = argc > 2 ? atoi(argv[2]) : 0, reading = 0;
  char path[256];

  snprintf(path, sizeof(path), "%s/state", argc > 1 ? argv[1] : ".");
  prepare();
  bare_daemon_start(path, MANY, watches);
  size_t before = in_use();
  for (int i = 0; i < WARM_UP; i++)
    send_reading(FEW, ++reading);
  uint64_t allocated = bare_daemon_allocations();
  double few_s = measure_judged(FEW, FEW_READINGS, &reading);
  uint64_t warm = bare_daemon_allocations() - allocated;
  double nobody_s = worst_of_nobodys();
  for (int i = 0; i < WARM_UP; i++)
    send_reading(MANY, ++reading);
  size_t one_by_one = in_use() - before;
  double many_s = measure_judged(MANY, 1, &reading);
  send_halves(MANY, ++reading);
  size_t at_once = in_use() - before;
  printf("watches=%d judged_per_s=%.0f judged_many_per_s=%.0f nobody_ns=%.1f "
         "allocations=%llu snapshots=%d hosts=%d memory_mb=%.2f "
         "memory_at_once_mb=%.2f ",
         watches, 1 / few_s, 1 / many_s, 1e9 * nobody_s,
         (unsigned long long)warm, ROUNDS * FEW * FEW_READINGS, MANY,
         (double)one_by_one / 1048576, (double)at_once / 1048576);
  measure_saving(path);
  printf("notifications=%llu\n", (unsigned long long)bare_daemon.notifications);
  return EXIT_SUCCESS;
}
