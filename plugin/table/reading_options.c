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

enum option_kind { KIND_SOURCE, KIND_BOOLEAN, KIND_NUMBER, KIND_PORT };

struct option {
  const char *key;
  enum option_kind kind;
  size_t offset;     /* KIND_BOOLEAN, KIND_NUMBER: into the settings */
  unsigned min, max; /* KIND_NUMBER, KIND_PORT */
};

#define AT(member) offsetof(struct reading_options, member)

static const struct option table[] = {
    {"Source", KIND_SOURCE, 0, 0, 0},
    {"ReportByFamily", KIND_BOOLEAN, AT(metrics.by_family), 0, 0},
    {"ReportListeners", KIND_BOOLEAN, AT(metrics.listeners), 0, 0},
    {"ReportCounters", KIND_BOOLEAN, AT(metrics.counters), 0, 0},
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

void reading_options_defaults(struct reading_options *options) {
  *options = (struct reading_options){
      .source = reading_options_source(READING_SOURCE_AUTO),
      .read_budget = 5,
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
  return option != NULL && option->kind == KIND_PORT;
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
static void describe_sources(char *text) {
  size_t len = 0;
  for (size_t i = 0; i < READING_SOURCES && len < TEXT_MAX; i++) {
    const char *before = i + 1 < READING_SOURCES ? ", " : " or ";
    len += (size_t)snprintf(text + len, TEXT_MAX - len, "%s\"%s\"",
                            i == 0 ? "" : before, reading_options_source(i));
  }
}

static void describe_accepted(const struct option *option, char *text) {
  switch (option->kind) {
  case KIND_SOURCE:
    describe_sources(text);
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
  char known[TEXT_MAX] = "";
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
  case KIND_BOOLEAN:
    return set_boolean(options, option, given, error);
  case KIND_NUMBER:
    return set_number(options, option, given, error);
  case KIND_PORT:
    return add_port(options, option, given, error);
  }
  return -EINVAL;
}
