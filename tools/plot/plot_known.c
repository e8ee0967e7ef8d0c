/* Names that were come across. */
#include "plot_known.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void plot_known_add(struct plot_known *known, const char *name) {
  for (size_t i = 0; i < known->len; i++)
    if (strncmp(known->name[i], name, SERIES_IDENTIFIER_MAX - 1) == 0)
      return;
  if (known->len == PLOT_KNOWN_MAX)
    known->more++;
  else
    snprintf(known->name[known->len++], SERIES_IDENTIFIER_MAX, "%s", name);
}

static int compare(const void *a, const void *b) { return strcmp(a, b); }

void plot_known_list(struct plot_known *known, char *out, size_t size) {
  static const size_t tail = 32; /* " and 4294967296 more" */
  size_t used = 0, i = 0;

  qsort(known->name, known->len, sizeof(known->name[0]), compare);
  snprintf(out, size, "nothing");
  for (; i < known->len; i++) {
    size_t wanted = strlen(known->name[i]) + 2;
    if (used + wanted + tail > size)
      break;
    used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "",
                             known->name[i]);
  }
  size_t more = known->more + known->len - i;
  if (more > 0)
    snprintf(out + used, size - used, " and %zu more", more);
}
