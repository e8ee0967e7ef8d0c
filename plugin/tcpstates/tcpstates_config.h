/* The settings of <Plugin tcpstates>: collectd's config tree -> one struct. */
#ifndef TCPSTATES_TCPSTATES_CONFIG_H
#define TCPSTATES_TCPSTATES_CONFIG_H

#include "io/table_source.h"
#include "table/metrics.h"

#include "liboconfig/oconfig.h"

struct tcpstates_config {
  const char *source;       /* a table_source_name(); static */
  const char *half_open_by; /* "auto", "walk" or "bpf"; static */
  unsigned read_budget;     /* percent of the interval */
  unsigned walk_every;      /* seconds; 0: as the budget allows */
  bool peaks;
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

/* Whether HalfOpenBy names BPF, and whether it allows it. */
bool tcpstates_config_asks_bpf(const struct tcpstates_config *config);
bool tcpstates_config_may_use_bpf(const struct tcpstates_config *config);

/* After the last block. Returns 0, or -EINVAL after an error line: two options
 * contradict each other. */
int tcpstates_config_check(const struct tcpstates_config *config);

#endif
