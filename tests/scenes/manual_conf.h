/* A ready snippet of collectd.conf.d, as far as one plugin's options go. */
#ifndef TESTS_SCENES_MANUAL_CONF_H
#define TESTS_SCENES_MANUAL_CONF_H

#include "conf/conf_syntax.h"
#include "manual_page.h"

enum { MANUAL_SETTINGS_MAX = 128 };

/* One option, and the block it stands in. */
struct manual_setting {
  char block[MANUAL_NAME_MAX]; /* "", "Watch", or an incident's name */
  char key[MANUAL_NAME_MAX];
  enum conf_token_kind kind; /* of its value */
  double number;
  char text[MANUAL_NAME_MAX];
};

struct manual_conf {
  size_t len;
  struct manual_setting settings[MANUAL_SETTINGS_MAX];
};

/* What is commented out, in force: a # that stands first in its line is taken
 * away, unless a blank and a word follow, for that is prose. To be freed. */
char *manual_conf_uncomment(const char *text);

/* The options of every <Plugin NAME>. Returns 0, or -EINVAL and a message in
 * error (CONF_ERROR_MAX bytes). */
int manual_conf_read(const char *text, const char *plugin,
                     struct manual_conf *out, char *error);

/* Whether a block sets a key. */
bool manual_conf_sets(const struct manual_conf *conf, const char *block,
                      const char *key);

#endif
