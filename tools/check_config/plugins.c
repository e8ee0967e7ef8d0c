/* LoadPlugin and <Plugin> of all plugins: what is loaded twice, configured
 * before it is loaded or not at all, and what cannot be loaded. Touches the
 * files of plugins, and loads each in a process of its own. Source:
 * dispatch_loadplugin of configfile.c and plugin_load of plugin.c, collectd
 * 5.12. */
#include "site.h"

#include "conf/conf_look.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATH_BYTES = 4096, ANSWER_MAX = 512, LOAD_S = 10 };

static bool is_ours(const char *plugin) {
  return strcasecmp(plugin, "tcpstates") == 0 ||
         strcasecmp(plugin, "baseline") == 0;
}

/* A file by its name in any case, as collectd finds it. */
static bool find_file(struct findings *findings, const char *folder,
                      const char *plugin, char *path) {
  char wanted[256];
  const struct dirent *entry = NULL;
  bool found = false;
  DIR *dir = opendir(folder);

  if (!dir) {
    findings_starved(findings, errno);
    return false;
  }
  snprintf(wanted, sizeof(wanted), "%.200s.so", plugin);
  while (!found && (entry = readdir(dir)) != NULL)
    if (strcasecmp(entry->d_name, wanted) == 0)
      found = snprintf(path, PATH_BYTES, "%s/%s", folder, entry->d_name) <
              PATH_BYTES;
  closedir(dir);
  return found;
}

/* Where collectd looks if no PluginDir is set: the first usual folder with
 * plugins of its own. */
static const char *usual_folder(struct findings *findings) {
  static const char *const folders[] = {
      COLLECTD_PLUGIN_DIR, "/usr/lib/collectd", "/usr/lib64/collectd",
      "/usr/local/lib/collectd", "/opt/collectd/lib/collectd"};
  static const char *const stock[] = {"unixsock", "logfile", "syslog"};
  char path[PATH_BYTES];

  for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
    for (size_t j = 0; j < sizeof(stock) / sizeof(stock[0]); j++)
      if (find_file(findings, folders[i], stock[j], path))
        return folders[i];
  return folders[0];
}

/* In the child: what the loader says. Functions of the daemon are missing here,
 * but libraries are looked for before them. What a library prints when it is
 * loaded is no finding. */
static _Noreturn void try_to_load(const char *path, int answer) {
  int null = open("/dev/null", O_RDWR | O_CLOEXEC);

  alarm(LOAD_S);
  if (null >= 0) {
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
  }
  if (dlopen(path, RTLD_LAZY | RTLD_LOCAL) == NULL) {
    const char *said = dlerror();
    if (said && strstr(said, "undefined symbol") == NULL &&
        strstr(said, "symbol not found") == NULL &&
        write(answer, said, strnlen(said, ANSWER_MAX - 1)) < 0)
      _exit(1);
  }
  _exit(0);
}

/* All that comes until the other end is closed. */
static void read_answer(int from, char *answer) {
  size_t used = 0;
  ssize_t got = 1;

  while (got != 0 && used < ANSWER_MAX - 1) {
    got = read(from, answer + used, ANSWER_MAX - 1 - used);
    if (got < 0 && errno != EINTR)
      break;
    used += got > 0 ? (size_t)got : 0;
  }
  answer[used] = '\0';
}

static void await_end(pid_t child, char *answer) {
  int status = 0;

  while (waitpid(child, &status, 0) < 0 && errno == EINTR)
    ;
  if (WIFSIGNALED(status))
    snprintf(answer, ANSWER_MAX, "loading it ends with signal %d (%s)",
             WTERMSIG(status), strsignal(WTERMSIG(status)));
}

/* Why a file cannot be loaded: ANSWER_MAX bytes; "" if nothing speaks against
 * it. 0 or -errno: nobody was asked. */
static int ask_loader(const char *path, char *answer) {
  int ends[2];

  answer[0] = '\0';
  if (pipe(ends) != 0)
    return -errno;
  fflush(NULL);
  pid_t child = fork();
  int error = child < 0 ? -errno : 0;
  if (child == 0) {
    close(ends[0]);
    try_to_load(path, ends[1]);
  }
  close(ends[1]);
  if (child > 0) {
    read_answer(ends[0], answer);
    await_end(child, answer);
  }
  close(ends[0]);
  return error;
}

static void check_file(struct site *site, const struct conf_node *node,
                       const char *plugin, const char *folder) {
  char path[PATH_BYTES], answer[ANSWER_MAX];
  struct stat file;

  if (!find_file(site->findings, folder, plugin, path)) {
    findings_error(site->findings, node,
                   "plugin %.60s cannot be loaded: there is no %.60s.so in "
                   "%.300s (PluginDir)%s",
                   plugin, plugin, folder,
                   is_ours(plugin) ? "; copy it there, or install the package"
                                   : "");
    return;
  }
  if (lstat(path, &file) != 0 || !S_ISREG(file.st_mode)) {
    findings_error(site->findings, node,
                   "plugin %.60s cannot be loaded: %.300s is a link or no "
                   "file; collectd takes regular files only",
                   plugin, path);
    return;
  }
  int error = ask_loader(path, answer);
  if (error != 0)
    findings_warning(site->findings, node,
                     "plugin %.60s: whether it can be loaded was not tried: %s",
                     plugin, strerror(-error));
  if (answer[0] != '\0')
    findings_error(site->findings, node,
                   "plugin %.60s cannot be loaded: %.400s", plugin, answer);
}

static void check_interval(struct site *site, const struct conf_node *option) {
  double interval_s = conf_look_number(option);

  if (isnan(interval_s) || interval_s <= 0)
    findings_error(site->findings, option,
                   "Interval must be a number of seconds above 0");
}

static void check_options(struct site *site, const struct conf_node *load,
                          const char *plugin) {
  static const char *const known[] = {"Globals", "Interval", "FlushInterval",
                                      "FlushTimeout", NULL};

  for (size_t i = 0; i < load->children_len; i++) {
    const struct conf_node *option = &load->children[i];
    size_t k = 0;
    while (known[k] && !conf_node_is(option, known[k]))
      k++;
    if (!known[k])
      findings_warning(site->findings, option,
                       "collectd ignores %.60s here; <LoadPlugin> knows "
                       "Globals, Interval, FlushInterval and FlushTimeout, and "
                       "what the plugin itself knows belongs to <Plugin>",
                       option->key);
    else if (k == 1)
      check_interval(site, option);
    else if (k == 0 && is_ours(plugin) && conf_look_true(option))
      findings_warning(site->findings, option,
                       "Globals true is of no use for %.60s: it exports "
                       "nothing that others need",
                       plugin);
  }
}

/* The children of the root before `limit`. */
static const struct conf_node *loaded_before(const struct site *site,
                                             size_t limit, const char *plugin) {
  const struct conf_node *children = site->tree->root.children;

  for (size_t i = 0; i < limit; i++)
    if (conf_look_is(&children[i], "LoadPlugin", plugin))
      return &children[i];
  return NULL;
}

static void check_load(struct site *site, size_t i, const char *folder) {
  const struct conf_node *load = &site->tree->root.children[i];
  const char *plugin = conf_node_string(load);

  if (!plugin) {
    findings_error(site->findings, load, "LoadPlugin needs exactly one name");
    return;
  }
  const struct conf_node *before = loaded_before(site, i, plugin);
  if (before) {
    findings_warning(site->findings, load,
                     "plugin %.60s is loaded already, at %.300s:%u; collectd "
                     "ignores this one and what it sets",
                     plugin, before->file, before->line);
    return;
  }
  check_options(site, load, plugin);
  check_file(site, load, plugin, folder);
}

/* collectd ignores a block of a plugin that is not loaded by then, but for a
 * line in its log. */
static void check_order(struct site *site, size_t i) {
  const struct conf_node *block = &site->tree->root.children[i];
  const char *plugin = block->values_len > 0 ? block->values[0].text : NULL;

  if (!plugin || block->children_len == 0 || loaded_before(site, i, plugin) ||
      conf_look_true(conf_node_last(&site->tree->root, "AutoLoadPlugin")))
    return;
  const struct conf_node *load = conf_look_load(site->tree, plugin);
  enum findings_severity severity =
      is_ours(plugin) ? FINDINGS_ERROR : FINDINGS_WARNING;
  if (load)
    findings_add(site->findings, severity, block->file, block->line,
                 "collectd ignores this block: it stands before LoadPlugin "
                 "%.60s, at %.300s:%u",
                 plugin, load->file, load->line);
  else
    findings_add(site->findings, severity, block->file, block->line,
                 "collectd ignores this block: there is no LoadPlugin %.60s",
                 plugin);
}

static void check_ours(struct site *site) {
  site->has_tcpstates = conf_look_load(site->tree, "tcpstates") != NULL;
  site->has_baseline = conf_look_load(site->tree, "baseline") != NULL;
  if (!site->has_tcpstates && !site->has_baseline)
    findings_error(site->findings, NULL,
                   "neither tcpstates nor baseline is loaded: add LoadPlugin "
                   "tcpstates and LoadPlugin baseline");
}

void plugins_check(struct site *site) {
  const char *folder = NULL;

  for (size_t i = 0; i < site->tree->root.children_len; i++) {
    const struct conf_node *node = &site->tree->root.children[i];
    if (conf_node_is(node, "PluginDir") && conf_node_string(node))
      folder = conf_node_string(node);
    if (conf_node_is(node, "LoadPlugin")) {
      if (!folder)
        folder = usual_folder(site->findings);
      check_load(site, i, folder);
    } else if (conf_node_is(node, "Plugin"))
      check_order(site, i);
  }
  check_ours(site);
}
