/* See crowd.h. A process holds what RLIMIT_NOFILE lets it; more are forked. */
#define _GNU_SOURCE
#include "crowd.h"

#include "must.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SPARE_FILES = 64, HALF_CLOSED_USUAL = 10, PORT = 80 };

static size_t files_a_process(void) {
  struct rlimit limit;
  must(getrlimit(RLIMIT_NOFILE, &limit) == 0, "RLIMIT_NOFILE");
  limit.rlim_cur = limit.rlim_max;
  must(setrlimit(RLIMIT_NOFILE, &limit) == 0, "RLIMIT_NOFILE");
  /* Even, and few enough for the local ports towards one address. */
  const size_t most = limit.rlim_cur < 40000 ? (size_t)limit.rlim_cur : 40000;
  return (most - SPARE_FILES) & ~(size_t)1;
}

static int open_socket(void) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  must(fd >= 0, "socket");
  return fd;
}

/* One process's share, on a loopback address of its own. */
static void make_share(unsigned which, size_t how_many,
                       unsigned half_closed_each) {
  const struct sockaddr_in address = {
      .sin_family = AF_INET,
      .sin_port = htons(PORT),
      .sin_addr = {htonl(INADDR_LOOPBACK + (which << 8))}};
  const struct sockaddr *to = (const struct sockaddr *)&address;
  const int listener = open_socket();
  must(bind(listener, to, sizeof(address)) == 0, "bind");
  must(listen(listener, 128) == 0, "listen");
  for (size_t i = 0; i < how_many / 2; i++) {
    const int fd = open_socket();
    must(connect(fd, to, sizeof(address)) == 0, "connect");
    must(accept(listener, NULL, NULL) >= 0, "accept");
    if (half_closed_each > 0 && i % half_closed_each == 0)
      must(shutdown(fd, SHUT_WR) == 0, "shutdown");
  }
}

static void hold(unsigned which, size_t how_many, unsigned half_closed_each,
                 int ready) {
  must(prctl(PR_SET_PDEATHSIG, SIGKILL) == 0, "PR_SET_PDEATHSIG");
  make_share(which, how_many, half_closed_each);
  must(write(ready, "", 1) == 1, "pipe");
  for (;;)
    pause();
}

void crowd_create(size_t how_many) {
  crowd_create_of(how_many, HALF_CLOSED_USUAL);
}

void crowd_create_of(size_t how_many, unsigned half_closed_each) {
  const size_t share = files_a_process();
  const size_t processes = (how_many + share - 1) / share;
  errno = EMFILE;
  must(how_many <= CROWD_MAX && processes <= CROWD_PROCESSES_MAX,
       "so many sockets (RLIMIT_NOFILE)");
  int ready[2];
  must(pipe(ready) == 0, "pipe");
  for (unsigned which = 0; which < processes; which++) {
    const size_t left = how_many - which * share;
    const pid_t child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
      close(ready[0]);
      hold(which, left < share ? left : share, half_closed_each, ready[1]);
    }
  }
  close(ready[1]);
  char byte;
  errno = ECHILD;
  for (unsigned which = 0; which < processes; which++)
    must(read(ready[0], &byte, 1) == 1, "the sockets of a process");
  close(ready[0]);
}
