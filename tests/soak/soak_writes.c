/* soak_writes STATE_FILE SEED NAME=ROWS...: simulated hosts' readings through
 * the write callback of the plugin baseline, under a stand-in for the daemon,
 * as fast as it goes: all of them in one plugin, the values of a reading in an
 * order that is not theirs, a flush every six hours, a restart every few days,
 * where it can be had in the middle of an incident. Tells each notification
 * and, once a simulated day, the memory in use, as a line of JSON. */
#include "bench/bare_daemon.h"
#include "scenes/random_load.h"
#include "simulated_host.h"
#include "verdict/rules.h"

#include <malloc.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { HOSTS_MAX = 64, TICK_S = 10 };

static const double begin_s = 1767571200; /* 2026-01-05 00:00:00 UTC */
static const double flush_every_s = 6 * 3600, look_every_s = 86400;
static const double restart_every_s = 3 * 86400, restart_waits_s = 86400;

static struct simulated_host hosts[HOSTS_MAX];
static size_t hosts_len;
static const char *state_file;
static struct random_load dice;
static atomic_int incidents_open;

static struct run {
  double now_s, tick_s, flush_s, look_s, restart_s; /* the last of each */
  uint64_t readings, refused, flushes, restarts, restarts_open;
} run;

static size_t find(const char *name) {
  for (size_t i = 0; i < hosts_len; i++)
    if (strcmp(hosts[i].name, name) == 0)
      return i;
  fprintf(stderr, "soak_writes: a notification of %s\n", name);
  abort();
}

/* Quotes and backslashes do not come in names and messages of ours. */
static void tell(const notification_t *n, double time_s) {
  static const char *const names[] = {[NOTIF_FAILURE] = "FAILURE",
                                      [NOTIF_WARNING] = "WARNING",
                                      [NOTIF_OKAY] = "OKAY"};
  printf("{\"host\": \"%s\", \"time\": %.3f, \"incident\": \"%s\", "
         "\"severity\": \"%s\", \"message\": \"%s\"}\n",
         n->host, time_s, n->plugin_instance, names[n->severity], n->message);
}

/* In the plugin's own thread, one after the other. */
static void on_notification(const notification_t *n) {
  static bool open[HOSTS_MAX][INCIDENT_COUNT];
  size_t host = find(n->host);
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (strcmp(rules_incident_name((enum incident_kind)i),
               n->plugin_instance) == 0) {
      bool raised = n->severity != NOTIF_OKAY;
      incidents_open += raised - open[host][i];
      open[host][i] = raised;
    }
  tell(n, CDTIME_T_TO_DOUBLE(n->time) - hosts[host].shift_s);
}

static void write_value(const struct simulated_host *host, size_t i) {
  static struct meta_data_s queue = {"0.0.0.0:443", "192.0.2.0/24 (80 %)", 511};
  const struct simulated_column *column = &host->column[i];
  data_source_t source = {.name = "value", .type = column->kind};
  data_set_t set = {.ds_num = 1, .ds = &source};
  value_t value = host->value[i];
  value_list_t list = {.values = &value,
                       .values_len = 1,
                       .time = DOUBLE_TO_CDTIME_T(host->time_s),
                       .interval = TIME_T_TO_CDTIME_T_STATIC(TICK_S),
                       .plugin = "tcpstates",
                       .plugin_instance = "all"};
  snprintf(list.host, sizeof(list.host), "%s", host->name);
  snprintf(list.type, sizeof(list.type), "%s", column->type);
  snprintf(list.type_instance, sizeof(list.type_instance), "%s",
           column->instance);
  if (strcmp(column->instance, "syn_queue") == 0)
    list.meta = &queue;
  if (fake_callbacks()->write(&set, &list, NULL) != 0)
    run.refused++;
}

/* In an order that changes: five write threads keep none. */
static void write_reading(const struct simulated_host *host) {
  size_t order[HOST_COLUMNS_MAX], len = 0;
  for (size_t i = 0; i < host->columns; i++)
    if (host->has[i])
      order[len++] = i;
  for (; len > 0; len--) {
    size_t pick = (size_t)(random_unit(&dice) * (double)len);
    write_value(host, order[pick]);
    order[pick] = order[len - 1];
  }
  run.readings++;
}

static void flush(void) {
  if (fake_callbacks()->flush(0, NULL, NULL) != 0) {
    fprintf(stderr, "soak_writes: the state is not saved\n");
    exit(EXIT_FAILURE);
  }
  run.flush_s = run.now_s;
  run.flushes++;
}

/* After a flush: nothing is on its way. */
static void look(void) {
  printf("{\"memory\": %zu, \"day\": %.0f}\n", mallinfo2().uordblks,
         (run.now_s - begin_s) / 86400);
  run.look_s = run.now_s;
}

static void restart(void) {
  run.restarts_open += incidents_open > 0;
  run.restarts++;
  run.restart_s = run.now_s;
  flush();
  if (fake_callbacks()->shutdown() != 0)
    exit(EXIT_FAILURE);
  bare_daemon_start(state_file, HOSTS_MAX, 0);
}

/* What the daemon does beside the readings, by its clock. */
static void keep_house(void) {
  double since_restart_s = run.now_s - run.restart_s;
  if (run.now_s - run.tick_s >= (double)TICK_S) {
    fake_callbacks()->read(NULL);
    run.tick_s = run.now_s;
  }
  if (run.now_s - run.flush_s >= flush_every_s)
    flush();
  if (run.now_s - run.look_s >= look_every_s) {
    flush();
    look();
  }
  if (since_restart_s >= restart_every_s + restart_waits_s ||
      (since_restart_s >= restart_every_s && incidents_open > 0))
    restart();
}

static struct simulated_host *earliest(void) {
  struct simulated_host *first = &hosts[0];
  for (size_t i = 1; i < hosts_len; i++)
    if (hosts[i].time_s < first->time_s)
      first = &hosts[i];
  return first;
}

static void open_hosts(char **arguments) {
  for (; *arguments != NULL; arguments++) {
    char *name = *arguments, *path = strchr(name, '=');
    if (path == NULL || hosts_len == HOSTS_MAX) {
      fprintf(stderr, "soak_writes: \"%s\" is not understood\n", name);
      exit(2);
    }
    *path++ = '\0';
    /* Their readings are spread over the interval. */
    double begins_s = begin_s + (double)TICK_S * random_unit(&dice);
    simulated_host_open(&hosts[hosts_len++], path, name, begins_s);
  }
}

int main(int argc, char **argv) {
  if (argc < 4) {
    fputs("usage: soak_writes STATE_FILE SEED NAME=ROWS...\n", stderr);
    return 2;
  }
  state_file = argv[1];
  dice.state = strtoull(argv[2], NULL, 10);
  open_hosts(argv + 3);
  bare_daemon.on_notification = on_notification;
  run.now_s = run.tick_s = run.flush_s = run.look_s = run.restart_s = begin_s;
  bare_daemon_set_clock(run.now_s);
  bare_daemon_start(state_file, HOSTS_MAX, 0);
  for (struct simulated_host *host = earliest(); isfinite(host->time_s);
       host = earliest()) {
    run.now_s = fmax(run.now_s, host->time_s);
    bare_daemon_set_clock(run.now_s);
    write_reading(host);
    keep_house();
    simulated_host_next(host);
  }
  flush();
  look();
  printf("{\"readings\": %llu, \"refused\": %llu, \"flushes\": %llu, "
         "\"restarts\": %llu, \"restarts_open\": %llu}\n",
         (unsigned long long)run.readings, (unsigned long long)run.refused,
         (unsigned long long)run.flushes, (unsigned long long)run.restarts,
         (unsigned long long)run.restarts_open);
  return fake_callbacks()->shutdown() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
