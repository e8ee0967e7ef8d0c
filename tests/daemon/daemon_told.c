/* See daemon_told.h. */
#include "daemon_told.h"

#include <check.h>
#include <collectd/client.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double step_s = 0.1;

void daemon_pause(double seconds) {
  struct timespec pause = {.tv_sec = (time_t)seconds};
  pause.tv_nsec = (long)((seconds - (double)pause.tv_sec) * 1e9);
  nanosleep(&pause, NULL);
}

char *daemon_read_file(const struct daemon *daemon, const char *name) {
  char path[DAEMON_PATH_MAX + 128];
  char *text = calloc(1, DAEMON_TEXT_MAX);
  ck_assert_ptr_nonnull(text);
  snprintf(path, sizeof(path), "%s/%s", daemon->dir, name);
  FILE *file = fopen(path, "r");
  if (file == NULL)
    return text;
  ck_assert_uint_lt(fread(text, 1, DAEMON_TEXT_MAX, file), DAEMON_TEXT_MAX);
  fclose(file);
  return text;
}

bool daemon_value(const struct daemon *daemon, const char *name,
                  double *value) {
  char address[DAEMON_PATH_MAX + 32], full[2 * DAEMON_PATH_MAX];
  lcc_connection_t *connection = NULL;
  lcc_identifier_t ident;
  size_t values_len = 0;
  gauge_t *values = NULL;
  snprintf(address, sizeof(address), "unix:%s/socket", daemon->dir);
  snprintf(full, sizeof(full), "testhost/%s", name);
  if (lcc_connect(address, &connection) != 0)
    return false;
  ck_assert_int_eq(lcc_string_to_identifier(connection, &ident, full), 0);
  bool found = lcc_getval(connection, &ident, &values_len, &values, NULL) == 0;
  if (found) {
    ck_assert_uint_eq(values_len, 1);
    *value = values[0];
  }
  free(values);
  lcc_disconnect(connection);
  return found;
}

void daemon_await(const struct daemon *daemon, const char *name,
                  double expected) {
  double value = NAN;
  bool found = false;
  for (int i = 0; i < DAEMON_WAIT_STEPS; i++) {
    found = daemon_value(daemon, name, &value);
    /* The socket speaks of seven digits. */
    if (found && fabs(value - expected) <= 1e-6 * fabs(expected))
      return;
    daemon_pause(step_s);
  }
  ck_abort_msg("%s is %g (%s), not %g", name, value,
               found ? "found" : "not found", expected);
}

int daemon_count_log(const struct daemon *daemon, const char *text) {
  char *log = daemon_read_file(daemon, "log");
  int count = 0;
  for (const char *at = log; (at = strstr(at, text)) != NULL; at++)
    count++;
  free(log);
  return count;
}

void daemon_await_log(const struct daemon *daemon, const char *text) {
  for (int i = 0; i < DAEMON_WAIT_STEPS; i++) {
    if (daemon_count_log(daemon, text) > 0)
      return;
    daemon_pause(step_s);
  }
  char *log = daemon_read_file(daemon, "log");
  ck_abort_msg("\"%s\" does not stand in the log:\n%s", text, log);
}

int daemon_complaints(const struct daemon *daemon) {
  return daemon_count_log(daemon, "tcpstates: ") -
         daemon_count_log(daemon, "tcpstates: a reading took ");
}
