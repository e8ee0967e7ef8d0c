/* What a plugin said to the daemon: notifications and log lines. */
#ifndef TESTS_BASELINE_FAKE_HEARD_H
#define TESTS_BASELINE_FAKE_HEARD_H

#include "collectd.h"

#include "plugin.h"

enum { FAKE_META_MAX = 2048 };

struct fake_notification {
  notification_t is;        /* its meta is NULL: see below */
  char meta[FAKE_META_MAX]; /* "Name=value;" of each item, in order */
};

/* Number i of the notifications so far, copied; aborts where there is none. */
size_t fake_notified(void);
struct fake_notification fake_notification(size_t i);

/* How many there are of a host, an incident and a severity (NULL, NULL, 0:
 * any). */
size_t fake_count(const char *host, const char *incident, int severity);

/* A notification handler: called in the thread that dispatches. */
void fake_on_notification(void (*handler)(const notification_t *n));

/* A log handler, and the lines so far that hold the text. */
void fake_on_log(void (*handler)(const char *line));
unsigned fake_log_count(const char *text);

/* From here on nothing has been said in the log. */
void fake_log_forget(void);

/* Everything said in the log; for messages. */
const char *fake_log_text(void);

#endif
