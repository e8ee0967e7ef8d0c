/* See conf_state.h. */
#include "conf_state.h"

#include <stdio.h>
#include <unistd.h>

#define DEFAULT_BASE_DIR "/var/lib/collectd"

/* Where distributions keep collectd.conf. */
static const char *const config_paths[] = {"/etc/collectd/collectd.conf",
                                           "/etc/collectd.conf"};

const char *conf_state_config(const char *wanted) {
  size_t count = sizeof(config_paths) / sizeof(config_paths[0]);

  for (size_t i = 0; !wanted && i < count; i++)
    if (access(config_paths[i], R_OK) == 0)
      return config_paths[i];
  return wanted;
}

int conf_state_read(const char *config, struct rules *rules, char *path,
                    char *error) {
  char base_dir[RULES_PATH_MAX] = DEFAULT_BASE_DIR;
  const char *name = rules->state_file;
  size_t blocks = 0;
  int rc = 0;

  rules_defaults(rules);
  if (config)
    rc = conf_rules_read_file(config, rules, &blocks, base_dir, error);
  bool is_whole = name[0] == '/' || name[0] == '\0';
  snprintf(path, CONF_STATE_PATH_MAX, "%s%s%s", is_whole ? "" : base_dir,
           is_whole ? "" : "/", name);
  return rc;
}
