/* A collectd plugin of the tests: sets the locale OTHER_LOCALE for the whole
 * process at its start, as a plugin may that embeds an interpreter, and from
 * then on that and C in turn. */
#include "collectd.h"

#include "plugin.h"

#include <locale.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

static atomic_bool ends;
static pthread_t thread;

static void *flip(void *name) {
  const struct timespec pause = {.tv_nsec = 50000};
  while (!ends) {
    setlocale(LC_ALL, name);
    nanosleep(&pause, NULL);
    setlocale(LC_ALL, "C");
  }
  return NULL;
}

static int begin(void) {
  char *name = getenv("OTHER_LOCALE");
  if (setlocale(LC_ALL, name) == NULL)
    return -1;
  INFO("other_locale: half is %.1f", 0.5);
  return pthread_create(&thread, NULL, flip, name);
}

static int end(void) {
  ends = true;
  return pthread_join(thread, NULL);
}

void module_register(void) {
  plugin_register_init("other_locale", begin);
  plugin_register_shutdown("other_locale", end);
}
