/* Real clients: connections that begin at random moments, at a given mean rate,
 * ask once, read the answer, stay for a while and close.
 * May touch: its own TCP connections to the address given.
 *
 * usage: clients ADDRESS PORT RATE HOLD_MS SECONDS [SEED]
 * The same seed gives the same arrivals. Says on stdout, at the end and after
 * SIGTERM, how many began, completed their handshake, were answered, failed. */
#define _GNU_SOURCE
#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
  CLIENTS_MAX = 16384, /* at one time; beyond it an arrival counts as failed */
  EVENTS_MAX = 256,
};

static const char request[] = "GET / HTTP/1.1\r\nHost: lab\r\n\r\n";

struct client {
  int fd; /* -1: gone */
  bool connected, answered;
  int64_t leave_ns;
};

/* All stay equally long, so they leave in the order they came: a ring from
 * first to last. */
struct crowd {
  const struct addrinfo *server;
  int epoll_fd;
  int64_t hold_ns;
  struct client ring[CLIENTS_MAX];
  uint64_t first, last;
  uint64_t begun, completed, answered, failed;
};

static volatile sig_atomic_t stopped;

static void stop(int signal_number) {
  (void)signal_number;
  stopped = 1;
}

static int64_t now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Time to the next arrival of a Poisson process; the generator is splitmix64
 * (Steele, Lea, Flood 2014). */
static int64_t next_gap_ns(uint64_t *state, double rate_per_s) {
  uint64_t bits = (*state += 0x9e3779b97f4a7c15u);
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9u;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111ebu;
  bits ^= bits >> 31;
  double uniform = ((double)(bits >> 11) + 0.5) / 9007199254740992.0;
  return (int64_t)(-log(uniform) / rate_per_s * 1e9);
}

static void client_close(struct client *client) {
  if (client->fd >= 0)
    close(client->fd);
  client->fd = -1;
}

/* A connection that has begun. Returns its socket or -1. */
static int begin_connection(const struct addrinfo *server) {
  int fd =
      socket(server->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  if (connect(fd, server->ai_addr, server->ai_addrlen) == 0 ||
      errno == EINPROGRESS)
    return fd;
  close(fd);
  return -1;
}

static void crowd_arrive(struct crowd *crowd, int64_t now) {
  crowd->begun++;
  if (crowd->last - crowd->first == CLIENTS_MAX) {
    crowd->failed++;
    return;
  }
  uint64_t slot = crowd->last % CLIENTS_MAX;
  struct epoll_event event = {.events = EPOLLOUT, .data.u64 = slot};
  int fd = begin_connection(crowd->server);
  if (fd < 0 || epoll_ctl(crowd->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0) {
    if (fd >= 0)
      close(fd);
    crowd->failed++;
    return;
  }
  crowd->ring[slot] =
      (struct client){.fd = fd, .leave_ns = now + crowd->hold_ns};
  crowd->last++;
}

/* Whoever's time is up closes, whatever became of the connection. */
static void crowd_leave(struct crowd *crowd, int64_t now) {
  while (crowd->first != crowd->last) {
    struct client *client = &crowd->ring[crowd->first % CLIENTS_MAX];
    if (client->leave_ns > now)
      return;
    if (!client->connected)
      crowd->failed++;
    client_close(client);
    crowd->first++;
  }
}

static void crowd_connected(struct crowd *crowd, uint64_t slot) {
  struct client *client = &crowd->ring[slot];
  struct epoll_event event = {.events = EPOLLIN, .data.u64 = slot};
  if (send(client->fd, request, sizeof request - 1, MSG_NOSIGNAL) < 0) {
    client_close(client);
    return;
  }
  client->connected = true;
  crowd->completed++;
  epoll_ctl(crowd->epoll_fd, EPOLL_CTL_MOD, client->fd, &event);
}

static void crowd_readable(struct crowd *crowd, struct client *client) {
  char answer[4096];
  ssize_t len = recv(client->fd, answer, sizeof answer, 0);
  if (len < 0 && errno == EAGAIN)
    return;
  if (len <= 0) {
    client_close(client);
    return;
  }
  crowd->answered += !client->answered;
  client->answered = true;
}

static void crowd_event(struct crowd *crowd, uint64_t slot) {
  struct client *client = &crowd->ring[slot];
  if (client->fd < 0)
    return;
  if (client->connected)
    crowd_readable(crowd, client);
  else
    crowd_connected(crowd, slot);
}

/* New clients until the end; nobody stays longer than that. */
static void crowd_run(struct crowd *crowd, double rate_per_s, int64_t end_ns,
                      uint64_t seed) {
  struct epoll_event events[EVENTS_MAX];
  int64_t now = now_ns(), arrival = now + next_gap_ns(&seed, rate_per_s);
  while (!stopped && now < end_ns) {
    int wait_ms = arrival > now ? (int)((arrival - now + 999999) / 1000000) : 0;
    int ready = epoll_wait(crowd->epoll_fd, events, EVENTS_MAX,
                           wait_ms < 20 ? wait_ms : 20);
    for (int i = 0; i < ready; i++)
      crowd_event(crowd, events[i].data.u64);
    now = now_ns();
    crowd_leave(crowd, now);
    for (; arrival <= now; arrival += next_gap_ns(&seed, rate_per_s))
      crowd_arrive(crowd, now);
  }
  while (crowd->first != crowd->last)
    client_close(&crowd->ring[crowd->first++ % CLIENTS_MAX]);
}

static void allow_many_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

/* Returns false where the text is no number in the range. */
static bool parse_number(const char *text, double min, double max,
                         double *out) {
  char *end = NULL;
  errno = 0;
  double number = strtod(text, &end);
  if (errno != 0 || end == text || *end != '\0' ||
      !(number >= min && number <= max))
    return false;
  *out = number;
  return true;
}

int main(int argc, char **argv) {
  static struct crowd crowd;
  double rate_per_s, hold_ms, seconds, seed = 1;
  if (argc < 6 || argc > 7 || !parse_number(argv[3], 0.01, 2000, &rate_per_s) ||
      !parse_number(argv[4], 1, 600000, &hold_ms) ||
      !parse_number(argv[5], 1, 86400, &seconds) ||
      (argc == 7 && !parse_number(argv[6], 0, 1e9, &seed))) {
    fprintf(stderr, "usage: clients ADDRESS PORT RATE HOLD_MS SECONDS [SEED]\n"
                    "at most 2000 a second, 600000 ms, 3600 s\n");
    return 2;
  }
  struct addrinfo *server = NULL;
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV};
  int rc = getaddrinfo(argv[1], argv[2], &hints, &server);
  crowd.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (rc != 0 || crowd.epoll_fd < 0) {
    fprintf(stderr, "clients: %s\n", rc ? gai_strerror(rc) : strerror(errno));
    return 2;
  }
  sigaction(SIGTERM, &(struct sigaction){.sa_handler = stop}, NULL);
  sigaction(SIGINT, &(struct sigaction){.sa_handler = stop}, NULL);
  allow_many_files();
  crowd.server = server;
  crowd.hold_ns = (int64_t)(hold_ms * 1e6);
  crowd_run(&crowd, rate_per_s, now_ns() + (int64_t)(seconds * 1e9),
            (uint64_t)seed);
  printf("begun %llu completed %llu answered %llu failed %llu\n",
         (unsigned long long)crowd.begun, (unsigned long long)crowd.completed,
         (unsigned long long)crowd.answered, (unsigned long long)crowd.failed);
  freeaddrinfo(server);
  close(crowd.epoll_fd);
  return 0;
}
