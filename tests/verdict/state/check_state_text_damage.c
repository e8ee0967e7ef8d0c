/* state_text: damaged, cut, foreign and forged text is refused, and nothing of
 * it is handed over. */
#include "scenes/random_state.h"
#include "scenes/suite.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 4 * STATE_TEXT_HOST_MAX };

static char text[TEXT_MAX], forged[TEXT_MAX];
static size_t length;
static struct kept kept;
static char why[STATE_TEXT_ERROR_MAX];

/* One host and one series whose names need no escape. */
static void setup(void) {
  struct random_load random = {7};
  struct state_text state;
  struct hosts_host host;
  struct series_memory memory;
  fill_host(&random, &host);
  fill_series(&random, &memory);
  strcpy(host.name, "www");
  host.last.have |= 1u << SIGNAL_SYN_RECV;
  host.last.value[SIGNAL_SYN_RECV].gauge = 12;
  length = state_text_begin(&state, 1.7e9, text);
  length += state_text_host(&state, &host, text + length);
  length += state_text_series(&state, "www/df/free", &memory, text + length);
  length += state_text_end(&state, text + length);
  memset(&kept, 0, sizeof(kept));
}

static int read_kept(const char *from, size_t size) {
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  strcpy(why, "nothing");
  return state_text_read(from, size, &reader, why);
}

/* Put an end with the right checksum behind a body in forged. */
static size_t sign(size_t body, int hosts, int series) {
  return body + (size_t)sprintf(forged + body, "end %d %d %08" PRIx32 "\n",
                                hosts, series, crc32_of(forged, body));
}

static size_t body_length(void) {
  char *end = strstr(text, "\nend ");
  ck_assert_ptr_nonnull(end);
  return (size_t)(end + 1 - text);
}

START_TEST(the_checksum_is_the_one_of_zlib) {
  memcpy(forged, text, body_length());
  ck_assert_uint_eq(sign(body_length(), 1, 1), length);
  ck_assert_mem_eq(forged, text, length);
  ck_assert_uint_eq(crc32_of("123456789", 9), 0xcbf43926u);
}
END_TEST

START_TEST(a_changed_byte_anywhere_is_refused) {
  static const char flips[] = {1, 0x10, 0x20, (char)0x80};
  for (size_t i = 0; i < length; i++) {
    char before = text[i];
    text[i] = (char)(before ^ flips[_i]);
    int rc = read_kept(text, length);
    if ((rc != -EBADMSG && rc != -EPROTO) || strcmp(why, "nothing") == 0)
      ck_abort_msg("byte %zu (%02x): %d %s", i, (unsigned char)before, rc, why);
    text[i] = before;
  }
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
  ck_assert_int_eq(read_kept(text, length), 0);
}
END_TEST

START_TEST(cut_anywhere_it_is_refused) {
  for (size_t cut = 0; cut < length; cut++) {
    char *exact = malloc(cut + 1); /* a sanitizer sees what reads behind it */
    memcpy(exact, text, cut);
    char *end = realloc(exact, cut ? cut : 1);
    int rc = read_kept(end, cut);
    if (rc != -EBADMSG && rc != -EPROTO)
      ck_abort_msg("cut to %zu: %d", cut, rc);
    free(end);
  }
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

START_TEST(what_stands_behind_the_end_is_refused) {
  text[length] = '\n';
  ck_assert_int_eq(read_kept(text, length + 1), -EBADMSG);
  memcpy(text + length, text, length);
  ck_assert_int_eq(read_kept(text, 2 * length), -EBADMSG);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

static const char *const foreign[] = {
    "",
    "\n",
    "collectd-baseline state 2",
    "collectd-baseline state 1",
    "collectd-baseline state ",
    "collectd-baseline state \nend 0 0 00000000\n",
    "collectd-baseline state 0\nend 0 0 00000000\n",
    "collectd-baseline state 02\nend 0 0 00000000\n",
    "collectd-baseline state -1\nend 0 0 00000000\n",
    "collectd-baseline state 1x\nend 0 0 00000000\n",
    "collectd-baseline state 1 \nend 0 0 00000000\n",
    "collectd-baseline state 4294967298\nend 0 0 00000000\n",
    "\177ELF",
    "<?xml version=\"1.0\"?>\n",
};
enum { FOREIGN = sizeof(foreign) / sizeof(foreign[0]) };

START_TEST(something_else_is_told_apart) {
  ck_assert_int_eq(read_kept(foreign[_i], strlen(foreign[_i])), -EPROTO);
  ck_assert_str_eq(why, "it is not a saved state: it does not begin with "
                        "\"collectd-baseline state\" and a version");
}
END_TEST

/* Whatever else it holds: nothing of it is understood. */
static const struct {
  const char *text, *said;
} newer[] = {
    {"collectd-baseline state 4\nend 0 0 00000000\n", "version is 4;"},
    {"collectd-baseline state 4\nnothing more", "version is 4;"},
    {"collectd-baseline state 20\nend 0 0 00000000\n", "version is 20;"},
    {"collectd-baseline state 999999999\n", "version is 999999999;"},
};
enum { NEWER = sizeof(newer) / sizeof(newer[0]) };

START_TEST(a_newer_version_is_named) {
  ck_assert_int_eq(read_kept(newer[_i].text, strlen(newer[_i].text)), -EPROTO);
  ck_assert_ptr_nonnull(strstr(why, "a newer version saved it"));
  ck_assert_ptr_nonnull(strstr(why, newer[_i].said));
  ck_assert_ptr_nonnull(strstr(why, "up to 3 can be read"));
}
END_TEST

/* A token of the line that begins with `line`, replaced; number 0 is the word
 * at its start. The end is right for the text as it is then. */
struct forgery {
  const char *line;
  int token;
  const char *by;
};

static const struct forgery forgeries[] = {
    {"host ", 0, "hosts"},
    {"host ", 1, "%4"},
    {"host ", 1, "%00"},
    {"host ", 2, "inf"},
    {"host ", 2, "soon"},
    {"host ", 2, "1 2"},
    {"host ", 2, ""},
    {"snapshot ", 0, "snap"},
    {"snapshot ", 1, "-1"},
    {"snapshot ", 1, "inf"},
    {"snapshot ", 1, "nan"},
    {"snapshot ", 2, "inf"},
    {"snapshot ", 3, "1048576"}, /* a signal that does not exist */
    {"snapshot ", 3, "4294967296"},
    {"snapshot ", 4, "1048576"},
    {"snapshot ", 5, "9223372036854775808"},
    {"snapshot ", 9, "x"}, /* the address of a listener */
    {"snapshot ", 9, "=%"},
    {"snapshot ", 9, ""},
    {"snapshot ", 16, "-"}, /* half-open: the mask says it is there */
    {"snapshot ", 16, ""},
    {"snapshot ", 16, "=x"},
    {"syn_flood ", 0, "flood"},
    {"syn_flood ", 1, "-1"},
    {"syn_flood ", 1, "inf"},
    {"syn_flood ", 1, "nan"},
    {"syn_flood ", 1, "1,5"},
    {"syn_flood ", 1, "1e999"},
    {"syn_flood ", 22, "-1"}, /* severity */
    {"syn_flood ", 22, "3"},
    {"syn_flood ", 22, "1.5"},
    {"syn_flood ", 26, "256"},   /* votes */
    {"syn_flood ", 28, "65536"}, /* calm_run */
    {"syn_flood ", 29, "0"},     /* clear_factor */
    {"syn_flood ", 29, "65"},
    {"syn_flood ", 30, "nan"}, /* closed_s */
    {"syn_flood ", 30, "-inf"},
    {"accept_overflow ", 0, "outbound_stall"},
    {"before.mark ", 0, "snapshot"},
    {"before.mark ", 1, "-1"},
    {"before.syn_flood ", 0, "syn_flood"},
    {"before.syn_flood ", 22, "3"},
    {"before.state_shift ", 23, "1 1"},
    {"state_shift ", 23, "1 1"},
    {"state_shift ", 23, ""},
    {"series ", 0, "serie"},
    {"series ", 1, "%"},
    {"series ", 1, ""},
    {"series ", 2, "-1"},
    {"series ", 5, "1e3"}, /* counter */
};
enum { FORGERIES = sizeof(forgeries) / sizeof(forgeries[0]) };

static size_t forge(const struct forgery *forgery) {
  char start[64], *at, *end;
  snprintf(start, sizeof(start), "\n%s", forgery->line);
  at = strstr(text, start);
  ck_assert_ptr_nonnull(at);
  char *line = ++at;
  for (int i = 0; i < forgery->token; i++)
    at = strchr(at, ' ') + 1;
  ck_assert_ptr_null(memchr(line, '\n', (size_t)(at - line)));
  end = at + strcspn(at, " \n");
  return (size_t)sprintf(forged, "%.*s%s%.*s", (int)(at - text), text,
                         forgery->by, (int)(text + body_length() - end), end);
}

START_TEST(a_field_that_cannot_be_is_refused_though_the_checksum_is_right) {
  size_t size = sign(forge(&forgeries[_i]), 1, 1);
  ck_assert_int_eq(read_kept(forged, size), -EBADMSG);
  ck_assert_ptr_nonnull(strstr(why, "line"));
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

/* The forger at work: what is no damage passes. */
static const struct forgery harmless[] = {
    {"host ", 1, "other%20name"}, {"snapshot ", 16, "-nan"},
    {"syn_flood ", 22, "2"},      {"syn_flood ", 29, "64"},
    {"syn_flood ", 30, "inf"},    {"series ", 0, "# a remark"},
};
enum { HARMLESS = sizeof(harmless) / sizeof(harmless[0]) };

START_TEST(a_field_that_can_be_passes) {
  bool no_series = harmless[_i].by[0] == '#';
  size_t size = sign(forge(&harmless[_i]), 1, no_series ? 0 : 1);
  ck_assert_int_eq(read_kept(forged, size), 0);
  ck_assert_uint_eq(kept.hosts, 1);
  ck_assert_uint_eq(kept.series, no_series ? 0 : 1);
}
END_TEST

/* --- a series' columns, each of one word ---------------------------------- */

static int token_of(const char *column) {
  char name[96];
  int token = 2;
  const char *remark = strstr(text, "\n# series: ");
  ck_assert_ptr_nonnull(remark);
  snprintf(name, sizeof(name), " %s", column);
  size_t size = strlen(name);
  for (const char *at = remark + 10; *at == ' '; token++) {
    if (strncmp(at, name, size) == 0 && (at[size] == ' ' || at[size] == '\n'))
      return token;
    at += 1 + strcspn(at + 1, " \n");
  }
  ck_abort_msg("there is no column %s", column);
}

static size_t forge_column(const char *column, const char *by) {
  struct forgery forgery = {"series ", token_of(column), by};
  return sign(forge(&forgery), 1, 1);
}

/* The line of the series, as an error names it. */
static const char *line_is_damaged(void) {
  static char expected[64];
  int line = 1;
  const char *series = strstr(text, "\nseries ") + 1;
  for (const char *at = text; at < series; at++)
    line += *at == '\n';
  snprintf(expected, sizeof(expected), "line %d is damaged", line);
  return expected;
}

#define COUNTS "habit.tail_level.count"
#define SPREADS "habit.season.slot_spread"

/* What cannot be: no number, of another kind, or one that would send the
 * judgement out of its arrays or into what is no number. */
static const struct column {
  const char *name, *word;
} impossible[] = {
    {"habit.levels.recent", "-inf"},
    {"habit.levels.recent_spread", "1e39"},
    {"habit.levels.recent_spread", "-1"},
    {"habit.levels.usual_spread", "-1"},
    {"habit.levels.step_spread", "-1"},
    {"habit.levels.unexplained", "-1"},
    {"habit.levels.values", "-1"},
    {"habit.levels.blocks", "nan"},
    {"habit.levels.records", "-1"},
    {"habit.levels.overshoot", "-1"},
    {"habit.levels.high", "~F+f"}, /* below the lowest */
    {"habit.time_s", "-1"},
    {"habit.interval_s", "-1"},
    {"habit.envelope", "-1"},
    {"habit.is_open", "256"},
    {"habit.block", "1.5"},
    {"habit.event_slot", "672"},
    {"habit.event_last_slot", "672"},
    {"habit.weekly.0.begin", "672"},
    {"habit.weekly.5.slots", "97"},
    {"habit.weekly.5.weeks", "256"},
    {"habit.tail_level.total", "-1"},
    {"habit.tail_level.total", "11601"},
    {"habit.tail_level.quantile", "64"},
    {"habit.tail_level.top", "64"},
    {"habit.tail_shift.steepness", "-1"},
    {"habit.season.slot", "97"},
    {"habit.season.kept_slot", "97"},
    {"habit.season.count", "-1"},
    {"habit.season.step", "-1"},
    {"habit.season.spread", "-1"},
    {"habit.season.day", "40000001"},
    {"habit.season.kept_day", "-40000001"},
    {"habit.season.day", "1 1"},
    /* packed: */
    {COUNTS, "0"},
    {COUNTS, "*"},
    {COUNTS, "*0"},        /* a run without its length */
    {COUNTS, "*0-"},       /* ends within a number */
    {COUNTS, "*0V"},       /* too short: 32 zeros */
    {COUNTS, "*0W2"},      /* too long: 65 */
    {COUNTS, "*0-10"},     /* 64, and something behind */
    {COUNTS, "*0-1 0"},    /* two words */
    {COUNTS, "*10+1"},     /* -1, and 63 more */
    {COUNTS, "*WG0+1"},    /* 256 */
    {COUNTS, "*-----0"},   /* more than twenty bits */
    {COUNTS, "*0-1\x01"},  /* no digit */
    {SPREADS, "*Wy-10k1"}, /* no number, 48 times */
    {SPREADS, "*-dW10k1"}, /* -1 */
};
enum { IMPOSSIBLE = sizeof(impossible) / sizeof(impossible[0]) };

START_TEST(a_column_that_cannot_be_is_refused_with_its_line) {
  size_t size = forge_column(impossible[_i].name, impossible[_i].word);
  ck_assert_msg(read_kept(forged, size) == -EBADMSG, "%s %s passes",
                impossible[_i].name, impossible[_i].word);
  ck_assert_str_eq(why, line_is_damaged());
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

static const struct column possible[] = {
    {"habit.levels.slow_unexplained", "-3e38"},
    {"habit.levels.unexplained", "1e30"},
    {"habit.season.slot", "96"},
    {"habit.season.day", "-40000000"},
    {"habit.weekly.0.begin", "671"},
    {"habit.weekly.5.slots", "96"},
    {"habit.tail_step.halvings", "255"},
    {SPREADS, "*0l1"}, /* 48 zeros */
};
enum { POSSIBLE = sizeof(possible) / sizeof(possible[0]) };

START_TEST(a_column_that_can_be_passes) {
  size_t size = forge_column(possible[_i].name, possible[_i].word);
  ck_assert_msg(read_kept(forged, size) == 0, "%s %s: %s", possible[_i].name,
                possible[_i].word, why);
  ck_assert_uint_eq(kept.series, 1);
}
END_TEST

START_TEST(a_wrong_count_is_refused) {
  size_t body = body_length();
  memcpy(forged, text, body);
  ck_assert_int_eq(read_kept(forged, sign(body, 2, 1)), -EBADMSG);
  ck_assert_int_eq(read_kept(forged, sign(body, 1, 0)), -EBADMSG);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

START_TEST(a_name_that_is_too_long_is_refused) {
  char name[JUDGE_HOST_MAX + 1] = "";
  struct forgery longer = {"host ", 1, name};
  memset(name, 'x', JUDGE_HOST_MAX);
  ck_assert_int_eq(read_kept(forged, sign(forge(&longer), 1, 1)), -EBADMSG);
  name[JUDGE_HOST_MAX - 1] = '\0';
  ck_assert_int_eq(read_kept(forged, sign(forge(&longer), 1, 1)), 0);
}
END_TEST

START_TEST(a_zero_byte_is_refused) {
  struct forgery marked = {"host ", 1, "ab"};
  size_t body = forge(&marked);
  *strstr(strstr(forged, "\nhost "), "b ") = '\0';
  ck_assert_int_eq(read_kept(forged, sign(body, 1, 1)), -EBADMSG);
  ck_assert_uint_eq(kept.hosts, 0);
}
END_TEST

START_TEST(a_host_without_all_of_its_lines_is_refused) {
  char *cut = strstr(text, "\nstate_shift ") + 1;
  memcpy(forged, text, (size_t)(cut - text));
  ck_assert_int_eq(read_kept(forged, sign((size_t)(cut - text), 1, 0)),
                   -EBADMSG);
  ck_assert_uint_eq(kept.hosts, 0);
}
END_TEST

START_TEST(a_host_without_what_it_was_before_is_refused) {
  char *from = strstr(text, "\nbefore.mark ") + 1;
  char *to = strstr(text, "\nseries ") + 1;
  size_t body = (size_t)(from - text), rest = body_length();
  memcpy(forged, text, body);
  memcpy(forged + body, to, rest - (size_t)(to - text));
  body += rest - (size_t)(to - text);
  ck_assert_int_eq(read_kept(forged, sign(body, 1, 1)), -EBADMSG);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

/* A line of the head, changed so that nobody knows what the lines hold. */
static const struct {
  const char *line, *from, *to, *said;
} heads[] = {
    {"# syn_flood: ", "# syn_flood: ", "# syn_floods: ",
     "comes before the comment that names the columns of syn_flood"},
    {"# snapshot: ", "# snapshot: ", "#snapshot: ", "the columns of snapshot"},
    {"# mark: ", "# mark: ", "# Mark: ", "names the columns of mark"},
    {"# series: ", "# series: ", "# serie: ", "names the columns of series"},
    {"# state_shift: ", "# state_shift:", "# syn_flood: a\n# state_shift:",
     "on the lines syn_flood cannot be used: it appears twice"},
    {"# syn_flood: ", " syn_flood.peak ", " syn_flood.drain_s ",
     "it names a column twice: syn_flood.drain_s"},
    {"# syn_flood: ", " syn_flood.peak ", " new syn_flood.peak new ",
     "it names a column twice: new"},
    {"# snapshot: ", " value.SYN_RECV ", " value.SYN_SENT ",
     "it names a column twice: value.SYN_SENT"},
    {"# series: ", " told ", " counter ", "it names a column twice: counter"},
    {"# series: ", " told ", " told*0 ", "a count that is not a number"},
    {"# series: ", " told ", " told*096 ", "a count that is not a number"},
    {"# series: ", " told ", " told* ", "a count that is not a number"},
    {"# series: ", " told ", " told*1025 ", "a count that is not a number"},
    {"# series: ", " told ", " told*9*6 ", "a count that is not a number"},
    {"# series: ", " told ", " told*18446744073709551617 ",
     "a count that is not a number"},
    {"# syn_flood: ", " syn_flood.peak ", " \033[2J ",
     "a word that is not a name"},
    {"# syn_flood: ", " syn_flood.peak ", " syn_flood.p%65ak ",
     "a word that is not a name"},
    {"# syn_flood: ", ".collapse_run\n", ".collapse_run \n",
     "a word that is not a name"},
    {"# syn_flood: ", " syn_flood.peak ",
     " a.member.whose.name.is.longer.than.any.member.s.of.any.version.so.far ",
     "a word that is not a name"},
};
enum { HEADS = sizeof(heads) / sizeof(heads[0]) };

static size_t change_head(const char *line, const char *from, const char *to) {
  char *at = strstr(text, line);
  ck_assert_ptr_nonnull(at);
  at = strstr(at, from);
  ck_assert_ptr_nonnull(at);
  char *rest = at + strlen(from);
  return sign((size_t)sprintf(forged, "%.*s%s%.*s", (int)(at - text), text, to,
                              (int)(text + body_length() - rest), rest),
              1, 1);
}

START_TEST(a_head_that_does_not_explain_the_lines_is_refused) {
  size_t size = change_head(heads[_i].line, heads[_i].from, heads[_i].to);
  ck_assert_int_eq(read_kept(forged, size), -EPROTO);
  ck_assert_msg(strstr(why, heads[_i].said) != NULL, "%s", why);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

/* A column more, or less, than the lines have words. */
static const struct {
  const char *line, *from, *to;
} columns[] = {
    {"# syn_flood: ", " syn_flood.peak ", " "},
    {"# syn_flood: ", " syn_flood.peak ", " new syn_flood.peak "},
    {"# snapshot: ", " value.SYNs\n", "\n"},
    {"# snapshot: ", " value.SYNs\n", " value.SYNs value.New\n"},
    {"# mark: ", " counter.PassiveOpens ", " "},
    {"# mark: ", " counter.PassiveOpens ",
     " counter.PassiveOpens counter.New "},
    {"# series: ", " told ", " told*2 "},
    {"# series: ", " told ", " "},
};
enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };

START_TEST(lines_that_do_not_have_the_columns_are_refused) {
  size_t size = change_head(columns[_i].line, columns[_i].from, columns[_i].to);
  ck_assert_int_eq(read_kept(forged, size), -EBADMSG);
  ck_assert_ptr_nonnull(strstr(why, "is damaged"));
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

/* " x0 x1 x2 ..." for a column each. */
static size_t with_more_columns(const char *line, const char *prefix,
                                int many) {
  static char more[8192];
  char *at = more + sprintf(more, "%s", line);
  for (int i = 0; i < many; i++)
    at += sprintf(at, "%s%d ", prefix, i);
  return change_head(line, line, more);
}

START_TEST(columns_without_end_are_refused) {
  ck_assert_int_eq(
      read_kept(forged, with_more_columns("# syn_flood: ", "x", 256)), -EPROTO);
  ck_assert_ptr_nonnull(strstr(why, "it names too many columns"));
  ck_assert_int_eq(
      read_kept(forged, with_more_columns("# snapshot: ", "value.x", 32)),
      -EPROTO);
  ck_assert_ptr_nonnull(strstr(why, "it names too many values"));
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

START_TEST(damage_is_told_before_the_head_is_read) {
  char *at = strstr(text, " syn_flood.peak ");
  at[1] = 'x';
  ck_assert_int_eq(read_kept(text, length), -EBADMSG);
  ck_assert_str_eq(why, "its checksum is wrong");
}
END_TEST

START_TEST(an_unknown_line_is_refused) {
  size_t body = body_length();
  memcpy(forged, text, body);
  body += (size_t)sprintf(forged + body, "future 1 2 3\n");
  ck_assert_int_eq(read_kept(forged, sign(body, 1, 1)), -EBADMSG);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

SUITE(state_text_damage) {
  Suite *suite = suite_create("state_text_damage");
  TCase *tcase = tcase_create("state_text_damage");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_test(tcase, the_checksum_is_the_one_of_zlib);
  tcase_add_loop_test(tcase, a_changed_byte_anywhere_is_refused, 0, 4);
  tcase_add_test(tcase, cut_anywhere_it_is_refused);
  tcase_add_test(tcase, what_stands_behind_the_end_is_refused);
  tcase_add_loop_test(tcase, something_else_is_told_apart, 0, FOREIGN);
  tcase_add_loop_test(tcase, a_newer_version_is_named, 0, NEWER);
  tcase_add_loop_test(
      tcase, a_field_that_cannot_be_is_refused_though_the_checksum_is_right, 0,
      FORGERIES);
  tcase_add_loop_test(tcase, a_field_that_can_be_passes, 0, HARMLESS);
  tcase_add_loop_test(tcase, a_column_that_cannot_be_is_refused_with_its_line,
                      0, IMPOSSIBLE);
  tcase_add_loop_test(tcase, a_column_that_can_be_passes, 0, POSSIBLE);
  tcase_add_test(tcase, a_wrong_count_is_refused);
  tcase_add_test(tcase, a_name_that_is_too_long_is_refused);
  tcase_add_test(tcase, a_zero_byte_is_refused);
  tcase_add_test(tcase, a_host_without_all_of_its_lines_is_refused);
  tcase_add_test(tcase, a_host_without_what_it_was_before_is_refused);
  tcase_add_loop_test(tcase, a_head_that_does_not_explain_the_lines_is_refused,
                      0, HEADS);
  tcase_add_loop_test(tcase, lines_that_do_not_have_the_columns_are_refused, 0,
                      COLUMNS);
  tcase_add_test(tcase, columns_without_end_are_refused);
  tcase_add_test(tcase, damage_is_told_before_the_head_is_read);
  tcase_add_test(tcase, an_unknown_line_is_refused);
  suite_add_tcase(suite, tcase);
  return suite;
}
