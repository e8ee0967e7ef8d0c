/* What `status` shows, apart from how: the values of one host. */
#ifndef STATUS_MODEL_H
#define STATUS_MODEL_H

#include <stddef.h>

enum {
  STATUS_NAME_MAX = 64, /* libcollectdclient's own limit */
  STATUS_VALUES_MAX = 1024,
  STATUS_PROBLEM_MAX = 512,
};

struct status_value {
  char plugin[STATUS_NAME_MAX];
  char instance[STATUS_NAME_MAX];
  char type[STATUS_NAME_MAX];
  char type_instance[STATUS_NAME_MAX];
  double value; /* gauges as they are, counters a second; NAN unknown */
};

/* tcpstates-all and all of baseline. */
struct status_model {
  char host[STATUS_NAME_MAX];
  size_t values_len;
  struct status_value values[STATUS_VALUES_MAX];
};

/* Ask the daemon behind a unixsock.
 * host: NULL for the only one that has values, or this machine.
 * problem: STATUS_PROBLEM_MAX bytes for what is wrong and what to do about it.
 * Returns 0, or -1 with *problem filled and *model not to be used. */
int status_model_fetch(const char *socket_path, const char *host,
                       struct status_model *model, char *problem);

/* Returns NAN for a value the daemon does not have. */
double status_model_find(const struct status_model *model, const char *plugin,
                         const char *instance, const char *type,
                         const char *type_instance);

/* The names of baseline's incidents, sorted, each once; they point into the
 * model. Returns how many there are, at most names_max. */
size_t status_model_incidents(const struct status_model *model,
                              const char **names, size_t names_max);

#endif
