/* Fetches the values of one host through libcollectdclient: LISTVAL to learn
 * what there is, GETVAL for what is shown. Touches the unixsock. */
#define _POSIX_C_SOURCE 200809L
#include "status_model.h"

#include <collectd/client.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HOSTS_LISTED = 8, PROBED_PATH_MAX = 107 };

/* libcollectdclient keeps no error number: try the socket to learn why. */
static int connect_error(const char *socket_path) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  if (strlen(socket_path) > PROBED_PATH_MAX)
    return ENAMETOOLONG;
  memcpy(address.sun_path, socket_path, strlen(socket_path));
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return errno;
  int error = 0;
  if (connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0)
    error = errno;
  close(fd);
  return error;
}

static const char *connect_advice(int error) {
  switch (error) {
  case ENOENT:
    return "is collectd running, with the line \"LoadPlugin unixsock\" in "
           "collectd.conf? Another socket is named with -s";
  case ECONNREFUSED:
    return "nobody listens there: collectd is not running";
  case EACCES:
    return "run this as root, or set SocketGroup and SocketPerms in "
           "<Plugin unixsock>";
  default:
    return "is this the socket of collectd's plugin unixsock?";
  }
}

static lcc_connection_t *connect_daemon(const char *socket_path,
                                        char *problem) {
  char address[PROBED_PATH_MAX + sizeof("unix:")];
  lcc_connection_t *connection = NULL;
  int error = connect_error(socket_path);
  if (error == 0) {
    snprintf(address, sizeof(address), "unix:%s", socket_path);
    if (lcc_connect(address, &connection) == 0)
      return connection;
    error = ECONNABORTED;
  }
  snprintf(problem, STATUS_PROBLEM_MAX, "%.200s: %s; %s", socket_path,
           strerror(error), connect_advice(error));
  return NULL;
}

static bool is_of_tcpstates(const lcc_identifier_t *ident) {
  return strcmp(ident->plugin, "tcpstates") == 0 &&
         strcmp(ident->plugin_instance, "all") == 0;
}

static bool is_shown(const lcc_identifier_t *ident, const char *host) {
  return strcmp(ident->host, host) == 0 &&
         (is_of_tcpstates(ident) || strcmp(ident->plugin, "baseline") == 0);
}

/* Each host once; a reading is taken by its current_connections-active. */
static bool names_a_host(const lcc_identifier_t *ident) {
  return is_of_tcpstates(ident) &&
         strcmp(ident->type, "current_connections") == 0 &&
         strcmp(ident->type_instance, "active") == 0;
}

static bool is_this_machine(const char *host) {
  char name[256] = "";
  if (gethostname(name, sizeof(name) - 1) != 0)
    return false;
  size_t len = strlen(name);
  return strncmp(host, name, len) == 0 &&
         (host[len] == '\0' || host[len] == '.');
}

/* "a, b, c and 12 more" */
static void list_hosts(const lcc_identifier_t *idents, size_t idents_len,
                       char *text, size_t text_max) {
  size_t hosts = 0, len = 0;
  text[0] = '\0';
  for (size_t i = 0; i < idents_len; i++) {
    if (!names_a_host(&idents[i]))
      continue;
    if (hosts < HOSTS_LISTED && len < text_max)
      len += (size_t)snprintf(text + len, text_max - len, "%s%.24s",
                              hosts == 0 ? "" : ", ", idents[i].host);
    hosts++;
  }
  if (hosts > HOSTS_LISTED && len < text_max)
    snprintf(text + len, text_max - len, " and %zu more", hosts - HOSTS_LISTED);
}

/* Returns the host to show, or NULL with *problem filled. */
static const char *choose_host(const lcc_identifier_t *idents,
                               size_t idents_len, const char *wanted,
                               char *problem) {
  const char *only = NULL, *own = NULL;
  size_t hosts = 0;
  for (size_t i = 0; i < idents_len; i++) {
    if (!names_a_host(&idents[i]))
      continue;
    if (wanted != NULL && strcmp(idents[i].host, wanted) == 0)
      return idents[i].host;
    hosts++;
    only = idents[i].host;
    if (is_this_machine(idents[i].host))
      own = idents[i].host;
  }
  if (wanted == NULL && hosts == 1)
    return only;
  if (wanted == NULL && own != NULL)
    return own;

  char known[STATUS_PROBLEM_MAX / 2];
  list_hosts(idents, idents_len, known, sizeof(known));
  if (hosts == 0)
    snprintf(problem, STATUS_PROBLEM_MAX,
             "the daemon has no values of tcpstates: is the line \"LoadPlugin "
             "tcpstates\" in collectd.conf? After a start the first values "
             "take one interval");
  else if (wanted != NULL)
    snprintf(problem, STATUS_PROBLEM_MAX,
             "the daemon has no values of tcpstates from host %.64s; it has "
             "those of %s",
             wanted, known);
  else
    snprintf(problem, STATUS_PROBLEM_MAX,
             "the daemon has values of %zu hosts; name one with -H: %s", hosts,
             known);
  return NULL;
}

static void fetch_value(lcc_connection_t *connection, lcc_identifier_t *ident,
                        struct status_value *value) {
  size_t rates_len = 0;
  gauge_t *rates = NULL;
  snprintf(value->plugin, sizeof(value->plugin), "%s", ident->plugin);
  snprintf(value->instance, sizeof(value->instance), "%s",
           ident->plugin_instance);
  snprintf(value->type, sizeof(value->type), "%s", ident->type);
  snprintf(value->type_instance, sizeof(value->type_instance), "%s",
           ident->type_instance);
  value->value = NAN;
  /* What expires between LISTVAL and GETVAL is unknown, not an error. */
  if (lcc_getval(connection, ident, &rates_len, &rates, NULL) == 0 &&
      rates_len > 0)
    value->value = rates[0];
  free(rates);
}

static int fetch_all(lcc_connection_t *connection, const char *wanted,
                     struct status_model *model, char *problem) {
  lcc_identifier_t *idents = NULL;
  size_t idents_len = 0;
  if (lcc_listval(connection, &idents, &idents_len) != 0) {
    snprintf(problem, STATUS_PROBLEM_MAX, "the daemon did not answer: %s",
             lcc_strerror(connection));
    return -1;
  }
  const char *host = choose_host(idents, idents_len, wanted, problem);
  if (host != NULL) {
    model->values_len = 0;
    snprintf(model->host, sizeof(model->host), "%s", host);
    for (size_t i = 0; i < idents_len; i++)
      if (is_shown(&idents[i], host) && model->values_len < STATUS_VALUES_MAX)
        fetch_value(connection, &idents[i],
                    &model->values[model->values_len++]);
  }
  free(idents);
  return host != NULL ? 0 : -1;
}

int status_model_fetch(const char *socket_path, const char *host,
                       struct status_model *model, char *problem) {
  lcc_connection_t *connection = connect_daemon(socket_path, problem);
  if (connection == NULL)
    return -1;
  int rc = fetch_all(connection, host, model, problem);
  lcc_disconnect(connection);
  return rc;
}

double status_model_find(const struct status_model *model, const char *plugin,
                         const char *instance, const char *type,
                         const char *type_instance) {
  for (size_t i = 0; i < model->values_len; i++) {
    const struct status_value *value = &model->values[i];
    if (strcmp(value->plugin, plugin) == 0 &&
        strcmp(value->instance, instance) == 0 &&
        strcmp(value->type, type) == 0 &&
        strcmp(value->type_instance, type_instance) == 0)
      return value->value;
  }
  return NAN;
}

static int compare_names(const void *left, const void *right) {
  const char *const *a = left, *const *b = right;
  return strcmp(*a, *b);
}

size_t status_model_incidents(const struct status_model *model,
                              const char **names, size_t names_max) {
  size_t len = 0;
  for (size_t i = 0; i < model->values_len && len < names_max; i++) {
    const struct status_value *value = &model->values[i];
    if (strcmp(value->plugin, "baseline") == 0 &&
        strcmp(value->type, "gauge") == 0 &&
        strcmp(value->type_instance, "severity") == 0)
      names[len++] = value->instance;
  }
  qsort(names, len, sizeof(names[0]), compare_names);
  return len;
}
