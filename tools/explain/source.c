/* See explain_source.h. Touches files and the unixsock. Source of the facts:
 * collectd-unixsock(5); FLUSH answers when the plugin's flush has returned. */
#include "source.h"

#include "conf/conf_rules.h"
#include "io/state_file.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_BASE_DIR "/var/lib/collectd"

/* Where distributions keep it. */
static const char *const config_paths[] = {"/etc/collectd/collectd.conf",
                                           "/etc/collectd.conf"};

__attribute__((format(printf, 2, 3))) static int fail(char *problem,
                                                      const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  vsnprintf(problem, EXPLAIN_PROBLEM_MAX, format, arguments);
  va_end(arguments);
  return -1;
}

/* The one that is named, or the first that is there. */
static const char *find_config(const char *wanted) {
  size_t count = sizeof(config_paths) / sizeof(config_paths[0]);

  for (size_t i = 0; !wanted && i < count; i++)
    if (access(config_paths[i], R_OK) == 0)
      return config_paths[i];
  return wanted;
}

/* A name without a slash in front is below the daemon's BaseDir. */
static int find_state(const struct explain_wanted *wanted, const char *base_dir,
                      struct explain_source *out, char *problem) {
  const char *name =
      wanted->state_path ? wanted->state_path : out->rules.state_file;

  if (name[0] == '\0')
    return fail(problem,
                "StateFile is \"\" in %s: nothing is saved that could "
                "be explained; give <Plugin baseline> a StateFile",
                out->config_path ? out->config_path : "the settings");
  bool is_whole = wanted->state_path || name[0] == '/';
  snprintf(out->state_path, sizeof(out->state_path), "%s%s%s",
           is_whole ? "" : base_dir, is_whole ? "" : "/", name);
  return 0;
}

static int read_settings(const struct explain_wanted *wanted,
                         struct explain_source *out, char *problem) {
  char base_dir[RULES_PATH_MAX] = DEFAULT_BASE_DIR;
  char error[CONF_ERROR_MAX];
  size_t blocks = 0;

  rules_defaults(&out->rules);
  out->config_path = find_config(wanted->config_path);
  if (out->config_path && conf_rules_read_file(out->config_path, &out->rules,
                                               &blocks, base_dir, error) != 0)
    return fail(problem, "%s", error);
  return find_state(wanted, base_dir, out, problem);
}

static int read_answer(const char *line, char *problem) {
  if (strcmp(line, "0 Done: 1 successful, 0 errors") == 0)
    return 0;
  return fail(problem,
              "the daemon could not save its state: it says \"%.200s\"; its "
              "log tells why",
              line);
}

static int ask_daemon(const char *path, double limit_s, char *problem) {
  struct unixsock *daemon = NULL;
  const char *line = NULL;
  int rc = unixsock_open(path, limit_s, &daemon);

  if (rc == 0)
    rc = unixsock_send(daemon, "FLUSH plugin=baseline");
  if (rc == 0)
    rc = unixsock_line(daemon, &line);
  if (rc != 0)
    unixsock_explain(path, -rc, problem);
  else
    rc = read_answer(line, problem);
  unixsock_close(daemon);
  return rc == 0 ? 0 : -1;
}

static int explain_missing(const struct explain_source *source, int error,
                           char *problem) {
  const char *path = source->state_path;

  if (error == EACCES || error == EPERM)
    return fail(problem,
                "%.400s: Permission denied: run this as root, or as the user "
                "that collectd runs as",
                path);
  if (error == ENOENT && source->is_asked)
    return fail(problem,
                "the daemon has saved nothing at %.400s: is the line "
                "\"LoadPlugin baseline\" in its collectd.conf? Where that is "
                "another file, name it with -C; or the state with --state",
                path);
  if (error == ENOENT)
    return fail(problem, "there is no state at %.400s", path);
  return fail(problem, "%.400s: %s", path, strerror(error));
}

/* collectd answers FLUSH with success for plugins it has not loaded, too. */
static int check_saved(const struct explain_source *source, double before_s,
                       char *problem) {
  if (!source->is_asked || source->saved_s >= before_s - 1)
    return 0;
  return fail(problem,
              "the daemon has not saved %.400s now: is the line \"LoadPlugin "
              "baseline\" in its collectd.conf? Where it saves elsewhere, name "
              "its collectd.conf with -C. --state %.400s explains that file as "
              "it is",
              source->state_path, source->state_path);
}

int explain_source_open(const struct explain_wanted *wanted, double now_s,
                        struct explain_source *out, char *problem) {
  const char *socket_path = wanted->socket_path;

  out->text = NULL;
  if (!socket_path && !wanted->state_path)
    socket_path = UNIXSOCK_DEFAULT_PATH;
  out->is_asked = socket_path != NULL;
  if (read_settings(wanted, out, problem) != 0 ||
      (socket_path && ask_daemon(socket_path, wanted->limit_s, problem) != 0))
    return -1;
  int rc = state_file_read(out->state_path, &out->text, &out->length);
  if (rc != 0)
    return explain_missing(out, -rc, problem);
  out->saved_s = state_text_saved_s(out->text, out->length);
  rc = check_saved(out, now_s, problem);
  if (rc != 0)
    explain_source_release(out);
  return rc;
}

void explain_source_release(struct explain_source *source) {
  free(source->text);
  source->text = NULL;
}
