/* A simulated host's CSV as it comes out of a pipe, row by row, and its values
 * as collectd hands them over. Reads the stream it is given, nothing else. */
#ifndef SIMULATED_HOST_H
#define SIMULATED_HOST_H

#include "collectd.h"

#include "plugin.h"

#include <stdio.h>

enum { HOST_COLUMNS_MAX = 64, HOST_LINE_MAX = 4096 };

struct simulated_host {
  char name[64];  /* the class of the host and its number */
  double shift_s; /* added to the host's clock */
  double time_s;  /* of the row at hand; INFINITY behind the last */
  FILE *rows;
  size_t columns;
  struct simulated_column {
    char type[32], instance[32];
    int kind; /* DS_TYPE_GAUGE or DS_TYPE_DERIVE */
  } column[HOST_COLUMNS_MAX];
  char line[HOST_LINE_MAX];
  value_t value[HOST_COLUMNS_MAX];
  bool has[HOST_COLUMNS_MAX]; /* an empty cell is no value */
};

/* Open the stream, read its heads and its first row, and shift its clock so
 * that this is begin_s. Ends the program where the stream is none of a
 * simulated host. */
void simulated_host_open(struct simulated_host *host, const char *path,
                         const char *name, double begin_s);

/* Go on to the next row. Ends the program where it is cut. */
void simulated_host_next(struct simulated_host *host);

#endif
