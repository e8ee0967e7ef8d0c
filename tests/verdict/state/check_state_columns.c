/* state_text: text whose lines have other columns than ours. They are read by
 * their names, in any order; those that are unknown are passed over; members
 * without one are as in a host or series just met. */
#include "scenes/random_state.h"
#include "scenes/suite.h"
#include "verdict/state/state_fields.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { TEXT_MAX = 1 << 18, LINE_BYTES = 1 << 14, WORDS_MAX = 512 };
enum { COLUMNS_MAX = 320, UNKNOWN = -1 };

/* A column: words of a line, one after the other. */
struct column {
  char name[80];
  int from, count; /* from: UNKNOWN where the text did not have it */
};

/* A kind of lines as it was, and as it is to be. */
struct kind {
  struct column was[COLUMNS_MAX], is[COLUMNS_MAX];
  int was_len, is_len;
};

static struct random_load random_;
static struct kind kinds[STATE_PARTS];
static char text[TEXT_MAX], other[TEXT_MAX];
static size_t length;
static struct kept kept, expected;
static char why[STATE_TEXT_ERROR_MAX];

static bool happens(double share) { return random_unit(&random_) < share; }

static void setup(void) {
  memset(&kept, 0, sizeof(kept));
  memset(kinds, 0, sizeof(kinds));
}

/* Hosts and series, and what is expected of them so far: all. */
static void write_state(void) {
  struct state_text state;
  memset(&expected, 0, sizeof(expected));
  length = state_text_begin(&state, 1.7e9, text);
  for (int i = 0; i < 3; i++) {
    fill_host(&random_, &expected.host[i]);
    fill_series(&random_, &expected.memory[i]);
    /* So that one member without the other is sound, too. */
    for (int k = 0; k < DEVIATION_TAILS; k++)
      expected.memory[i].habit.tail[k].total = (float)(i + k);
    fill_name(&random_, expected.identifier[i], SERIES_IDENTIFIER_MAX, 1);
    length += state_text_host(&state, &expected.host[i], text + length);
    length += state_text_series(&state, expected.identifier[i],
                                &expected.memory[i], text + length);
  }
  expected.hosts = expected.series = 3;
  length += state_text_end(&state, text + length);
  text[length] = '\0';
}

/* The kind of a line by its first word, or -1. */
static int kind_of(const char *word) {
  if (strncmp(word, "before.", 7) == 0)
    word += 7;
  for (int i = 0; i < STATE_PARTS; i++)
    if (strcmp(word, state_fields_part(i)->name) == 0)
      return i;
  return -1;
}

static bool is_signal(const struct column *column) {
  return strncmp(column->name, "value.", 6) == 0;
}

static bool is_bits(const struct column *column) {
  return strcmp(column->name, "have") == 0 ||
         strcmp(column->name, "rates") == 0;
}

/* What the remark says of a kind. */
static void learn_columns(struct kind *kind, char *words) {
  int from = 0;
  for (char *at = strtok(words, " "); at; at = strtok(NULL, " ")) {
    struct column *column = &kind->was[kind->was_len++];
    char *star = strchr(at, '*');
    column->count = star ? atoi(star + 1) : 1;
    if (star)
      *star = '\0';
    snprintf(column->name, sizeof(column->name), "%s", at);
    column->from = from;
    from += column->count;
  }
}

/* As many values as there are bits. */
static bool has_bit_left(const struct kind *kind) {
  int unknown = 0;
  for (int i = 0; i < kind->is_len; i++)
    unknown += kind->is[i].from == UNKNOWN && is_signal(&kind->is[i]);
  return unknown < 32 - SIGNAL_COUNT;
}

static void add_unknown(struct kind *kind, int part) {
  struct column *column = &kind->is[kind->is_len];
  bool value = part == STATE_SNAPSHOT && happens(0.5) && has_bit_left(kind);
  column->from = UNKNOWN;
  column->count =
      value || happens(0.5) ? 1 : 1 + (int)(random_bits(&random_) % 9);
  snprintf(column->name, sizeof(column->name), "%snew%d",
           value                                ? "value."
           : part == STATE_MARK && happens(0.5) ? "counter."
                                                : "",
           kind->is_len);
  kind->is_len++;
}

/* Leave some out, put some in, and mix them. */
static void plan(int part, double drop, double add, bool mix) {
  struct kind *kind = &kinds[part];
  for (int i = 0; i < kind->was_len; i++) {
    if (happens(add))
      add_unknown(kind, part);
    if (is_bits(&kind->was[i]) || !happens(drop))
      kind->is[kind->is_len++] = kind->was[i];
  }
  for (int i = kind->is_len - 1; mix && i > 0; i--) {
    int k = (int)(random_bits(&random_) % (uint64_t)(i + 1));
    struct column one = kind->is[i];
    kind->is[i] = kind->is[k];
    kind->is[k] = one;
  }
}

/* Which bit a value of the text had, or -1. */
static int old_bit(const char *name) {
  const struct kind *kind = &kinds[STATE_SNAPSHOT];
  int bit = 0;
  for (int i = 0; i < kind->was_len; i++) {
    if (strcmp(kind->was[i].name, name) == 0)
      return bit;
    bit += is_signal(&kind->was[i]);
  }
  return -1;
}

/* The bits in the order of the new values. Every other unknown one is there. */
static uint32_t moved(uint32_t bits, bool is_have) {
  const struct kind *kind = &kinds[STATE_SNAPSHOT];
  uint32_t out = 0;
  int bit = 0;
  for (int i = 0; i < kind->is_len; i++) {
    if (!is_signal(&kind->is[i]))
      continue;
    int was = old_bit(kind->is[i].name);
    if (was < 0 ? is_have && bit % 2 : bits >> was & 1)
      out |= UINT32_C(1) << bit;
    bit++;
  }
  return out;
}

static char *print_unknown(char *at, const struct column *column, bool value,
                           int bit, bool before) {
  static const char *const words[] = {"0", "-17", "~3-ZrmezSAFN", "inf"};
  for (int k = 0; k < column->count; k++)
    at += sprintf(at, " %s",
                  value && bit % 2 == 0    ? "-"
                  : before && happens(0.5) ? "="
                                           : words[random_bits(&random_) % 4]);
  return at;
}

static char *print_columns(char *at, int part, char **words, bool before) {
  const struct kind *kind = &kinds[part];
  int bit = 0;
  for (int i = 0; i < kind->is_len; i++) {
    const struct column *column = &kind->is[i];
    bool value = part == STATE_SNAPSHOT && is_signal(column);
    if (column->from == UNKNOWN)
      at = print_unknown(at, column, value, bit, before);
    for (int k = 0; column->from != UNKNOWN && k < column->count; k++) {
      const char *word = words[column->from + k];
      if (is_bits(column))
        at += sprintf(at, " %" PRIu32,
                      moved((uint32_t)strtoul(word, NULL, 10),
                            strcmp(column->name, "have") == 0));
      else
        at += sprintf(at, " %s", word);
    }
    bit += value;
  }
  return at;
}

static char *print_remark(char *at, int part) {
  at += sprintf(at, "# %s:", state_fields_part(part)->name);
  for (int i = 0; i < kinds[part].is_len; i++) {
    const struct column *column = &kinds[part].is[i];
    at += sprintf(at, column->count > 1 ? " %s*%d" : " %s", column->name,
                  column->count);
  }
  return at;
}

/* One line of the text as it is to be. */
static char *print_line(char *at, char *line) {
  char *words[WORDS_MAX] = {strtok(line, " ")};
  int part, len = 0;
  ck_assert_ptr_nonnull(words[0]);
  while (words[len])
    words[++len] = strtok(NULL, " ");
  part = kind_of(words[0]);
  at += sprintf(at, "%s", words[0]);
  int lead = part == STATE_SERIES ? 2 : part >= 0 ? 1 : len;
  for (int i = 1; i < lead; i++)
    at += sprintf(at, " %s", words[i]);
  bool before = strncmp(words[0], "before.", 7) == 0 && part != STATE_MARK;
  return part < 0 ? at : print_columns(at, part, words + lead, before);
}

/* text -> other, whose columns are others. */
static size_t rewrite(double drop, double add, bool mix) {
  static char line[LINE_BYTES];
  char *at = other, *rest = text;
  while (strncmp(rest, "end ", 4) != 0) {
    size_t size = strcspn(rest, "\n");
    snprintf(line, sizeof(line), "%.*s", (int)size, rest);
    char *colon = strchr(line, ':');
    rest += size + 1;
    int part = -1;
    if (strncmp(line, "# ", 2) == 0 && colon) {
      *colon = '\0';
      part = kind_of(line + 2);
      *colon = ':';
      if (part >= 0 && strncmp(line + 2, "before.", 7) != 0) {
        learn_columns(&kinds[part], colon + 1);
        plan(part, drop, add, mix);
        at = print_remark(at, part);
      }
    }
    if (part < 0)
      at = line[0] == '#' ? at + sprintf(at, "%s", line) : print_line(at, line);
    *at++ = '\n';
  }
  size_t body = (size_t)(at - other);
  return body +
         (size_t)sprintf(at, "end 3 3 %08" PRIx32 "\n", crc32_of(other, body));
}

static bool is_there(int part, const char *name) {
  for (int i = 0; i < kinds[part].is_len; i++)
    if (strcmp(kinds[part].is[i].name, name) == 0)
      return true;
  return false;
}

/* What has no column any more is as in `met`. */
static void forget_members(int part, void *of, const void *met) {
  size_t old_len = state_fields_part(part)->old_len;
  for (size_t i = 0; i + old_len < state_fields_part(part)->fields_len; i++) {
    const struct state_field *field = &state_fields_part(part)->fields[i];
    if (part == STATE_MARK && field->count > 1)
      continue;
    for (size_t k = 0; !is_there(part, field->name) && k < field->count; k++)
      state_fields_copy(field, k, of, met);
  }
}

static void forget_signals(struct hosts_host *host) {
  char name[80];
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    const char *signal = signals_type_instance((enum signal)i);
    uint32_t bit = UINT32_C(1) << i;
    snprintf(name, sizeof(name), "value.%s", signal);
    bool value = is_there(STATE_SNAPSHOT, name);
    snprintf(name, sizeof(name), "counter.%s", signal);
    bool counter = i < SIGNAL_FIRST_COUNTER || is_there(STATE_MARK, name);
    if (!value) {
      host->last.value[i] = (union snapshot_value){.counter = 0};
      host->last.have &= ~bit;
      host->last.rates &= ~bit;
      host->before.last.rates &= ~bit;
    }
    if (!value || !counter)
      host->before.last.have &= ~bit;
    if (!counter)
      host->before.last.counter[i - SIGNAL_FIRST_COUNTER] = 0;
  }
}

static void forget(void) {
  struct hosts_host met = {0};
  struct series_memory memory;
  judge_init(&met.judge);
  series_memory_init(&memory);
  for (size_t n = 0; n < 3; n++) {
    struct hosts_host *host = &expected.host[n];
    forget_members(STATE_SNAPSHOT, &host->last, &met.last);
    forget_members(STATE_MARK, &host->before.last, &met.before.last);
    for (int i = STATE_JUDGE; i < STATE_MARK; i++) {
      forget_members(i, &host->judge, &met.judge);
      forget_members(i, &host->before.judge, &met.judge);
    }
    forget_signals(host);
    forget_members(STATE_SERIES, &expected.memory[n], &memory);
  }
}

static void assert_read(size_t size) {
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  int rc = state_text_read(other, size, &reader, why);
  ck_assert_msg(rc == 0, "%d %s", rc, why);
  ck_assert_uint_eq(kept.hosts, 3);
  ck_assert_uint_eq(kept.series, 3);
  for (int i = 0; i < 3; i++) {
    ck_assert_mem_eq(&kept.host[i], &expected.host[i], sizeof(kept.host[i]));
    ck_assert_mem_eq(&kept.memory[i], &expected.memory[i],
                     sizeof(kept.memory[i]));
    ck_assert_str_eq(kept.identifier[i], expected.identifier[i]);
  }
}

static const struct {
  double drop, add;
  bool mix;
} ways[] = {
    {0, 0, false},   {0, 0, true},     {0.2, 0, false},
    {0, 0.2, false}, {0.3, 0.2, true}, {1, 0, false},
};
enum { WAYS = sizeof(ways) / sizeof(ways[0]), SEEDS = 20 };

static void check_way(int way, uint64_t seed) {
  setup();
  random_.state = 1 + seed;
  write_state();
  size_t size = rewrite(ways[way].drop, ways[way].add, ways[way].mix);
  ck_assert_int_eq(ways[way].drop == 0 && ways[way].add == 0 && !ways[way].mix,
                   size == length && memcmp(other, text, size) == 0);
  forget();
  assert_read(size);
}

START_TEST(columns_are_read_by_their_names) {
  for (uint64_t seed = 0; seed < SEEDS; seed++)
    check_way(_i, seed);
}
END_TEST

static size_t sign(size_t body) {
  return body + (size_t)sprintf(other + body, "end 3 3 %08" PRIx32 "\n",
                                crc32_of(other, body));
}

/* A word that is passed over is a number, or "=". */
static const struct {
  const char *word;
  bool passes;
} unknown[] = {
    {"0", true},     {"-1.5", true},       {"~3-ZrmezSAFN", true},
    {"inf", true},   {"=", true},          {"=127.0.0.1", true},
    {"word", false}, {"1,5", false},       {"~", false},
    {"-", false},    {"~3-Zrmez*", false}, {"=%0", false},
    {"1x", false},   {"*", true},          {"*0+3z", true},
    {"*1*", false},  {"*%41", false},
};
enum { UNKNOWNS = sizeof(unknown) / sizeof(unknown[0]) };

/* An unknown column at the end of a kind of lines, the same word in each. */
static size_t append_to_lines(const char *remark, const char *start,
                              const char *name, const char *word) {
  char *at = other;
  for (const char *line = text; strncmp(line, "end ", 4) != 0;) {
    size_t size = strcspn(line, "\n");
    at += sprintf(at, "%.*s", (int)size, line);
    if (strncmp(line, remark, strlen(remark)) == 0)
      at += sprintf(at, " %s", name);
    else if (strncmp(line, start, strlen(start)) == 0)
      at += sprintf(at, " %s", word);
    *at++ = '\n';
    line += size + 1;
  }
  return sign((size_t)(at - other));
}

START_TEST(what_is_passed_over_is_a_word_that_is_written) {
  random_.state = 3;
  write_state();
  size_t size =
      append_to_lines("# series:", "series ", "new", unknown[_i].word);
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  if (unknown[_i].passes) {
    assert_read(size);
    return;
  }
  ck_assert_int_eq(state_text_read(other, size, &reader, why), -EBADMSG);
  ck_assert_ptr_nonnull(strstr(why, "is damaged"));
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

/* What is missing at the end of a line is missing. */
START_TEST(a_word_for_each_column_must_be_there) {
  random_.state = 3;
  write_state();
  size_t size = append_to_lines("# series:", "none ", "new", "");
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  ck_assert_int_eq(state_text_read(other, size, &reader, why), -EBADMSG);
  size = append_to_lines("# series:", "series ", "new*3", "1 2");
  ck_assert_int_eq(state_text_read(other, size, &reader, why), -EBADMSG);
  size = append_to_lines("# series:", "series ", "new*3", "1 2 3 4");
  ck_assert_int_eq(state_text_read(other, size, &reader, why), -EBADMSG);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
  size = append_to_lines("# series:", "series ", "new*3", "1 2 3");
  assert_read(size);
}
END_TEST

/* A bit for which there is no value. */
START_TEST(bits_end_with_the_values) {
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  random_.state = 3;
  write_state();
  for (int n = 0; n < 2; n++) {
    memcpy(other, text, length);
    char *line = strstr(other, n ? "\nbefore.mark " : "\nsnapshot ");
    char *word = line + 1;
    for (int i = 0; i < 3; i++)
      word = strchr(word, ' ') + 1;
    char *rest = text + (word - other) + strcspn(word, " ");
    size_t body = (size_t)(word - other);
    size_t tail = (size_t)(strstr(text, "\nend ") + 1 - rest);
    body += (size_t)sprintf(word, "%" PRIu32, UINT32_C(1) << SIGNAL_COUNT);
    memcpy(other + body, rest, tail);
    ck_assert_int_eq(state_text_read(other, sign(body + tail), &reader, why),
                     -EBADMSG);
  }
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

/* Copies to other what is in text but lines that begin so. */
static size_t leave_out(const char *const *starts, size_t starts_len) {
  size_t size = 0;
  for (const char *line = text; strncmp(line, "end ", 4) != 0;) {
    size_t bytes = strcspn(line, "\n") + 1;
    bool goes = false;
    for (size_t i = 0; i < starts_len; i++)
      goes |= strncmp(line, starts[i], strlen(starts[i])) == 0;
    if (!goes) {
      memcpy(other + size, line, bytes);
      size += bytes;
    }
    line += bytes;
  }
  return sign(size);
}

/* A version that does not know the incident has neither columns nor lines of
 * it; _i: the incident. */
START_TEST(an_incident_without_columns_and_lines_begins_anew) {
  struct hosts_host met = {0};
  int part = STATE_JUDGE + _i;
  char starts[3][48];
  const char *const all[] = {starts[0], starts[1], starts[2]};
  const char *name = state_fields_part(part)->name;
  snprintf(starts[0], sizeof(starts[0]), "# %s:", name);
  snprintf(starts[1], sizeof(starts[1]), "%s ", name);
  snprintf(starts[2], sizeof(starts[2]), "before.%s ", name);
  random_.state = 4;
  write_state();
  judge_init(&met.judge);
  for (int n = 0; n < 3; n++) {
    struct hosts_host *host = &expected.host[n];
    const struct state_part *members = state_fields_part(part);
    for (size_t i = 0; i < members->fields_len; i++)
      for (size_t k = 0; k < members->fields[i].count; k++) {
        state_fields_copy(&members->fields[i], k, &host->judge, &met.judge);
        state_fields_copy(&members->fields[i], k, &host->before.judge,
                          &met.judge);
      }
  }
  size_t size = leave_out(all, 3);
  ck_assert_uint_lt(size, length);
  assert_read(size);
}
END_TEST

/* With its lines there, the comment is missing; without them a line is. */
START_TEST(columns_and_lines_go_together) {
  static const char *const comment[] = {"# state_shift:"};
  static const char *const lines[] = {"state_shift "};
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  random_.state = 5;
  write_state();
  ck_assert_int_eq(state_text_read(other, leave_out(comment, 1), &reader, why),
                   -EPROTO);
  ck_assert_ptr_nonnull(strstr(why, "names the columns of state_shift"));
  ck_assert_int_eq(state_text_read(other, leave_out(lines, 1), &reader, why),
                   -EBADMSG);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

/* Nor does a line without a single word stand for one whose columns nobody
 * named; _i: which. */
START_TEST(an_empty_line_is_no_line_without_columns) {
  static const int parts[] = {STATE_JUDGE, STATE_MARK - 1, STATE_MARK};
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  char comment[48], *at = text;
  const char *name = state_fields_part(parts[_i])->name;
  const char *const starts[] = {comment};
  snprintf(comment, sizeof(comment), "# %s:", name);
  random_.state = 6;
  write_state();
  for (char *end; (end = strchr(at, '\n')) != NULL;) {
    char *word = strncmp(at, "before.", 7) == 0 ? at + 7 : at;
    char *blank = word + strlen(name);
    if (strncmp(word, name, strlen(name)) == 0 && *blank == ' ')
      memmove(end = blank, strchr(blank, '\n'),
              strlen(strchr(blank, '\n')) + 1);
    at = end + 1;
  }
  ck_assert_int_eq(state_text_read(other, leave_out(starts, 1), &reader, why),
                   -EPROTO);
  ck_assert_ptr_nonnull(strstr(why, "before the comment that names"));
  ck_assert_uint_eq(kept.hosts, 0);
}
END_TEST

SUITE(state_columns) {
  Suite *suite = suite_create("state_columns");
  TCase *tcase = tcase_create("state_columns");
  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, NULL);
  tcase_add_loop_test(tcase, columns_are_read_by_their_names, 0, WAYS);
  tcase_add_loop_test(tcase, what_is_passed_over_is_a_word_that_is_written, 0,
                      UNKNOWNS);
  tcase_add_test(tcase, a_word_for_each_column_must_be_there);
  tcase_add_test(tcase, bits_end_with_the_values);
  tcase_add_loop_test(tcase, an_incident_without_columns_and_lines_begins_anew,
                      0, INCIDENT_COUNT);
  tcase_add_test(tcase, columns_and_lines_go_together);
  tcase_add_loop_test(tcase, an_empty_line_is_no_line_without_columns, 0, 3);
  suite_add_tcase(suite, tcase);
  return suite;
}
