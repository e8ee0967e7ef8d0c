/* measure_growth SOCKETS: what a reading without a walk costs beside so many
 * connected sockets, and beside a thousand. Each is in a network namespace of
 * its own, with as many listening sockets and half-open connections as the
 * other: only the connected sockets differ. The two take turns. Warm: one
 * reading right after the other. Cold: each after a full dump of the many,
 * which leaves little else in the processor's caches. The last line is for
 * scripts: medians in seconds of CPU; none where BPF is refused. */
#define _GNU_SOURCE
#include "io/table_source.h"
#include "sockets/crowd.h"
#include "sockets/must.h"
#include "sockets/namespace.h"
#include "sockets/zoo.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
  FEW = 1000,
  HALF_CLOSED_EACH = 100,
  FIRST_PORT = 30000,
  BACKLOG = 128,
  WARM_UP = 3,
  TIMES = 21, /* warm and cold together less than the 60 readings to a walk */
};

struct place {
  int namespace;
  struct table_source *by_bpf, *full;
  uint64_t listeners, half_open; /* of the last reading */
};

static struct table_source *open_source(bool by_bpf) {
  const struct table_source_options options = {.source = "netlink",
                                               .by_family = !by_bpf,
                                               .half_open_by_bpf = by_bpf,
                                               .interval_s = by_bpf,
                                               .walk_every_s = 3600};
  struct table_source *source = NULL;
  errno = -table_source_create(&options, &source);
  must(errno == 0, "table_source");
  return source;
}

/* In an empty namespace. If not, says why. */
static bool bpf_runs(void) {
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct table_source_outcome outcome;
  namespace_enter();
  struct table_source *source = open_source(true);
  errno = -table_source_read(source, &reading, &counters, &outcome);
  must(errno == 0, "a reading");
  if (!outcome.half_open_by_bpf)
    fprintf(stderr, "BPF is refused here: %s: %s\n", outcome.bpf_failed,
            strerror(-outcome.bpf_error));
  table_source_destroy(source);
  return outcome.half_open_by_bpf;
}

/* Half-open connections last as long as the measurement, on a slow machine,
 * too. */
static void keep_half_open(void) {
  const int fd =
      open("/proc/sys/net/ipv4/tcp_synack_retries", O_WRONLY | O_CLOEXEC);
  must(fd >= 0 && write(fd, "12", 2) == 2, "tcp_synack_retries");
  close(fd);
}

static struct place make_place(size_t sockets) {
  namespace_enter();
  keep_half_open();
  crowd_create_of(sockets, HALF_CLOSED_EACH);
  struct place place = {.namespace =
                            open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC),
                        .by_bpf = open_source(true),
                        .full = open_source(false)};
  must(place.namespace >= 0, "/proc/self/ns/net");
  return place;
}

static void enter(const struct place *place) {
  must(setns(place->namespace, CLONE_NEWNET) == 0, "setns");
}

static void dump_all(const struct place *place) {
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct table_source_outcome outcome;
  enter(place);
  errno = -table_source_read(place->full, &reading, &counters, &outcome);
  must(errno == 0, "a full dump");
}

/* The first reading of a place is a walk. Returns what this one cost. */
static double read_once(struct place *place, bool walks) {
  const struct reading *reading;
  const struct kernel_counters *counters;
  struct table_source_outcome outcome;
  enter(place);
  errno = -table_source_read(place->by_bpf, &reading, &counters, &outcome);
  must(errno == 0, "a reading");
  errno = EPROTO;
  must(outcome.half_open_by_bpf && outcome.walk_left_out != walks,
       "a reading by BPF, with or without a walk");
  place->listeners = reading->total[TCP_STATE_LISTEN];
  place->half_open = reading->total[TCP_STATE_SYN_RECV];
  return outcome.cost_s;
}

static void listen_on(uint16_t port) {
  const struct sockaddr_in address = {.sin_family = AF_INET,
                                      .sin_port = htons(port)};
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(fd >= 0 &&
           bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
           listen(fd, BACKLOG) == 0,
       "to listen");
}

/* The crowd of many has a listening socket for each of its processes. */
static void make_alike(struct place *few, struct place *many) {
  enter(many);
  zoo_create();
  enter(few);
  zoo_create();
  read_once(few, true);
  read_once(many, true);
  enter(few);
  for (uint64_t i = few->listeners; i < many->listeners; i++)
    listen_on((uint16_t)(FIRST_PORT + i));
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double values[TIMES]) {
  qsort(values, TIMES, sizeof(values[0]), compare);
  return values[TIMES / 2];
}

struct costs {
  double few_s, many_s;
};

static struct costs measure(struct place *few, struct place *many, bool cold) {
  double few_s[TIMES], many_s[TIMES];
  for (int i = -WARM_UP; i < TIMES; i++) {
    const int at = i < 0 ? 0 : i;
    if (cold)
      dump_all(many);
    few_s[at] = read_once(few, false);
    if (cold)
      dump_all(many);
    many_s[at] = read_once(many, false);
  }
  errno = EPROTO;
  must(few->listeners == many->listeners && few->half_open == many->half_open &&
           few->half_open > 0,
       "the same listeners and half-open connections beside few and many");
  return (struct costs){median(few_s), median(many_s)};
}

int main(int argc, char **argv) {
  const long sockets = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
  errno = ERANGE;
  must(sockets > FEW && sockets <= CROWD_MAX && sockets % 2 == 0,
       "number of sockets");
  if (!bpf_runs()) {
    printf("few=%d sockets=%ld\n", FEW, sockets);
    return EXIT_SUCCESS;
  }
  struct place few = make_place(FEW), many = make_place((size_t)sockets);
  make_alike(&few, &many);
  const struct costs warm = measure(&few, &many, false);
  const struct costs cold = measure(&few, &many, true);
  printf("few=%d sockets=%ld listeners=%" PRIu64 " half_open=%" PRIu64
         " few_s=%.7f many_s=%.7f few_cold_s=%.7f many_cold_s=%.7f\n",
         FEW, sockets, many.listeners, many.half_open, warm.few_s, warm.many_s,
         cold.few_s, cold.many_s);
  return EXIT_SUCCESS;
}
