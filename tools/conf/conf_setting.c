/* See conf_setting.h. */
#include "conf_setting.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { KEY_MAX = 2 * RULES_NAME_MAX };

/* A <Watch> or <Maintenance> of that name; rules_open would add one. */
static bool find_named(const struct rules *rules, const char *name,
                       struct rules_block *out) {
  for (size_t i = 0; i < rules->series_len; i++)
    if (strcmp(rules->series[i].name, name) == 0) {
      *out = (struct rules_block){RULES_WATCH, (int)i};
      return true;
    }
  for (size_t i = 0; i < rules->maintenance_len; i++)
    if (strcmp(rules->maintenance[i].name, name) == 0) {
      *out = (struct rules_block){RULES_MAINTENANCE, (int)i};
      return true;
    }
  return false;
}

static int find_block(struct rules *rules, const char *name,
                      struct rules_block *out, char *error) {
  if (find_named(rules, name, out))
    return 0;
  int rc = rules_open(rules, "Incident", name, out, error);
  if (rc == 0)
    return 0;
  size_t used = strlen(error);
  snprintf(error + used, RULES_ERROR_MAX - used,
           "; and no <Watch> or <Maintenance> of the settings has that name");
  return rc;
}

int conf_setting_apply(struct rules *rules, const char *setting, char *error) {
  const char *equals = strchr(setting, '=');
  struct rules_value value = {.type = RULES_STRING};
  struct rules_block block = rules_top;
  char key[KEY_MAX];

  if (!equals || equals == setting ||
      (size_t)(equals - setting) >= sizeof(key)) {
    snprintf(error, RULES_ERROR_MAX,
             "a setting is KEY=VALUE, INCIDENT.KEY=VALUE or "
             "NAME.KEY=VALUE");
    return -EINVAL;
  }
  snprintf(key, sizeof(key), "%.*s", (int)(equals - setting), setting);
  value.string = equals + 1;
  char *dot = strrchr(key, '.');
  if (!dot)
    return rules_set(rules, &block, key, &value, error);
  *dot = '\0';
  int rc = find_block(rules, key, &block, error);
  return rc == 0 ? rules_set(rules, &block, dot + 1, &value, error) : rc;
}
