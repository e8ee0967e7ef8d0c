/* Checks the options of <Plugin tcpstates>. Nothing is rounded or cut, and no
 * type becomes another one, except that a number or boolean may be quoted.
 * Pure. */
#include "table/reading_options.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { TEXT_MAX = 160 };

enum option_kind {
  KIND_SOURCE,
  KIND_HALF_OPEN,
  KIND_NAMESPACES,
  KIND_BOOLEAN,
  KIND_NUMBER,
  KIND_PORT,
  KIND_PATTERN
};

struct option {
  const char *key;
  enum option_kind kind;
  size_t offset;     /* KIND_BOOLEAN, KIND_NUMBER: into the settings */
  unsigned min, max; /* KIND_NUMBER, KIND_PORT */
};

#define AT(member) offsetof(struct reading_options, member)

static const struct option table[] = {
    {"Source", KIND_SOURCE, 0, 0, 0},
    {"HalfOpenBy", KIND_HALF_OPEN, 0, 0, 0},
    {"WalkEvery", KIND_NUMBER, AT(walk_every), 0, 3600},
    {"Peaks", KIND_BOOLEAN, AT(peaks), 0, 0},
    {"CountSyns", KIND_BOOLEAN, AT(metrics.syns), 0, 0},
    {"ReportByFamily", KIND_BOOLEAN, AT(metrics.by_family), 0, 0},
    {"ReportListeners", KIND_BOOLEAN, AT(metrics.listeners), 0, 0},
    {"ReportCounters", KIND_BOOLEAN, AT(metrics.counters), 0, 0},
    {"ReportUnknown", KIND_BOOLEAN, AT(report_unknown), 0, 0},
    {"Namespaces", KIND_NAMESPACES, 0, 0, 0},
    {"NamespaceMatch", KIND_PATTERN, 0, 0, 0},
    {"MaxNamespaces", KIND_NUMBER, AT(namespaces_max), 1, 4096},
    {"LocalPort", KIND_PORT, 0, 1, 65535},
    {"VarianceWindow", KIND_NUMBER, AT(metrics.variance_window),
     METRICS_WINDOW_MIN, METRICS_WINDOW_MAX},
    {"ReadBudget", KIND_NUMBER, AT(read_budget), 1, 100},
};
enum { TABLE_LEN = sizeof(table) / sizeof(table[0]) };

const char *reading_options_source(size_t number) {
  static const char *const names[READING_SOURCES] = {
      [READING_SOURCE_AUTO] = "auto",
      [READING_SOURCE_NETLINK] = "netlink",
      [READING_SOURCE_PROC] = "proc",
  };
  return number < READING_SOURCES ? names[number] : NULL;
}

static const char *half_open_name(size_t number) {
  static const char *const names[READING_HALF_OPEN_WAYS] = {
      [READING_HALF_OPEN_AUTO] = "auto",
      [READING_HALF_OPEN_WALK] = "walk",
      [READING_HALF_OPEN_BPF] = "bpf",
  };
  return number < READING_HALF_OPEN_WAYS ? names[number] : NULL;
}

static const char *namespaces_name(size_t number) {
  static const char *const names[READING_NAMESPACES_END] = {
      [READING_NAMESPACES_NONE] = "none",
      [READING_NAMESPACES_NAMED] = "named",
      [READING_NAMESPACES_ALL] = "all",
  };
  return number < READING_NAMESPACES_END ? names[number] : NULL;
}

void reading_options_defaults(struct reading_options *options) {
  *options = (struct reading_options){
      .source = reading_options_source(READING_SOURCE_AUTO),
      .read_budget = 5,
      .report_unknown = true,
      .peaks = true,
      .namespaces_max = 200,
      .metrics = {.counters = true, .variance_window = 30},
  };
}

static const struct option *option_find(const char *key) {
  for (size_t i = 0; i < TABLE_LEN; i++)
    if (strcasecmp(table[i].key, key) == 0)
      return &table[i];
  return NULL;
}

bool reading_options_repeats(const char *key) {
  const struct option *option = option_find(key);
  return option != NULL &&
         (option->kind == KIND_PORT || option->kind == KIND_PATTERN);
}

__attribute__((format(printf, 2, 3))) static int
refuse(char *error, const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(error, READING_OPTIONS_ERROR_MAX, format, arguments);
  va_end(arguments);
  return -EINVAL;
}

/* "a", "b" or "c". */
static void describe_names(const char *(*name)(size_t), char *text) {
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
    describe_names(reading_options_source, text);
    break;
  case KIND_HALF_OPEN:
    describe_names(half_open_name, text);
    break;
  case KIND_NAMESPACES:
    describe_names(namespaces_name, text);
    break;
  case KIND_PATTERN:
    snprintf(text, TEXT_MAX, "a pattern of 1 to %d bytes",
             (int)NAMESPACE_PATTERN_MAX - 1);
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

static void describe_value(const struct reading_options_given *given,
                           char *text) {
  if (given->string != NULL)
    snprintf(text, TEXT_MAX, "\"%.100s\"", given->string);
  else if (given->is_number)
    snprintf(text, TEXT_MAX, "%.15g", given->number);
  else
    snprintf(text, TEXT_MAX, "%s", given->boolean ? "true" : "false");
}

static int refuse_value(const struct option *option,
                        const struct reading_options_given *given,
                        char *error) {
  char is[TEXT_MAX], accepted[TEXT_MAX];
  describe_value(given, is);
  describe_accepted(option, accepted);
  return refuse(error, "option %s is %s; it must be %s", option->key, is,
                accepted);
}

static int refuse_form(const struct option *option,
                       const struct reading_options_given *given, char *error) {
  char accepted[TEXT_MAX];
  describe_accepted(option, accepted);
  if (given->is_block)
    return refuse(error, "option %s is a block; it must be one value: %s",
                  option->key, accepted);
  return refuse(error, "option %s has %d values; it must have one: %s",
                option->key, given->values_len, accepted);
}

static int refuse_key(const char *key, char *error) {
  char known[2 * TEXT_MAX] = "";
  size_t len = 0;
  for (size_t i = 0; i < TABLE_LEN && len < sizeof(known); i++)
    len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s",
                            i == 0 ? "" : ", ", table[i].key);
  return refuse(error, "unknown option %.100s; known are %s", key, known);
}

/* Written so that NAN is outside of every range. */
static bool is_whole_within(const struct reading_options_given *given,
                            unsigned min, unsigned max) {
  return given->is_number && given->number >= min && given->number <= max &&
         given->number == floor(given->number);
}

static int set_source(struct reading_options *options,
                      const struct option *option,
                      const struct reading_options_given *given, char *error) {
  for (size_t i = 0; given->string != NULL && i < READING_SOURCES; i++)
    if (strcasecmp(reading_options_source(i), given->string) == 0) {
      options->source = reading_options_source(i);
      return 0;
    }
  return refuse_value(option, given, error);
}

static int set_half_open(struct reading_options *options,
                         const struct option *option,
                         const struct reading_options_given *given,
                         char *error) {
  for (size_t i = 0; given->string != NULL && half_open_name(i) != NULL; i++)
    if (strcasecmp(half_open_name(i), given->string) == 0) {
      options->half_open_by = (enum reading_half_open)i;
      return 0;
    }
  return refuse_value(option, given, error);
}

static int set_namespaces(struct reading_options *options,
                          const struct option *option,
                          const struct reading_options_given *given,
                          char *error) {
  for (size_t i = 0; given->string != NULL && namespaces_name(i) != NULL; i++)
    if (strcasecmp(namespaces_name(i), given->string) == 0) {
      options->namespaces = (enum reading_namespaces)i;
      return 0;
    }
  return refuse_value(option, given, error);
}

static int add_pattern(struct reading_options *options,
                       const struct option *option,
                       const struct reading_options_given *given, char *error) {
  struct namespace_patterns *patterns = &options->namespace_match;
  const char *pattern = given->string;
  if (pattern == NULL || pattern[0] == '\0' || strcmp(pattern, "!") == 0 ||
      strlen(pattern) >= NAMESPACE_PATTERN_MAX)
    return refuse_value(option, given, error);
  if (patterns->len == NAMESPACE_PATTERNS_MAX)
    return refuse(error,
                  "option %s is \"%s\", which is one too many; it may be given "
                  "at most %d times",
                  option->key, pattern, (int)NAMESPACE_PATTERNS_MAX);
  memcpy(patterns->pattern[patterns->len++], pattern, strlen(pattern) + 1);
  return 0;
}

static int set_boolean(struct reading_options *options,
                       const struct option *option,
                       const struct reading_options_given *given, char *error) {
  if (!given->is_boolean)
    return refuse_value(option, given, error);
  bool set = given->boolean;
  memcpy((char *)options + option->offset, &set, sizeof(set));
  return 0;
}

static int set_number(struct reading_options *options,
                      const struct option *option,
                      const struct reading_options_given *given, char *error) {
  if (!is_whole_within(given, option->min, option->max))
    return refuse_value(option, given, error);
  unsigned set = (unsigned)given->number;
  memcpy((char *)options + option->offset, &set, sizeof(set));
  return 0;
}

static int add_port(struct reading_options *options,
                    const struct option *option,
                    const struct reading_options_given *given, char *error) {
  if (!is_whole_within(given, option->min, option->max))
    return refuse_value(option, given, error);
  uint16_t port = (uint16_t)given->number;
  for (size_t i = 0; i < options->ports_len; i++)
    if (options->port[i] == port)
      return 0;
  if (options->ports_len == READING_PORTS_MAX)
    return refuse(error,
                  "option %s is %u, which is one too many; it may be given at "
                  "most %d times",
                  option->key, (unsigned)port, (int)READING_PORTS_MAX);
  options->port[options->ports_len++] = port;
  return 0;
}

int reading_options_set(struct reading_options *options, const char *key,
                        const struct reading_options_given *given,
                        char *error) {
  const struct option *option = option_find(key);
  if (option == NULL)
    return refuse_key(key, error);
  if (given->values_len != 1 || given->is_block)
    return refuse_form(option, given, error);

  switch (option->kind) {
  case KIND_SOURCE:
    return set_source(options, option, given, error);
  case KIND_HALF_OPEN:
    return set_half_open(options, option, given, error);
  case KIND_NAMESPACES:
    return set_namespaces(options, option, given, error);
  case KIND_PATTERN:
    return add_pattern(options, option, given, error);
  case KIND_BOOLEAN:
    return set_boolean(options, option, given, error);
  case KIND_NUMBER:
    return set_number(options, option, given, error);
  case KIND_PORT:
    return add_port(options, option, given, error);
  }
  return -EINVAL;
}

int reading_options_check(const struct reading_options *options, char *error) {
  const char *proc = reading_options_source(READING_SOURCE_PROC);
  const char *asks = options->half_open_by == READING_HALF_OPEN_BPF
                         ? "HalfOpenBy is \"bpf\""
                     : options->metrics.syns ? "CountSyns is true"
                                             : NULL;
  if (asks != NULL && strcmp(options->source, proc) == 0)
    return refuse(error,
                  "option %s, which needs netlink, but option Source is "
                  "\"proc\"",
                  asks);
  if (options->namespaces != READING_NAMESPACES_NONE &&
      strcmp(options->source, proc) == 0)
    return refuse(
        error,
        "option Namespaces is \"%s\", which needs netlink, but option "
        "Source is \"proc\"",
        namespaces_name(options->namespaces));
  if (asks != NULL && options->half_open_by == READING_HALF_OPEN_WALK)
    return refuse(error,
                  "option %s, which needs BPF, but option HalfOpenBy is "
                  "\"walk\"",
                  asks);
  return 0;
}
