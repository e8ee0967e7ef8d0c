/* Stands in for collectd's log in the unit tests of glue files. */
#ifndef TESTS_SCENES_COLLECTD_LOG_H
#define TESTS_SCENES_COLLECTD_LOG_H

/* Everything said since the last clear, a line each: "<severity> text". */
const char *collectd_log_text(void);
unsigned collectd_log_lines(void);
void collectd_log_clear(void);

#endif
