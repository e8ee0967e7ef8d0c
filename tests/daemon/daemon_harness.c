/* See daemon_harness.h. Each daemon dies with the test that started it. */
#define _GNU_SOURCE
#include "daemon_harness.h"

#include "daemon_child.h"
#include "daemon_talk.h"

#include <check.h>
#include <ftw.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { END_STEPS = 100 }; /* ten seconds */

static char folder[64];

static _Noreturn void give_up(const char *what) {
  perror(what);
  exit(EXIT_FAILURE);
}

static void copy_file(const char *from, const char *to) {
  char piece[64 * 1024];
  size_t len = sizeof(piece);
  FILE *in = fopen(from, "r");
  if (in == NULL)
    give_up(from);
  FILE *out = fopen(to, "w");
  if (out == NULL)
    give_up(to);
  while (len == sizeof(piece)) {
    len = fread(piece, 1, sizeof(piece), in);
    if (fwrite(piece, 1, len, out) != len)
      give_up(to);
  }
  if (ferror(in))
    give_up(from);
  fclose(in);
  if (fclose(out) != 0 || chmod(to, 0644) != 0)
    give_up(to);
}

/* A daemon that is not root may not look into the folder of the build. */
static void copy_plugins(void) {
  static const char *const names[] = {"tcpstates.so", "baseline.so"};
  char dir[96], path[128];
  snprintf(dir, sizeof(dir), "%s/plugins", folder);
  if (mkdir(dir, 0755) != 0 || chmod(dir, 0755) != 0)
    give_up(dir);
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    char built[sizeof(BUILT_PLUGINS) + 32];
    snprintf(built, sizeof(built), "%s/%s", BUILT_PLUGINS, names[i]);
    snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
    copy_file(built, path);
  }
}

void daemon_folder_create(void) {
  strcpy(folder, "/tmp/check_daemon.XXXXXX");
  if (mkdtemp(folder) == NULL || chmod(folder, 0755) != 0)
    give_up(folder);
  copy_plugins();
}

static int remove_one(const char *path, const struct stat *status, int type,
                      struct FTW *ftw) {
  (void)status, (void)type, (void)ftw;
  return remove(path);
}

void daemon_folder_remove(bool keep) {
  if (keep)
    printf("The daemons' folders are kept in %s\n", folder);
  else
    nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void write_plugin_dir(FILE *conf) {
  fprintf(conf, "PluginDir \"%s/plugins\"\n", folder);
}

static void write_plugins(FILE *conf) {
  const char *names = getenv("DAEMON_PLUGINS");
  char list[128];
  snprintf(list, sizeof(list), "%s",
           names != NULL ? names : "tcpstates baseline");
  write_plugin_dir(conf);
  for (char *name = strtok(list, " "); name != NULL; name = strtok(NULL, " "))
    fprintf(conf, "LoadPlugin %s\n", name);
}

static void write_config(const struct daemon *daemon,
                         const struct daemon_setup *setup) {
  char path[DAEMON_PATH_MAX + 32];
  snprintf(path, sizeof(path), "%s/collectd.conf", daemon->dir);
  FILE *conf = fopen(path, "w");
  ck_assert_ptr_nonnull(conf);
  const char *dir = daemon->dir;
  fprintf(conf, "BaseDir \"%s\"\nPIDFile \"%s/pid\"\n", dir, dir);
  fprintf(conf, "Hostname \"testhost\"\nFQDNLookup false\nInterval %s\n",
          setup->interval != NULL ? setup->interval : "1");
  fprintf(conf,
          "LoadPlugin logfile\n<Plugin logfile>\n  LogLevel info\n"
          "  File \"%s/log\"\n  Timestamp true\n</Plugin>\n",
          dir);
  fprintf(conf,
          "LoadPlugin unixsock\n<Plugin unixsock>\n"
          "  SocketFile \"%s/socket\"\n</Plugin>\n",
          dir);
  fprintf(conf,
          "LoadPlugin threshold\nLoadPlugin csv\n<Plugin csv>\n"
          "  DataDir \"%s/csv\"\n</Plugin>\n%s",
          dir, setup->stock != NULL ? setup->stock : "");
  write_plugin_dir(conf);
  fprintf(conf, "%s\n", setup->more != NULL ? setup->more : "");
  write_plugins(conf);
  if (setup->options != NULL)
    fprintf(conf, "<Plugin tcpstates>\n  %s\n</Plugin>\n", setup->options);
  if (setup->baseline != NULL)
    fprintf(conf, "<Plugin baseline>\n  %s\n</Plugin>\n", setup->baseline);
  ck_assert_int_eq(fclose(conf), 0);
}

/* What is in the tables but TCP over IPv4 stays as it is. */
static void make_tables(const struct daemon *daemon, const char *tcp_table) {
  static const char *const copied[] = {"tcp6", "snmp", "netstat", "sockstat"};
  char command[DAEMON_PATH_MAX + 64];
  snprintf(command, sizeof(command), "mkdir %s/net", daemon->dir);
  ck_assert_int_eq(system(command), 0);
  for (size_t i = 0; i < sizeof(copied) / sizeof(copied[0]); i++) {
    snprintf(command, sizeof(command), "cat /proc/net/%s >%s/net/%s", copied[i],
             daemon->dir, copied[i]);
    ck_assert_int_eq(system(command), 0);
  }
  daemon_change_table(daemon, tcp_table);
}

void daemon_change_table(const struct daemon *daemon, const char *text) {
  char path[DAEMON_PATH_MAX + 32], fresh[DAEMON_PATH_MAX + 32];
  snprintf(path, sizeof(path), "%s/net/tcp", daemon->dir);
  snprintf(fresh, sizeof(fresh), "%s/net/fresh", daemon->dir);
  FILE *file = fopen(fresh, "w");
  ck_assert_ptr_nonnull(file);
  ck_assert_int_ge(fputs(text, file), 0);
  ck_assert_int_eq(fclose(file), 0);
  ck_assert_int_eq(rename(fresh, path), 0);
}

static void launch_again(struct daemon *daemon,
                         const struct daemon_setup *setup) {
  write_config(daemon, setup);
  daemon->pid = fork();
  ck_assert_int_ge(daemon->pid, 0);
  if (daemon->pid == 0)
    daemon_child_run(daemon->dir, setup);
}

static void launch(struct daemon *daemon, const struct daemon_setup *setup) {
  ck_assert_int_lt(
      snprintf(daemon->dir, sizeof(daemon->dir), "%s/XXXXXX", folder),
      (int)sizeof(daemon->dir));
  ck_assert_ptr_nonnull(mkdtemp(daemon->dir));
  ck_assert_int_eq(chmod(daemon->dir, 0777), 0);
  if (setup->tcp_table != NULL)
    make_tables(daemon, setup->tcp_table);
  launch_again(daemon, setup);
}

static int count_starts(const struct daemon *daemon) {
  return daemon_count_log(daemon, "Initialization complete");
}

/* From the given place to the end of its line. */
static int line_length(const char *at) { return (int)strcspn(at, "\n"); }

const char *daemon_load_failure(const char *said) {
  static const char *const words[] = {"dlopen(\"",
                                      "plugin_load: Load plugin \"",
                                      "plugin_load: Could not find plugin "};
  const char *first = NULL;
  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
    const char *found = strstr(said, words[i]);
    if (found != NULL && (first == NULL || found < first))
      first = found;
  }
  return first;
}

/* Such a daemon is of no use to a test, whether it goes on or ends. */
static void fail_where_a_plugin_is_missing(const struct daemon *daemon) {
  static const char *const names[] = {"stderr", "log"};
  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    char *said = daemon_read_file(daemon, names[i]);
    const char *failure = daemon_load_failure(said);
    if (failure != NULL)
      ck_abort_msg("%.*s", line_length(failure), failure);
    free(said);
  }
}

/* The socket may be there before the last plugin has begun, and whoever flushes
 * then is told that all is well; or a moment after, for a thread makes it. */
static void await_start(struct daemon *daemon, int starts) {
  char path[DAEMON_PATH_MAX + 32];
  snprintf(path, sizeof(path), "%s/socket", daemon->dir);
  for (int i = 0; i < DAEMON_WAIT_STEPS; i++) {
    fail_where_a_plugin_is_missing(daemon);
    if (count_starts(daemon) == starts && access(path, F_OK) == 0)
      return;
    if (waitpid(daemon->pid, NULL, WNOHANG) != 0)
      break;
    daemon_pause(0.1);
  }
  fail_where_a_plugin_is_missing(daemon);
  char *said = daemon_read_file(daemon, "stderr");
  ck_abort_msg("collectd did not start: %s", said);
}

void daemon_start(struct daemon *daemon, const struct daemon_setup *setup) {
  launch(daemon, setup);
  await_start(daemon, 1);
}

void daemon_start_again(struct daemon *daemon,
                        const struct daemon_setup *setup) {
  char path[DAEMON_PATH_MAX + 32];
  int starts = count_starts(daemon);
  snprintf(path, sizeof(path), "%s/socket", daemon->dir);
  unlink(path); /* of one that was killed */
  launch_again(daemon, setup);
  await_start(daemon, starts + 1);
}

static int await_end(pid_t pid) {
  int status = 0;
  for (int i = 0; i < END_STEPS; i++) {
    if (waitpid(pid, &status, WNOHANG) == pid)
      return status;
    daemon_pause(0.1);
  }
  kill(pid, SIGKILL);
  waitpid(pid, &status, 0);
  return -1;
}

int daemon_stop(struct daemon *daemon) {
  daemon_hang_up();
  ck_assert_int_eq(kill(daemon->pid, SIGTERM), 0);
  return await_end(daemon->pid);
}

int daemon_run_refused(const struct daemon_setup *setup, char *output) {
  struct daemon daemon;
  launch(&daemon, setup);
  int status = await_end(daemon.pid);
  char *said = daemon_read_file(&daemon, "stderr");
  char *log = daemon_read_file(&daemon, "log");
  snprintf(output, DAEMON_TEXT_MAX, "%s%s", said, log);
  free(said);
  free(log);
  return status;
}
