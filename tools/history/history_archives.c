/* Archives by rrdinfo(1) and rrdfirst(1). Files that librrd reads only. */
#ifdef HAVE_LIBRRD

#include "history_archives.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARCHIVES_MAX = 16 };

/* Beyond it the hour of the day is lost. */
static const unsigned long coarsest_s = 900;
/* A file that is damaged may say anything: a year, and the year 9999. */
static const unsigned long longest_s = 366 * 86400UL;
static const int64_t latest_s = 253402300799;

/* All archives of averages, in the file's order. */
struct found {
  const char *path;
  size_t len;
  struct history_archive archives[ARCHIVES_MAX];
};

static unsigned long find_number(const rrd_info_t *info, const char *key) {
  for (; info; info = info->next)
    if (strcmp(info->key, key) == 0 && info->type == RD_I_CNT)
      return info->value.u_cnt;
  return 0;
}

/* Also where librrd said -1, and why. */
static bool is_time(time_t time) {
  if (time >= 0 && (int64_t)time <= latest_s)
    return true;
  rrd_clear_error();
  return false;
}

/* rows: of base_s that make one of the archive. */
static void add(struct found *found, int archive, unsigned long base_s,
                unsigned long rows) {
  if (found->len == ARCHIVES_MAX || base_s == 0 || rows == 0 ||
      rows > longest_s / base_s)
    return;
  time_t first = rrd_first_r(found->path, archive);
  if (is_time(first))
    found->archives[found->len++] =
        (struct history_archive){.step_s = base_s * rows, .from = first};
}

static void find_all(struct found *found, const rrd_info_t *info) {
  unsigned long base_s = find_number(info, "step");
  char key[64], *end = NULL;

  for (const rrd_info_t *item = info; item; item = item->next) {
    if (strncmp(item->key, "rra[", 4) != 0)
      continue;
    long archive = strtol(item->key + 4, &end, 10);
    if (strcmp(end, "].cf") != 0 || item->type != RD_I_STR ||
        strcmp(item->value.u_str, "AVERAGE") != 0)
      continue;
    snprintf(key, sizeof(key), "rra[%ld].pdp_per_row", archive);
    add(found, (int)archive, base_s, find_number(info, key));
  }
}

/* The finest first; of two alike the longer one. */
static int compare(const void *a, const void *b) {
  const struct history_archive *left = a, *right = b;

  if (left->step_s != right->step_s)
    return left->step_s < right->step_s ? -1 : 1;
  return (left->from > right->from) - (left->from < right->from);
}

/* Go on to the next coarser archive that reaches farther back. Its rows end at
 * multiples of its step. */
static bool go_back(const struct found *found, size_t *i,
                    struct history_archive *at) {
  time_t end = at->from;

  for (++*i; *i < found->len; ++*i) {
    *at = found->archives[*i];
    at->last = end - end % (time_t)at->step_s;
    if (at->from <= at->last)
      return at->step_s <= coarsest_s;
  }
  return false;
}

int history_archives_find(const char *path, const rrd_info_t *info, int coarser,
                          struct history_archive *out, unsigned long *finer_s) {
  struct found found = {.path = path};
  size_t i = 0;

  find_all(&found, info);
  if (found.len == 0)
    return -EINVAL;
  qsort(found.archives, found.len, sizeof(found.archives[0]), compare);
  struct history_archive at = found.archives[0];
  at.last = rrd_last_r(path);
  if (!is_time(at.last))
    return -EBADMSG;
  *finer_s = 0;
  for (; coarser > 0; coarser--) {
    *finer_s = at.step_s;
    if (!go_back(&found, &i, &at))
      return -ENODATA;
  }
  *out = at;
  return 0;
}

#endif
