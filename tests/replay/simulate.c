/* simulate: a host's TCP metrics over days, as CSV on standard output, and the
 * truth beside it. Touches its arguments, standard output and the truth file.
 */
#include "profile.h"
#include "reading.h"
#include "truth.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double monday_s = 1767571200; /* 2026-01-05 00:00:00 UTC */

enum { STREAM_CLASS = 100, STREAM_PLAN, STREAM_CLOCK };

struct options {
  enum host_class class;
  uint64_t seed;
  double days; /* 0: the profile's */
  int interval_s;
  unsigned count_every; /* intervals the sockets are counted */
  const char *profile;
  const char *truth;
  const char *host;                          /* NULL: heads bear no host */
  int64_t backlog, max_syn_backlog, cookies; /* -1: the class decides */
  int64_t retries;
  double brief, round_trip_s; /* likewise */
  bool top_source, peaks, held, proc;
  struct event_list events;
};

static const struct option long_options[] = {
    {"class", required_argument, NULL, 'c'},
    {"seed", required_argument, NULL, 's'},
    {"days", required_argument, NULL, 'd'},
    {"interval", required_argument, NULL, 'i'},
    {"profile", required_argument, NULL, 'p'},
    {"event", required_argument, NULL, 'e'},
    {"truth", required_argument, NULL, 't'},
    {"backlog", required_argument, NULL, 'b'},
    {"max-syn-backlog", required_argument, NULL, 'm'},
    {"cookies", required_argument, NULL, 'k'},
    {"retries", required_argument, NULL, 'r'},
    {"brief", required_argument, NULL, 'f'},
    {"round-trip", required_argument, NULL, 'q'},
    {"top-source", no_argument, NULL, 'o'},
    {"peaks", no_argument, NULL, 'P'},
    {"held", no_argument, NULL, 'H'},
    {"proc", no_argument, NULL, 'R'},
    {"count-every", required_argument, NULL, 'w'},
    {"host", required_argument, NULL, 'n'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0}};

static void print_usage(FILE *out) {
  fputs(
      "Usage: simulate [--class CLASS] [--seed N] [--days D] [--interval S]\n"
      "                [--profile NAME] [--event KIND:key=number,...]...\n"
      "                [--backlog N] [--max-syn-backlog N] [--cookies 0|1|2]\n"
      "                [--retries 0..5] [--brief SHARE] [--round-trip S]\n"
      "                [--top-source] [--peaks] [--held [--proc]]\n"
      "                [--count-every N] [--truth FILE] [--host NAME]\n\n"
      "classes:",
      out);
  for (int i = 0; i < HOST_CLASSES; i++)
    fprintf(out, " %s", host_class_name((enum host_class)i));
  fputs("\nprofiles:", out);
  for (int i = 0; profile_name(i) != NULL; i++)
    fprintf(out, " %s", profile_name(i));
  fputs("\nkinds of events:", out);
  for (int i = 0; i < EVENT_KINDS; i++)
    fprintf(out, " %s", event_kind_name((enum event_kind)i));
  fputs("\nkeys: start duration factor rate share least count ramp from "
        "doubling stair on off resets line life\n",
        out);
}

static bool parse_number(const char *text, double low, double high,
                         double *out) {
  char *end;
  errno = 0;
  double value = strtod(text, &end);
  if (errno != 0 || end == text || *end != '\0' || !(value >= low) ||
      !(value <= high))
    return false;
  *out = value;
  return true;
}

static bool parse_count(const char *text, double low, double high,
                        int64_t *out) {
  double value;
  if (!parse_number(text, low, high, &value) || value != floor(value))
    return false;
  *out = (int64_t)value;
  return true;
}

static bool take_option(struct options *options, int option, const char *text) {
  int64_t count;
  struct event event;
  switch (option) {
  case 'c':
    return host_class_parse(text, &options->class);
  case 's':
    if (!parse_count(text, 0, 1e15, &count))
      return false;
    options->seed = (uint64_t)count;
    return true;
  case 'd':
    return parse_number(text, 0.001, 3660, &options->days);
  case 'i':
    if (!parse_count(text, 1, 300, &count))
      return false;
    options->interval_s = (int)count;
    return true;
  case 'w':
    if (!parse_count(text, 1, 10, &count))
      return false;
    options->count_every = (unsigned)count;
    return true;
  case 'p':
    options->profile = text;
    return profile_days(text) > 0;
  case 'e':
    return event_parse(text, &event) &&
           event_list_add(&options->events, &event);
  case 't':
    options->truth = text;
    return true;
  case 'n':
    options->host = text;
    return true;
  case 'b':
    return parse_count(text, 1, 1e6, &options->backlog);
  case 'm':
    return parse_count(text, 4, 1e6, &options->max_syn_backlog);
  case 'k':
    return parse_count(text, 0, 2, &options->cookies);
  case 'r':
    return parse_count(text, 0, 5, &options->retries);
  case 'f':
    return parse_number(text, 0, 1, &options->brief);
  case 'q':
    return parse_number(text, 0.001, 10, &options->round_trip_s);
  case 'o':
    options->top_source = true;
    return true;
  case 'P':
    options->peaks = true;
    return true;
  case 'H':
    options->held = true;
    return true;
  case 'R':
    options->proc = true;
    return true;
  default:
    return false;
  }
}

static bool parse_options(int argc, char **argv, struct options *options) {
  int option;
  while ((option = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
    if (option == 'h') {
      print_usage(stdout);
      exit(EXIT_SUCCESS);
    }
    if (option == '?' || !take_option(options, option, optarg)) {
      if (option != '?')
        fprintf(stderr, "simulate: \"%s\" is not understood\n", optarg);
      return false;
    }
  }
  if (options->days == 0)
    options->days = profile_days(options->profile);
  return optind == argc;
}

/* Hosts of two classes with one seed have nothing in common. */
static uint64_t own_seed(const struct options *options) {
  return options->seed * HOST_CLASSES + (uint64_t)options->class;
}

/* So large a share of all connections lasts half a second. */
static void live_briefly(struct table_settings *table, double share) {
  struct connection_mix *mixes[] = {&table->inbound, &table->outbound};
  for (int mix = 0; mix < 2; mix++) {
    double *shares = mixes[mix]->share;
    double longer = 1 - shares[0];
    for (int i = 1; i < TABLE_LIVES; i++)
      shares[i] *= longer > 0 ? (1 - share) / longer : 0;
    shares[0] = share;
  }
}

static bool prepare(struct host *host, const struct options *options) {
  struct dice dice;
  dice_seed(&dice, own_seed(options), STREAM_CLASS);
  host->settings = host_class_draw(options->class, &dice);
  if (options->backlog >= 0)
    host->settings.backlog = options->backlog;
  if (options->max_syn_backlog >= 0)
    host->settings.max_syn_backlog = options->max_syn_backlog;
  if (options->cookies >= 0)
    host->settings.cookies = (int)options->cookies;
  if (options->brief >= 0)
    live_briefly(&host->settings.table, options->brief);
  if (options->round_trip_s >= 0)
    host->settings.round_trip_s = options->round_trip_s;
  host->settings.retries = (int)options->retries;
  host->interval_s = options->interval_s;
  host->follow_peaks = options->peaks;
  host->follow_held = options->held;
  host->traffic.by_proc = options->proc;
  host->start_wall_s = monday_s + dice_pick(&dice, 7) * 86400.0 +
                       dice_between(&dice, 0.01, 0.98);
  host->events = options->events;
  dice_seed(&dice, own_seed(options), STREAM_PLAN);
  struct profile_plan plan = {.settings = &host->settings,
                              .days = options->days,
                              .dice = &dice,
                              .seed = options->seed,
                              .events = &host->events};
  if (!profile_fill(options->profile, &plan)) {
    fputs("simulate: too many events\n", stderr);
    return false;
  }
  host_begin(host, own_seed(options));
  return true;
}

/* collectd's readings come to a millisecond or two. */
static void run(struct host *host, const struct options *options,
                struct truth_run *result) {
  struct dice dice;
  struct reader reader = {.count_every = options->count_every,
                          .top_source = options->top_source,
                          .peaks = options->peaks,
                          .held = options->held};
  dice_seed(&dice, own_seed(options), STREAM_CLOCK);
  int64_t steps = (int64_t)(options->days * 86400) / options->interval_s;
  reading_write_head(stdout, options->host, &reader);
  for (int64_t i = 0; i < steps; i++) {
    if (!host_step(host))
      continue;
    double time_s = host_clock(host) + dice_between(&dice, -0.002, 0.002);
    if (host->restarted)
      reader.differences = false;
    host->restarted = false;
    reading_write(stdout, time_s, &reader, host);
    if (result->readings++ == 0)
      result->first_s = time_s;
    result->last_s = time_s;
  }
  host_end(host);
}

static int write_truth(const struct options *options,
                       const struct truth_run *result,
                       const struct host *host) {
  if (options->truth == NULL)
    return 0;
  FILE *out = fopen(options->truth, "w");
  if (out == NULL) {
    fprintf(stderr, "simulate: %s: %s\n", options->truth, strerror(errno));
    return -1;
  }
  truth_write(out, result, host);
  return fclose(out);
}

int main(int argc, char **argv) {
  static struct options options = {.class = HOST_MEDIUM,
                                   .seed = 1,
                                   .interval_s = 10,
                                   .count_every = 1,
                                   .profile = "calm",
                                   .backlog = -1,
                                   .max_syn_backlog = -1,
                                   .cookies = -1,
                                   .retries = 5,
                                   .brief = -1,
                                   .round_trip_s = -1};
  static struct host host;
  if (!parse_options(argc, argv, &options)) {
    print_usage(stderr);
    return 2;
  }
  struct truth_run result = {.profile = options.profile, .seed = options.seed};
  if (!prepare(&host, &options))
    return EXIT_FAILURE;
  run(&host, &options, &result);
  if (write_truth(&options, &result, &host) != 0 || fflush(stdout) != 0)
    return EXIT_FAILURE;
  return EXIT_SUCCESS;
}
