/* The time zone of the command, by which watched series are judged. */
#ifndef TOOLS_LIB_LOCAL_ZONE_H
#define TOOLS_LIB_LOCAL_ZONE_H

#include "verdict/rules.h"

/* Local time less UTC, in seconds, by TZ or the system's zone; one that cannot
 * be read is UTC, said once on stderr. For one thread alone. */
double local_zone_offset(double time_s);

/* Weekend "auto" is that of the zone. */
void local_zone_settle(struct rules *rules);

#endif
