/* See listing.h. */
#include "listing.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

bool listing_is_reading(const struct listed_value *value) {
  return listed_part_is(value->plugin, "tcpstates") &&
         listed_part_is(value->instance, "all");
}

bool listing_is_judgement(const struct listed_value *value) {
  return listed_part_is(value->plugin, "baseline") && value->instance.len > 0 &&
         !listed_part_is(value->instance, "host_silent");
}

bool listing_is_machine(struct listed_part host, const char *machine) {
  size_t len = strlen(machine);

  return len > 0 && host.len >= len && strncmp(host.at, machine, len) == 0 &&
         (host.len == len || host.at[len] == '.');
}

static void begin_host(struct host_model *model, struct listed_part host) {
  listed_part_copy(host, model->host, sizeof(model->host));
  model->reading_s = NAN;
  model->judged_s = NAN;
  model->values_len = 0;
}

static bool keeps_machine(const struct listing *listing) {
  const char *host = listing->model->host;
  struct listed_part kept = {host, strlen(host)};

  return listing_is_machine(kept, listing->machine);
}

/* Values are kept of the host that is wanted, or of this machine once it has
 * been seen, or of the first that sends readings. A host's lines come together,
 * for collectd lists by name. */
static bool is_kept(const struct listing *listing,
                    const struct listed_value *value) {
  const struct host_model *model = listing->model;

  if (model->host[0] != '\0' && listed_part_is(value->host, model->host))
    return true;
  if (listing->wanted)
    return listed_part_is(value->host, listing->wanted);
  return isnan(model->reading_s) ||
         (listing_is_machine(value->host, listing->machine) &&
          !keeps_machine(listing));
}

static void keep(struct host_model *model, const struct listed_value *value) {
  if (!listed_part_is(value->host, model->host))
    begin_host(model, value->host);
  if (model->values_len >= STATUS_VALUES_MAX)
    return;
  struct status_value *kept = &model->values[model->values_len++];
  listed_part_copy(value->plugin, kept->plugin, sizeof(kept->plugin));
  listed_part_copy(value->instance, kept->instance, sizeof(kept->instance));
  listed_part_copy(value->type, kept->type, sizeof(kept->type));
  listed_part_copy(value->type_instance, kept->type_instance,
                   sizeof(kept->type_instance));
  kept->time_s = value->time_s;
  kept->value = NAN;
  double *newest =
      listing_is_reading(value) ? &model->reading_s : &model->judged_s;
  *newest = fmax(*newest, value->time_s);
}

void listing_begin(struct listing *listing) {
  begin_host(listing->model, (struct listed_part){"", 0});
}

int listing_take(struct listing *listing, const char *line) {
  struct listed_value value;

  if (listed_value_read(line, &value) != 0 ||
      value.host.len >= STATUS_NAME_MAX ||
      (!listing_is_reading(&value) && !listing_is_judgement(&value)))
    return 0;
  if (is_kept(listing, &value))
    keep(listing->model, &value);
  return listing_is_reading(&value)
             ? host_names_add(&listing->hosts, value.host)
             : 0;
}

void listing_no_host(char *problem) {
  snprintf(problem, STATUS_PROBLEM_MAX,
           "the daemon has no values of tcpstates: is the line \"LoadPlugin "
           "tcpstates\" in collectd.conf? After a start the first values take "
           "one interval; its log tells of failures");
}

static void explain_host(const struct listing *listing, char *problem) {
  const struct host_names *hosts = &listing->hosts;
  char known[STATUS_PROBLEM_MAX / 2];

  host_names_text(hosts, known, sizeof(known));
  if (hosts->len == 0)
    listing_no_host(problem);
  else if (listing->wanted)
    snprintf(problem, STATUS_PROBLEM_MAX,
             "the daemon has no values of tcpstates from host %.127s; it has "
             "those of %s",
             listing->wanted, known);
  else
    snprintf(problem, STATUS_PROBLEM_MAX,
             "the daemon has values of %zu hosts; name one with -H: %s",
             hosts->len, known);
}

int listing_end(struct listing *listing, char *problem) {
  host_names_sort(&listing->hosts);
  if (!isnan(listing->model->reading_s) &&
      (listing->wanted || listing->hosts.len == 1 || keeps_machine(listing)))
    return 0;
  explain_host(listing, problem);
  return -1;
}

void listing_release(struct listing *listing) {
  host_names_release(&listing->hosts);
}
