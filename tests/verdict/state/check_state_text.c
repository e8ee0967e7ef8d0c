/* state_text: what is written comes back, whatever it was. */
#include "scenes/comma_locale.h"
#include "scenes/random_state.h"

#include "scenes/suite.h"
#include "verdict/state/state_fields.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>

enum { TEXT_MAX = STATE_PIECES * 2 * STATE_TEXT_HOST_MAX };

static struct random_load random_;
static struct state_text state;
static struct kept written, kept;
static char *text;
static size_t length;
static char why[STATE_TEXT_ERROR_MAX];

static void setup(void) {
  random_.state = 1;
  memset(&written, 0, sizeof(written));
  memset(&kept, 0, sizeof(kept));
  text = malloc(TEXT_MAX);
  length = 0;
}

static void teardown(void) { free(text); }

static void begin(void) { length = state_text_begin(&state, 1.7e9, text); }

static void put_host(const struct hosts_host *host) {
  length += state_text_host(&state, host, text + length);
}

static void put_series(const char *identifier,
                       const struct series_memory *memory) {
  length += state_text_series(&state, identifier, memory, text + length);
}

static int finish_and_read(void) {
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  length += state_text_end(&state, text + length);
  return state_text_read(text, length, &reader, why);
}

START_TEST(hosts_and_series_come_back_bit_by_bit) {
  random_.state = (uint64_t)_i;
  begin();
  for (size_t i = 0; i < STATE_PIECES; i++) {
    fill_host(&random_, &written.host[i]);
    put_host(&written.host[i]);
    fill_series(&random_, &written.memory[i]);
    fill_name(&random_, written.identifier[i], SERIES_IDENTIFIER_MAX, 1);
    put_series(written.identifier[i], &written.memory[i]);
  }
  ck_assert_int_eq(finish_and_read(), 0);
  ck_assert_uint_eq(kept.hosts, STATE_PIECES);
  ck_assert_uint_eq(kept.series, STATE_PIECES);
  for (size_t i = 0; i < STATE_PIECES; i++) {
    ck_assert_mem_eq(&kept.host[i], &written.host[i], sizeof(kept.host[i]));
    ck_assert_mem_eq(&kept.memory[i], &written.memory[i],
                     sizeof(kept.memory[i]));
    ck_assert_str_eq(kept.identifier[i], written.identifier[i]);
  }
}
END_TEST

/* A member that was added and is not filled here is not tested either. */
START_TEST(random_hosts_leave_no_member_out) {
  uint64_t ever[sizeof(struct judge) / sizeof(uint64_t)] = {0}, words[1];
  ck_assert_uint_eq(sizeof(struct judge) % sizeof(uint64_t), 0);
  for (int i = 0; i < 50; i++) {
    struct hosts_host host;
    fill_host(&random_, &host);
    for (size_t k = 0; k < sizeof(ever) / sizeof(ever[0]); k++) {
      memcpy(words, (const char *)&host.judge + 8 * k, sizeof(words));
      ever[k] |= words[0];
    }
  }
  for (size_t k = 0; k < sizeof(ever) / sizeof(ever[0]); k++)
    ck_assert_msg(ever[k] != 0, "the member at %zu is never set", 8 * k);
}
END_TEST

/* The same of a series, word by word: each is another one now and then. */
START_TEST(random_series_leave_no_column_out) {
  static char first[256][STATE_WORD_MAX], word[STATE_WORD_MAX];
  static struct state_series filled;
  const struct state_part *part = state_fields_part(STATE_SERIES);
  size_t written_len = part->fields_len - part->old_len;
  bool differs[256] = {false};
  ck_assert_uint_le(written_len, 256);
  for (int i = 0; i < 50; i++) {
    fill_series(&random_, &filled.memory);
    for (size_t k = 0; k < written_len; k++) {
      word[state_fields_print(&part->fields[k], 0, &filled, word)] = '\0';
      if (i == 0)
        strcpy(first[k], word);
      differs[k] |= strcmp(first[k], word) != 0;
    }
  }
  for (size_t k = 0; k < written_len; k++)
    ck_assert_msg(differs[k], "%s is never set", part->fields[k].name);
}
END_TEST

START_TEST(nothing_learnt_is_a_state_too) {
  begin();
  ck_assert_int_eq(finish_and_read(), 0);
  ck_assert_uint_eq(kept.hosts + kept.series, 0);
}
END_TEST

START_TEST(a_host_just_met_comes_back) {
  struct hosts_host host = {.name = "new", .seen_s = 1};
  judge_init(&host.judge);
  judge_init(&host.before.judge);
  begin();
  put_host(&host);
  ck_assert_int_eq(finish_and_read(), 0);
  ck_assert_mem_eq(&kept.host[0], &host, sizeof(host));
}
END_TEST

static const char *const names[] = {
    "plain",
    "two words ",
    " ",
    "100%",
    "%41",
    "#comment",
    "=",
    "end 0 0 00000000",
    "tab\tline\nreturn\rescape\033delete\177",
    "h\xc3\xb6st.\xe4\xbe\x8b.example",
    "\xff\xfe\x01",
    "series",
};
enum { NAMES = sizeof(names) / sizeof(names[0]) };

static void assert_plain(void) {
  for (size_t i = 0; i < length; i++)
    ck_assert(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
}

START_TEST(any_name_is_one_word_of_one_line) {
  struct hosts_host host;
  struct series_memory memory;
  fill_host(&random_, &host);
  fill_series(&random_, &memory);
  memset(host.name, 0, sizeof(host.name));
  strcpy(host.name, names[_i]);
  begin();
  put_host(&host);
  put_series(names[_i], &memory);
  assert_plain();
  ck_assert_int_eq(finish_and_read(), 0);
  ck_assert_str_eq(kept.host[0].name, names[_i]);
  ck_assert_str_eq(kept.identifier[0], names[_i]);
}
END_TEST

/* The longest number of each kind. */
static const double longest = -0x1.fffffffffffffp-1;
static const float longest_float = -0x1.fffffep-1f;

static void fill_longest(void *at, size_t size) {
  double *values = at;
  for (size_t i = 0; i < size / sizeof(double); i++)
    values[i] = longest;
}

static void make_longest_incident(struct incident *incident) {
  incident->since_s = incident->open_s = incident->reminded_s = longest;
  incident->closed_s = incident->calm_s = longest;
  incident->votes = incident->failure_run = incident->clear_factor = UINT8_MAX;
  incident->calm_run = UINT16_MAX;
}

static void make_longest_queue(struct snapshot_queue *queue) {
  queue->backlog = queue->others = INT64_MIN;
  memset(queue->listener, '%', SNAPSHOT_ADDRESS_MAX - 1);
}

static void make_longest_snapshot(struct snapshot *last) {
  last->time_s = last->interval_s = longest;
  last->have = last->rates = UINT32_MAX;
  for (int i = 0; i < SIGNAL_COUNT; i++)
    last->value[i].gauge = longest;
  make_longest_queue(&last->syn_queue);
  make_longest_queue(&last->accept_queue);
  memset(last->top_source, '%', SNAPSHOT_ADDRESS_MAX - 1);
}

static void make_longest_mark(struct snapshot_mark *mark) {
  mark->time_s = mark->interval_s = longest;
  mark->have = mark->rates = UINT32_MAX;
  for (int i = 0; i < SIGNAL_COUNT - SIGNAL_FIRST_COUNTER; i++)
    mark->counter[i] = INT64_MIN;
}

static void make_longest_judge(struct judge *judge) {
  fill_longest(&judge->syn_flood.model, sizeof(judge->syn_flood.model));
  fill_longest(&judge->syn_flood.entropy, sizeof(struct baseline));
  fill_longest(&judge->syn_flood.unreturned,
               offsetof(struct syn_flood, excess_run) -
                   offsetof(struct syn_flood, unreturned));
  judge->accept_overflow.usual = judge->accept_overflow.learnt = longest;
  fill_longest(&judge->outbound_stall.model, sizeof(struct expectation));
  fill_longest(&judge->close_wait_leak.model, sizeof(struct expectation));
  fill_longest(&judge->time_wait_pressure.baseline, sizeof(struct baseline));
  fill_longest(&judge->state_shift.baseline, sizeof(struct baseline));
  judge->time_wait_pressure.run = judge->state_shift.run = UINT8_MAX;
  for (int i = 0; i < INCIDENT_COUNT; i++)
    make_longest_incident(judge_incident(judge, (enum incident_kind)i));
}

static void make_longest_host(struct hosts_host *host) {
  memset(host, 0, sizeof(*host));
  memset(host->name, '%', sizeof(host->name) - 1);
  host->seen_s = -DBL_MAX;
  make_longest_snapshot(&host->last);
  make_longest_mark(&host->before.last);
  make_longest_judge(&host->before.judge);
  make_longest_judge(&host->judge);
  double *values = (double *)&host->judge; /* nothing is as it was before */
  for (size_t i = 0; i < sizeof(host->judge) / sizeof(double); i++)
    values[i] = values[i] == longest ? 2 * longest : values[i];
}

/* In a piece of memory of its own, so that a sanitizer sees an overrun. */
START_TEST(the_longest_host_fits) {
  struct hosts_host *host = malloc(sizeof(*host));
  char *piece = malloc(STATE_TEXT_HOST_MAX);
  make_longest_host(host);
  state = (struct state_text){0};
  size_t used = state_text_host(&state, host, piece);
  ck_assert_uint_gt(used, 5000);
  ck_assert_uint_lt(used, STATE_TEXT_HOST_MAX);
  free(piece);
  free(host);
}
END_TEST

static void make_longest_levels(struct levels *levels) {
  fill_longest(levels, offsetof(struct levels, recent_spread));
  for (float *at = &levels->recent_spread; at <= &levels->block_overshoot; at++)
    *at = longest_float;
}

/* Each difference as long as can be. */
static void make_longest_season(struct season *season) {
  season->center = season->sum = longest;
  season->count = season->step = longest_float;
  season->day = season->kept_day = INT64_MIN;
  for (float *at = &season->curve_error; at <= &season->spread; at++)
    *at = longest_float;
  for (int i = 0; i < SEASON_SLOTS; i++) {
    for (int k = 0; k < SEASON_WEEKDAYS; k++)
      season->weekday[i][k] = (i + k) % 2 ? INT16_MIN : INT16_MAX;
    for (int k = 0; k < SEASON_WEEKEND_DAYS; k++)
      season->weekend[i][k] = k ? INT16_MIN : INT16_MAX;
    season->slot_spread[i / 2] = i / 2 % 2 ? 0x8000 : 0x7fff;
  }
  memset(&season->slot, UINT8_MAX, 6);
}

static void make_longest_habit(struct habit *habit) {
  habit->time_s = longest;
  habit->block = UINT32_MAX;
  habit->interval_s = habit->held_s = longest_float;
  habit->envelope = habit->calm_s = habit->over_s = longest_float;
  habit->event_height = longest_float;
  habit->is_open = habit->is_slow = habit->had_day = UINT8_MAX;
  make_longest_levels(&habit->levels);
  for (float *at = &habit->rate.months; at <= &habit->rate.limit; at++)
    *at = longest_float;
  habit->rate.is_event = UINT8_MAX;
  for (int i = 0; i < DEVIATION_TAILS; i++) {
    struct tail *tail = &habit->tail[i];
    for (float *at = &tail->total; at <= &tail->event_max; at++)
      *at = longest_float;
    tail->quantile = tail->top = tail->halvings = UINT8_MAX;
    for (int k = 0; k < TAIL_BINS; k++)
      tail->count[k] = k % 2 ? UINT8_MAX : 0;
  }
  habit->event_slot = habit->event_week = UINT16_MAX;
  habit->event_last_slot = habit->event_last_week = UINT16_MAX;
  for (int i = 0; i < WEEKLY_EVENTS; i++)
    habit->weekly.event[i] = (struct weekly_event){
        longest_float, UINT16_MAX, UINT16_MAX, UINT8_MAX, UINT8_MAX};
  make_longest_season(&habit->season);
}

START_TEST(the_longest_series_fits) {
  struct series_memory memory;
  char identifier[SERIES_IDENTIFIER_MAX] = "";
  char *piece = malloc(STATE_TEXT_SERIES_MAX);
  memset(identifier, '\n', sizeof(identifier) - 1);
  memset(&memory, 0, sizeof(memory));
  memory.time_s = memory.seen_s = longest;
  memory.interval_s = longest_float;
  memory.counter = INT64_MIN;
  memory.told = UINT8_MAX;
  make_longest_habit(&memory.habit);
  make_longest_incident(&memory.incident);
  memory.incident.severity = SEVERITY_OKAY;
  state = (struct state_text){0};
  size_t used = state_text_series(&state, identifier, &memory, piece);
  ck_assert_uint_gt(used, 5000);
  ck_assert_uint_lt(used, STATE_TEXT_SERIES_MAX);
  free(piece);
}
END_TEST

START_TEST(the_head_and_the_end_fit) {
  char *piece = malloc(STATE_TEXT_FRAME_MAX);
  size_t head = state_text_begin(&state, -DBL_MAX, piece);
  ck_assert_uint_lt(head, STATE_TEXT_FRAME_MAX);
  state = (struct state_text){UINT32_MAX, SIZE_MAX, SIZE_MAX};
  ck_assert_uint_lt(state_text_end(&state, piece), STATE_TEXT_FRAME_MAX);
  free(piece);
}
END_TEST

START_TEST(when_it_was_saved_can_be_read) {
  static const char silent[] = "collectd-baseline state 2\nend 0 0 00000000\n";
  static const char old[] = "collectd-baseline state 1\n# saved 1.5\n";
  static const char newer[] = "collectd-baseline state 10\n# saved 1.5\n";
  begin();
  ck_assert_double_eq(state_text_saved_s(text, length), 1.7e9);
  for (size_t cut = 0; cut < 45; cut++)
    ck_assert(isnan(state_text_saved_s(text, cut)) == (cut < 49));
  ck_assert(isnan(state_text_saved_s(silent, strlen(silent))));
  ck_assert_double_eq(state_text_saved_s(old, strlen(old)), 1.5);
  ck_assert_double_eq(state_text_saved_s(newer, strlen(newer)), 1.5);
}
END_TEST

static int refuse(void *to, const struct hosts_host *host) {
  (void)host;
  return ++*(int *)to == 2 ? -ENOMEM : 0;
}

START_TEST(who_takes_in_may_stop_the_reading) {
  struct hosts_host host;
  int taken = 0;
  struct state_text_reader reader = {refuse, NULL, &taken};
  fill_host(&random_, &host);
  begin();
  for (int i = 0; i < 3; i++)
    put_host(&host);
  ck_assert_int_eq(finish_and_read(), 0);
  ck_assert_int_eq(state_text_read(text, length, &reader, why), -ENOMEM);
  ck_assert_int_eq(taken, 2);
}
END_TEST

START_TEST(who_wants_hosts_only_is_given_hosts_only) {
  struct hosts_host host;
  struct series_memory memory;
  struct state_text_reader reader = {keep_host, NULL, &kept};
  fill_host(&random_, &host);
  fill_series(&random_, &memory);
  begin();
  put_series("h/p/t", &memory);
  put_host(&host);
  length += state_text_end(&state, text + length);
  ck_assert_int_eq(state_text_read(text, length, &reader, why), 0);
  ck_assert_uint_eq(kept.hosts, 1);
  ck_assert_uint_eq(kept.series, 0);
}
END_TEST

/* A plugin of somebody else's may call setlocale, once or again and again. */
static void write_one(void) {
  begin();
  put_host(&written.host[0]);
  put_series("a/b/c", &written.memory[0]);
  memset(&kept, 0, sizeof(kept));
  int rc = finish_and_read();
  if (rc != 0)
    ck_abort_msg("not read: %s", why);
}

START_TEST(no_byte_depends_on_the_locale) {
  pthread_t flipping;
  fill_host(&random_, &written.host[0]);
  written.host[0].seen_s = 1700000000.125;
  fill_series(&random_, &written.memory[0]);
  write_one();
  char *plain = strdup(text);
  if (!comma_locale_set()) {
    free(plain);
    return;
  }
  write_one();
  ck_assert_str_eq(text, plain);
  ck_assert_double_eq(state_text_saved_s(text, length), 1.7e9);
  ck_assert(comma_is_set());
  comma_flips = true;
  ck_assert_int_eq(pthread_create(&flipping, NULL, comma_flip, NULL), 0);
  for (int i = 0; i < 1000; i++) {
    write_one();
    ck_assert_double_eq(kept.host[0].seen_s, 1700000000.125);
    ck_assert_str_eq(text, plain);
  }
  comma_flips = false;
  ck_assert_int_eq(pthread_join(flipping, NULL), 0);
  free(plain);
}
END_TEST

/* Version 1.0.0 wrote so in such a locale. */
START_TEST(a_time_with_a_comma_is_read) {
  char *at;
  fill_host(&random_, &written.host[0]);
  written.host[0].seen_s = 1700000000.125;
  begin();
  put_host(&written.host[0]);
  ck_assert_ptr_nonnull(at = strstr(text, "1700000000.125\n"));
  at[10] = ',';
  ck_assert_ptr_nonnull(at = strstr(text, "# saved 1700000000.000"));
  at[18] = ',';
  ck_assert_double_eq(state_text_saved_s(text, length), 1.7e9);
  state.checksum = state_fields_checksum(0, text, length);
  ck_assert_int_eq(finish_and_read(), 0);
  ck_assert_double_eq(kept.host[0].seen_s, 1700000000.125);
}
END_TEST

SUITE(state_text) {
  Suite *suite = suite_create("state_text");
  TCase *tcase = tcase_create("state_text");

  tcase_set_timeout(tcase, 60);
  tcase_add_checked_fixture(tcase, setup, teardown);
  tcase_add_loop_test(tcase, hosts_and_series_come_back_bit_by_bit, 0, 20);
  tcase_add_test(tcase, random_hosts_leave_no_member_out);
  tcase_add_test(tcase, random_series_leave_no_column_out);
  tcase_add_test(tcase, nothing_learnt_is_a_state_too);
  tcase_add_test(tcase, a_host_just_met_comes_back);
  tcase_add_loop_test(tcase, any_name_is_one_word_of_one_line, 0, NAMES);
  tcase_add_test(tcase, the_longest_host_fits);
  tcase_add_test(tcase, the_longest_series_fits);
  tcase_add_test(tcase, the_head_and_the_end_fit);
  tcase_add_test(tcase, when_it_was_saved_can_be_read);
  tcase_add_test(tcase, who_takes_in_may_stop_the_reading);
  tcase_add_test(tcase, who_wants_hosts_only_is_given_hosts_only);
  tcase_add_test(tcase, no_byte_depends_on_the_locale);
  tcase_add_test(tcase, a_time_with_a_comma_is_read);
  suite_add_tcase(suite, tcase);
  return suite;
}
