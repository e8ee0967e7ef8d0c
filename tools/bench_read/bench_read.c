/* Subcommand bench-read: what a reading of tcpstates costs on this machine, by
 * each way that the plugin has. Reads the tables of the network namespace that
 * it runs in, as the plugin does; asks no daemon. */
#include "subcommand.h"

#include "io/table_source.h"
#include "lib/json.h"
#include "lib/options.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { READINGS = 7 };

struct bench_options {
  bool json;
};

static const struct options_row rows[] = {
    {"json", 0, NULL, "one JSON object instead of the table",
     .kind = OPTIONS_FLAG, .at = offsetof(struct bench_options, json)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "bench-read",
    .usage = "Usage: collectd-baseline bench-read [OPTION]...\n"
             "\n"
             "Measures what a reading of the plugin tcpstates costs on this "
             "machine now, by each\nway to read: so you can choose Source, "
             "HalfOpenBy and WalkEvery. Run it as the\nuser that collectd runs "
             "as.\n"
             "\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end = "\n"
                 "Exit status: 0 measured; 1 no way works here; 2 usage.\n",
};

static const struct way {
  const char *name, *settings;
  const char *source;
  bool by_bpf, full_dump;
} ways[] = {
    {"bpf", "HalfOpenBy \"bpf\", between two walks", "netlink", true, false},
    {"walk", "HalfOpenBy \"walk\", and each walk of bpf", "netlink", false,
     false},
    {"full", "ReportByFamily true", "netlink", false, true},
    {"proc", "Source \"proc\"", "proc", false, true},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]) };

struct found {
  double cost_s;    /* median of CPU time; NAN: it does not work here */
  uint64_t sockets; /* that its walks saw */
  char why[160];
};

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The first reading loads, and verifies the counters. Returns 0, or why there
 * is none. */
static int read_all(struct table_source *source, const struct way *way,
                    double cost_s[READINGS], struct found *found) {
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct table_source_outcome outcome;

  for (int i = -1; i < READINGS; i++) {
    int rc = table_source_read(source, &reading, &counters, &outcome);
    if (rc == 0 && way->by_bpf && !outcome.half_open_by_bpf)
      rc = outcome.bpf_error != 0 ? outcome.bpf_error : -EAGAIN;
    if (rc != 0) {
      snprintf(found->why, sizeof(found->why), "%s",
               way->by_bpf ? outcome.bpf_failed : outcome.detail);
      return rc;
    }
    if (!outcome.walk_left_out)
      found->sockets = 0;
    for (int state = 1; !outcome.walk_left_out && state < TCP_STATE_END;
         state++)
      found->sockets += reading->total[state];
    if (i >= 0)
      cost_s[i] = outcome.cost_s;
  }
  return 0;
}

static void measure(const struct way *way, struct found *found) {
  const struct table_source_options options = {.source = way->source,
                                               .by_family = way->full_dump,
                                               .half_open_by_bpf = way->by_bpf,
                                               .interval_s = way->by_bpf,
                                               .walk_every_s = 3600};
  struct table_source *source = NULL;
  double cost_s[READINGS];

  found->cost_s = NAN;
  int rc = table_source_create(&options, &source);
  if (rc == 0)
    rc = read_all(source, way, cost_s, found);
  table_source_destroy(source);
  if (rc != 0) {
    size_t len = strlen(found->why);
    snprintf(found->why + len, sizeof(found->why) - len, "%s%s",
             len > 0 ? ": " : "", strerror(-rc));
    return;
  }
  qsort(cost_s, READINGS, sizeof(cost_s[0]), compare);
  found->cost_s = cost_s[READINGS / 2];
}

static void print_table(const struct found found[WAYS]) {
  printf("CPU time of a reading here, median of %d, with %" PRIu64
         " sockets:\n\n",
         READINGS, found[1].sockets);
  for (int i = 0; i < WAYS; i++)
    if (isnan(found[i].cost_s))
      printf("  %-6s does not work here: %s\n", ways[i].name, found[i].why);
    else
      printf("  %-6s %9.3f ms   %s\n", ways[i].name, 1e3 * found[i].cost_s,
             ways[i].settings);
}

static void print_json(const struct found found[WAYS]) {
  struct json_writer json = json_begin(stdout);

  json_open(&json, NULL, '{');
  json_add_number(&json, "sockets", (double)found[1].sockets);
  json_open(&json, "ways", '[');
  for (int i = 0; i < WAYS; i++) {
    json_open(&json, NULL, '{');
    json_add_string(&json, "way", ways[i].name);
    json_add_number(&json, "seconds", found[i].cost_s);
    json_add_string(&json, "error",
                    isnan(found[i].cost_s) ? found[i].why : NULL);
    json_close(&json, '}');
  }
  json_close(&json, ']');
  json_close(&json, '}');
  putchar('\n');
}

int bench_read_run(int argc, char **argv) {
  struct bench_options options = {.json = false};
  int status = options_read(&command, argc, argv, &options);
  struct found found[WAYS] = {{.cost_s = NAN}};
  bool any = false;

  if (status >= 0)
    return status;
  for (int i = 0; i < WAYS; i++) {
    measure(&ways[i], &found[i]);
    any = any || !isnan(found[i].cost_s);
  }
  if (options.json)
    print_json(found);
  else
    print_table(found);
  if (fflush(stdout) == 0 && !ferror(stdout))
    return any ? SUBCOMMAND_DONE : SUBCOMMAND_FAILED;
  fputs("collectd-baseline bench-read: cannot write to standard output\n",
        stderr);
  return SUBCOMMAND_FAILED;
}
