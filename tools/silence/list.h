/* What is silenced now, as text or JSON. Touches the stream it is given and the
 * time zone. */
#ifndef TOOLS_SILENCE_LIST_H
#define TOOLS_SILENCE_LIST_H

#include "conf/conf_silences.h"

#include <stdio.h>

/* Those that run, and the <Maintenance> blocks. path: of the file. */
void silence_list_text(FILE *out, const struct silences *silences,
                       double now_s);
void silence_list_json(FILE *out, const struct silences *silences,
                       const char *path, double now_s);

#endif
