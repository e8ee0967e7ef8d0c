/* Recorded values, in whatever format: each source is a stream of rows, and the
 * taker receives the values of all streams one by one, in the order of time. */
#ifndef TOOLS_HISTORY_HISTORY_H
#define TOOLS_HISTORY_HISTORY_H

#include "verdict/judge.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  HISTORY_PART_MAX = 128, /* of an identifier; collectd's DATA_MAX_NAME_LEN */
  HISTORY_PROBLEM_MAX = 1024 /* bytes of a message */
};

/* An identifier: [host/]plugin[-instance]/type[-instance]. */
struct history_series {
  char host[JUDGE_HOST_MAX];
  char plugin[HISTORY_PART_MAX];
  char plugin_instance[HISTORY_PART_MAX]; /* "": none */
  char type[HISTORY_PART_MAX];
  char type_instance[HISTORY_PART_MAX]; /* "": none */
  char source[HISTORY_PART_MAX]; /* one of several in a type: "rx"; else "" */
  void *use;                     /* the taker's own */
};

/* A gauge; a counter's count; or a counter as events a second. */
enum history_kind { HISTORY_GAUGE, HISTORY_COUNTER, HISTORY_RATE };

struct history_value {
  const struct history_series *series;
  double time_s, interval_s;
  enum history_kind kind;
  double number;   /* NAN: the sender had no number */
  int64_t counter; /* HISTORY_COUNTER */
};

/* The receiver of the values. */
struct history_taker {
  /* Whether a series is wanted; asked once a series. The series stays at its
   * address until its stream is destroyed. */
  bool (*wants)(void *context, struct history_series *series);
  /* Returns 0, or -errno, which ends the reading. */
  int (*take)(void *context, const struct history_value *value);
  void *context;
};

struct history_options {
  const char *host;  /* for values that name none; NULL: from the file's name */
  double interval_s; /* 0: from the rows */
  bool skip_bad;     /* skip what cannot be read */
  bool strict_times; /* a time that goes back is an error */
  /* 0: everything, from RRD files the finest averages. 1: only RRD files, and
   * what their next coarser averages have from before those; 2: the next, ...
   */
  int coarser;
};

/* Rows for lib/options.h. type: the subcommand's struct; history: its member of
 * type struct history_options. */
#define HISTORY_INTERVAL(type, history)                                        \
  {                                                                            \
    "interval", 0, "S",                                                        \
        "seconds between two rows (default: median of the first)",             \
        .kind = OPTIONS_SECONDS, .least = 0.001,                               \
        .at = offsetof(type, history.interval_s)                               \
  }
#define HISTORY_SKIP_BAD(type, history)                                        \
  {                                                                            \
    "skip-bad", 0, NULL, "skip rows and cells that cannot be read",            \
        .kind = OPTIONS_FLAG, .at = offsetof(type, history.skip_bad)           \
  }

/* Counts of what was read. `said` receives every message in full, as it occurs.
 */
struct history_tally {
  uint64_t values;      /* given to the taker */
  uint64_t columns;     /* series that nobody wants */
  uint64_t skipped;     /* bad cells and rows */
  uint64_t passed_over; /* files of a folder without values */
  double finer_s;       /* the longest step of the next finer archives */
  uint64_t bytes;       /* read so far of the files with wanted values */
  uint64_t bytes_total; /* of all these files, as far as known */
  void (*said)(const char *problem);
};

/* One source. The functions return 0 or -errno and say why in problem
 * (HISTORY_PROBLEM_MAX bytes). */
struct history_stream {
  double time_s; /* of the next row; INFINITY after the last */
  /* Give the values of the next row to the taker, and load the row after it. */
  int (*emit)(struct history_stream *stream, const struct history_taker *taker,
              char *problem);
  void (*destroy)(struct history_stream *stream);
};

/* All streams of one run, and what they share. */
struct history {
  struct history_options options;
  struct history_tally tally;
  struct history_taker taker;
  struct history_stream **streams; /* a heap by time once it runs */
  size_t len, capacity;
};

/* Open path: a CSV file, "-" (standard input), a HOST/PLUGIN/TYPE.rrd, or a
 * folder of collectd's csv or rrdtool plugin. Returns 0, or -errno and why in
 * problem. */
int history_open(struct history *history, const char *path, char *problem);

/* Take ownership of a stream. Returns 0, or -ENOMEM: then it is destroyed. */
int history_add(struct history *history, struct history_stream *stream);

/* Give all values to the taker in the order of time. Returns 0, or -errno and
 * why. */
int history_run(struct history *history, char *problem);

/* Destroy the streams. */
void history_close(struct history *history);

/* Add the size of a file that will be read to bytes_total. */
void history_expect(struct history *history, const char *path);

/* Write a message into problem and return rc. */
__attribute__((format(printf, 3, 4))) int history_fail(char *problem, int rc,
                                                       const char *format, ...);

/* Bad input, explained in problem: with skip_bad it is counted and reported,
 * and 0 is returned; otherwise rc. -ENOMEM is always returned: no bad input. */
int history_bad(struct history *history, int rc, const char *problem);

#endif
