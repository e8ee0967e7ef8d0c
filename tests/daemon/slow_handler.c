/* A collectd plugin of the tests: a notification handler that is done after
 * SLOW_HANDLER_S seconds, as one may be that talks to a server that does not
 * answer; and fails then. */
#include "collectd.h"

#include "plugin.h"
#include "utils/common/common.h"

#include <stdlib.h>
#include <time.h>

static int be_slow(const notification_t *n,
                   __attribute__((unused)) user_data_t *user_data) {
  const char *seconds = getenv("SLOW_HANDLER_S");
  struct timespec pause = {.tv_sec = seconds ? strtol(seconds, NULL, 10) : 0};
  if (strcmp(n->plugin, "baseline") != 0)
    return 0;
  INFO("slow_handler: begins with severity %d", n->severity);
  nanosleep(&pause, NULL);
  INFO("slow_handler: ends");
  return -1;
}

void module_register(void) {
  plugin_register_notification("slow_handler", be_slow, NULL);
}
