/* What learn prints at its end. */
#ifndef TOOLS_LEARN_LEARN_REPORT_H
#define TOOLS_LEARN_LEARN_REPORT_H

#include "learn_models.h"

/* On stderr: what is left out or does not help at once, and what to do. */
void learn_report_lacks(const struct learn_harvest *harvest);

/* On stdout: what was judged, learned and written. */
void learn_report_summary(const struct learn_harvest *harvest,
                          const char *path);

/* On stderr: who else must be able to read the file. */
void learn_report_owner(const char *path);

#endif
