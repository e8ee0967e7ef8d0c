/* The options of <Plugin tcpstates>: one table of keys, ranges and defaults,
 * behind the plugin's configuration and the command's check of it. Pure. */
#ifndef TABLE_READING_OPTIONS_H
#define TABLE_READING_OPTIONS_H

#include "table/metrics.h"
#include "table/namespace_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { READING_OPTIONS_ERROR_MAX = 512 };

/* The values of Source: all ways in their order, then each way. */
enum reading_source {
  READING_SOURCE_AUTO,
  READING_SOURCE_NETLINK,
  READING_SOURCE_PROC,
  READING_SOURCES
};

/* The values of HalfOpenBy. */
enum reading_half_open {
  READING_HALF_OPEN_AUTO,
  READING_HALF_OPEN_WALK,
  READING_HALF_OPEN_BPF,
  READING_HALF_OPEN_WAYS
};

/* The values of Namespaces. */
enum reading_namespaces {
  READING_NAMESPACES_NONE,
  READING_NAMESPACES_NAMED,
  READING_NAMESPACES_ALL,
  READING_NAMESPACES_END
};

/* "auto", "netlink", "proc"; NULL for a number beyond the last. */
const char *reading_options_source(size_t number);

struct reading_options {
  const char *source; /* a reading_options_source(); static */
  enum reading_half_open half_open_by;
  unsigned walk_every; /* seconds; 0: as the budget allows */
  bool peaks;
  unsigned read_budget; /* percent of the interval */
  bool report_unknown;  /* NAN is sent */
  struct metrics_options metrics;
  enum reading_namespaces namespaces;
  unsigned namespaces_max;
  struct namespace_patterns namespace_match;
  size_t ports_len;
  uint16_t port[READING_PORTS_MAX]; /* LocalPort, each once */
};

/* The settings of a daemon without any <Plugin tcpstates> block. */
void reading_options_defaults(struct reading_options *options);

/* What stands behind a key. string: NULL without quotes or letters. Of a quoted
 * number or boolean, the reader of the syntax says both. */
struct reading_options_given {
  int values_len;
  bool is_block; /* it has content */
  /* Of the first value: */
  const char *string; /* not owned */
  bool is_number, is_boolean;
  double number;
  bool boolean;
};

/* Set one option. Returns 0; or -EINVAL, with the options unchanged and a
 * message in error (READING_OPTIONS_ERROR_MAX bytes) that names the option, its
 * value and what is accepted. */
int reading_options_set(struct reading_options *options, const char *key,
                        const struct reading_options_given *given, char *error);

/* After the last option. Returns 0; or -EINVAL with a message in error: two
 * options contradict each other. */
int reading_options_check(const struct reading_options *options, char *error);

/* Whether a key may be given several times, each time with another value. */
bool reading_options_repeats(const char *key);

#endif
