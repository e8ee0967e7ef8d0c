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

struct history scene;
char scene_folder[64], scene_taken[1 << 16];
char scene_problem[HISTORY_PROBLEM_MAX], scene_said[HISTORY_PROBLEM_MAX];

static void note_said(const char *problem) {
  snprintf(scene_said, sizeof(scene_said), "%s", problem);
}

static bool wants(void *context, struct history_series *series) {
  (void)context;
  return strcmp(series->plugin, "unwanted") != 0;
}

static int take(void *context, const struct history_value *value) {
  static const char *const kinds[] = {"gauge", "counter", "rate"};
  const struct history_series *series = value->series;
  size_t used = strlen(scene_taken);
  char number[64];

  (void)context;
  if (value->kind == HISTORY_COUNTER)
    snprintf(number, sizeof(number), "%" PRId64, value->counter);
  else
    snprintf(number, sizeof(number), "%g", value->number);
  snprintf(scene_taken + used, sizeof(scene_taken) - used,
           "%.15g %s/%s-%s%s%s %s %s every %g\n", value->time_s, series->host,
           series->type, series->type_instance,
           series->source[0] != '\0' ? ":" : "", series->source,
           kinds[value->kind], number, value->interval_s);
  return 0;
}

void scene_setup(void) {
  const char *below = getenv("TMPDIR");

  snprintf(scene_folder, sizeof(scene_folder), "%.40s/historyXXXXXX",
           below ? below : "/tmp");
  ck_assert_ptr_nonnull(mkdtemp(scene_folder));
  scene = (struct history){.tally = {.said = note_said},
                           .taker = {wants, take, NULL}};
  scene_taken[0] = scene_problem[0] = scene_said[0] = '\0';
}

static int delete (const char *path, const struct stat *about, int kind,
                   struct FTW *where) {
  (void)about;
  (void)kind;
  (void)where;
  return remove(path);
}

void scene_teardown(void) {
  history_close(&scene);
  nftw(scene_folder, delete, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scene_path(const char *name) {
  static char path[512];

  snprintf(path, sizeof(path), "%s/%s", scene_folder, name);
  return path;
}

void scene_write(const char *name, const char *text) {
  char path[512];

  snprintf(path, sizeof(path), "%s", scene_path(name));
  for (char *slash = strchr(path + strlen(scene_folder) + 1, '/'); slash;
       slash = strchr(slash + 1, '/')) {
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
  }
  FILE *file = fopen(path, "w");
  ck_assert_ptr_nonnull(file);
  fputs(text, file);
  ck_assert_int_eq(fclose(file), 0);
}

int scene_run(const char *const *names) {
  for (; *names; names++) {
    int rc = history_open(&scene, scene_path(*names), scene_problem);
    if (rc != 0)
      return rc;
  }
  return history_run(&scene, scene_problem);
}
