/* See explain_hosts.h. */
#include "explain_hosts.h"

#include "daemon/listing.h"
#include "verdict/state/state_text.h"

#include <stdio.h>
#include <string.h>

struct search {
  const char *wanted;
  struct listing_hosts names;
  struct hosts_host *out;
  bool found;
};

static int take(void *to, const struct hosts_host *host) {
  struct search *search = to;
  struct listing_part name = {host->name, strlen(host->name)};

  if (search->wanted ? strcmp(host->name, search->wanted) == 0
                     : search->names.len == 0) {
    *search->out = *host;
    search->found = true;
  }
  return listing_hosts_add(&search->names, name);
}

static int fail(struct search *search, const char *path, char *problem) {
  char known[EXPLAIN_PROBLEM_MAX / 2];

  listing_hosts_sort(&search->names);
  listing_hosts_text(&search->names, known, sizeof(known));
  if (search->names.len == 0)
    snprintf(problem, EXPLAIN_PROBLEM_MAX,
             "%.300s has no host: nothing has been judged yet; after a start "
             "the first reading takes one interval. If it stays so: is the "
             "line \"LoadPlugin tcpstates\" in collectd.conf?",
             path);
  else if (search->wanted)
    snprintf(problem, EXPLAIN_PROBLEM_MAX,
             "%.300s has no host %.128s; it has %s", path, search->wanted,
             known);
  else
    snprintf(problem, EXPLAIN_PROBLEM_MAX,
             "%.300s has %zu hosts; name one with -H: %s", path,
             search->names.len, known);
  return -1;
}

int explain_hosts_find(const struct explain_source *source, const char *wanted,
                       struct hosts_host *out, char *problem) {
  struct search search = {.wanted = wanted, .out = out};
  struct state_text_reader reader = {take, NULL, &search};
  char error[STATE_TEXT_ERROR_MAX];
  int rc = state_text_read(source->text, source->length, &reader, error);

  if (rc != 0)
    snprintf(problem, EXPLAIN_PROBLEM_MAX, "%.400s cannot be read: %s",
             source->state_path, error);
  else if (!search.found || (!wanted && search.names.len > 1))
    rc = fail(&search, source->state_path, problem);
  listing_hosts_release(&search.names);
  return rc == 0 ? 0 : -1;
}
