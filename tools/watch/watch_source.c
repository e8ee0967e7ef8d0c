/* See watch_source.h. The child sends the answer as it stands in memory, then
 * the names of the hosts: both ends are the same program. */
#define _GNU_SOURCE
#include "watch_source.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE_MAX = 64 * 1024 };

struct watch_source {
  pid_t child; /* 0: none */
  int fd;
  char *bytes;
  size_t len, room;
};

struct watch_source *watch_source_create(void) {
  struct watch_source *source = calloc(1, sizeof(*source));
  if (source != NULL)
    source->fd = -1;
  return source;
}

void watch_source_destroy(struct watch_source *source) {
  if (source == NULL)
    return;
  watch_source_drop(source);
  free(source->bytes);
  free(source);
}

static bool write_all(int fd, const void *bytes, size_t len) {
  const char *from = bytes;
  while (len > 0) {
    ssize_t written = write(fd, from, len);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    from += written;
    len -= (size_t)written;
  }
  return true;
}

/* Not a word to the terminal, no signal as the parent takes it, and no life
 * beyond the parent's. */
static _Noreturn void answer_and_exit(const struct status_query *query,
                                      bool wants_hosts, int fd) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP};
  struct watch_answer answer;
  sigset_t none;
  for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
    signal(signals[i], SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  watch_fetch(query, wants_hosts, &answer);
  bool sent =
      write_all(fd, &answer, sizeof(answer)) &&
      write_all(fd, answer.hosts.names, answer.hosts.len * WATCH_NAME_MAX);
  _exit(sent ? EXIT_SUCCESS : EXIT_FAILURE);
}

int watch_source_ask(struct watch_source *source,
                     const struct status_query *query, bool wants_hosts) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return -errno;
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    answer_and_exit(query, wants_hosts, ends[1]);
  }
  int error = errno;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return -error;
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  source->child = child;
  source->fd = ends[0];
  source->len = 0;
  return 0;
}

bool watch_source_is_asking(const struct watch_source *source) {
  return source->child != 0;
}

int watch_source_fd(const struct watch_source *source) { return source->fd; }

static void finish(struct watch_source *source) {
  close(source->fd);
  while (waitpid(source->child, NULL, 0) < 0 && errno == EINTR)
    continue;
  source->fd = -1;
  source->child = 0;
}

void watch_source_drop(struct watch_source *source) {
  if (source->child == 0)
    return;
  kill(source->child, SIGKILL);
  finish(source);
}

static bool make_room(struct watch_source *source) {
  if (source->room - source->len >= PIECE_MAX)
    return true;
  size_t room = 2 * source->room + PIECE_MAX;
  char *grown = realloc(source->bytes, room);
  if (grown == NULL)
    return false;
  source->bytes = grown;
  source->room = room;
  return true;
}

/* Returns whether the child has closed its end, or there is no use in waiting
 * for it. */
static bool read_all(struct watch_source *source) {
  for (;;) {
    if (!make_room(source))
      return true;
    ssize_t len = read(source->fd, source->bytes + source->len, PIECE_MAX);
    if (len > 0)
      source->len += (size_t)len;
    else if (len == 0 || (errno != EAGAIN && errno != EINTR))
      return true;
    else if (errno == EAGAIN)
      return false;
  }
}

/* What is not whole is no answer. */
static void unpack(const struct watch_source *source,
                   struct watch_answer *answer) {
  size_t names_len = source->len - sizeof(*answer);
  *answer = (struct watch_answer){.failed = true};
  snprintf(answer->problem, sizeof(answer->problem),
           "the process that asks the daemon has ended without an answer");
  if (source->len < sizeof(*answer))
    return;
  struct watch_answer whole;
  memcpy(&whole, source->bytes, sizeof(whole));
  if (whole.hosts.len * WATCH_NAME_MAX != names_len)
    return;
  whole.hosts.names = malloc(names_len > 0 ? names_len : 1);
  if (whole.hosts.names == NULL)
    return;
  memcpy(whole.hosts.names, source->bytes + sizeof(whole), names_len);
  *answer = whole;
}

bool watch_source_take(struct watch_source *source,
                       struct watch_answer *answer) {
  if (source->child == 0 || !read_all(source))
    return false;
  kill(source->child, SIGKILL); /* where it is given up; else it has ended */
  finish(source);
  unpack(source, answer);
  return true;
}
