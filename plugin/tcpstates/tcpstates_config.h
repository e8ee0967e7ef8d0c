/* The settings of <Plugin tcpstates>: collectd's config tree -> one struct. */
#ifndef TCPSTATES_TCPSTATES_CONFIG_H
#define TCPSTATES_TCPSTATES_CONFIG_H

#include "io/table_source.h"
#include "table/metrics.h"

#include "liboconfig/oconfig.h"

struct tcpstates_config {
  const char *source;   /* a table_source_name(); static */
  unsigned read_budget; /* percent of the interval */
  bool report_unknown;  /* NAN is sent */
  struct metrics_options metrics;
  size_t ports_len;
  uint16_t port[READING_PORTS_MAX]; /* LocalPort, each once */
};

/* The settings of a daemon without any <Plugin tcpstates> block. */
void tcpstates_config_defaults(struct tcpstates_config *config);

/* Read one <Plugin tcpstates> block; a later block adds to an earlier one.
 * Returns 0. Returns -EINVAL for the first option that is refused, after an
 * error line that names the option, its value and what is accepted; the options
 * before it are set. */
int tcpstates_config_read(struct tcpstates_config *config,
                          const oconfig_item_t *block);

#endif
