/* Any bytes as a tree of collectd's configuration. The plugins take it in or
 * refuse it with words. Written out as a collectd.conf, the command's reader of
 * that text must come to the same settings. */
#include "collectd_api.h"

#include "fuzz_bytes.h"
#include "fuzz_target.h"

#include "baseline/baseline_config.h"
#include "conf/conf_rules.h"
#include "scenes/collectd_log.h"
#include "tcpstates/tcpstates_config.h"

#include <errno.h>
#include <stdlib.h>

enum {
  DEPTH_MAX = 3,
  CHILDREN_MAX = 8,
  VALUES_MAX = 3,
  STRING_MAX = 300,  /* beyond every limit but that of StateFile */
  TEXT_MAX = 1 << 20 /* of 8 * 8 * 8 options */
};

/* The tree, written out. */
struct text {
  size_t length;
  bool is_plain; /* nothing stands in it that a file could not say */
  char text[TEXT_MAX];
};

static const char *const more_keys[] = {
    "Incident",        "Watch",          "Source",     "ReportByFamily",
    "ReportListeners", "ReportCounters", "LocalPort",  "VarianceWindow",
    "ReadBudget",      "Plugin",         "unknown_key"};
static const char *const strings[] = {"syn_flood",      "accept_overflow",
                                      "outbound_stall", "close_wait_leak",
                                      "proc",           "time_wait_pressure",
                                      "state_shift",    "netlink",
                                      "auto",           "above",
                                      "warning",        ""};

static char *copy_of(const char *text) {
  char *copy = strdup(text);

  if (!copy)
    abort();
  return copy;
}

static char *make_key(struct fuzz_bytes *bytes) {
  enum { MORE = sizeof(more_keys) / sizeof(more_keys[0]) };
  uint8_t which = fuzz_byte(bytes);
  char text[STRING_MAX];
  struct rules_key key;

  if (which < MORE)
    return copy_of(more_keys[which]);
  if (rules_key_at(which - MORE, &key))
    return copy_of(key.key);
  fuzz_text(bytes, text, sizeof(text));
  return copy_of(text);
}

static char *make_string(struct fuzz_bytes *bytes) {
  enum { STRINGS = sizeof(strings) / sizeof(strings[0]) };
  uint8_t which = fuzz_byte(bytes);
  char text[STRING_MAX];

  if (which < STRINGS)
    return copy_of(strings[which]);
  fuzz_text(bytes, text, sizeof(text));
  return copy_of(text);
}

static oconfig_value_t make_value(struct fuzz_bytes *bytes) {
  oconfig_value_t value = {.type = fuzz_byte(bytes) % 3};

  if (value.type == OCONFIG_TYPE_STRING)
    value.value.string = make_string(bytes);
  else if (value.type == OCONFIG_TYPE_NUMBER)
    value.value.number = fuzz_double(bytes);
  else
    value.value.boolean = fuzz_byte(bytes) & 1;
  return value;
}

/* Arrays of exactly their length, or NULL, as liboconfig makes them. */
static void make_item(struct fuzz_bytes *bytes, oconfig_item_t *parent,
                      int depth, oconfig_item_t *out) {
  uint8_t form = fuzz_byte(bytes);

  *out = (oconfig_item_t){.key = make_key(bytes), .parent = parent};
  out->values_num = form % 8 < 6 ? 1 : form % 8 == 6 ? 0 : VALUES_MAX;
  if (out->values_num > 0)
    out->values = calloc((size_t)out->values_num, sizeof(*out->values));
  for (int i = 0; i < out->values_num; i++)
    out->values[i] = make_value(bytes);
  if (depth < DEPTH_MAX && form & 64)
    out->children_num = form / 8 % CHILDREN_MAX;
  if (out->children_num > 0)
    out->children = calloc((size_t)out->children_num, sizeof(*out->children));
  for (int i = 0; i < out->children_num; i++)
    make_item(bytes, out, depth + 1, &out->children[i]);
}

static void free_item(oconfig_item_t *item) {
  for (int i = 0; i < item->children_num; i++)
    free_item(&item->children[i]);
  for (int i = 0; i < item->values_num; i++)
    if (item->values[i].type == OCONFIG_TYPE_STRING)
      free(item->values[i].value.string);
  free(item->children);
  free(item->values);
  free(item->key);
}

__attribute__((format(printf, 2, 3))) static void say(struct text *out,
                                                      const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(out->text + out->length, TEXT_MAX - out->length,
                         format, arguments);
  va_end(arguments);
  if (length < 0 || (size_t)length >= TEXT_MAX - out->length)
    abort();
  out->length += (size_t)length;
}

static bool is_word(const char *text) {
  size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz"
                               "ABCDEFGHIJKLMNOPQRSTUVWXYZ_");
  return length > 0 && text[length] == '\0';
}

static void write_value(struct text *out, const oconfig_value_t *value) {
  if (value->type == OCONFIG_TYPE_BOOLEAN) {
    say(out, value->value.boolean ? " true" : " false");
  } else if (value->type == OCONFIG_TYPE_NUMBER) {
    out->is_plain = out->is_plain && isfinite(value->value.number);
    say(out, " %.17e", value->value.number); /* 1e5 is no number there */
  } else {
    say(out, " \"");
    for (const char *at = value->value.string; *at != '\0'; at++) {
      out->is_plain = out->is_plain && (unsigned char)*at >= ' ';
      say(out, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
    }
    say(out, "\"");
  }
}

static void write_item(struct text *out, const oconfig_item_t *item) {
  bool is_block = item->children_num > 0;
  /* "true" and the like are no keys; an option has a value. */
  out->is_plain = out->is_plain && is_word(item->key) && item->values_num > 0 &&
                  strchr("tTfFyYnNoO", item->key[0]) == NULL;
  say(out, is_block ? "<%s" : "%s", item->key);
  for (int i = 0; i < item->values_num; i++)
    write_value(out, &item->values[i]);
  say(out, is_block ? ">\n" : "\n");
  for (int i = 0; i < item->children_num; i++)
    write_item(out, &item->children[i]);
  if (is_block)
    say(out, "</%s>\n", item->key);
}

/* Both readers of a configuration. */
static void read_baseline(const oconfig_item_t *block) {
  static struct rules of_tree, of_text;
  static struct text conf;
  char error[RULES_ERROR_MAX] = "", words[CONF_ERROR_MAX] = "";
  size_t blocks = 0;

  memset(&of_tree, 0, sizeof(of_tree)); /* what is left over is no setting */
  memset(&of_text, 0, sizeof(of_text));
  rules_defaults(&of_tree);
  rules_defaults(&of_text);
  int rc = baseline_config_read(block, &of_tree, error);
  if (rc == 0)
    rc = rules_check(&of_tree, error);
  if (rc != 0 && (rc != -EINVAL || error[0] == '\0'))
    abort();
  if (!memchr(error, '\0', sizeof(error)))
    abort();
  conf.length = 0;
  conf.is_plain = true;
  say(&conf, "<Plugin baseline>\n");
  for (int i = 0; i < block->children_num; i++)
    write_item(&conf, &block->children[i]);
  say(&conf, "</Plugin>\n");
  int other = conf_rules_read_text("x", conf.text, conf.length, &of_text,
                                   &blocks, NULL, words);
  if (!conf.is_plain)
    return;
  if (other != rc ||
      (rc == 0 && memcmp(&of_tree, &of_text, sizeof(of_tree)) != 0)) {
    fprintf(stderr, "%s%s\n%s\n", conf.text, error, words);
    abort();
  }
}

static bool is_within(unsigned value, unsigned min, unsigned max) {
  return value >= min && value <= max;
}

static bool is_source(const char *name) {
  for (size_t i = 0; reading_options_source(i) != NULL; i++)
    if (strcmp(reading_options_source(i), name) == 0)
      return true;
  return false;
}

static void read_tcpstates(const oconfig_item_t *block) {
  struct reading_options config;

  collectd_log_clear();
  reading_options_defaults(&config);
  int rc = tcpstates_config_read(&config, block);
  if (rc != 0 && rc != -EINVAL)
    abort();
  if (collectd_log_lines() != (rc != 0))
    abort();
  if (!is_within(config.read_budget, 1, 100) ||
      !is_within(config.metrics.variance_window, METRICS_WINDOW_MIN,
                 METRICS_WINDOW_MAX) ||
      config.ports_len > READING_PORTS_MAX || !is_source(config.source))
    abort();
  for (size_t i = 0; i < config.ports_len; i++)
    for (size_t k = 0; k < i; k++)
      if (config.port[i] == config.port[k] || config.port[i] == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct fuzz_bytes bytes = {data, size};
  oconfig_item_t plugin = {.key = copy_of("Plugin")};

  plugin.children_num = fuzz_byte(&bytes) % 16;
  plugin.children = calloc((size_t)plugin.children_num + 1, /* not 0 */
                           sizeof(*plugin.children));
  for (int i = 0; i < plugin.children_num; i++)
    make_item(&bytes, &plugin, 1, &plugin.children[i]);
  read_baseline(&plugin);
  read_tcpstates(&plugin);
  free_item(&plugin);
  return 0;
}
