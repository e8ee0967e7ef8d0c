/* A small server of the lab: accepts at once, answers each request with a few
 * bytes, closes a connection when its client has closed. Its backlog is an
 * argument, and `::` makes it a dual-stack listener.
 * May touch: one listening socket and its connections.
 *
 * usage: server ADDRESS PORT BACKLOG
 * Says "ready" on stdout once it listens; ends on a signal. */
#define _GNU_SOURCE
#include <errno.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { EVENTS_MAX = 256 };

static const char answer[] =
    "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nlab\n";

static int fail(const char *what) {
  fprintf(stderr, "server: %s: %s\n", what, strerror(errno));
  return 1;
}

/* Returns the listening socket, or -1 with errno set. */
static int listen_on(const struct addrinfo *address, int backlog) {
  const int on = 1, off = 0;
  int fd =
      socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (address->ai_family == AF_INET6)
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  if (bind(fd, address->ai_addr, address->ai_addrlen) == 0 &&
      listen(fd, backlog) == 0)
    return fd;
  int saved_errno = errno;
  close(fd);
  errno = saved_errno;
  return -1;
}

static void watch_fd(int epoll_fd, int fd) {
  struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &event) != 0)
    close(fd);
}

static void accept_all(int epoll_fd, int listener) {
  int fd;
  while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >=
         0)
    watch_fd(epoll_fd, fd);
}

/* A request of the lab's clients is one segment; what arrives together is
 * answered once. */
static void serve(int fd) {
  char request[4096];
  ssize_t len = recv(fd, request, sizeof request, 0);
  if (len < 0 && (errno == EAGAIN || errno == EINTR))
    return;
  if (len <= 0 ||
      send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL) != sizeof answer - 1)
    close(fd);
}

static int serve_forever(int epoll_fd, int listener) {
  struct epoll_event events[EVENTS_MAX];
  for (;;) {
    int ready = epoll_wait(epoll_fd, events, EVENTS_MAX, -1);
    if (ready < 0 && errno != EINTR)
      return fail("epoll_wait");
    for (int i = 0; i < ready; i++) {
      if (events[i].data.fd == listener)
        accept_all(epoll_fd, listener);
      else
        serve(events[i].data.fd);
    }
  }
}

static void allow_many_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
  }
}

int main(int argc, char **argv) {
  char *end = NULL;
  long backlog = argc == 4 ? strtol(argv[3], &end, 10) : 0;
  if (argc != 4 || *end != '\0' || backlog < 1 || backlog > 65535) {
    fprintf(stderr, "usage: server ADDRESS PORT BACKLOG (1 to 65535)\n");
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
  int listener = listen_on(address, (int)backlog);
  freeaddrinfo(address);
  if (listener < 0)
    return fail("listen");
  int epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0)
    return fail("epoll_create1");
  watch_fd(epoll_fd, listener);
  puts("ready");
  fflush(stdout);
  return serve_forever(epoll_fd, listener);
}
