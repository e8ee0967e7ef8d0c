/* A configuration as a text, and what the pure checks say of it. */
#ifndef TESTS_READ_SITE_H
#define TESTS_READ_SITE_H

#include "check_config/site.h"

struct read_site {
  struct conf_tree tree;
  struct findings findings;
  struct site site;
};

/* Fails the test where the text is not well-formed. */
void read_site_begin(struct read_site *site, const char *text);
void read_site_end(struct read_site *site);

/* Whether one of the findings is of that severity and line, and has the words.
 */
bool read_site_found(const struct read_site *site,
                     enum findings_severity severity, unsigned line,
                     const char *words);

/* All of them, a line each, for messages; valid until the next call. */
const char *read_site_all(const struct read_site *site);

#endif
