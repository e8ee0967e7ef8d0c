/* Any bytes as what librrd answers: archives, times, names and values that need
 * not fit together, for a file may be damaged, or be replaced between two
 * calls. This is where our code begins: librrd is not under test, and reads
 * files of the user's own, in the command, never in the daemon. */
#include "fuzz_bytes.h"
#include "fuzz_target.h"

#ifndef HAVE_LIBRRD

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  return (void)data, (void)size, 0;
}

#else

#include "history/rrd.h"

#include <limits.h>
#include <rrd.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROWS_MAX = 5000, CALLS_MAX = 64 };

static struct {
  struct fuzz_bytes bytes;
  int calls; /* of rrd_fetch_r */
} fake;

/* A moment, mostly of our time, or any number. */
static long make_number(void) {
  static const long odd[] = {0,       1,        -1,         10,
                             300,     86400,    1700000000, 1700000300,
                             1 << 30, LONG_MAX, LONG_MIN,   4294967296L};
  uint8_t which = fuzz_byte(&fake.bytes);

  if (which < sizeof(odd) / sizeof(odd[0]))
    return odd[which];
  return which < 200 ? 1700000000L + which : (long)fuzz_whole(&fake.bytes);
}

static rrd_info_t *push(rrd_info_t *after, const char *key,
                        rrd_info_type_t type) {
  rrd_info_t *item = calloc(1, sizeof(*item));

  item->key = strdup(key);
  item->type = type;
  if (after)
    after->next = item;
  return item;
}

static rrd_info_t *push_number(rrd_info_t *after, const char *key,
                               unsigned long number) {
  rrd_info_t *item = push(after, key, RD_I_CNT);

  item->value.u_cnt = number;
  return item;
}

static rrd_info_t *push_text(rrd_info_t *after, const char *key,
                             const char *text) {
  rrd_info_t *item = push(after, key, RD_I_STR);

  item->value.u_str = strdup(text);
  return item;
}

rrd_info_t *rrd_info_r(const char *filename) {
  uint8_t archives = fuzz_byte(&fake.bytes) % 24;
  char key[64], text[40];

  (void)filename;
  if (fuzz_byte(&fake.bytes) == 255)
    return NULL;
  rrd_info_t *first = push_number(NULL, "step", (unsigned long)make_number());
  rrd_info_t *last = push_text(first, "ds[value].type", "GAUGE");
  for (int i = 0; i < archives; i++) {
    uint8_t form = fuzz_byte(&fake.bytes);
    snprintf(key, sizeof(key), "rra[%d].cf", form & 4 ? form : i);
    last = push_text(last, key, form & 1 ? "MIN" : "AVERAGE");
    snprintf(key, sizeof(key), "rra[%d].pdp_per_row", i);
    unsigned long rows = form & 2 ? 1 : (unsigned long)make_number();
    last = push_number(last, key, rows);
  }
  fuzz_text(&fake.bytes, text, sizeof(text)); /* any key at all */
  push_text(last, text, "AVERAGE");
  return first;
}

void rrd_info_free(rrd_info_t *info) {
  while (info) {
    rrd_info_t *next = info->next;
    if (info->type == RD_I_STR)
      free(info->value.u_str);
    free(info->key);
    free(info);
    info = next;
  }
}

time_t rrd_first_r(const char *filename, int rraindex) {
  return (void)filename, (void)rraindex, make_number();
}

time_t rrd_last_r(const char *filename) {
  return (void)filename, make_number();
}

/* A name of at most 19 characters, as a file has room for. */
static char *make_name(void) {
  char *name = calloc(1, 20);

  fuzz_text(&fake.bytes, name, 20);
  return name;
}

/* The rows librrd answers with: to whole steps, farther than was asked for.
 * Returns 0 where there can be none so many. */
static size_t count_rows(time_t *start, time_t *end, unsigned long step) {
  time_t wide = 0;

  if (step == 0 || step > LONG_MAX || *start < 0 || *end < *start ||
      __builtin_add_overflow(*end, (time_t)step, &wide))
    return 0;
  *start -= *start % (time_t)step;
  *end = wide - wide % (time_t)step;
  size_t rows = (size_t)(*end - *start) / step + 1;
  return rows <= ROWS_MAX ? rows : 0;
}

int rrd_fetch_r(const char *filename, const char *cf, time_t *start,
                time_t *end, unsigned long *step, unsigned long *ds_cnt,
                char ***ds_namv, rrd_value_t **data) {
  uint8_t form = fuzz_byte(&fake.bytes);

  (void)filename, (void)cf;
  if (form & 128) /* another archive than was asked for */
    *step = (unsigned long)make_number();
  size_t rows = count_rows(start, end, *step);
  if (form == 255 || rows == 0 || fake.calls++ >= CALLS_MAX)
    return -1;
  *ds_cnt = form & 64 ? form % 4 : 1;
  *ds_namv = calloc(*ds_cnt + 1, sizeof(**ds_namv));
  for (unsigned long i = 0; i < *ds_cnt; i++)
    (*ds_namv)[i] = make_name();
  *data = malloc(rows * *ds_cnt * sizeof(**data) + 1); /* not 0 */
  for (size_t i = 0; i < rows * *ds_cnt; i++)
    (*data)[i] = fake.bytes.left > 0 ? fuzz_double(&fake.bytes) : NAN;
  return 0;
}

void rrd_freemem(void *mem) { free(mem); }

char *rrd_get_error(void) {
  static char error[] = "what librrd says";

  return error;
}

void rrd_clear_error(void) {}

static bool wants(void *context, struct history_series *series) {
  (void)context;
  return series->source[0] != 'x';
}

static int take(void *context, const struct history_value *value) {
  double *before_s = context;

  if (!isfinite(value->number) || !isfinite(value->time_s) ||
      !(value->interval_s > 0) || value->time_s < *before_s ||
      value->kind == HISTORY_COUNTER)
    abort();
  *before_s = value->time_s;
  return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const struct history_series like = {
      .host = "h", .plugin = "p", .type = "gauge"};
  double before_s = -INFINITY;
  struct history history = {.taker = {wants, take, &before_s}};
  struct history_stream *stream = NULL;
  char problem[HISTORY_PROBLEM_MAX] = "";

  fake.bytes = (struct fuzz_bytes){data, size};
  fake.calls = 0;
  history.options.coarser = fuzz_byte(&fake.bytes) % 4;
  int rc = history_rrd_open(&history, "x.rrd", &like, &stream, problem);
  if (rc == 0 && stream != NULL && history_add(&history, stream) == 0)
    rc = history_run(&history, problem);
  if (rc > 0 || (rc < 0 && problem[0] == '\0'))
    abort();
  history_close(&history);
  return 0;
}

#endif
