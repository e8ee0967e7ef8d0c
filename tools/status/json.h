/* One host model as one JSON object. */
#ifndef TOOLS_STATUS_JSON_H
#define TOOLS_STATUS_JSON_H

#include "daemon/host_model.h"

#include <stdio.h>

/* One line; unknown values are null. now_s: since 1970, for the age.
 * interval_s: of the readings; 0: not known. */
void status_json(FILE *out, const struct host_model *model, double now_s,
                 double interval_s);

#endif
