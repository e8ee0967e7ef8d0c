/* What learn prints at its end, as lines of text. */
#include "learn_report.h"

#include "lib/moment.h"
#include "lib/words.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* "web1", or "web1 and 3 others". */
static void print_names(char *text, size_t size,
                        const struct learn_lacking *lacking) {
  if (lacking->count > 1)
    snprintf(text, size, "%s and %zu other%s", lacking->name,
             lacking->count - 1, lacking->count > 2 ? "s" : "");
  else
    snprintf(text, size, "%s", lacking->name);
}

static void say_too_old(const struct learn_harvest *harvest,
                        const char *names) {
  double ended_s = harvest->lacking[LEARN_TOO_OLD].figure;
  char when[MOMENT_MAX], age[WORDS_MAX], max_age[WORDS_MAX];

  fprintf(
      stderr,
      "collectd-baseline learn: left out: %s:\n"
      "  the history ends at %s, %s ago. The plugin uses no\n"
      "  state older than MaxAge (%s): raise it in the plugin's settings, and\n"
      "  name these with --config\n",
      names, moment_write(ended_s, when),
      words_duration_notice(harvest->now_s - ended_s, age),
      words_duration_notice(harvest->rules->max_age_s, max_age));
}

static void say_too_short(const struct learn_harvest *harvest,
                          const char *names) {
  double learnt_s = harvest->lacking[LEARN_TOO_SHORT].figure;
  char learnt[WORDS_MAX], warm_up[WORDS_MAX];

  fprintf(stderr,
          "collectd-baseline learn: not warm: %s:\n"
          "  %s learned; the plugin continues until it is WarmUp (%s) and 30 "
          "readings\n",
          names, words_duration_notice(learnt_s, learnt),
          words_duration_notice(harvest->rules->warm_up_s, warm_up));
}

static void say_not_rare(const char *names) {
  char needed[WORDS_MAX];

  fprintf(
      stderr,
      "collectd-baseline learn: judged later: %s:\n"
      "  values of the daemon's own interval are needed: nothing is rare in "
      "their first %s\n",
      names,
      words_duration_prose((double)HABIT_BLOCKS * HABIT_BLOCK_S, needed));
}

void learn_report_lacks(const struct learn_harvest *harvest) {
  char names[SERIES_IDENTIFIER_MAX + 32];
  const struct learn_lacking *lacking = harvest->lacking;

  print_names(names, sizeof(names), &lacking[LEARN_TOO_OLD]);
  if (lacking[LEARN_TOO_OLD].count > 0)
    say_too_old(harvest, names);
  print_names(names, sizeof(names), &lacking[LEARN_NO_HANDSHAKE]);
  if (lacking[LEARN_NO_HANDSHAKE].count > 0)
    fprintf(
        stderr,
        "collectd-baseline learn: not learned: syn_flood of %s:\n"
        "  the history has no SYN_RECV, ESTABLISHED or PassiveOpens of it\n",
        names);
  print_names(names, sizeof(names), &lacking[LEARN_TOO_SHORT]);
  if (lacking[LEARN_TOO_SHORT].count > 0)
    say_too_short(harvest, names);
  print_names(names, sizeof(names), &lacking[LEARN_NOT_RARE]);
  if (lacking[LEARN_NOT_RARE].count > 0)
    say_not_rare(names);
}

static void print_open(const struct judged_longest *longest) {
  if (longest->open_s > 0 && !longest->closed)
    puts("open at the end, and not carried over: the plugin raises it again if "
         "it continues");
}

void learn_report_summary(const struct learn_harvest *harvest,
                          const char *path) {
  const struct judged_report *report = harvest->judge->report;
  const struct learn_lacking *lacking = harvest->lacking;
  size_t cold =
      lacking[LEARN_TOO_SHORT].count + lacking[LEARN_NO_HANDSHAKE].count;

  judged_report_summary(report, stdout,
                        hosts_count(engine_hosts(harvest->judge->engine)));
  print_open(&report->longest);
  if (harvest->rows_s > 1.5 * harvest->live_s)
    printf("rows are up to %.0f s apart, readings will be %.0f s: how much "
           "they scatter\n"
           "  is assumed at first, and learned again within hours\n",
           harvest->rows_s, harvest->live_s);
  printf("learned: %zu host%s, %zu series", harvest->hosts,
         harvest->hosts == 1 ? "" : "s", harvest->series);
  if (cold > 0)
    printf("; %zu of them not warm\n", cold);
  else
    puts("; all warm");
  printf("written: %s\n", path);
}

void learn_report_owner(const char *path) {
  char folder[4096];
  const char *slash = strrchr(path, '/');
  size_t length = slash ? (size_t)(slash - path) + 1 : 0;
  struct stat file, about;

  if (length >= sizeof(folder))
    return;
  memcpy(folder, path, length);
  folder[length] = '\0';
  if (stat(slash ? folder : ".", &about) != 0 || stat(path, &file) != 0 ||
      about.st_uid == file.st_uid)
    return;
  fprintf(stderr,
          "collectd-baseline learn: the file belongs to user %lu, its folder "
          "to user %lu.\n"
          "  If collectd runs as the folder's user, it cannot read the file:\n"
          "  chown --reference=%s %s\n",
          (unsigned long)file.st_uid, (unsigned long)about.st_uid,
          slash ? folder : ".", path);
}
