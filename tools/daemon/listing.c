/* See listing.h. */
#include "listing.h"

#include "host_model.h"
#include "lib/words.h"
#include "verdict/plain_text.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 8 };

static const double time_max_s = 17179869184; /* 2^34: collectd's times end */

/* The text up to the first separator, or all of it. *rest: what follows the
 * separator; empty if there is none. */
static struct listing_part split(struct listing_part text, char separator,
                                 struct listing_part *rest) {
  const char *at = memchr(text.at, separator, text.len);
  size_t len = at ? (size_t)(at - text.at) : text.len;
  size_t skipped = at ? len + 1 : len;

  *rest = (struct listing_part){text.at + skipped, text.len - skipped};
  return (struct listing_part){text.at, len};
}

int listing_value_read(const char *line, struct listing_value *out) {
  struct listing_value value = {.time_s = 0};
  struct listing_part rest, plugin;
  char *end = NULL;

  value.time_s = plain_text_number(line, &end);
  if (end == line || *end != ' ' || !(fabs(value.time_s) <= time_max_s))
    return -EBADMSG;
  value.name = end + 1;
  struct listing_part name = {value.name, strlen(value.name)};
  value.host = split(name, '/', &rest);
  plugin = split(rest, '/', &rest);
  value.plugin = split(plugin, '-', &value.instance);
  value.type = split(rest, '-', &value.type_instance);
  if (value.host.len == 0 || value.plugin.len == 0 || value.type.len == 0 ||
      !plain_text_is(name.at, name.len))
    return -EBADMSG;
  *out = value;
  return 0;
}

bool listing_part_is(struct listing_part part, const char *text) {
  return strncmp(part.at, text, part.len) == 0 && text[part.len] == '\0';
}

static void copy_part(struct listing_part part, char *text, size_t text_max) {
  size_t len = part.len < text_max ? part.len : text_max - 1;

  memcpy(text, part.at, len);
  text[len] = '\0';
}

bool listing_is_reading(const struct listing_value *value) {
  return listing_part_is(value->plugin, "tcpstates") &&
         listing_part_is(value->instance, "all");
}

/* What is expected of a watched series has a name with a dash, an incident's
 * figure has none. */
bool listing_is_judgement(const struct listing_value *value) {
  return listing_part_is(value->plugin, "baseline") &&
         value->instance.len > 0 &&
         !memchr(value->type_instance.at, '-', value->type_instance.len) &&
         !listing_part_is(value->instance, "host_silent");
}

bool listing_is_of_port(const struct listing_value *value, const char *port) {
  return port[0] != '\0' && listing_part_is(value->plugin, "tcpstates") &&
         listing_part_is(value->instance, port);
}

static int grow(struct listing_hosts *hosts) {
  size_t room = hosts->room > 0 ? 2 * hosts->room : 16;
  char **grown = realloc(hosts->name, room * sizeof(*grown));

  if (!grown)
    return -ENOMEM;
  hosts->name = grown;
  hosts->room = room;
  return 0;
}

int listing_hosts_add(struct listing_hosts *hosts, struct listing_part host) {
  if (hosts->len > 0 && listing_part_is(host, hosts->name[hosts->len - 1]))
    return 0;
  if (hosts->len >= LISTING_HOSTS_MAX)
    return 0;
  if (hosts->len == hosts->room && grow(hosts) != 0)
    return -ENOMEM;
  char *copy = strndup(host.at, host.len);
  if (!copy)
    return -ENOMEM;
  hosts->name[hosts->len++] = copy;
  return 0;
}

static int compare_names(const void *left, const void *right) {
  const char *const *a = left, *const *b = right;
  return strcmp(*a, *b);
}

void listing_hosts_sort(struct listing_hosts *hosts) {
  size_t kept = 0;

  if (hosts->len == 0)
    return;
  qsort(hosts->name, hosts->len, sizeof(*hosts->name), compare_names);
  for (size_t i = 1; i < hosts->len; i++) {
    if (strcmp(hosts->name[i], hosts->name[kept]) == 0)
      free(hosts->name[i]);
    else
      hosts->name[++kept] = hosts->name[i];
  }
  hosts->len = kept + 1;
}

void listing_hosts_text(const struct listing_hosts *hosts, char *text,
                        size_t text_max) {
  struct words_list list = words_list_begin(text, text_max - 1, SHOWN_MAX);

  for (size_t i = 0; i < hosts->len; i++)
    words_list_add(&list, hosts->name[i]);
  words_list_end(&list);
}

void listing_hosts_release(struct listing_hosts *hosts) {
  for (size_t i = 0; i < hosts->len; i++)
    free(hosts->name[i]);
  free(hosts->name);
  *hosts = (struct listing_hosts){0};
}

/* A host name with or without its domain. */
static bool is_machine(struct listing_part host, const char *machine) {
  size_t len = strlen(machine);

  return len > 0 && host.len >= len && strncmp(host.at, machine, len) == 0 &&
         (host.len == len || host.at[len] == '.');
}

static void begin_host(struct host_model *model, struct listing_part host) {
  copy_part(host, model->host, sizeof(model->host));
  model->reading_s = NAN;
  model->judged_s = NAN;
  model->values_len = 0;
}

static bool keeps_machine(const struct listing *listing) {
  const char *host = listing->model->host;
  struct listing_part kept = {host, strlen(host)};

  return is_machine(kept, listing->machine);
}

/* Values are kept for the wanted host. If none is wanted, for the first host
 * that sends readings, until this machine is seen. collectd lists by name, so
 * all lines of a host come together. */
static bool is_kept(const struct listing *listing,
                    const struct listing_value *value) {
  const struct host_model *model = listing->model;

  if (model->host[0] != '\0' && listing_part_is(value->host, model->host))
    return true;
  if (listing->wanted)
    return listing_part_is(value->host, listing->wanted);
  return isnan(model->reading_s) ||
         (is_machine(value->host, listing->machine) && !keeps_machine(listing));
}

static void keep(struct host_model *model, const struct listing_value *value) {
  if (!listing_part_is(value->host, model->host))
    begin_host(model, value->host);
  if (model->values_len >= HOST_MODEL_VALUES_MAX)
    return;
  struct host_value *kept = &model->values[model->values_len++];
  copy_part(value->plugin, kept->plugin, sizeof(kept->plugin));
  copy_part(value->instance, kept->instance, sizeof(kept->instance));
  copy_part(value->type, kept->type, sizeof(kept->type));
  copy_part(value->type_instance, kept->type_instance,
            sizeof(kept->type_instance));
  kept->time_s = value->time_s;
  kept->value = NAN;
  if (listing_is_of_port(value, model->port))
    return;
  double *newest =
      listing_is_reading(value) ? &model->reading_s : &model->judged_s;
  *newest = fmax(*newest, value->time_s);
}

void listing_begin(struct listing *listing) {
  begin_host(listing->model, (struct listing_part){"", 0});
}

int listing_take(struct listing *listing, const char *line) {
  struct listing_value value;

  if (listing_value_read(line, &value) != 0 ||
      value.host.len >= LISTING_NAME_MAX ||
      (!listing_is_reading(&value) && !listing_is_judgement(&value) &&
       !listing_is_of_port(&value, listing->model->port)))
    return 0;
  if (is_kept(listing, &value))
    keep(listing->model, &value);
  return listing_is_reading(&value)
             ? listing_hosts_add(&listing->hosts, value.host)
             : 0;
}

void listing_no_host(char *problem) {
  snprintf(problem, UNIXSOCK_PROBLEM_MAX,
           "the daemon has no values of tcpstates: is the line \"LoadPlugin "
           "tcpstates\" in collectd.conf? After a start the first values take "
           "one interval; failures are in collectd's log");
}

static void explain_host(const struct listing *listing, char *problem) {
  const struct listing_hosts *hosts = &listing->hosts;
  char known[UNIXSOCK_PROBLEM_MAX / 2];

  listing_hosts_text(hosts, known, sizeof(known));
  if (hosts->len == 0)
    listing_no_host(problem);
  else if (listing->wanted)
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "the daemon has no values of tcpstates from host %.127s; it has "
             "values of %s",
             listing->wanted, known);
  else
    snprintf(problem, UNIXSOCK_PROBLEM_MAX,
             "the daemon has values of %zu hosts; name one with -H: %s",
             hosts->len, known);
}

int listing_end(struct listing *listing, char *problem) {
  listing_hosts_sort(&listing->hosts);
  if (!isnan(listing->model->reading_s) &&
      (listing->wanted || listing->hosts.len == 1 || keeps_machine(listing)))
    return 0;
  explain_host(listing, problem);
  return -1;
}

void listing_release(struct listing *listing) {
  listing_hosts_release(&listing->hosts);
}
