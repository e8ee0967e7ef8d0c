/* Recorded values, whatever they were recorded in: each source is a stream of
 * rows in the order of time, and what takes them sees one value after the
 * other. */
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

/* What is recorded: [host/]plugin[-instance]/type[-instance]. */
struct history_series {
  char host[JUDGE_HOST_MAX];
  char plugin[HISTORY_PART_MAX];
  char plugin_instance[HISTORY_PART_MAX]; /* "": none */
  char type[HISTORY_PART_MAX];
  char type_instance[HISTORY_PART_MAX]; /* "": none */
  char source[HISTORY_PART_MAX]; /* of several in a type: "rx"; else "" */
  void *use;                     /* the taker's own */
};

/* A gauge; a counter as it was counted; or a counter as events a second. */
enum history_kind { HISTORY_GAUGE, HISTORY_COUNTER, HISTORY_RATE };

struct history_value {
  const struct history_series *series;
  double time_s, interval_s;
  enum history_kind kind;
  double number;   /* NAN: the sender knew no number */
  int64_t counter; /* HISTORY_COUNTER */
};

/* Who takes the values. */
struct history_taker {
  /* Whether a series is of use; asked once a series, which stays where it is
   * until its source is destroyed. */
  bool (*wants)(void *context, struct history_series *series);
  /* Returns 0, or -errno, which ends the reading. */
  int (*take)(void *context, const struct history_value *value);
  void *context;
};

struct history_options {
  const char *host;  /* of values that name none; NULL: by the file's name */
  double interval_s; /* 0: taken from the rows */
  bool skip_bad;     /* go on behind what cannot be read */
  bool strict_times; /* a time that goes backwards is a mistake */
  /* 0: everything, of RRD files the finest averages. 1, 2 ...: only RRD files,
   * and what their next coarser averages have before those, and so on. */
  int coarser;
};

/* What was come across. Reported as it happens, so that the last one explains a
 * failure: `said` gets every message in full. */
struct history_tally {
  uint64_t values;      /* handed out */
  uint64_t columns;     /* series that nobody wants */
  uint64_t skipped;     /* bad cells and rows */
  uint64_t passed_over; /* files of a folder that hold no values */
  double finer_s;       /* the longest step of those that come next */
  uint64_t bytes; /* of the files with values that are wanted: read so far, */
  uint64_t bytes_total; /* and all, as far as is known */
  void (*said)(const char *problem);
};

/* One source. The functions return 0 or -errno and say why in problem
 * (HISTORY_PROBLEM_MAX bytes). */
struct history_stream {
  double time_s; /* of the row that is due; INFINITY behind the last */
  /* Hand out the row that is due and go on to the next. */
  int (*emit)(struct history_stream *stream, const struct history_taker *taker,
              char *problem);
  void (*destroy)(struct history_stream *stream);
};

/* All streams of one replay, and what they share. */
struct history {
  struct history_options options;
  struct history_tally tally;
  struct history_taker taker;
  struct history_stream **streams; /* a heap by time once it runs */
  size_t len, capacity;
};

/* Add what path is: a CSV file, "-" (standard input), a HOST/PLUGIN/TYPE.rrd or
 * a folder of collectd's csv or rrdtool plugin. Returns 0, or -errno and why in
 * problem. */
int history_open(struct history *history, const char *path, char *problem);

/* Take over one stream. Returns 0 or -ENOMEM; then it was destroyed. */
int history_add(struct history *history, struct history_stream *stream);

/* Hand out everything in the order of time. Returns 0, or -errno and why. */
int history_run(struct history *history, char *problem);

/* Destroy the streams. */
void history_close(struct history *history);

/* A file will be read: its size counts. */
void history_expect(struct history *history, const char *path);

/* Write a message into problem and return rc. */
__attribute__((format(printf, 3, 4))) int history_fail(char *problem, int rc,
                                                       const char *format, ...);

/* Bad input: with --skip-bad it is counted and said, and 0 is returned; else
 * rc, which explains itself by problem. -ENOMEM is none. */
int history_bad(struct history *history, int rc, const char *problem);

#endif
