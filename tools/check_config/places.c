/* The folders and files that the configuration names: whether they are there,
 * and whether whoever runs this may write them. Only looks. */
#include "site.h"

#include "conf/conf_look.h"
#include "daemon/unixsock.h"
#include "lib/words.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { PATH_BYTES = 2 * RULES_PATH_MAX, TYPES_MAX = 32 };

/* The folder of a path; "." where it names none. */
static void folder_of(const char *path, char *folder) {
  const char *slash = strrchr(path, '/');

  if (!slash)
    snprintf(folder, PATH_BYTES, ".");
  else if (slash == path)
    snprintf(folder, PATH_BYTES, "/");
  else
    snprintf(folder, PATH_BYTES, "%.*s", (int)(slash - path), path);
}

/* Who may not write is the daemon's user only if that user runs this. */
static void tell_not_writable(struct site *site, const struct conf_node *node,
                              const char *what, const char *path, int error) {
  if (geteuid() == 0 || error == EROFS)
    findings_error(site->findings, node, "%s: %.300s cannot be written: %s",
                   what, path, strerror(error));
  else
    findings_warning(site->findings, node,
                     "%s: user %ld, who runs this check, may not write "
                     "%.300s; the daemon's user must",
                     what, (long)geteuid(), path);
}

/* Returns whether the folder is there, as far as can be seen. */
static bool check_folder(struct site *site, const struct conf_node *node,
                         const char *what, const char *folder) {
  struct stat about = {.st_mode = S_IFDIR};

  if (stat(folder, &about) != 0 && errno != EACCES) {
    findings_error(site->findings, node, "%s: %.300s: %s", what, folder,
                   strerror(errno));
    return false;
  }
  if (!S_ISDIR(about.st_mode)) {
    findings_error(site->findings, node, "%s: %.300s is no folder", what,
                   folder);
    return false;
  }
  if (access(folder, W_OK | X_OK) != 0)
    tell_not_writable(site, node, what, folder, errno);
  return true;
}

static void check_unixsock(struct site *site) {
  const struct conf_node *load = conf_look_load(site->tree, "unixsock");
  const struct conf_node *option =
      conf_look_option(site->tree, "unixsock", "SocketFile");
  const char *path = conf_look_text(site->tree, "unixsock", "SocketFile",
                                    UNIXSOCK_DEFAULT_PATH);
  struct sockaddr_un address;
  char folder[PATH_BYTES];

  if (!load) {
    findings_warning(site->findings, NULL,
                     "unixsock is not loaded: status, watch, check, explain "
                     "and notify-test need LoadPlugin unixsock");
    return;
  }
  if (!option)
    option = load;
  if (strlen(path) >= sizeof(address.sun_path)) {
    findings_error(site->findings, option,
                   "SocketFile is longer than %zu characters",
                   sizeof(address.sun_path) - 1);
    return;
  }
  folder_of(path, folder);
  check_folder(site, option, "SocketFile", folder);
}

/* The options of a plugin's own user stand in <Plugin baseline>. */
static void check_state_file(struct site *site) {
  const struct conf_node *option =
      conf_look_option(site->tree, "baseline", "StateFile");
  const char *base = conf_look_global(site->tree, "BaseDir", NULL);
  const char *file = site->rules.state_file;
  char path[PATH_BYTES], folder[PATH_BYTES];
  struct stat about;

  if (!site->has_baseline || file[0] == '\0')
    return;
  if (!option)
    option = conf_look_load(site->tree, "baseline");
  if (!base && file[0] != '/')
    base = "/var/lib/collectd";
  snprintf(path, sizeof(path), "%.4000s%s%.4000s", file[0] == '/' ? "" : base,
           file[0] == '/' ? "" : "/", file);
  folder_of(path, folder);
  /* collectd makes its BaseDir, but no other folder. */
  if (base && strcmp(folder, base) == 0 && access(folder, F_OK) != 0 &&
      errno == ENOENT)
    return;
  if (!check_folder(site, option, "StateFile", folder) ||
      lstat(path, &about) != 0)
    return;
  if (!S_ISREG(about.st_mode))
    findings_error(site->findings, option,
                   "StateFile: %.300s is %s; baseline saves to a regular file "
                   "only",
                   path, S_ISLNK(about.st_mode) ? "a link" : "no file");
  else if (access(path, R_OK) != 0 && geteuid() == 0)
    findings_error(site->findings, option, "StateFile: cannot read %.300s: %s",
                   path, strerror(errno));
}

/* The types that our plugins dispatch, each once, and which are found. */
struct types {
  struct findings *findings;
  size_t len;
  const char *name[TYPES_MAX];
  bool found[TYPES_MAX];
};

static void add_type(struct types *types, const char *name) {
  for (size_t i = 0; i < types->len; i++)
    if (strcmp(types->name[i], name) == 0)
      return;
  if (types->len < TYPES_MAX)
    types->name[types->len++] = name;
}

static void collect_types(const struct site *site, struct types *types) {
  for (size_t i = 0; site->has_tcpstates && metrics_type(i) != NULL; i++)
    add_type(types, metrics_type(i));
  if (site->has_baseline) { /* baseline_metrics.c */
    add_type(types, "gauge");
    add_type(types, "duration");
  }
}

/* A line is "name source, ..."; "#" begins a comment. */
static void find_types(FILE *file, struct types *types) {
  char *line = NULL;
  size_t size = 0;

  errno = 0;
  while (getline(&line, &size, file) >= 0) {
    size_t length = strcspn(line, " \t\n");
    for (size_t i = 0; i < types->len; i++)
      if (strlen(types->name[i]) == length &&
          memcmp(types->name[i], line, length) == 0)
        types->found[i] = true;
  }
  findings_starved(types->findings, errno);
  free(line);
}

static bool read_types(const char *path, struct types *types) {
  FILE *file = fopen(path, "re");

  if (!file) {
    findings_starved(types->findings, errno);
    return false;
  }
  find_types(file, types);
  fclose(file);
  return true;
}

static bool read_usual_types(struct types *types) {
  static const char *const places[] = {"/usr/share/collectd/types.db",
                                       "/usr/local/share/collectd/types.db",
                                       "/opt/collectd/share/collectd/types.db"};

  for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
    if (read_types(places[i], types))
      return true;
  return false;
}

static void read_named_types(struct site *site, const struct conf_node *node,
                             struct types *types) {
  for (size_t i = 0; i < node->values_len; i++) {
    const char *path = node->values[i].text;
    if (path && !read_types(path, types))
      findings_error(site->findings, node, "TypesDB: cannot open %.300s: %s",
                     path, strerror(errno));
  }
}

static void tell_missing(struct site *site, const struct conf_node *named,
                         const struct types *types) {
  char list[256];
  struct words_list words = words_list_begin(list, sizeof(list), TYPES_MAX);

  for (size_t i = 0; i < types->len; i++)
    if (!types->found[i])
      words_list_add(&words, types->name[i]);
  words_list_end(&words);
  if (list[0] != '\0')
    findings_error(site->findings, named,
                   "values are dropped, for no types.db has their types: %s%s",
                   list,
                   named ? "; with a TypesDB collectd no longer reads its own "
                           "types.db: name that one, too"
                         : "");
}

static void check_types(struct site *site) {
  const struct conf_node *root = &site->tree->root, *named = NULL;
  struct types types = {.findings = site->findings};

  collect_types(site, &types);
  for (size_t i = 0; i < root->children_len; i++)
    if (conf_node_is(&root->children[i], "TypesDB")) {
      named = &root->children[i];
      read_named_types(site, named, &types);
    }
  if (!named && !read_usual_types(&types)) {
    findings_warning(site->findings, NULL,
                     "no types.db was found in the usual places; name it with "
                     "TypesDB");
    return;
  }
  tell_missing(site, named, &types);
}

static void check_auth_file(struct site *site) {
  const struct conf_node *block = NULL;

  while ((block = conf_look_block(site->tree, "network", block)) != NULL)
    for (size_t i = 0; i < block->children_len; i++) {
      const struct conf_node *option =
          conf_node_last(&block->children[i], "AuthFile");
      const char *path = option ? conf_node_string(option) : NULL;
      if (path && access(path, R_OK) != 0 &&
          (errno != EACCES || geteuid() == 0))
        findings_error(site->findings, option,
                       "AuthFile: cannot read %.300s: %s", path,
                       strerror(errno));
    }
}

void places_check(struct site *site) {
  check_unixsock(site);
  check_state_file(site);
  check_types(site);
  check_auth_file(site);
}
