/* See conf_state.h. */
#include "conf_state.h"

#include "conf_rules.h"

#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#define DEFAULT_BASE_DIR "/var/lib/collectd"

/* Where distributions keep collectd.conf. */
static const char *const config_paths[] = {"/etc/collectd/collectd.conf",
                                           "/etc/collectd.conf"};

/* The given path, or the first default that can be read. */
static const char *find_config(const char *wanted) {
  size_t count = sizeof(config_paths) / sizeof(config_paths[0]);

  for (size_t i = 0; !wanted && i < count; i++)
    if (access(config_paths[i], R_OK) == 0)
      return config_paths[i];
  return wanted;
}

int conf_state_find(const char *config_path, const char *state_path,
                    struct rules *rules, struct conf_state *out,
                    char *problem) {
  char base_dir[RULES_PATH_MAX] = DEFAULT_BASE_DIR;
  char error[CONF_ERROR_MAX];
  size_t blocks = 0;

  rules_defaults(rules);
  out->config_path = find_config(config_path);
  if (out->config_path && conf_rules_read_file(out->config_path, rules, &blocks,
                                               base_dir, error) != 0) {
    snprintf(problem, CONF_STATE_PROBLEM_MAX, "%s", error);
    return -1;
  }
  const char *name = state_path ? state_path : rules->state_file;
  if (name[0] == '\0') {
    snprintf(problem, CONF_STATE_PROBLEM_MAX,
             "StateFile is \"\" in %.300s: nothing is saved; set StateFile in "
             "<Plugin baseline>",
             out->config_path ? out->config_path : "the settings");
    return -1;
  }
  bool is_whole = state_path || name[0] == '/';
  snprintf(out->path, sizeof(out->path), "%s%s%s", is_whole ? "" : base_dir,
           is_whole ? "" : "/", name);
  return 0;
}
