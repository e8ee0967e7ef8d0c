/* See conf_look.h. Source of the facts: configfile.c of collectd 5.12, and
 * collectd.conf(5) for which plugin takes notifications. */
#include "conf_look.h"

#include "verdict/config_value.h"

#include <math.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

bool conf_look_is(const struct conf_node *node, const char *key,
                  const char *name) {
  return conf_node_is(node, key) && node->values_len > 0 &&
         node->values[0].text != NULL &&
         strcasecmp(node->values[0].text, name) == 0;
}

bool conf_look_true(const struct conf_node *node) {
  double number = 0;

  if (!node || node->values_len != 1)
    return false;
  const struct conf_value *value = &node->values[0];
  return value->kind == CONF_TRUE ||
         (value->text != NULL &&
          config_value_read(value->text, &number) == CONFIG_VALUE_TRUE);
}

double conf_look_number(const struct conf_node *node) {
  double number = NAN;

  if (node->values_len != 1)
    return NAN;
  const struct conf_value *value = &node->values[0];
  if (value->kind == CONF_NUMBER)
    return value->number;
  if (value->text == NULL ||
      config_value_read(value->text, &number) != CONFIG_VALUE_NUMBER)
    return NAN;
  return number;
}

const struct conf_node *conf_look_next(const struct conf_tree *tree,
                                       const char *key, const char *name,
                                       const struct conf_node *after) {
  if (tree->root.children_len == 0)
    return NULL;
  const struct conf_node *end = tree->root.children + tree->root.children_len;
  for (const struct conf_node *node = after ? after + 1 : tree->root.children;
       node < end; node++)
    if (node->children_len > 0 && conf_look_is(node, key, name))
      return node;
  return NULL;
}

const struct conf_node *conf_look_block(const struct conf_tree *tree,
                                        const char *plugin,
                                        const struct conf_node *after) {
  return conf_look_next(tree, "Plugin", plugin, after);
}

const struct conf_node *conf_look_load(const struct conf_tree *tree,
                                       const char *plugin) {
  for (size_t i = 0; i < tree->root.children_len; i++)
    if (conf_look_is(&tree->root.children[i], "LoadPlugin", plugin))
      return &tree->root.children[i];
  if (!conf_look_true(conf_node_last(&tree->root, "AutoLoadPlugin")))
    return NULL;
  return conf_look_block(tree, plugin, NULL);
}

const struct conf_node *conf_look_option(const struct conf_tree *tree,
                                         const char *plugin, const char *key) {
  const struct conf_node *block = NULL, *found = NULL, *last = NULL;

  while ((block = conf_look_block(tree, plugin, block)) != NULL)
    if ((last = conf_node_last(block, key)) != NULL)
      found = last;
  return found;
}

static const char *text_of(const struct conf_node *node,
                           const char *otherwise) {
  const char *text = node ? conf_node_string(node) : NULL;

  return text ? text : otherwise;
}

const char *conf_look_text(const struct conf_tree *tree, const char *plugin,
                           const char *key, const char *otherwise) {
  return text_of(conf_look_option(tree, plugin, key), otherwise);
}

const char *conf_look_global(const struct conf_tree *tree, const char *key,
                             const char *otherwise) {
  return text_of(conf_node_last(&tree->root, key), otherwise);
}

const char *conf_look_usual(void) {
  static const char *const places[] = {"/etc/collectd/collectd.conf",
                                       "/etc/collectd.conf",
                                       "/opt/collectd/etc/collectd.conf"};

  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
    if (access(places[i], F_OK) == 0)
      return places[i];
  return places[0];
}

/* Of the plugins that take notifications: the option without which they do
 * not, wherever in their blocks it stands. */
struct told {
  const char *plugin, *option;
  bool must_be_true;
  const char *note;
};

static const struct told told[] = {
    {"exec", "NotificationExec", false, "what the program does with it"},
    {"notify_email", "Recipient", false, "the recipients' mail"},
    {"notify_nagios", NULL, false, "Nagios' command file"},
    {"notify_desktop", NULL, false, "the desktop"},
    {"network", "Server", false, "the collectd it sends to"},
    {"write_http", "Notifications", true, "the server it posts to"},
    {"write_riemann", "Notifications", true, "Riemann"},
    {"write_sensu", "Notifications", true, "Sensu"},
    {"logfile", NULL, false, "its log, at \"Notification:\""},
    {"log_logstash", NULL, false, "its log"},
    {"syslog", "NotifyLevel", false, "syslog"},
    {"python", NULL, false, "its modules, if one takes notifications"},
    {"perl", NULL, false, "its modules, if one takes notifications"},
    {"lua", NULL, false, "its scripts, if one takes notifications"},
    {"java", NULL, false, "its classes, if one takes notifications"},
};

static bool has_option(const struct conf_node *node, const struct told *row) {
  for (size_t i = 0; i < node->children_len; i++) {
    const struct conf_node *child = &node->children[i];
    if (conf_node_is(child, row->option) &&
        (!row->must_be_true || conf_look_true(child)))
      return true;
    if (has_option(child, row))
      return true;
  }
  return false;
}

static bool does_tell(const struct conf_tree *tree, const struct told *row) {
  const struct conf_node *block = NULL;

  if (!conf_look_load(tree, row->plugin))
    return false;
  if (row->option == NULL)
    return true;
  while ((block = conf_look_block(tree, row->plugin, block)) != NULL)
    if (has_option(block, row))
      return true;
  return false;
}

bool conf_look_told(const struct conf_tree *tree, size_t i,
                    struct conf_look_told *out) {
  for (size_t row = 0; row < sizeof(told) / sizeof(told[0]); row++)
    if (does_tell(tree, &told[row]) && i-- == 0) {
      *out = (struct conf_look_told){told[row].plugin, told[row].option,
                                     told[row].note};
      return true;
    }
  return false;
}
