/* Settings: the table of every key with its place, range and default, and the
 * one way in. Pure. */
#include "verdict/rules.h"

#include "verdict/config_value.h"
#include "verdict/incidents/catalogue.h"
#include "verdict/plain_text.h"
#include "verdict/schedule.h"
#include "verdict/watch/season.h"
#include "verdict/watch/weekend.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What a row's offset counts from. */
enum scope {
  SCOPE_TOP,        /* struct rules: directly in the plugin's block */
  SCOPE_COMMON,     /* struct incident_rules: in every <Incident> and <Watch> */
  SCOPE_INCIDENT,   /* struct rules: in the <Incident> of one kind */
  SCOPE_WATCH,      /* struct series_rules: in every <Watch> */
  SCOPE_MAINTENANCE /* struct maintenance_rules: in every <Maintenance> */
};

struct row {
  enum scope scope;
  enum incident_kind incident; /* SCOPE_INCIDENT only */
  const char *key;
  enum rules_type type;
  bool whole; /* whole numbers only */
  size_t offset;
  double preset, min, max;
  size_t size;         /* strings: bytes of the field */
  const char *text;    /* strings: the default */
  const char *choices; /* a string that is one of "a|b|c", kept as a number */
  const struct form *form; /* a string that is kept as a number */
};

/* What a string must look like. */
struct form {
  double (*read)(const char *text); /* NAN: it does not */
  const char *words;
};
static const struct form days_form = {
    schedule_days, "days such as \"mon-fri,sun\" or \"daily\""};
static const struct form time_form = {schedule_time,
                                      "a time from \"00:00\" to \"24:00\""};

#define IN_RULES(field) offsetof(struct rules, field)
#define IN_COMMON(field) offsetof(struct incident_rules, field)
#define IN_WATCH(field) offsetof(struct series_rules, field)
#define IN_MAINTENANCE(field) offsetof(struct maintenance_rules, field)

#define TOP(key, field, whole, preset, min, max)                               \
  {                                                                            \
    SCOPE_TOP, 0, key, RULES_NUMBER, whole, IN_RULES(field), preset, min, max, \
        0, NULL, NULL, NULL                                                    \
  }
#define COMMON(key, field, type, whole, preset, min, max)                      \
  {                                                                            \
    SCOPE_COMMON, 0, key, type, whole, IN_COMMON(field), preset, min, max, 0,  \
        NULL, NULL, NULL                                                       \
  }
#define WATCH(key, field, preset, min, max)                                    \
  {                                                                            \
    SCOPE_WATCH, 0, key, RULES_NUMBER, false, IN_WATCH(field), preset, min,    \
        max, 0, NULL, NULL, NULL                                               \
  }
#define PATTERN(scope, key, place)                                             \
  {                                                                            \
    scope, 0, key, RULES_STRING, false, place, 0, 0, 0, RULES_PATTERN_MAX,     \
        "*", NULL, NULL                                                        \
  }
#define CHOICE(key, field, preset, choices)                                    \
  {                                                                            \
    SCOPE_WATCH, 0, key, RULES_STRING, false, IN_WATCH(field), preset, 0, 0,   \
        0, NULL, choices, NULL                                                 \
  }
#define FORM(key, field, preset, form)                                         \
  {                                                                            \
    SCOPE_MAINTENANCE, 0, key, RULES_STRING, false, IN_MAINTENANCE(field),     \
        preset, 0, 0, 0, NULL, NULL, form                                      \
  }

/* Without the options of single incidents: those are in the catalogue. */
static const struct row table[] = {
    {SCOPE_TOP, 0, "StateFile", RULES_STRING, false, IN_RULES(state_file), 0, 0,
     0, RULES_PATH_MAX, "baseline.state", NULL, NULL},
    TOP("SaveInterval", save_interval_s, false, 300, 1, 86400),
    TOP("WarmUp", warm_up_s, false, 600, 0, 604800),
    TOP("MaxAge", max_age_s, false, 604800, 3600, 31536000),
    TOP("KeepIncidents", keep_incidents_s, false, 7776000, 0, 315360000),
    TOP("SilentAfter", silent_after_s, false, 900, 60, 604800),
    {SCOPE_TOP, 0, "NotifySilentHosts", RULES_BOOLEAN, false,
     IN_RULES(notify_silent), 0, 0, 1, 0, NULL, NULL, NULL},
    TOP("MaxHosts", max_hosts, true, 20000, 1, 1000000),
    TOP("MaxWatched", max_watched, true, 200000, 1, 10000000),
    TOP("MaxListeners", max_listeners, true, 10000, 1, 1000000),
    {SCOPE_TOP, 0, "Weekend", RULES_STRING, false, IN_RULES(weekend),
     WEEKEND_AUTO, 0, 0, 0, NULL, WEEKEND_CHOICES, NULL},

    {SCOPE_INCIDENT, INCIDENT_SYN_FLOOD, "PerListener", RULES_BOOLEAN, false,
     IN_RULES(syn_flood.per_listener), 0, 0, 1, 0, NULL, NULL, NULL},

    COMMON("Enable", enable, RULES_BOOLEAN, false, 1, 0, 1),
    COMMON("RaiseAfter", raise_after, RULES_NUMBER, true, 2, 1, 7),
    COMMON("ClearAfter", clear_after, RULES_NUMBER, true, 4, 1, 64),
    COMMON("AdoptAfter", adopt_after_s, RULES_NUMBER, false, 14400, 600,
           2592000),
    COMMON("Remind", remind_s, RULES_NUMBER, false, 0, 0, 2592000),

    PATTERN(SCOPE_WATCH, "Host", IN_WATCH(host)),
    PATTERN(SCOPE_WATCH, "Plugin", IN_WATCH(plugin)),
    PATTERN(SCOPE_WATCH, "PluginInstance", IN_WATCH(plugin_instance)),
    PATTERN(SCOPE_WATCH, "Type", IN_WATCH(type)),
    PATTERN(SCOPE_WATCH, "TypeInstance", IN_WATCH(type_instance)),
    CHOICE("Direction", direction, SERIES_BOTH, "both|above|below"),
    CHOICE("Severity", severity, SERIES_WARNING, "warning|failure"),
    WATCH("MinChange", min_change, 0, 0, 1e300),
    WATCH("MinRatio", min_ratio, 1, 1, 1e6),
    WATCH("FalseAlarms", false_alarms, 1, 0, 1000),
    WATCH("Sigmas", sigmas, 0, 0, 1000),
    CHOICE("Season", season, SEASON_AUTO, "auto|day|week|none"),
    {SCOPE_WATCH, 0, "Report", RULES_BOOLEAN, false, IN_WATCH(report), 0, 0, 1,
     0, NULL, NULL, NULL},

    PATTERN(SCOPE_MAINTENANCE, "Host", IN_MAINTENANCE(host)),
    PATTERN(SCOPE_MAINTENANCE, "Incident", IN_MAINTENANCE(incident)),
    FORM("Days", days, SCHEDULE_DAILY, &days_form),
    FORM("From", from_s, 0, &time_form),
    FORM("To", to_s, 86400, &time_form),
    {SCOPE_MAINTENANCE, 0, "TimeZone", RULES_STRING, false,
     IN_MAINTENANCE(time_zone), 0, 0, 0, RULES_NAME_MAX, "", NULL, NULL},
};

enum { TABLE_LEN = sizeof(table) / sizeof(table[0]) };

const struct rules_block rules_top = {RULES_TOP, 0};

const char *rules_incident_name(enum incident_kind incident) {
  return catalogue[incident].name;
}

/* Option number i of the incidents, which are all numbers. */
static bool option_at(size_t i, struct row *out) {
  int kind = 0;

  for (; kind < INCIDENT_COUNT && i >= catalogue[kind].options_len; kind++)
    i -= catalogue[kind].options_len;
  if (kind == INCIDENT_COUNT)
    return false;
  const struct catalogue_option *option = &catalogue[kind].options[i];
  *out = (struct row){
      .scope = SCOPE_INCIDENT,
      .incident = (enum incident_kind)kind,
      .key = option->key,
      .type = RULES_NUMBER,
      .offset = option->offset,
      .preset = option->preset,
      .min = option->min,
      .max = option->max,
  };
  return true;
}

/* Row number i of all: those of the table, then the incidents'. Returns false
 * behind the last. */
static bool row_at(size_t i, struct row *out) {
  if (i >= TABLE_LEN)
    return option_at(i - TABLE_LEN, out);
  *out = table[i];
  return true;
}

/* Where a row's value is kept for one block. */
static char *field(struct rules *rules, const struct row *row,
                   const struct rules_block *block) {
  char *base = (char *)rules;

  if (row->scope == SCOPE_WATCH)
    base = (char *)&rules->series[block->index];
  else if (row->scope == SCOPE_MAINTENANCE)
    base = (char *)&rules->maintenance[block->index];
  else if (row->scope == SCOPE_COMMON && block->type == RULES_WATCH)
    base = (char *)&rules->series[block->index].incident;
  else if (row->scope == SCOPE_COMMON)
    base = (char *)&rules->incident[block->index];
  return base + row->offset;
}

static bool stands_in(const struct row *row, const struct rules_block *block) {
  switch (row->scope) {
  case SCOPE_TOP:
    return block->type == RULES_TOP;
  case SCOPE_COMMON:
    return block->type == RULES_INCIDENT || block->type == RULES_WATCH;
  case SCOPE_INCIDENT:
    return block->type == RULES_INCIDENT && (int)row->incident == block->index;
  case SCOPE_WATCH:
    return block->type == RULES_WATCH;
  case SCOPE_MAINTENANCE:
    return block->type == RULES_MAINTENANCE;
  }
  return false;
}

static void store(char *at, const struct row *row, double number,
                  const char *text) {
  if (row->size > 0)
    memcpy(at, text, strlen(text) + 1);
  else if (row->type == RULES_BOOLEAN)
    memcpy(at, &(bool){number != 0}, sizeof(bool));
  else
    memcpy(at, &number, sizeof(number));
}

static void set_defaults(struct rules *rules, const struct rules_block *block) {
  struct row row;

  for (size_t i = 0; row_at(i, &row); i++)
    if (stands_in(&row, block))
      store(field(rules, &row, block), &row, row.preset, row.text);
}

void rules_defaults(struct rules *rules) {
  /* The series and maintenances, 80 KB of them, are set when opened: pages that
   * nobody has touched are no memory. */
  memset(rules, 0, offsetof(struct rules, series));
  set_defaults(rules, &rules_top);
  for (int i = 0; i < INCIDENT_COUNT; i++) {
    set_defaults(rules, &(struct rules_block){RULES_INCIDENT, i});
    if (catalogue[i].off)
      rules->incident[i].enable = false;
  }
}

bool rules_is_block(const char *key) {
  return strcasecmp(key, "Incident") == 0 || strcasecmp(key, "Watch") == 0 ||
         strcasecmp(key, "Maintenance") == 0;
}

__attribute__((format(printf, 2, 3))) static int
refuse(char *error, const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(error, RULES_ERROR_MAX, format, arguments);
  va_end(arguments);
  return -EINVAL;
}

static int open_incident(const char *name, struct rules_block *out,
                         char *error) {
  enum incident_kind kind = catalogue_find(name);

  if (kind != INCIDENT_COUNT) {
    *out = (struct rules_block){RULES_INCIDENT, (int)kind};
    return 0;
  }
  int used = snprintf(error, RULES_ERROR_MAX,
                      "unknown incident \"%.60s\"; known are:", name);
  for (int i = 0; i < INCIDENT_COUNT && used < RULES_ERROR_MAX; i++)
    used += snprintf(error + used, (size_t)(RULES_ERROR_MAX - used), " %s",
                     catalogue[i].name);
  return -EINVAL;
}

/* The name becomes the plugin instance of notifications. */
static int open_watch(struct rules *rules, const char *name,
                      struct rules_block *out, char *error) {
  struct rules_block taken;

  if (name[0] == '\0' || strlen(name) >= RULES_NAME_MAX || strchr(name, '/') ||
      open_incident(name, &taken, error) == 0)
    return refuse(error,
                  "<Watch \"%.80s\">: the name must have 1 to %d characters, "
                  "no slash, and must not be the name of an incident",
                  name, RULES_NAME_MAX - 1);
  *out = (struct rules_block){RULES_WATCH, 0};
  for (; out->index < (int)rules->series_len; out->index++)
    if (strcmp(rules->series[out->index].name, name) == 0)
      return 0;
  if (rules->series_len >= RULES_SERIES_MAX)
    return refuse(error, "<Watch \"%.80s\">: there are already %d, the maximum",
                  name, RULES_SERIES_MAX);
  struct series_rules *series = &rules->series[rules->series_len++];
  memset(series, 0, sizeof(*series));
  memcpy(series->name, name, strlen(name) + 1);
  set_defaults(rules, out);
  series->incident.raise_after = 1; /* what is rare has counted by itself */
  return 0;
}

/* The name is shown as the reason of the silence. */
static int open_maintenance(struct rules *rules, const char *name,
                            struct rules_block *out, char *error) {
  size_t len = strlen(name);

  if (len == 0 || len >= RULES_NAME_MAX || !plain_text_is(name, len))
    return refuse(error,
                  "<Maintenance \"%.80s\">: the name must have 1 to %d "
                  "characters, none of them a control character",
                  name, RULES_NAME_MAX - 1);
  *out = (struct rules_block){RULES_MAINTENANCE, 0};
  for (; out->index < (int)rules->maintenance_len; out->index++)
    if (strcmp(rules->maintenance[out->index].name, name) == 0)
      return 0;
  if (rules->maintenance_len >= RULES_MAINTENANCE_MAX)
    return refuse(error,
                  "<Maintenance \"%.80s\">: there are already %d, the maximum",
                  name, RULES_MAINTENANCE_MAX);
  struct maintenance_rules *maintenance =
      &rules->maintenance[rules->maintenance_len++];
  memset(maintenance, 0, sizeof(*maintenance));
  memcpy(maintenance->name, name, len + 1);
  set_defaults(rules, out);
  return 0;
}

int rules_open(struct rules *rules, const char *type, const char *name,
               struct rules_block *out, char *error) {
  if (strcasecmp(type, "Incident") == 0)
    return open_incident(name, out, error);
  if (strcasecmp(type, "Watch") == 0)
    return open_watch(rules, name, out, error);
  if (strcasecmp(type, "Maintenance") == 0)
    return open_maintenance(rules, name, out, error);
  return refuse(error,
                "unknown block <%.60s>; known are <Incident \"NAME\">, "
                "<Watch \"NAME\"> and <Maintenance \"NAME\">",
                type);
}

static bool find(const struct rules_block *block, const char *key,
                 struct row *out) {
  for (size_t i = 0; row_at(i, out); i++)
    if (stands_in(out, block) && strcasecmp(out->key, key) == 0)
      return true;
  return false;
}

static void describe_value(const struct rules_value *value, char *text,
                           size_t size) {
  if (value->type == RULES_NUMBER)
    snprintf(text, size, "%.15g", value->number);
  else if (value->type == RULES_BOOLEAN)
    snprintf(text, size, "%s", value->boolean ? "true" : "false");
  else
    snprintf(text, size, "\"%.100s\"", value->string);
}

static void describe_range(const struct row *row, char *text, size_t size) {
  if (row->choices)
    snprintf(text, size, "one of \"%s\"", row->choices);
  else if (row->form)
    snprintf(text, size, "%s", row->form->words);
  else if (row->type == RULES_NUMBER)
    snprintf(text, size, "a %snumber from %.15g to %.15g",
             row->whole ? "whole " : "", row->min, row->max);
  else if (row->type == RULES_BOOLEAN)
    snprintf(text, size, "true or false");
  else
    snprintf(text, size, "a string of at most %zu characters", row->size - 1);
}

/* Which of "a|b|c" text is, or -1. */
static int choice_of(const char *choices, const char *text) {
  size_t length = strlen(text);

  for (int i = 0; *choices; i++) {
    size_t end = strcspn(choices, "|");
    if (end == length && strncasecmp(choices, text, length) == 0)
      return i;
    choices += end + (choices[end] == '|');
  }
  return -1;
}

/* A quoted number or boolean, when one is due, says the same without its
 * quotes. */
static struct rules_value unquote(const struct row *row,
                                  const struct rules_value *given) {
  struct rules_value value = *given;

  if (row->type == RULES_STRING || given->type != RULES_STRING)
    return value;
  enum config_value_kind kind = config_value_read(given->string, &value.number);
  if (kind == CONFIG_VALUE_NUMBER)
    value.type = RULES_NUMBER;
  else if (kind != CONFIG_VALUE_TEXT)
    value.type = RULES_BOOLEAN;
  value.boolean = kind == CONFIG_VALUE_TRUE;
  return value;
}

/* The value as a number, or NAN when it is not acceptable. */
static double accept(const struct row *row, const struct rules_value *value) {
  if (row->type != value->type)
    return NAN;
  if (row->choices) {
    int choice = choice_of(row->choices, value->string);
    return choice < 0 ? (double)NAN : choice;
  }
  if (row->form)
    return row->form->read(value->string);
  if (row->type == RULES_STRING)
    return strlen(value->string) < row->size ? 0 : NAN;
  if (row->type == RULES_BOOLEAN)
    return value->boolean;
  bool fits = value->number >= row->min && value->number <= row->max &&
              (!row->whole || value->number == floor(value->number));
  return fits ? value->number : NAN;
}

static int refuse_key(const struct rules_block *block, const char *key,
                      char *error) {
  static const char *const types[] = {[RULES_TOP] = "",
                                      [RULES_WATCH] = "Watch",
                                      [RULES_MAINTENANCE] = "Maintenance"};
  struct row row;
  int used = snprintf(
      error, RULES_ERROR_MAX, "unknown option %.60s%s%s; known are:", key,
      block->type == RULES_TOP ? "" : " in this block of ",
      block->type == RULES_INCIDENT ? catalogue[block->index].name
                                    : types[block->type]);

  for (size_t i = 0; row_at(i, &row) && used < RULES_ERROR_MAX; i++)
    if (stands_in(&row, block))
      used += snprintf(error + used, (size_t)(RULES_ERROR_MAX - used), " %s",
                       row.key);
  return -EINVAL;
}

int rules_set(struct rules *rules, const struct rules_block *block,
              const char *key, const struct rules_value *value, char *error) {
  struct row row;
  char given[128], range[128];

  if (!find(block, key, &row))
    return refuse_key(block, key, error);
  struct rules_value unquoted = unquote(&row, value);
  double number = accept(&row, &unquoted);
  if (isnan(number)) {
    describe_value(value, given, sizeof(given));
    describe_range(&row, range, sizeof(range));
    return refuse(error, "option %s is %s; it must be %s", row.key, given,
                  range);
  }
  store(field(rules, &row, block), &row, number, value->string);
  if (row.scope == SCOPE_WATCH && row.size > 0)
    rules->series[block->index].has_pattern = true;
  if (row.scope == SCOPE_MAINTENANCE)
    rules->maintenance[block->index].is_limited = true;
  return 0;
}

static bool contradicts_completion(const struct rules *rules, char *error) {
  const struct syn_flood_rules *flood = &rules->syn_flood;

  if (flood->completion_failure <= flood->completion_warning)
    return false;
  refuse(error,
         "option CompletionFailure is %.15g; it must not be above "
         "CompletionWarning, which is %.15g",
         flood->completion_failure, flood->completion_warning);
  return true;
}

/* It would watch every value of every plugin: hardly what is meant. Whoever
 * means it writes Plugin "*". */
static bool lacks_pattern(const struct series_rules *series, char *error) {
  if (series->has_pattern)
    return false;
  refuse(error,
         "<Watch \"%.80s\"> has no pattern and would match every series; give "
         "it at least one of Host, Plugin, PluginInstance, Type and "
         "TypeInstance",
         series->name);
  return true;
}

static bool lacks_limit(const struct series_rules *series, char *error) {
  if (series->false_alarms > 0 || series->sigmas > 0)
    return false;
  refuse(error,
         "<Watch \"%.80s\"> has no limit: FalseAlarms and Sigmas are both 0",
         series->name);
  return true;
}

/* Each of them is looked for in each <Watch>. */
typedef bool series_fault(const struct series_rules *series, char *error);
static series_fault *const series_faults[] = {lacks_pattern, lacks_limit};
enum { SERIES_FAULTS = sizeof(series_faults) / sizeof(series_faults[0]) };

/* It would silence everything for ever: hardly what is meant. */
static bool is_unlimited(const struct maintenance_rules *maintenance,
                         char *error) {
  if (maintenance->is_limited)
    return false;
  refuse(error,
         "<Maintenance \"%.80s\"> is empty and would silence everything for "
         "ever; give it at least one option",
         maintenance->name);
  return true;
}

bool rules_contradiction(const struct rules *rules, size_t i,
                         struct rules_block *where, char *error) {
  *where = (struct rules_block){RULES_INCIDENT, INCIDENT_SYN_FLOOD};
  if (contradicts_completion(rules, error) && i-- == 0)
    return true;
  for (size_t j = 0; j < rules->series_len; j++) {
    *where = (struct rules_block){RULES_WATCH, (int)j};
    for (size_t k = 0; k < SERIES_FAULTS; k++)
      if (series_faults[k](&rules->series[j], error) && i-- == 0)
        return true;
  }
  for (size_t j = 0; j < rules->maintenance_len; j++) {
    *where = (struct rules_block){RULES_MAINTENANCE, (int)j};
    if (is_unlimited(&rules->maintenance[j], error) && i-- == 0)
      return true;
  }
  return false;
}

int rules_check(const struct rules *rules, char *error) {
  struct rules_block where;

  return rules_contradiction(rules, 0, &where, error) ? -EINVAL : 0;
}

bool rules_key_at(size_t i, struct rules_key *out) {
  static const char *const blocks[] = {[SCOPE_TOP] = "",
                                       [SCOPE_COMMON] = "Incident",
                                       [SCOPE_WATCH] = "Watch",
                                       [SCOPE_MAINTENANCE] = "Maintenance"};
  struct row row;

  if (!row_at(i, &row))
    return false;
  *out = (struct rules_key){
      .block = row.scope == SCOPE_INCIDENT ? catalogue[row.incident].name
                                           : blocks[row.scope],
      .key = row.key,
      .type = row.type,
      .min = row.min,
      .max = row.max,
      .choices = row.choices,
      .form = row.form ? row.form->words : NULL,
  };
  return true;
}

bool rules_is_warm(const struct rules *rules, double learnt, double learnt_s) {
  return rules->warm_up_s <= 0 || (learnt >= (double)RULES_WARM_UP_READINGS &&
                                   learnt_s >= rules->warm_up_s);
}

double rules_learning_s(const struct rules *rules, double learnt,
                        double learnt_s, double interval_s) {
  double readings = (double)RULES_WARM_UP_READINGS - learnt;

  if (rules_is_warm(rules, learnt, learnt_s))
    return 0;
  return fmax(rules->warm_up_s - learnt_s, readings * interval_s);
}
