/* fake_hosts: many hosts' tcpstates values, sent to a collectd over its network
 * protocol; for load, and for floods that only one of them has. */
#include "baseline/fleet_load.h"
#include "packet.h"
#include "scenes/random_load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HALVES = 2, HOSTS_MAX = 100000 };

struct options {
  long port, first, hosts, from, readings, every_s;
  long flood, flood_from, flood_until; /* flood -1: no host */
  const char *user, *password;
  bool doubled, late, at_once;
};

struct sender {
  struct options is;
  struct fleet_load load;
  int socket;
  unsigned long datagrams, values;
  struct packet *last; /* each host's last datagrams, for --late */
};

static const char usage[] =
    "usage: fake_hosts [OPTION...]\n"
    "Sends the tcpstates values of many hosts to a collectd on 127.0.0.1.\n"
    "  --port N             (25826)\n"
    "  --user U --password P  sign the datagrams\n"
    "  --first N --hosts N  host-N and those that follow (0, 300)\n"
    "  --every S            seconds from one reading to the next (2)\n"
    "  --from N --readings N  number of the first reading, how many (0, 10)\n"
    "  --flood HOST         this one is flooded in the readings from\n"
    "  --flood-from N       this one to before\n"
    "  --flood-until N      that one\n"
    "  --doubled            send every datagram twice\n"
    "  --late               send those of the reading before again\n"
    "  --at-once            all hosts read in the same moment\n";

static long number(const char *text, long least, long most) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < least ||
      value > most) {
    fprintf(stderr, "fake_hosts: %s is not %ld to %ld\n", text, least, most);
    exit(2);
  }
  return value;
}

static const struct option long_options[] = {
    {"port", required_argument, NULL, 'p'},
    {"user", required_argument, NULL, 'u'},
    {"password", required_argument, NULL, 'w'},
    {"first", required_argument, NULL, 'f'},
    {"hosts", required_argument, NULL, 'n'},
    {"every", required_argument, NULL, 'e'},
    {"from", required_argument, NULL, 'r'},
    {"readings", required_argument, NULL, 'c'},
    {"flood", required_argument, NULL, 'F'},
    {"flood-from", required_argument, NULL, 'B'},
    {"flood-until", required_argument, NULL, 'E'},
    {"doubled", no_argument, NULL, 'd'},
    {"late", no_argument, NULL, 'l'},
    {"at-once", no_argument, NULL, 'o'},
    {0}};

static void take_number(struct options *options, int key, const char *text) {
  long *at[256] = {['p'] = &options->port,       ['f'] = &options->first,
                   ['n'] = &options->hosts,      ['e'] = &options->every_s,
                   ['r'] = &options->from,       ['c'] = &options->readings,
                   ['F'] = &options->flood,      ['B'] = &options->flood_from,
                   ['E'] = &options->flood_until};
  if (key <= 0 || key > 255 || at[key] == NULL) {
    fputs(usage, stderr);
    exit(2);
  }
  bool counted = key == 'n' || key == 'e' || key == 'p';
  *at[key] = number(text, counted ? 1 : 0, HOSTS_MAX);
}

static struct options read_options(int argc, char **argv) {
  struct options options = {
      .port = 25826, .hosts = 300, .readings = 10, .every_s = 2, .flood = -1};
  int key;
  while ((key = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
    if (key == 'u')
      options.user = optarg;
    else if (key == 'w')
      options.password = optarg;
    else if (key == 'd')
      options.doubled = true;
    else if (key == 'l')
      options.late = true;
    else if (key == 'o')
      options.at_once = true;
    else
      take_number(&options, key, optarg);
  }
  if (optind < argc || (options.user == NULL) != (options.password == NULL)) {
    fputs(usage, stderr);
    exit(2);
  }
  return options;
}

static int connect_to(long port) {
  struct sockaddr_in to = {.sin_family = AF_INET,
                           .sin_port = htons((uint16_t)port),
                           .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
    perror("fake_hosts");
    exit(EXIT_FAILURE);
  }
  return fd;
}

static void send_packet(struct sender *sender, const struct packet *packet) {
  if (packet->length == 0)
    return;
  for (int i = 0; i < 1 + sender->is.doubled; i++) {
    if (send(sender->socket, packet->bytes, packet->length, 0) < 0) {
      perror("fake_hosts: send");
      exit(EXIT_FAILURE);
    }
    sender->datagrams++;
  }
}

static void shuffle(enum signal *order, struct random_load *random) {
  for (int i = 0; i < SIGNAL_COUNT; i++)
    order[i] = (enum signal)i;
  for (int i = SIGNAL_COUNT - 1; i > 0; i--) {
    int other = (int)((i + 1) * random_unit(random));
    enum signal swapped = order[i];
    order[i] = order[other];
    order[other] = swapped;
  }
}

/* A host's values in two datagrams, in any order. */
static void send_host(struct sender *sender, unsigned host, int reading,
                      double time_s) {
  struct random_load random = {(uint64_t)host << 32 | (uint64_t)reading};
  struct packet *last =
      &sender->last[HALVES * (host - (unsigned)sender->is.first)];
  enum signal order[SIGNAL_COUNT];
  char name[32];
  snprintf(name, sizeof(name), "host-%u", host);
  struct packet_head head = {sender->is.user, sender->is.password, name, time_s,
                             (double)sender->is.every_s};
  shuffle(order, &random);
  for (int half = 0; half < HALVES; half++) {
    struct packet packet;
    packet_begin(&packet, &head);
    for (int i = half; i < SIGNAL_COUNT; i += HALVES)
      packet_add(&packet, order[i],
                 fleet_load_gauge(&sender->load, host, order[i], reading),
                 fleet_load_counter(&sender->load, host, order[i], reading));
    packet_end(&packet, &head);
    send_packet(sender, &packet);
    if (sender->is.late)
      send_packet(sender, &last[half]);
    last[half] = packet;
  }
  sender->values += SIGNAL_COUNT;
}

static double now_s(void) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void sleep_until(double time_s) {
  struct timespec until = {.tv_sec = (time_t)time_s};
  until.tv_nsec = (long)(1e9 * (time_s - (double)until.tv_sec));
  while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &until, NULL) == EINTR)
    ;
}

/* The hosts read at their own times, spread over nine tenths of the interval,
 * or all in one moment. */
static void send_reading(struct sender *sender, int reading, double begin_s) {
  const struct options *is = &sender->is;
  double spread_s = is->at_once ? 0 : 0.9 * (double)is->every_s;
  for (long i = 0; i < is->hosts; i++) {
    double time_s = begin_s + spread_s * (double)i / (double)is->hosts;
    sleep_until(time_s);
    send_host(sender, (unsigned)(is->first + i), reading, time_s);
  }
}

int main(int argc, char **argv) {
  struct sender sender = {.is = read_options(argc, argv)};
  const struct options *is = &sender.is;
  sender.load = (struct fleet_load){(unsigned)is->flood, is->flood >= 0,
                                    (int)is->flood_from, (int)is->flood_until,
                                    (int)is->every_s};
  sender.socket = connect_to(is->port);
  sender.last = calloc((size_t)(HALVES * is->hosts), sizeof(*sender.last));
  if (sender.last == NULL) {
    perror("fake_hosts");
    return EXIT_FAILURE;
  }
  double begun_s = now_s();
  for (int n = 0; n < is->readings; n++)
    send_reading(&sender, (int)is->from + n,
                 begun_s + (double)(n * is->every_s));
  sleep_until(begun_s + (double)(is->readings * is->every_s));
  printf("%ld hosts, %ld readings, %lu values, %lu datagrams\n", is->hosts,
         is->readings, sender.values, sender.datagrams);
  free(sender.last);
  close(sender.socket);
  return EXIT_SUCCESS;
}
