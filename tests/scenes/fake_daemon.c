/* See fake_daemon.h. */
#define _GNU_SOURCE
#include "fake_daemon.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void make_address(const struct fake_daemon *daemon,
                         struct sockaddr_un *address) {
  *address = (struct sockaddr_un){.sun_family = AF_UNIX};
  snprintf(address->sun_path, sizeof(address->sun_path), "%s", daemon->path);
}

static int make_listener(struct fake_daemon *daemon, int backlog) {
  struct sockaddr_un address;

  strcpy(daemon->dir, "/tmp/fake_daemon.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(daemon->dir));
  snprintf(daemon->path, sizeof(daemon->path), "%s/socket", daemon->dir);
  make_address(daemon, &address);
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
  ck_assert_int_eq(listen(fd, backlog), 0);
  return fd;
}

static void serve(int connection, fake_daemon_answer answer) {
  char command[8192];
  FILE *in = fdopen(connection, "r"), *out = fdopen(dup(connection), "w");

  while (in && out && fgets(command, sizeof(command), in)) {
    command[strcspn(command, "\n")] = '\0';
    if (answer)
      answer(command, out);
    if (fflush(out) != 0)
      break;
  }
  if (!answer)
    pause(); /* it hangs: it does not see that nobody asks any more */
  if (in)
    fclose(in);
  if (out)
    fclose(out);
}

static _Noreturn void serve_all(int listener, fake_daemon_answer answer) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  signal(SIGPIPE, SIG_IGN);
  for (;;) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0)
      _exit(1);
    serve(connection, answer);
  }
}

void fake_daemon_start(struct fake_daemon *daemon, fake_daemon_answer answer) {
  int listener = make_listener(daemon, 8);

  daemon->pid = fork();
  ck_assert_int_ge(daemon->pid, 0);
  if (daemon->pid == 0)
    serve_all(listener, answer);
  close(listener);
}

void fake_daemon_start_deaf(struct fake_daemon *daemon) {
  struct sockaddr_un address;
  int listener = make_listener(daemon, 0);

  make_address(daemon, &address);
  daemon->pid = fork();
  ck_assert_int_ge(daemon->pid, 0);
  if (daemon->pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    pause();
    _exit(1);
  }
  close(listener);
  /* With a backlog of 0 one connection waits, and the next finds no room. */
  int first = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ck_assert_int_eq(connect(first, (struct sockaddr *)&address, sizeof(address)),
                   0);
}

void fake_daemon_stop(struct fake_daemon *daemon) {
  kill(daemon->pid, SIGKILL);
  waitpid(daemon->pid, NULL, 0);
  unlink(daemon->path);
  rmdir(daemon->dir);
}
