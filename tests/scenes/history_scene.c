/* Files in a folder below TMPDIR, and a taker that writes down what it takes:
 * "TIME HOST/TYPE-INSTANCE:SOURCE KIND NUMBER every INTERVAL". */
#include "history_scene.h"

#include <check.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct history history_scene;
char history_scene_folder[64], history_scene_taken[1 << 16];
char history_scene_problem[HISTORY_PROBLEM_MAX],
    history_scene_said[HISTORY_PROBLEM_MAX];

static void note_said(const char *problem) {
  snprintf(history_scene_said, sizeof(history_scene_said), "%s", problem);
}

static bool wants(void *context, struct history_series *series) {
  (void)context;
  return strcmp(series->plugin, "unwanted") != 0;
}

static int take(void *context, const struct history_value *value) {
  static const char *const kinds[] = {"gauge", "counter", "rate"};
  const struct history_series *series = value->series;
  size_t used = strlen(history_scene_taken);
  char number[64];

  (void)context;
  if (value->kind == HISTORY_COUNTER)
    snprintf(number, sizeof(number), "%" PRId64, value->counter);
  else
    snprintf(number, sizeof(number), "%g", value->number);
  snprintf(history_scene_taken + used, sizeof(history_scene_taken) - used,
           "%.15g %s/%s-%s%s%s %s %s every %g\n", value->time_s, series->host,
           series->type, series->type_instance,
           series->source[0] != '\0' ? ":" : "", series->source,
           kinds[value->kind], number, value->interval_s);
  return 0;
}

void history_scene_setup(void) {
  const char *below = getenv("TMPDIR");

  snprintf(history_scene_folder, sizeof(history_scene_folder),
           "%.40s/historyXXXXXX", below ? below : "/tmp");
  ck_assert_ptr_nonnull(mkdtemp(history_scene_folder));
  history_scene = (struct history){.tally = {.said = note_said},
                                   .taker = {wants, take, NULL}};
  history_scene_taken[0] = history_scene_problem[0] = history_scene_said[0] =
      '\0';
}

static int delete (const char *path, const struct stat *about, int kind,
                   struct FTW *where) {
  (void)about;
  (void)kind;
  (void)where;
  return remove(path);
}

void history_scene_teardown(void) {
  history_close(&history_scene);
  nftw(history_scene_folder, delete, 8, FTW_DEPTH | FTW_PHYS);
}

const char *history_scene_path(const char *name) {
  static char path[512];

  snprintf(path, sizeof(path), "%s/%s", history_scene_folder, name);
  return path;
}

void history_scene_write(const char *name, const char *text) {
  char path[512];

  snprintf(path, sizeof(path), "%s", history_scene_path(name));
  for (char *slash = strchr(path + strlen(history_scene_folder) + 1, '/');
       slash; slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
  }
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  ck_assert_int_eq(fclose(file), 0);
}

int history_scene_run(const char *const *names) {
  for (; *names; names++) {
    int rc = history_open(&history_scene, history_scene_path(*names),
                          history_scene_problem);
    if (rc != 0)
      return rc;
  }
  return history_run(&history_scene, history_scene_problem);
}
