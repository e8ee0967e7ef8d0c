/* See fetch.h. Touches the daemon's socket, and a child process with a pipe.
 * The child sends the answer as it stands in memory, then the hosts: both ends
 * are the same program. */
#define _GNU_SOURCE
#include "fetch.h"

#include "daemon/fleet.h"
#include "lib/moment.h"
#include "verdict/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PIECE_MAX = 64 * 1024 };

struct watch_source {
  pid_t child; /* 0: none */
  int fd;
  char *bytes;
  size_t len, room;
};

static int compare_incidents(const void *left, const void *right) {
  const struct host_incident *a = left, *b = right;
  if (a->severity != b->severity)
    return a->severity > b->severity ? -1 : 1;
  const char *flood = rules_incident_name(INCIDENT_SYN_FLOOD);
  int a_is_flood = strcmp(a->name, flood) == 0;
  int b_is_flood = strcmp(b->name, flood) == 0;
  if (a_is_flood != b_is_flood)
    return b_is_flood - a_is_flood;
  return strcmp(a->name, b->name);
}

void watch_reading_sort(struct watch_reading *reading) {
  qsort(reading->incidents, reading->incidents_len,
        sizeof(reading->incidents[0]), compare_incidents);
}

int watch_reading_open(const struct watch_reading *reading) {
  int open = 0;
  for (size_t i = 0; i < reading->incidents_len; i++)
    open += reading->incidents[i].severity >= HOST_WARNING;
  return open;
}

enum host_severity watch_reading_worst(const struct watch_reading *reading) {
  enum host_severity worst = HOST_NOT_JUDGED;
  for (size_t i = 0; i < reading->incidents_len; i++)
    if (reading->incidents[i].severity > worst)
      worst = reading->incidents[i].severity;
  return worst;
}

/* Beyond WATCH_INCIDENTS_MAX, more than the plugin has, the last names of the
 * alphabet are left out. */
static void read_incidents(const struct host_model *model,
                           struct watch_reading *out) {
  struct host_incident incidents[HOST_INCIDENTS_MAX];
  size_t len = host_incidents_read(model, incidents);
  if (len > WATCH_INCIDENTS_MAX)
    len = WATCH_INCIDENTS_MAX;
  memcpy(out->incidents, incidents, len * sizeof(incidents[0]));
  out->incidents_len = len;
  watch_reading_sort(out);
}

static void read_model(const struct host_model *model,
                       struct watch_reading *out) {
  snprintf(out->host, sizeof(out->host), "%s", model->host);
  out->time_s = model->reading_s;
  for (enum shown_id i = 0; i < SHOWN_METRICS; i++)
    out->values[i] = host_model_metric(model, i);
  read_incidents(model, out);
}

size_t watch_hosts_find(const struct watch_hosts *hosts, const char *name) {
  size_t at = 0;
  while (at < hosts->len && strcmp(hosts->hosts[at].name, name) != 0)
    at++;
  return at;
}

const char *watch_hosts_beside(const struct watch_hosts *hosts,
                               const char *name, bool next) {
  const char *end = NULL, *beside = NULL; /* of all; of those on that side */
  int side = next ? 1 : -1;
  for (size_t i = 0; hosts->hosts != NULL && i < hosts->len; i++) {
    const char *other = hosts->hosts[i].name;
    if (end == NULL || side * strcmp(other, end) < 0)
      end = other;
    if (side * strcmp(other, name) > 0 &&
        (beside == NULL || side * strcmp(other, beside) < 0))
      beside = other;
  }
  return beside != NULL ? beside : end;
}

static void copy_hosts(const struct fleet *fleet, struct watch_answer *answer) {
  struct watch_hosts *hosts = &answer->hosts;
  double now_s = moment_now();
  hosts->hosts = calloc(fleet->len > 0 ? fleet->len : 1, sizeof(*hosts->hosts));
  if (hosts->hosts == NULL)
    return;
  hosts->len = fleet->len;
  for (size_t i = 0; i < fleet->len; i++) {
    const struct fleet_host *from = &fleet->hosts[i];
    struct watch_host *to = &hosts->hosts[i];
    snprintf(to->name, sizeof(to->name), "%s", from->name);
    fleet_words(from, now_s, to->words);
    to->worst = from->worst;
    hosts->by_severity[to->worst]++;
  }
  answer->has_hosts = true;
}

/* The values have been listed. How long incidents have been open is asked of so
 * many hosts. */
enum { ASKED_SINCE_MAX = 1000 };
static int fetch_hosts(const struct host_query *query, struct fleet *fleet,
                       struct watch_answer *answer) {
  int rc = fleet_fetch_severities(query, NULL, fleet);
  fleet_sort(fleet, moment_now(), (double)HOST_MODEL_AGE_MAX_S);
  if (rc == 0)
    rc = fleet_fetch_open(query, fleet, ASKED_SINCE_MAX);
  if (rc == 0)
    copy_hosts(fleet, answer);
  return rc;
}

/* Only the table of hosts. */
static bool fetch_table(const struct watch_question *question,
                        struct fleet *fleet, struct watch_answer *answer) {
  struct host_query query = question->query;
  query.host = question->patterns;
  int rc = fleet_fetch_list(&query, fleet);
  if (rc == 0)
    rc = fetch_hosts(&query, fleet, answer);
  if (rc != 0)
    unixsock_explain(query.socket_path, -rc, answer->problem);
  else if (fleet->len == 0)
    fleet_no_host(fleet, answer->problem);
  return rc == 0 && fleet->len > 0;
}

/* If no host is named, and there are several but not this machine, the first of
 * them is shown. */
static bool fetch_model(const struct watch_question *question,
                        struct host_model *model, struct fleet *fleet,
                        struct watch_answer *answer) {
  struct host_query query = question->query;
  bool lists = question->wants_hosts || query.host == NULL;
  fleet->patterns = question->patterns;
  bool found = host_model_fetch_beside(&query, model, lists ? fleet : NULL,
                                       answer->problem) == 0;
  if (fleet->len > 0 && fetch_hosts(&query, fleet, answer) != 0)
    return found;
  if (found || query.host != NULL || answer->hosts.len < 2)
    return found;
  query.host = watch_hosts_beside(&answer->hosts, "", true);
  return host_model_fetch(&query, model, answer->problem) == 0;
}

static bool fetch(const struct watch_question *question,
                  struct host_model *model, struct watch_answer *answer) {
  struct fleet fleet = {0};
  const char *host = question->query.host;
  bool only_table = host != NULL && host[0] == '\0';
  bool found = only_table ? fetch_table(question, &fleet, answer)
                          : fetch_model(question, model, &fleet, answer);
  if (found && !only_table)
    read_model(model, &answer->reading);
  fleet_release(&fleet);
  return found;
}

void watch_fetch(const struct watch_question *question,
                 struct watch_answer *answer) {
  *answer = (struct watch_answer){0};
  struct host_model *model = calloc(1, sizeof(*model));
  if (model == NULL) {
    answer->failed = true;
    snprintf(answer->problem, sizeof(answer->problem), "out of memory");
    return;
  }
  answer->failed = !fetch(question, model, answer);
  free(model);
}

void watch_fetch_release(struct watch_answer *answer) {
  free(answer->hosts.hosts);
  answer->hosts = (struct watch_hosts){0};
}

struct watch_source *watch_source_create(void) {
  struct watch_source *source = calloc(1, sizeof(*source));
  if (source != NULL)
    source->fd = -1;
  return source;
}

void watch_source_destroy(struct watch_source *source) {
  if (source == NULL)
    return;
  watch_source_drop(source);
  free(source->bytes);
  free(source);
}

static bool write_all(int fd, const void *bytes, size_t len) {
  const char *from = bytes;
  while (len > 0) {
    ssize_t written = write(fd, from, len);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    from += written;
    len -= (size_t)written;
  }
  return true;
}

/* The child writes nothing to the terminal, does not handle signals as its
 * parent does, and ends with its parent. */
static _Noreturn void answer_and_exit(const struct watch_question *question,
                                      int fd) {
  static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGTSTP};
  struct watch_answer answer;
  sigset_t none;
  for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
    signal(signals[i], SIG_DFL);
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  watch_fetch(question, &answer);
  bool sent = write_all(fd, &answer, sizeof(answer)) &&
              write_all(fd, answer.hosts.hosts,
                        answer.hosts.len * sizeof(*answer.hosts.hosts));
  _exit(sent ? EXIT_SUCCESS : EXIT_FAILURE);
}

int watch_source_ask(struct watch_source *source,
                     const struct watch_question *question) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return -errno;
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    answer_and_exit(question, ends[1]);
  }
  int error = errno;
  close(ends[1]);
  if (child < 0) {
    close(ends[0]);
    return -error;
  }
  fcntl(ends[0], F_SETFL, O_NONBLOCK);
  source->child = child;
  source->fd = ends[0];
  source->len = 0;
  return 0;
}

bool watch_source_is_asking(const struct watch_source *source) {
  return source->child != 0;
}

int watch_source_fd(const struct watch_source *source) { return source->fd; }

static void finish(struct watch_source *source) {
  close(source->fd);
  while (waitpid(source->child, NULL, 0) < 0 && errno == EINTR)
    continue;
  source->fd = -1;
  source->child = 0;
}

void watch_source_drop(struct watch_source *source) {
  if (source->child == 0)
    return;
  kill(source->child, SIGKILL);
  finish(source);
}

static bool make_room(struct watch_source *source) {
  if (source->room - source->len >= PIECE_MAX)
    return true;
  size_t room = 2 * source->room + PIECE_MAX;
  char *grown = realloc(source->bytes, room);
  if (grown == NULL)
    return false;
  source->bytes = grown;
  source->room = room;
  return true;
}

/* Returns whether the child has closed its end, or waiting for it is useless.
 */
static bool read_all(struct watch_source *source) {
  for (;;) {
    if (!make_room(source))
      return true;
    ssize_t len = read(source->fd, source->bytes + source->len, PIECE_MAX);
    if (len > 0)
      source->len += (size_t)len;
    else if (len == 0 || (errno != EAGAIN && errno != EINTR))
      return true;
    else if (errno == EAGAIN)
      return false;
  }
}

/* An incomplete answer counts as none. */
static void unpack(const struct watch_source *source,
                   struct watch_answer *answer) {
  size_t hosts_len = source->len - sizeof(*answer);
  *answer = (struct watch_answer){.failed = true};
  snprintf(answer->problem, sizeof(answer->problem),
           "the process that asks the daemon has ended without an answer");
  if (source->len < sizeof(*answer))
    return;
  struct watch_answer whole;
  memcpy(&whole, source->bytes, sizeof(whole));
  if (whole.hosts.len * sizeof(*whole.hosts.hosts) != hosts_len)
    return;
  whole.hosts.hosts = malloc(hosts_len > 0 ? hosts_len : 1);
  if (whole.hosts.hosts == NULL)
    return;
  memcpy(whole.hosts.hosts, source->bytes + sizeof(whole), hosts_len);
  *answer = whole;
}

bool watch_source_take(struct watch_source *source,
                       struct watch_answer *answer) {
  if (source->child == 0 || !read_all(source))
    return false;
  kill(source->child, SIGKILL); /* if it was given up; else it has ended */
  finish(source);
  unpack(source, answer);
  return true;
}
