/* See daemon_talk.h. */
#include "daemon_talk.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int connection = -1;

void daemon_hang_up(void) {
  if (connection >= 0)
    close(connection);
  connection = -1;
}

void daemon_talk(const struct daemon *daemon) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  size_t size = sizeof(address.sun_path);

  ck_assert_int_lt(snprintf(address.sun_path, size, "%s/socket", daemon->dir),
                   (int)size);
  daemon_hang_up();
  connection = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  for (int i = 0; i < 50; i++) {
    if (connect(connection, (struct sockaddr *)&address, sizeof(address)) == 0)
      return;
    daemon_pause(0.1);
  }
  ck_abort_msg("no connection to %s", address.sun_path);
}

enum { LINE_MAX_LEN = 512 };

static long exchange(const char *format, va_list arguments,
                     char line[LINE_MAX_LEN], char answer[LINE_MAX_LEN]) {
  int length = vsnprintf(line, LINE_MAX_LEN, format, arguments);

  ck_assert_int_eq(send(connection, line, (size_t)length, MSG_NOSIGNAL),
                   length);
  ssize_t got = recv(connection, answer, LINE_MAX_LEN - 1, 0);
  ck_assert_int_gt(got, 0);
  answer[got] = '\0';
  return strtol(answer, NULL, 10);
}

long daemon_ask(const char *format, ...) {
  char line[LINE_MAX_LEN], answer[LINE_MAX_LEN];
  va_list arguments;

  va_start(arguments, format);
  long status = exchange(format, arguments, line, answer);
  va_end(arguments);
  return status;
}

void daemon_tell(const char *format, ...) {
  char line[LINE_MAX_LEN], answer[LINE_MAX_LEN];
  va_list arguments;

  va_start(arguments, format);
  exchange(format, arguments, line, answer);
  va_end(arguments);
  ck_assert_msg(answer[0] == '0', "%s -> %s", line, answer);
}

static bool is_listed(const char *wanted) {
  char line[LINE_MAX_LEN] = "";
  ck_assert_int_eq(send(connection, "LISTVAL\n", 8, MSG_NOSIGNAL), 8);
  FILE *answer = fdopen(dup(connection), "r");
  ck_assert_ptr_nonnull(answer);
  ck_assert_ptr_nonnull(fgets(line, sizeof(line), answer));
  bool found = false;
  for (long left = strtol(line, NULL, 10); left > 0; left--) {
    ck_assert_ptr_nonnull(fgets(line, sizeof(line), answer));
    found = found || strcmp(line, wanted) == 0;
  }
  fclose(answer);
  return found;
}

void daemon_await_time(const char *identifier, double time_s) {
  char wanted[LINE_MAX_LEN];
  snprintf(wanted, sizeof(wanted), "%.3f %s\n", time_s, identifier);
  for (int i = 0; i < DAEMON_WAIT_STEPS; i++) {
    if (is_listed(wanted))
      return;
    daemon_pause(0.1);
  }
  ck_abort_msg("not listed: %s", wanted);
}
