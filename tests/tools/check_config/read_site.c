/* See read_site.h. */
#include "read_site.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static void refuse(void *context, enum conf_tree_mistake mistake,
                   const char *file, unsigned line, bool in_folder,
                   const char *words) {
  (void)context, (void)mistake, (void)in_folder;
  ck_abort_msg("%s:%u: %s", file, line, words);
}

void read_site_begin(struct read_site *site, const char *text) {
  const struct conf_tree_listener listener = {refuse, NULL};
  char error[CONF_ERROR_MAX];

  memset(site, 0, sizeof(*site));
  ck_assert_int_eq(conf_tree_read_text(&site->tree, "x", text, strlen(text),
                                       &listener, error),
                   0);
  site->site.tree = &site->tree;
  site->site.findings = &site->findings;
  site->site.has_tcpstates = site->site.has_baseline = true;
}

void read_site_end(struct read_site *site) {
  findings_release(&site->findings);
  conf_tree_release(&site->tree);
}

bool read_site_found(const struct read_site *site,
                     enum findings_severity severity, unsigned line,
                     const char *words) {
  for (size_t i = 0; i < site->findings.len; i++) {
    const struct findings_item *item = &site->findings.items[i];
    if (item->severity == severity && item->line == line &&
        strstr(item->words, words))
      return true;
  }
  return false;
}

const char *read_site_all(const struct read_site *site) {
  static char all[16384];
  size_t used = 0;

  all[0] = '\0';
  for (size_t i = 0; i < site->findings.len && used < sizeof(all); i++) {
    const struct findings_item *item = &site->findings.items[i];
    used += (size_t)snprintf(all + used, sizeof(all) - used, "%u: %s%s\n",
                             item->line, item->severity ? "error: " : "",
                             item->words);
  }
  return all;
}
