/* Subcommand check-config: the mistakes in a collectd.conf, before collectd is
 * restarted with it. */
#include "subcommand.h"

#include "conf/conf_look.h"
#include "lib/json.h"
#include "lib/options.h"
#include "site.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* Beside SUBCOMMAND_DONE and SUBCOMMAND_FAILED. */
enum { EXIT_UNREAD = SUBCOMMAND_USAGE };

struct check_config_options {
  const char *config;
  bool strict, json;
};

#define AT(member) .at = offsetof(struct check_config_options, member)

static const struct options_row rows[] = {
    {"config", 'C', "FILE",
     "the configuration; what it includes is read, too\n(default "
     "/etc/collectd/collectd.conf)",
     .kind = OPTIONS_TEXT, AT(config)},
    {"strict", 0, NULL, "exit status 1 for warnings, too", .kind = OPTIONS_FLAG,
     AT(strict)},
    {"json", 0, NULL, "one JSON object instead of lines", .kind = OPTIONS_FLAG,
     AT(json)},
    {"help", 'h', NULL, "print this help", .kind = OPTIONS_HELP},
};

static const struct options_command command = {
    .name = "check-config",
    .usage =
        "Usage: collectd-baseline check-config [OPTION]...\n"
        "\n"
        "Reads a collectd.conf and names every mistake that concerns tcpstates "
        "and\nbaseline, with file and line. Run it as the daemon's user, in "
        "the folder that\ncollectd is started in; it changes nothing.\n"
        "\n",
    .rows = rows,
    .rows_len = sizeof(rows) / sizeof(rows[0]),
    .usage_end =
        "\n"
        "Exit status: 0 no errors; 1 errors; 2 a file could not be read, or "
        "usage.\nA warning is about what works, but is probably not meant.\n",
};

static void take_mistake(void *context, enum conf_tree_mistake mistake,
                         const char *file, unsigned line, bool in_folder,
                         const char *words) {
  struct findings *findings = context;

  switch (mistake) {
  case CONF_TREE_SYNTAX:
  case CONF_TREE_FILTERED:
    findings_add(findings, FINDINGS_ERROR, file, line, "%.700s%s", words,
                 in_folder ? "; collectd leaves this whole file out, and starts"
                           : "");
    break;
  case CONF_TREE_MISSING:
    findings_add(findings, FINDINGS_WARNING, file, line, "%.700s", words);
    break;
  case CONF_TREE_UNREADABLE:
    findings->unread = true;
    findings_add(findings, FINDINGS_ERROR, file, line, "%.700s", words);
    break;
  }
}

static void check_all(struct site *site, const char *config) {
  if (site->tree->root.children_len == 0)
    findings_add(site->findings, FINDINGS_ERROR, config, 0,
                 "is empty: collectd does not start");
  plugins_check(site);
  ours_check(site);
  chains_check(site);
  places_check(site);
  habits_check(site);
  findings_sort(site->findings, site->tree);
}

static const char *severity_word(enum findings_severity severity) {
  return severity == FINDINGS_ERROR ? "error" : "warning";
}

/* "1 error, 3 warnings in 2 files". */
static void print_sum(const struct site *site) {
  const size_t *count = site->findings->count;
  size_t files = site->tree->files_len;

  printf("%zu error%s, %zu warning%s in %zu file%s\n", count[FINDINGS_ERROR],
         count[FINDINGS_ERROR] == 1 ? "" : "s", count[FINDINGS_WARNING],
         count[FINDINGS_WARNING] == 1 ? "" : "s", files, files == 1 ? "" : "s");
}

static void print_lines(const struct site *site, const char *config) {
  for (size_t i = 0; i < site->findings->len; i++) {
    const struct findings_item *item = &site->findings->items[i];
    printf("%s:", item->file ? item->file : config);
    if (item->line > 0)
      printf("%u:", item->line);
    printf(" %s: %s\n", severity_word(item->severity), item->words);
  }
  print_sum(site);
}

static void print_json(const struct site *site, const char *config) {
  struct json_writer json = json_begin(stdout);

  json_open(&json, NULL, '{');
  json_add_string(&json, "config", config);
  json_open(&json, "files", '[');
  for (size_t i = 0; i < site->tree->files_len; i++)
    json_add_string(&json, NULL, site->tree->files[i]);
  json_close(&json, ']');
  json_add_number(&json, "errors",
                  (double)site->findings->count[FINDINGS_ERROR]);
  json_add_number(&json, "warnings",
                  (double)site->findings->count[FINDINGS_WARNING]);
  json_open(&json, "findings", '[');
  for (size_t i = 0; i < site->findings->len; i++) {
    const struct findings_item *item = &site->findings->items[i];
    json_open(&json, NULL, '{');
    json_add_string(&json, "severity", severity_word(item->severity));
    json_add_string(&json, "file", item->file ? item->file : config);
    if (item->line > 0)
      json_add_number(&json, "line", item->line);
    json_add_string(&json, "message", item->words);
    json_close(&json, '}');
  }
  json_close(&json, ']');
  json_close(&json, '}');
  putchar('\n');
}

static int complain(const char *words) {
  fprintf(stderr, "collectd-baseline check-config: %s\n", words);
  return EXIT_UNREAD;
}

static int status_of(const struct findings *findings, bool strict) {
  if (findings->no_memory)
    return complain("out of memory");
  if (findings->unread)
    return EXIT_UNREAD;
  if (findings->count[FINDINGS_ERROR] > 0 ||
      (strict && findings->count[FINDINGS_WARNING] > 0))
    return SUBCOMMAND_FAILED;
  return SUBCOMMAND_DONE;
}

static int show(struct site *site, const struct check_config_options *options) {
  check_all(site, options->config);
  if (options->json)
    print_json(site, options->config);
  else
    print_lines(site, options->config);
  if (fflush(stdout) != 0 || ferror(stdout))
    return complain("what was found cannot be written to standard output");
  return status_of(site->findings, options->strict);
}

static int check(struct site *site,
                 const struct check_config_options *options) {
  char words[CONF_ERROR_MAX];
  struct findings findings = {.len = 0};
  struct conf_tree tree = {.files = NULL};
  const struct conf_tree_listener listener = {take_mistake, &findings};

  site->tree = &tree;
  site->findings = &findings;
  int rc = conf_tree_read_file(&tree, options->config, &listener, words);
  int status = rc == 0 ? show(site, options) : complain(words);
  findings_release(&findings);
  conf_tree_release(&tree);
  return status;
}

int check_config_run(int argc, char **argv) {
  struct check_config_options options = {.config = conf_look_usual()};
  int status = options_read(&command, argc, argv, &options);

  if (status >= 0)
    return status;
  struct site *site = calloc(1, sizeof(*site)); /* rules are large */
  if (!site)
    return complain("out of memory");
  status = check(site, &options);
  free(site);
  return status;
}
