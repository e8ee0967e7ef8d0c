/* The settings of <Plugin tcpstates>: collectd's config tree -> one struct. */
#ifndef TCPSTATES_TCPSTATES_CONFIG_H
#define TCPSTATES_TCPSTATES_CONFIG_H

#include "table/reading_options.h"

#include "liboconfig/oconfig.h"

/* Read one <Plugin tcpstates> block; a later block adds to an earlier one.
 * Returns 0. Returns -EINVAL for the first option that is refused, after an
 * error line that names the option, its value and what is accepted; the options
 * before it are set. */
int tcpstates_config_read(struct reading_options *options,
                          const oconfig_item_t *block);

#endif
