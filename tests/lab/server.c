/* A small server of the lab: accepts at once, answers each request with a few
 * bytes, closes a connection when its client has closed. Its backlog is an
 * argument, and `::` makes it a dual-stack listener. Several of them may share
 * a port (SO_REUSEPORT), and with DEFER_S the kernel hands a connection out
 * when its client has sent something, for so many seconds (TCP_DEFER_ACCEPT).
 * It has two faults on demand: SIGUSR1 makes it stop to accept, SIGUSR2 stop to
 * close what its clients have closed; the same signal again mends it.
 * May touch: one listening socket and its connections.
 *
 * usage: server ADDRESS PORT BACKLOG [DEFER_S]
 * Says "ready" on stdout once it listens; ends on any other signal. */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_MAX = 256, FORGOTTEN_MAX = 16384 };

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlab\n";

static int fail(const char *what) {
  fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
  return 1;
}

/* Returns the listening socket, or -1 with errno set. */
static int listen_on(const struct addrinfo *address, int backlog, int defer_s) {
  const int on = 1, off = 0;
  int fd =
      socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  if (address->ai_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if ((defer_s == 0 || setsockopt(fd, IPPROTO_TCP, TCP_DEFER_ACCEPT, &defer_s,
                                  sizeof defer_s) == 0) &&
      bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
      listen(fd, backlog) == 0)
    return fd;
  int saved_errno = errno;
  close(fd);
  errno = saved_errno;
  return -1;
}

struct server {
  int epoll_fd, listener;
  bool accepts, closes;
  int forgotten[FORGOTTEN_MAX]; /* whose clients have closed */
  size_t forgotten_len;
};

static volatile sig_atomic_t accept_signals, close_signals;

static void count_signal(int number) {
  if (number == SIGUSR1)
    accept_signals++;
  else
    close_signals++;
}

static void watch_fd(const struct server *server, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(server->epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    close(fd);
}

static void accept_all(const struct server *server) {
  int fd;
  while ((fd = accept4(server->listener, NULL, NULL,
                       SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0)
    watch_fd(server, fd);
}

static void end_connection(struct server *server, int fd) {
  if (server->closes || server->forgotten_len == FORGOTTEN_MAX) {
    close(fd);
    return;
  }
  epoll_ctl(server->epoll_fd, EPOLL_CTL_DEL, fd, NULL);
  server->forgotten[server->forgotten_len++] = fd;
}

/* A request of the lab's clients is one segment; what arrives together is
 * answered once. */
static void serve(struct server *server, int fd) {
  char request[4096];
  ssize_t len = recv(fd, request, sizeof request, 0);
  if (len < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (len <= 0 ||
      send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL) != sizeof answer - 1)
    end_connection(server, fd);
}

static void set_accepts(struct server *server, bool accepts) {
  if (server->accepts == accepts)
    return;
  server->accepts = accepts;
  if (accepts)
    watch_fd(server, server->listener);
  else
    epoll_ctl(server->epoll_fd, EPOLL_CTL_DEL, server->listener, NULL);
}

static void set_closes(struct server *server, bool closes) {
  server->closes = closes;
  while (closes && server->forgotten_len > 0)
    close(server->forgotten[--server->forgotten_len]);
}

static int serve_forever(struct server *server, const sigset_t *unblocked) {
  struct epoll_event events[EVENTS_MAX];
  for (;;) {
    int ready =
        epoll_pwait(server->epoll_fd, events, EVENTS_MAX, -1, unblocked);
    if (ready < 0 && errno != EINTR)
      return fail("epoll_pwait");
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == server->listener)
        accept_all(server);
      else
        serve(server, events[i].data.fd);
    }
    set_accepts(server, accept_signals % 2 == 0);
    set_closes(server, close_signals % 2 == 0);
  }
}

/* The two signals arrive only while nothing else is done. */
static void take_signals(sigset_t *unblocked) {
  sigset_t faults;
  sigemptyset(&faults);
  sigaddset(&faults, SIGUSR1);
  sigaddset(&faults, SIGUSR2);
  sigprocmask(SIG_BLOCK, &faults, unblocked);
  sigaction(SIGUSR1, &(struct sigaction){.sa_handler = count_signal}, NULL);
  sigaction(SIGUSR2, &(struct sigaction){.sa_handler = count_signal}, NULL);
}

static void allow_many_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

/* Returns -1 where the text is no number of 1 to max. */
static int number_of(const char *text, int max) {
  char *end = NULL;
  long number = strtol(text, &end, 10);
  return end == text || *end != '\0' || number < 1 || number > max
             ? -1
             : (int)number;
}

int main(int argc, char **argv) {
  int backlog = argc >= 4 ? number_of(argv[3], 65535) : -1;
  int defer_s = argc == 5 ? number_of(argv[4], 3600) : 0;
  if (argc > 5 || backlog < 0 || defer_s < 0) {
    fprintf(stderr, "usage: server ADDRESS PORT BACKLOG (1 to 65535) "
                    "[DEFER_S (1 to 3600)]\n");
    return 2;
  }
  struct addrinfo *address = NULL;
  const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                 .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV |
                                             AI_PASSIVE};
  int rc = getaddrinfo(argv[1], argv[2], &hints, &address);
  if (rc != 0) {
    fprintf(stderr, "server: %s: %s\n", argv[1], gai_strerror(rc));
    return 2;
  }
  allow_many_files();
  static struct server server = {.accepts = true, .closes = true};
  sigset_t unblocked;
  take_signals(&unblocked);
  server.listener = listen_on(address, backlog, defer_s);
  freeaddrinfo(address);
  if (server.listener < 0)
    return fail("listen");
  server.epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (server.epoll_fd < 0)
    return fail("epoll_create1");
  watch_fd(&server, server.listener);
  puts("ready");
  fflush(stdout);
  return serve_forever(&server, &unblocked);
}
