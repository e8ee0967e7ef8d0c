/* See collectd_log.h: the two functions of the daemon that the glue's files
 * under test call. */
#include "collectd_api.h"

#include "collectd_log.h"

#include <stdarg.h>

static char log_text[65536];
static size_t log_len;
static unsigned log_lines;

const char *collectd_log_text(void) { return log_text; }

unsigned collectd_log_lines(void) { return log_lines; }

void collectd_log_clear(void) {
  log_text[0] = '\0';
  log_len = 0;
  log_lines = 0;
}

void plugin_log(int level, const char *format, ...) {
  char line[1024];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(line, sizeof(line), format, arguments);
  va_end(arguments);
  int len = snprintf(log_text + log_len, sizeof(log_text) - log_len,
                     "<%d> %s\n", level, line);
  if (len < 0 || (size_t)len >= sizeof(log_text) - log_len)
    abort();
  log_len += (size_t)len;
  log_lines++;
}

char *sstrerror(int errnum, char *buf, size_t buflen) {
  snprintf(buf, buflen, "%s", strerror(errnum));
  return buf;
}
