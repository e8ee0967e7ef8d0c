/* Any bytes as what answers behind the unixsock, one conversation after the
 * other, a form feed between them. The command takes them in or says what is
 * wrong; nothing that a terminal would obey comes out, the line of `check` is
 * one, and JSON is JSON. */
#include "fuzz_target.h"

#include "nagios/fleet.h"
#include "status/draw.h"
#include "status/fleet.h"
#include "status/json.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { ANSWER_MAX = 1 << 16, SEPARATOR = '\f' };

#define NOW_S 1700000000.0
#define LIMIT_S 5.0

/* The daemon's side: a thread of its own. */
static struct {
  pthread_mutex_t lock;
  int fd; /* listens */
  struct sockaddr_un address;
  size_t left; /* of the answers that are not said yet */
  char answers[ANSWER_MAX], *at;
} fake = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* What is said in the next conversation. Returns its length. */
static size_t next_answer(char *out) {
  pthread_mutex_lock(&fake.lock);
  const char *end = fake.left ? memchr(fake.at, SEPARATOR, fake.left) : NULL;
  size_t length = end ? (size_t)(end - fake.at) : fake.left;
  size_t skipped = end ? length + 1 : length;
  memcpy(out, fake.at, length);
  fake.at += skipped;
  fake.left -= skipped;
  pthread_mutex_unlock(&fake.lock);
  return length;
}

static void *answer(void *unused) {
  static char text[ANSWER_MAX];
  char heard[4096];

  for (;;) {
    int fd = accept(fake.fd, NULL, NULL);
    if (fd < 0)
      return unused;
    size_t length = next_answer(text), said = 0;
    while (said < length) {
      ssize_t count = send(fd, text + said, length - said, MSG_NOSIGNAL);
      if (count <= 0)
        break;
      said += (size_t)count;
    }
    shutdown(fd, SHUT_WR);
    while (read(fd, heard, sizeof(heard)) > 0)
      ;
    close(fd);
  }
}

static void delete_socket(void) {
  unlink(fake.address.sun_path);
  *strrchr(fake.address.sun_path, '/') = '\0';
  rmdir(fake.address.sun_path);
}

static void start(void) {
  char folder[] = "/tmp/fuzz_unixsockXXXXXX";
  pthread_t thread;

  if (!mkdtemp(folder))
    abort();
  fake.address.sun_family = AF_UNIX;
  snprintf(fake.address.sun_path, sizeof(fake.address.sun_path), "%s/s",
           folder);
  fake.fd = socket(AF_UNIX, SOCK_STREAM, 0);
  if (bind(fake.fd, (const struct sockaddr *)&fake.address,
           sizeof(fake.address)) != 0 ||
      listen(fake.fd, 8) != 0 ||
      pthread_create(&thread, NULL, answer, NULL) != 0)
    abort();
  pthread_detach(thread);
  atexit(delete_socket);
}

static void must(bool is, const char *what, const char *text) {
  if (is)
    return;
  fprintf(stderr, "wrong: %s: %s\n", what, text);
  abort();
}

/* lines: how many newlines there may be, -1 for any number. */
static void check_text(const char *text, int lines) {
  for (; *text != '\0'; text++)
    if (*text == '\n')
      must(lines-- != 0, "so many lines and no more", text);
    else
      must((unsigned char)*text >= ' ' && *text != 0x7f,
           "no character that a terminal obeys", text);
}

/* Strings are closed and brackets match. */
static void check_json(const char *text) {
  char open[16];
  size_t depth = 0;
  bool quoted = false;

  for (const char *at = text; *at != '\0'; at++) {
    if (*at == '"')
      quoted = !quoted;
    else if (quoted)
      at += *at == '\\';
    else if (*at == '{' || *at == '[') {
      must(depth < sizeof(open), "not so deep", text);
      open[depth++] = *at;
    } else if (*at == '}' || *at == ']') {
      must(depth > 0, "brackets match", text);
      depth--;
      must(open[depth] == (*at == '}' ? '{' : '['), "brackets match", text);
    }
  }
  must(!quoted && depth == 0, "JSON ends", text);
}

/* What a page writes, to be freed. */
static char *written_model(const struct host_model *model, int page) {
  static const struct nagios_choice all = {0, NULL};
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);

  if (page == 0)
    status_json(out, model, NOW_S, 10);
  else if (page == 1)
    status_draw(out, model, NOW_S, false);
  else
    nagios_line(out, model, &all, NOW_S);
  fclose(out);
  return text;
}

static void fetch_model(const struct host_query *query) {
  static struct host_model model;
  char problem[UNIXSOCK_PROBLEM_MAX] = "";

  if (host_model_fetch(query, &model, problem) != 0) {
    must(problem[0] != '\0', "what is wrong is said", "");
    check_text(problem, 0);
    return;
  }
  for (int page = 0; page < 3; page++) {
    char *text = written_model(&model, page);
    check_text(text, page == 1 ? -1 : 1);
    if (page == 0)
      check_json(text);
    free(text);
  }
}

static void fetch_hosts(const struct host_query *query) {
  struct listing_hosts hosts = {0};
  char problem[UNIXSOCK_PROBLEM_MAX] = "", text[256];

  if (host_model_hosts(query, &hosts, problem) != 0)
    must(problem[0] != '\0', "what is wrong is said", "");
  check_text(problem, 0);
  listing_hosts_text(&hosts, text, sizeof(text));
  check_text(text, 0);
  for (size_t i = 1; i < hosts.len; i++)
    must(strcmp(hosts.name[i - 1], hosts.name[i]) < 0, "each once, in order",
         hosts.name[i]);
  listing_hosts_release(&hosts);
}

/* What a page writes of all hosts, to be freed. */
static char *written_fleet(struct fleet *fleet, int page) {
  static const struct nagios_choice all = {0, NULL};
  struct status_fleet view = {fleet, fleet->len, NOW_S, false};
  char *text = NULL;
  size_t size = 0;
  FILE *out = open_memstream(&text, &size);

  if (page == 0)
    status_fleet_json(out, &view);
  else if (page == 1)
    status_fleet_draw(out, &view);
  else
    nagios_fleet_line(out, fleet, &all, NOW_S, 20);
  fclose(out);
  return text;
}

static void fetch_fleet(const struct host_query *query) {
  struct fleet fleet = {0};
  int rc = fleet_fetch(query, NULL, &fleet);

  fleet_sort(&fleet, NOW_S, 20);
  for (int page = 0; rc == 0 && page < 3; page++) {
    char *text = written_fleet(&fleet, page);
    check_text(text, page == 1 ? -1 : 1);
    if (page == 0)
      check_json(text);
    free(text);
  }
  fleet_release(&fleet);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (fake.fd == 0)
    start();
  struct host_query query = {
      .socket_path = fake.address.sun_path, .limit_s = LIMIT_S, .port = 443};

  if (size == 0 || size > ANSWER_MAX)
    return 0;
  pthread_mutex_lock(&fake.lock);
  fake.at = fake.answers;
  fake.left = size - 1;
  memcpy(fake.answers, data + 1, size - 1);
  pthread_mutex_unlock(&fake.lock);
  query.host = data[0] & 1 ? "h" : NULL;
  if (data[0] % 8 < 4)
    fetch_model(&query);
  else if (data[0] % 8 < 6)
    fetch_hosts(&query);
  else
    fetch_fleet(&query);
  return 0;
}
