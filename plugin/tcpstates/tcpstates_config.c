/* Checks and reads the options of <Plugin tcpstates>. Touches collectd's config
 * tree and its log. Nothing is rounded or cut, and no type becomes another one,
 * except that a number or boolean may be quoted: any other value is refused,
 * and the daemon does not start. collectd's own cf_util_* functions would
 * truncate 2.9 to 2. */
#include "collectd.h"

#include "plugin.h"

#include "tcpstates_config.h"
#include "verdict/config_value.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 160 };

enum option_kind {
  KIND_SOURCE,
  KIND_HALF_OPEN,
  KIND_BOOLEAN,
  KIND_NUMBER,
  KIND_PORT
};

struct option {
  const char *key;
  enum option_kind kind;
  size_t offset;     /* KIND_BOOLEAN, KIND_NUMBER: into the settings */
  unsigned min, max; /* KIND_NUMBER, KIND_PORT */
};

#define AT(member) offsetof(struct tcpstates_config, member)

static const struct option options[] = {
    {"Source", KIND_SOURCE, 0, 0, 0},
    {"HalfOpenBy", KIND_HALF_OPEN, 0, 0, 0},
    {"WalkEvery", KIND_NUMBER, AT(walk_every), 0, 3600},
    {"Peaks", KIND_BOOLEAN, AT(peaks), 0, 0},
    {"CountSyns", KIND_BOOLEAN, AT(metrics.syns), 0, 0},
    {"ReportByFamily", KIND_BOOLEAN, AT(metrics.by_family), 0, 0},
    {"ReportListeners", KIND_BOOLEAN, AT(metrics.listeners), 0, 0},
    {"ReportCounters", KIND_BOOLEAN, AT(metrics.counters), 0, 0},
    {"LocalPort", KIND_PORT, 0, 1, 65535},
    {"VarianceWindow", KIND_NUMBER, AT(metrics.variance_window),
     METRICS_WINDOW_MIN, METRICS_WINDOW_MAX},
    {"ReadBudget", KIND_NUMBER, AT(read_budget), 1, 100},
};
enum { OPTIONS_LEN = sizeof(options) / sizeof(options[0]) };

/* The last one only where the build has it. */
static const char *const half_open_ways[] = {"auto", "walk", "bpf"};

static const char *half_open_way(size_t number) {
  size_t len = sizeof(half_open_ways) / sizeof(half_open_ways[0]);
  if (!table_source_has_bpf())
    len--;
  return number < len ? half_open_ways[number] : NULL;
}

void tcpstates_config_defaults(struct tcpstates_config *config) {
  *config = (struct tcpstates_config){
      .source = table_source_name(0),
      .half_open_by = half_open_ways[0],
      .read_budget = 5,
      .peaks = true,
      .metrics = {.counters = true, .variance_window = 30},
  };
}

static const struct option *option_find(const char *key) {
  for (size_t i = 0; i < OPTIONS_LEN; i++)
    if (strcasecmp(options[i].key, key) == 0)
      return &options[i];
  return NULL;
}

typedef const char *name_of_choice(size_t number);

/* "a", "b" or "c". */
static void describe_choices(name_of_choice *name, char *text) {
  size_t len = 0;
  for (size_t i = 0; name(i) != NULL && len < TEXT_MAX; i++) {
    const char *before = name(i + 1) != NULL ? ", " : " or ";
    len += (size_t)snprintf(text + len, TEXT_MAX - len, "%s\"%s\"",
                            i == 0 ? "" : before, name(i));
  }
}

static void describe_accepted(const struct option *option, char *text) {
  switch (option->kind) {
  case KIND_SOURCE:
    describe_choices(table_source_name, text);
    break;
  case KIND_HALF_OPEN:
    describe_choices(half_open_way, text);
    break;
  case KIND_BOOLEAN:
    snprintf(text, TEXT_MAX, "true or false");
    break;
  case KIND_NUMBER:
  case KIND_PORT:
    snprintf(text, TEXT_MAX, "a whole number from %u to %u", option->min,
             option->max);
    break;
  }
}

static void describe_value(const oconfig_value_t *value, char *text) {
  if (value->type == OCONFIG_TYPE_STRING)
    snprintf(text, TEXT_MAX, "\"%.100s\"", value->value.string);
  else if (value->type == OCONFIG_TYPE_NUMBER)
    snprintf(text, TEXT_MAX, "%.15g", value->value.number);
  else
    snprintf(text, TEXT_MAX, "%s", value->value.boolean ? "true" : "false");
}

static int refuse_value(const struct option *option,
                        const oconfig_value_t *value) {
  char is[TEXT_MAX], accepted[TEXT_MAX];
  describe_value(value, is);
  describe_accepted(option, accepted);
  ERROR("tcpstates: option %s is %s; it must be %s", option->key, is, accepted);
  return -EINVAL;
}

static int refuse_form(const struct option *option,
                       const oconfig_item_t *item) {
  char accepted[TEXT_MAX];
  describe_accepted(option, accepted);
  if (item->children_num > 0)
    ERROR("tcpstates: option %s is a block; it must be one value: %s",
          option->key, accepted);
  else
    ERROR("tcpstates: option %s has %d values; it must have one: %s",
          option->key, item->values_num, accepted);
  return -EINVAL;
}

static int refuse_key(const char *key) {
  char known[TEXT_MAX] = "";
  size_t len = 0;
  for (size_t i = 0; i < OPTIONS_LEN && len < sizeof(known); i++)
    len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s",
                            i == 0 ? "" : ", ", options[i].key);
  ERROR("tcpstates: unknown option %.100s; known are %s", key, known);
  return -EINVAL;
}

/* Written so that NAN is outside of every range. */
static bool is_whole_within(const oconfig_value_t *value, unsigned min,
                            unsigned max) {
  return value->type == OCONFIG_TYPE_NUMBER && value->value.number >= min &&
         value->value.number <= max &&
         value->value.number == floor(value->value.number);
}

/* A quoted number or boolean means the same as without quotes. */
static oconfig_value_t unquote(const oconfig_value_t *given) {
  oconfig_value_t value = *given;
  double number = 0;

  if (given->type != OCONFIG_TYPE_STRING)
    return value;
  enum config_value_kind kind = config_value_read(given->value.string, &number);
  if (kind == CONFIG_VALUE_NUMBER) {
    value.type = OCONFIG_TYPE_NUMBER;
    value.value.number = number;
  } else if (kind != CONFIG_VALUE_TEXT) {
    value.type = OCONFIG_TYPE_BOOLEAN;
    value.value.boolean = kind == CONFIG_VALUE_TRUE;
  }
  return value;
}

static int set_choice(const char **set, name_of_choice *name,
                      const struct option *option,
                      const oconfig_value_t *value) {
  if (value->type == OCONFIG_TYPE_STRING)
    for (size_t i = 0; name(i) != NULL; i++)
      if (strcasecmp(name(i), value->value.string) == 0) {
        *set = name(i);
        return 0;
      }
  return refuse_value(option, value);
}

static int set_boolean(struct tcpstates_config *config,
                       const struct option *option,
                       const oconfig_value_t *given) {
  oconfig_value_t value = unquote(given);
  if (value.type != OCONFIG_TYPE_BOOLEAN)
    return refuse_value(option, given);
  bool set = value.value.boolean != 0;
  memcpy((char *)config + option->offset, &set, sizeof(set));
  return 0;
}

static int set_number(struct tcpstates_config *config,
                      const struct option *option,
                      const oconfig_value_t *given) {
  oconfig_value_t value = unquote(given);
  if (!is_whole_within(&value, option->min, option->max))
    return refuse_value(option, given);
  unsigned set = (unsigned)value.value.number;
  memcpy((char *)config + option->offset, &set, sizeof(set));
  return 0;
}

static int add_port(struct tcpstates_config *config,
                    const struct option *option, const oconfig_value_t *given) {
  oconfig_value_t value = unquote(given);
  if (!is_whole_within(&value, option->min, option->max))
    return refuse_value(option, given);
  uint16_t port = (uint16_t)value.value.number;
  for (size_t i = 0; i < config->ports_len; i++)
    if (config->port[i] == port)
      return 0;
  if (config->ports_len == READING_PORTS_MAX) {
    ERROR("tcpstates: option %s is %u, which is one too many; it may be given "
          "at most %d times",
          option->key, (unsigned)port, (int)READING_PORTS_MAX);
    return -EINVAL;
  }
  config->port[config->ports_len++] = port;
  return 0;
}

static int read_option(struct tcpstates_config *config,
                       const oconfig_item_t *item) {
  const struct option *option = option_find(item->key);
  if (option == NULL)
    return refuse_key(item->key);
  if (item->values_num != 1 || item->children_num != 0)
    return refuse_form(option, item);

  switch (option->kind) {
  case KIND_SOURCE:
    return set_choice(&config->source, table_source_name, option,
                      &item->values[0]);
  case KIND_HALF_OPEN:
    return set_choice(&config->half_open_by, half_open_way, option,
                      &item->values[0]);
  case KIND_BOOLEAN:
    return set_boolean(config, option, &item->values[0]);
  case KIND_NUMBER:
    return set_number(config, option, &item->values[0]);
  case KIND_PORT:
    return add_port(config, option, &item->values[0]);
  }
  return -EINVAL;
}

int tcpstates_config_read(struct tcpstates_config *config,
                          const oconfig_item_t *block) {
  for (int i = 0; i < block->children_num; i++) {
    int rc = read_option(config, &block->children[i]);
    if (rc != 0)
      return rc;
  }
  return 0;
}

bool tcpstates_config_asks_bpf(const struct tcpstates_config *config) {
  return strcmp(config->half_open_by, "bpf") == 0;
}

bool tcpstates_config_may_use_bpf(const struct tcpstates_config *config) {
  return table_source_has_bpf() && strcmp(config->half_open_by, "walk") != 0;
}

int tcpstates_config_check(const struct tcpstates_config *config) {
  if (!tcpstates_config_asks_bpf(config) || strcmp(config->source, "proc") != 0)
    return 0;
  ERROR("tcpstates: option HalfOpenBy is \"bpf\", which needs netlink, but "
        "option Source is \"proc\"");
  return -EINVAL;
}
