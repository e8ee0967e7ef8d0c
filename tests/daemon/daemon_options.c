/* What <Plugin tcpstates> takes and what it refuses, and the snippets that are
 * installed. */
#define _GNU_SOURCE
#include "daemon_cases.h"
#include "daemon_harness.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const struct {
  const char *options, *said;
} refused[] = {
    {"VarianceWindow 1",
     "tcpstates: option VarianceWindow is 1; it must be a whole number from 2 "
     "to 3600"},
    {"VarianceWindow 3601", "option VarianceWindow is 3601; it must be"},
    {"VarianceWindow 2.5", "option VarianceWindow is 2.5; it must be"},
    {"VarianceWindow -30", "option VarianceWindow is -30; it must be"},
    {"VarianceWindow 4294967298",
     "option VarianceWindow is 4294967298; it must be"},
    {"VarianceWindow \"30 s\"",
     "option VarianceWindow is \"30 s\"; it must be"},
    {"VarianceWindow true", "option VarianceWindow is true; it must be"},
    {"VarianceWindow 30 60", "option VarianceWindow has 2 values; it must"},
    {"<VarianceWindow 30>\nA 1\n</VarianceWindow>",
     "option VarianceWindow is a block; it must be one value"},
    {"LocalPort 0",
     "option LocalPort is 0; it must be a whole number from 1 to 65535"},
    {"LocalPort 65536", "option LocalPort is 65536; it must be"},
    {"LocalPort \"http\"", "option LocalPort is \"http\"; it must be"},
    {"ReportByFamily 1",
     "option ReportByFamily is 1; it must be true or false"},
    {"ReportListeners \"1\"", "option ReportListeners is \"1\"; it must"},
    {"ReportUnknown 0", "option ReportUnknown is 0; it must be true or false"},
    {"ReportCounters maybe", "option ReportCounters is \"maybe\"; it must"},
    {"Source \"ebpf\"", "option Source is \"ebpf\"; it must be \"auto\", "
                        "\"netlink\" or \"proc\""},
    {"Source 4", "option Source is 4; it must be"},
    {"ReadBudget 0",
     "option ReadBudget is 0; it must be a whole number from 1 to 100"},
    {"ReadBudget 101", "option ReadBudget is 101; it must be"},
    {"LocalPorts 80", "unknown option LocalPorts; known are Source, "},
};
enum { REFUSED = sizeof(refused) / sizeof(refused[0]) };

START_TEST(a_bad_option_stops_the_start_and_is_named) {
  char *output = calloc(1, DAEMON_TEXT_MAX);
  struct daemon_setup setup = {.options = refused[_i].options};
  int status = daemon_run_refused(&setup, output);
  ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 1,
                "status %d for %s", status, setup.options);
  ck_assert_msg(strstr(output, refused[_i].said) != NULL,
                "\"%s\" is not in:\n%s", refused[_i].said, output);
  free(output);
}
END_TEST

START_TEST(the_sixty_fifth_port_is_one_too_many) {
  char options[65 * 20] = "", *output = calloc(1, DAEMON_TEXT_MAX);
  for (int port = 1; port <= 65; port++)
    snprintf(options + strlen(options), 20, "LocalPort %d\n", port);
  int status =
      daemon_run_refused(&(struct daemon_setup){.options = options}, output);
  ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1);
  ck_assert_ptr_nonnull(
      strstr(output, "option LocalPort is 65, which is one too many"));
  free(output);
}
END_TEST

START_TEST(a_second_block_adds_to_the_first) {
  struct daemon daemon;
  struct daemon_setup setup = {
      .options = "LocalPort 80\n</Plugin>\n<Plugin tcpstates>\n"
                 "LocalPort \"443\"\nvariancewindow \"2\"\n"
                 "ReportByFamily \"yes\"", /* as collectd's samples quote */
  };
  daemon_start(&daemon, &setup);
  daemon_await(&daemon, "tcpstates-80-local/tcp_connections-LISTEN", 0);
  daemon_await(&daemon, "tcpstates-443-local/tcp_connections-LISTEN", 0);
  daemon_await(&daemon, "tcpstates-ipv6/tcp_connections-LISTEN", 0);
}
END_TEST

#define SNIPPETS FIXTURES "/../../collectd.conf.d"

/* As Debian's collectd.conf has it: two snippets in there are all it takes. */
START_TEST(the_snippets_load_both_plugins) {
  struct daemon daemon;
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "", 1), 0);
  daemon_start(&daemon, &(struct daemon_setup){
                            .more = "<Include \"" SNIPPETS "\">\n"
                                    "  Filter \"*.conf\"\n</Include>\n"});
  daemon_await(&daemon, "tcpstates-all/tcp_connections-LISTEN", 0);
  daemon_await(&daemon, "baseline-syn_flood/gauge-severity", 0);
  ck_assert_int_eq(daemon_stop(&daemon), 0);
}
END_TEST

/* A snippet with every option in force; prose stays commented out. */
static char *uncommented(const char *path) {
  char line[256], *text = NULL;
  size_t len = 0;
  FILE *in = fopen(path, "r"), *out = open_memstream(&text, &len);
  ck_assert_msg(in != NULL, "%s", path);
  ck_assert_ptr_nonnull(out);
  while (fgets(line, sizeof(line), in) != NULL) {
    bool is_prose = strncmp(line, "# ", 2) == 0 && line[2] != ' ';
    fputs(line[0] == '#' && !is_prose ? line + 1 : line, out);
  }
  fclose(in);
  ck_assert_int_eq(fclose(out), 0);
  return text;
}

START_TEST(the_snippet_of_baseline_may_be_uncommented) {
  struct daemon daemon;
  char *text = uncommented(SNIPPETS "/baseline.conf");
  ck_assert_ptr_nonnull(strstr(text, "\n  <Watch \"slow-network\">"));
  ck_assert_int_eq(setenv("DAEMON_PLUGINS", "tcpstates", 1), 0);
  daemon_start(&daemon, &(struct daemon_setup){.more = text});
  daemon_await(&daemon, "baseline-syn_flood/gauge-severity", 0);
  ck_assert_int_eq(daemon_stop(&daemon), 0);
  free(text);
}
END_TEST

TCase *daemon_options_case(void) {
  TCase *tcase = tcase_create("options");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, daemon_enter_namespace, NULL);
  tcase_add_loop_test(tcase, a_bad_option_stops_the_start_and_is_named, 0,
                      REFUSED);
  tcase_add_test(tcase, the_sixty_fifth_port_is_one_too_many);
  tcase_add_test(tcase, a_second_block_adds_to_the_first);
  tcase_add_test(tcase, the_snippets_load_both_plugins);
  tcase_add_test(tcase, the_snippet_of_baseline_may_be_uncommented);
  return tcase;
}
