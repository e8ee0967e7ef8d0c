/* See reader_scene.h. Stands in for the daemon's dispatch, clock and meta data,
 * which takes memory as the daemon's does. */
#include "collectd_api.h"

#include "reader_scene.h"

#include "baseline/fake_registry.h"
#include "io/table_source.h"
#include "scenes/collectd_log.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <math.h>

enum { VALUES_MAX = 256, META_MAX = 4, NAME_SIZE = 3 * DATA_MAX_NAME_LEN };

struct meta_data_s {
  char *text[META_MAX];
  size_t len;
};

char reader_root[PROC_ROOT_PATH];

static struct {
  char name[NAME_SIZE];
  double value;
  cdtime_t time;
  bool with_meta;
} values[VALUES_MAX];
static size_t values_len, whole;
static cdtime_t now;

int __real_table_source_create(const struct table_source_options *options,
                               struct table_source **out);
int __wrap_table_source_create(const struct table_source_options *options,
                               struct table_source **out);

int __wrap_table_source_create(const struct table_source_options *options,
                               struct table_source **out) {
  struct table_source_options ours = *options;
  ours.proc_root = reader_root;
  ours.half_open_by_bpf = false; /* BPF would see the machine's sockets */
  return __real_table_source_create(&ours, out);
}

cdtime_t cdtime(void) { return now; }

char *sstrncpy(char *to, const char *from, size_t size) {
  snprintf(to, size, "%s", from);
  return to;
}

int plugin_dispatch_values(value_list_t const *vl) {
  if (values_len == VALUES_MAX)
    ck_abort_msg("too many values");
  snprintf(values[values_len].name, NAME_SIZE, "%s/%s-%s", vl->plugin_instance,
           vl->type, vl->type_instance);
  bool is_counter = strcmp(vl->type, "protocol_counter") == 0;
  values[values_len].value =
      is_counter ? (double)vl->values[0].derive : vl->values[0].gauge;
  values[values_len].time = vl->time;
  values[values_len].with_meta = vl->meta != NULL;
  values_len++;
  return 0;
}

meta_data_t *meta_data_create(void) { return calloc(1, sizeof(meta_data_t)); }

void meta_data_destroy(meta_data_t *meta) {
  if (meta == NULL)
    return;
  for (size_t i = 0; i < meta->len; i++)
    free(meta->text[i]);
  free(meta);
}

int meta_data_add_string(meta_data_t *meta, const char *key,
                         const char *value) {
  (void)key;
  char *copy = strdup(value);
  if (copy == NULL || meta->len == META_MAX) {
    free(copy);
    return -ENOMEM;
  }
  meta->text[meta->len++] = copy;
  return 0;
}

int meta_data_add_signed_int(meta_data_t *meta, const char *key,
                             int64_t value) {
  (void)value;
  return meta_data_add_string(meta, key, "");
}

void reader_scene_setup(void) {
  proc_root_create(reader_root);
  fake_netlink_reset();
  fake_netlink_add(TCP_STATE_LISTEN, 8080, 2);
  fake_netlink_add(TCP_STATE_ESTABLISHED, 8080, 2);
  fake_netlink_add(TCP_STATE_CLOSE_WAIT, 22, 1);
  fake_netlink_add(TCP_STATE_TIME_WAIT, 8080, 1);
  now = TIME_T_TO_CDTIME_T_STATIC(1700000000);
  whole = 0;
  collectd_log_clear();
}

void reader_scene_teardown(void) { proc_root_destroy(reader_root); }

int reader_scene_configure(const char *source, bool listeners) {
  oconfig_value_t value[] = {
      {.type = OCONFIG_TYPE_STRING, .value.string = (char *)source},
      {.type = OCONFIG_TYPE_BOOLEAN, .value.boolean = listeners}};
  oconfig_item_t items[] = {
      {.key = (char *)"Source", .values = &value[0], .values_num = 1},
      {.key = (char *)"ReportListeners", .values = &value[1], .values_num = 1}};
  oconfig_item_t block = {
      .key = (char *)"Plugin", .children = items, .children_num = 2};
  module_register();
  return fake_callbacks()->config(&block);
}

int reader_scene_init(void) { return fake_callbacks()->init(); }

void reader_scene_stop(void) {
  if (fake_callbacks()->shutdown() != 0)
    ck_abort_msg("the shutdown callback failed");
}

size_t reader_scene_read(void) {
  values_len = 0;
  fake.sends = fake.receives = 0;
  now += plugin_get_interval();
  if (fake_callbacks()->read(NULL) != 0)
    ck_abort_msg("the read callback failed");
  for (size_t i = 0; i < values_len; i++)
    if (values[i].time != now)
      ck_abort_msg("a value is of another time");
  return values_len;
}

double reader_scene_value(const char *type, const char *type_instance) {
  char name[NAME_SIZE];
  snprintf(name, sizeof(name), "all/%s-%s", type, type_instance);
  for (size_t i = 0; i < values_len; i++)
    if (strcmp(values[i].name, name) == 0)
      return values[i].value;
  return NAN;
}

size_t reader_scene_with_meta(void) {
  size_t with = 0;
  for (size_t i = 0; i < values_len; i++)
    with += values[i].with_meta;
  return with;
}

static void assert_value(const char *type, const char *type_instance,
                         double expected) {
  if (reader_scene_value(type, type_instance) != expected)
    ck_abort_msg("%s-%s is %g, not %g", type, type_instance,
                 reader_scene_value(type, type_instance), expected);
}

void reader_scene_assert_whole(void) {
  size_t len = reader_scene_read();
  if (whole == 0)
    whole = len;
  ck_assert_uint_gt(whole, 30);
  ck_assert_uint_eq(len, whole);
  assert_value("tcp_connections", "LISTEN", 2);
  assert_value("tcp_connections", "ESTABLISHED", 2);
  assert_value("tcp_connections", "CLOSE_WAIT", 1);
  assert_value("tcp_connections", "TIME_WAIT", 1);
  assert_value("protocol_counter", "PassiveOpens", 12);
}

size_t reader_scene_whole(void) { return whole; }

void reader_scene_begin(const char *source) {
  ck_assert_int_eq(reader_scene_configure(source, false), 0);
  ck_assert_int_eq(reader_scene_init(), 0);
  reader_scene_assert_whole();
  reader_scene_assert_whole();
  ck_assert_str_eq(collectd_log_text(), "");
}

void reader_scene_assert_said(const char *text) {
  ck_assert_msg(strstr(collectd_log_text(), text) != NULL,
                "\"%s\" is not in:\n%s", text, collectd_log_text());
  collectd_log_clear();
}

void reader_scene_assert_one_line(const char *text) {
  ck_assert_msg(collectd_log_lines() == 1, "not \"%s\" alone:\n%s", text,
                collectd_log_text());
  reader_scene_assert_said(text);
}

unsigned reader_scene_open_files(void) {
  unsigned count = 0;
  DIR *folder = opendir("/proc/self/fd");
  ck_assert_ptr_nonnull(folder);
  while (readdir(folder) != NULL)
    count++;
  closedir(folder);
  return count;
}
