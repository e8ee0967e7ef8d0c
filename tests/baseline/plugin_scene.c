/* See plugin_scene.h. */
#include "plugin_scene.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ITEMS = 12 };

char scene_folder[64];
static char state_file[96];

static oconfig_item_t block, items[ITEMS], inner[ITEMS];
static oconfig_value_t values[2 * ITEMS];
static oconfig_item_t *opened;
static size_t values_len;

static oconfig_item_t *add(char *key) {
  ck_assert_int_lt(opened->children_num, ITEMS);
  oconfig_item_t *item = &opened->children[opened->children_num++];
  *item = (oconfig_item_t){.key = key,
                           .values = &values[values_len++],
                           .values_num = 1,
                           .parent = opened};
  return item;
}

void scene_set_number(char *key, double value) {
  oconfig_item_t *item = add(key);
  item->values->type = OCONFIG_TYPE_NUMBER;
  item->values->value.number = value;
}

void scene_set_text(char *key, char *value) {
  oconfig_item_t *item = add(key);
  item->values->type = OCONFIG_TYPE_STRING;
  item->values->value.string = value;
}

static void open_block(char *type, char *name) {
  scene_set_text(type, name);
  opened = &block.children[block.children_num - 1];
  opened->children = inner;
}

void scene_open_watch(char *name) { open_block("Watch", name); }
void scene_open_incident(char *name) { open_block("Incident", name); }

void scene_setup(void) {
  strcpy(scene_folder, "/tmp/check_baseline.XXXXXX");
  ck_assert_ptr_nonnull(mkdtemp(scene_folder));
  snprintf(state_file, sizeof(state_file), "%s/state", scene_folder);
  block = (oconfig_item_t){.key = "Plugin", .children = items};
  opened = &block;
  scene_set_text("StateFile", state_file);
}

void scene_teardown(void) {
  char command[sizeof(scene_folder) + 16];
  snprintf(command, sizeof(command), "rm -rf %s", scene_folder);
  ck_assert_int_eq(system(command), 0);
}

int scene_configure(void) {
  module_register();
  return fake_callbacks()->config(&block);
}

void scene_start(void) {
  ck_assert_int_eq(scene_configure(), 0);
  ck_assert_int_eq(fake_callbacks()->init(), 0);
}

void scene_stop(void) {
  ck_assert_int_eq(fake_callbacks()->flush(0, NULL, NULL), 0);
  ck_assert_int_eq(fake_callbacks()->shutdown(), 0);
}

void scene_write(const struct scene_value *value) {
  data_source_t source = {.name = "value", .type = value->kind};
  data_set_t set = {.ds_num = 1, .ds = &source};
  value_t number = value->value;
  value_list_t vl = {.values = &number,
                     .values_len = 1,
                     .time = DOUBLE_TO_CDTIME_T(value->time_s),
                     .interval = DOUBLE_TO_CDTIME_T(value->interval_s),
                     .meta = value->meta};
  snprintf(set.type, sizeof(set.type), "%s", value->type);
  snprintf(vl.host, sizeof(vl.host), "%s", value->host);
  snprintf(vl.plugin, sizeof(vl.plugin), "%s", value->plugin);
  snprintf(vl.plugin_instance, sizeof(vl.plugin_instance), "%s",
           value->plugin_instance);
  snprintf(vl.type, sizeof(vl.type), "%s", value->type);
  snprintf(vl.type_instance, sizeof(vl.type_instance), "%s",
           value->type_instance);
  if (fake_callbacks()->write(&set, &vl, NULL) != 0) /* often: no ck_assert */
    ck_abort_msg("a write was refused");
}

void scene_tick(void) {
  if (fake_callbacks()->read(NULL) != 0)
    ck_abort_msg("a tick failed");
}

void scene_pause(double seconds) {
  struct timespec pause = {.tv_sec = (time_t)seconds};
  pause.tv_nsec = (long)(1e9 * (seconds - (double)pause.tv_sec));
  nanosleep(&pause, NULL);
}
