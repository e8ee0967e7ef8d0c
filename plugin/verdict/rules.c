/* Settings: a table of keys, ranges and defaults, and the one way in. Pure. */
#include "verdict/rules.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { EVERY_INCIDENT = -1 };

/* One row a key. offset: into struct rules, or for keys that every incident
 * has into struct incident_rules. */
struct key_row {
  const char *block; /* "" top, "Incident" every incident, else its name */
  const char *key;
  enum rules_type type;
  bool whole; /* whole numbers only */
  size_t offset;
  double preset, min, max;
};

#define TOP(field) offsetof(struct rules, field)
#define EACH(field) offsetof(struct incident_rules, field)

static const struct key_row table[] = {
    {"", "StateFile", RULES_STRING, false, TOP(state_file), 0, 0, 0},
    {"", "WarmUp", RULES_NUMBER, false, TOP(warm_up_s), 600, 0, 604800},
    {"", "SaveInterval", RULES_NUMBER, false, TOP(save_interval_s), 300, 1,
     86400},
    {"", "MaxAge", RULES_NUMBER, false, TOP(max_age_s), 604800, 3600, 31536000},
    {"", "SilentAfter", RULES_NUMBER, false, TOP(silent_after_s), 900, 60,
     604800},
    {"", "MaxHosts", RULES_NUMBER, true, TOP(max_hosts), 20000, 1, 1000000},
    {"Incident", "Enable", RULES_BOOLEAN, false, EACH(enable), 1, 0, 1},
    {"Incident", "RaiseAfter", RULES_NUMBER, true, EACH(raise_after), 2, 1, 7},
    {"Incident", "ClearAfter", RULES_NUMBER, true, EACH(clear_after), 4, 1, 64},
    {"Incident", "AdoptAfter", RULES_NUMBER, false, EACH(adopt_after_s), 14400,
     600, 2592000},
    {"Incident", "Remind", RULES_NUMBER, false, EACH(remind_s), 0, 0, 2592000},
    {"syn_flood", "MinExcess", RULES_NUMBER, false, TOP(syn_flood.min_excess),
     12, 1, 1000000},
    {"syn_flood", "Sigmas", RULES_NUMBER, false, TOP(syn_flood.sigmas), 4, 1,
     100},
    {"syn_flood", "CompletionWarning", RULES_NUMBER, false,
     TOP(syn_flood.completion_warning), 60, 0, 100},
    {"syn_flood", "CompletionFailure", RULES_NUMBER, false,
     TOP(syn_flood.completion_failure), 30, 0, 100},
    {"syn_flood", "CompletionDrop", RULES_NUMBER, false,
     TOP(syn_flood.completion_drop), 40, 1, 100},
    {"syn_flood", "HalfOpenFailure", RULES_NUMBER, false,
     TOP(syn_flood.half_open_failure), 500, 1, 10000000},
    {"syn_flood", "CookiesPerSecond", RULES_NUMBER, false,
     TOP(syn_flood.cookies_per_s), 1, 0.01, 1000000},
    {"syn_flood", "ResetsPerSecond", RULES_NUMBER, false,
     TOP(syn_flood.resets_per_s), 5, 0.01, 1000000},
    {"accept_overflow", "Fill", RULES_NUMBER, false, TOP(accept_overflow.fill),
     90, 1, 100},
    {"accept_overflow", "RefusedShare", RULES_NUMBER, false,
     TOP(accept_overflow.refused_share), 10, 0, 1000},
    {"outbound_stall", "MinCount", RULES_NUMBER, false,
     TOP(outbound_stall.min_count), 20, 1, 1000000},
    {"outbound_stall", "MinRatio", RULES_NUMBER, false,
     TOP(outbound_stall.min_ratio), 3, 1, 1000},
    {"outbound_stall", "Sigmas", RULES_NUMBER, false,
     TOP(outbound_stall.sigmas), 6, 1, 100},
    {"outbound_stall", "FailureCount", RULES_NUMBER, false,
     TOP(outbound_stall.failure_count), 100, 1, 10000000},
    {"outbound_stall", "FailureRatio", RULES_NUMBER, false,
     TOP(outbound_stall.failure_ratio), 10, 1, 10000},
    {"close_wait_leak", "MinExcess", RULES_NUMBER, false,
     TOP(close_wait_leak.min_excess), 30, 1, 1000000},
    {"close_wait_leak", "Sigmas", RULES_NUMBER, false,
     TOP(close_wait_leak.sigmas), 6, 1, 100},
    {"close_wait_leak", "FailureShare", RULES_NUMBER, false,
     TOP(close_wait_leak.failure_share), 25, 1, 100},
    {"time_wait_pressure", "Fill", RULES_NUMBER, false,
     TOP(time_wait_pressure.fill), 90, 1, 100},
    {"time_wait_pressure", "Sigmas", RULES_NUMBER, false,
     TOP(time_wait_pressure.sigmas), 6, 1, 100},
    {"state_shift", "MinActive", RULES_NUMBER, false,
     TOP(state_shift.min_active), 50, 1, 10000000},
    {"state_shift", "Sigmas", RULES_NUMBER, false, TOP(state_shift.sigmas), 6,
     1, 100},
};

enum { TABLE_LEN = sizeof(table) / sizeof(table[0]) };

static const char *const incident_names[INCIDENT_COUNT] = {
    [INCIDENT_SYN_FLOOD] = "syn_flood",
    [INCIDENT_ACCEPT_OVERFLOW] = "accept_overflow",
    [INCIDENT_OUTBOUND_STALL] = "outbound_stall",
    [INCIDENT_CLOSE_WAIT_LEAK] = "close_wait_leak",
    [INCIDENT_TIME_WAIT_PRESSURE] = "time_wait_pressure",
    [INCIDENT_STATE_SHIFT] = "state_shift",
};

const struct rules_block rules_top = {"", 0};

const char *rules_incident_name(enum incident_kind incident) {
  return incident_names[incident];
}

static char *field(struct rules *rules, const struct key_row *row, int index) {
  if (strcmp(row->block, "Incident") == 0)
    return (char *)&rules->incident[index] + row->offset;
  return (char *)rules + row->offset;
}

static void store(char *at, const struct key_row *row, double number) {
  if (row->type == RULES_BOOLEAN)
    memcpy(at, &(bool){number != 0}, sizeof(bool));
  else
    memcpy(at, &number, sizeof(number));
}

void rules_defaults(struct rules *rules) {
  memset(rules, 0, sizeof(*rules));
  for (size_t i = 0; i < TABLE_LEN; i++) {
    if (table[i].type == RULES_STRING)
      continue;
    for (int index = 0; index < INCIDENT_COUNT; index++)
      store(field(rules, &table[i], index), &table[i], table[i].preset);
  }
  rules->incident[INCIDENT_STATE_SHIFT].enable = false;
}

bool rules_is_block(const char *key) {
  return strcasecmp(key, "Incident") == 0;
}

int rules_open(const char *type, const char *name, struct rules_block *out,
               char *error) {
  if (!rules_is_block(type)) {
    snprintf(error, RULES_ERROR_MAX,
             "unknown block <%.60s>; known is <Incident \"NAME\">", type);
    return -EINVAL;
  }
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (name && strcmp(name, incident_names[i]) == 0) {
      *out = (struct rules_block){"Incident", i};
      return 0;
    }
  int used =
      snprintf(error, RULES_ERROR_MAX,
               "unknown incident \"%.60s\"; known are:", name ? name : "");
  for (int i = 0; i < INCIDENT_COUNT; i++)
    used += snprintf(error + used, (size_t)(RULES_ERROR_MAX - used), " %s",
                     incident_names[i]);
  return -EINVAL;
}

static bool stands_in(const struct key_row *row,
                      const struct rules_block *block) {
  if (strcmp(row->block, block->type) == 0)
    return true;
  return strcmp(block->type, "Incident") == 0 &&
         strcmp(row->block, incident_names[block->index]) == 0;
}

static const struct key_row *find(const struct rules_block *block,
                                  const char *key) {
  for (size_t i = 0; i < TABLE_LEN; i++)
    if (stands_in(&table[i], block) && strcasecmp(table[i].key, key) == 0)
      return &table[i];
  return NULL;
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

static void describe_range(const struct key_row *row, char *text, size_t size) {
  if (row->type == RULES_NUMBER)
    snprintf(text, size, "a %snumber from %.15g to %.15g",
             row->whole ? "whole " : "", row->min, row->max);
  else if (row->type == RULES_BOOLEAN)
    snprintf(text, size, "true or false");
  else
    snprintf(text, size, "a path of 1 to %d characters", RULES_PATH_MAX - 1);
}

static bool acceptable(const struct key_row *row,
                       const struct rules_value *value) {
  if (row->type != value->type)
    return false;
  if (row->type == RULES_STRING)
    return value->string[0] != '\0' && strlen(value->string) < RULES_PATH_MAX;
  if (row->type == RULES_BOOLEAN)
    return true;
  return value->number >= row->min && value->number <= row->max &&
         (!row->whole || value->number == floor(value->number));
}

static int refuse(const struct rules_block *block, const char *key,
                  char *error) {
  int used = snprintf(error, RULES_ERROR_MAX,
                      "unknown option %.60s; known%s%s%s are:", key,
                      *block->type ? " in <Incident \"" : "",
                      *block->type ? incident_names[block->index] : "",
                      *block->type ? "\">" : "");
  for (size_t i = 0; i < TABLE_LEN && used < RULES_ERROR_MAX; i++)
    if (stands_in(&table[i], block))
      used += snprintf(error + used, (size_t)(RULES_ERROR_MAX - used), " %s",
                       table[i].key);
  return -EINVAL;
}

int rules_set(struct rules *rules, const struct rules_block *block,
              const char *key, const struct rules_value *value, char *error) {
  const struct key_row *row = find(block, key);
  char given[128], range[128];

  if (!row)
    return refuse(block, key, error);
  if (!acceptable(row, value)) {
    describe_value(value, given, sizeof(given));
    describe_range(row, range, sizeof(range));
    snprintf(error, RULES_ERROR_MAX, "option %s is %s; it must be %s", row->key,
             given, range);
    return -EINVAL;
  }
  char *at = field(rules, row, block->index);
  if (row->type == RULES_STRING)
    memcpy(at, value->string, strlen(value->string) + 1);
  else
    store(at, row, row->type == RULES_BOOLEAN ? value->boolean : value->number);
  return 0;
}

int rules_check(const struct rules *rules, char *error) {
  const struct syn_flood_rules *flood = &rules->syn_flood;

  if (flood->completion_failure <= flood->completion_warning)
    return 0;
  snprintf(error, RULES_ERROR_MAX,
           "option CompletionFailure is %.15g; it must not be above "
           "CompletionWarning, which is %.15g",
           flood->completion_failure, flood->completion_warning);
  return -EINVAL;
}

bool rules_key_at(size_t i, struct rules_key *out) {
  if (i >= TABLE_LEN)
    return false;
  *out = (struct rules_key){table[i].block, table[i].key, table[i].type,
                            table[i].min, table[i].max};
  return true;
}
