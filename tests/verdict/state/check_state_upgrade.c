/* state_text: states that 1.0.0 and 1.2.1 wrote (tests/fixtures/state-*). All
 * that was learnt is there, what is open stays open and is not raised again,
 * and its OKAY comes. */
#include "scenes/random_state.h"
#include "scenes/suite.h"
#include "verdict/state/state_fields.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_MAX = 1 << 17, LINE_MAX_ = 4096, OLD_SIGNALS = 19 };

/* The order of 1.0.0's bits, and of its counters from the twelfth on. */
static const char *const old_signals[OLD_SIGNALS] = {
    "ESTABLISHED",  "SYN_SENT",        "SYN_RECV",       "CLOSE_WAIT",
    "active",       "syn_recv_aged",   "syn_queue",      "syn_queue_aged",
    "accept_queue", "time_wait",       "state_entropy",  "PassiveOpens",
    "ActiveOpens",  "SyncookiesSent",  "SyncookiesRecv", "ListenOverflows",
    "ListenDrops",  "TCPReqQFullDrop", "EmbryonicRsts",
};
enum { OLD_FIRST_COUNTER = 11 };

/* Members that 1.0.0 saved and that are no more: "PART MEMBER". */
static const char *const dropped[] = {"syn_flood syn_flood.arrivals",
                                      "syn_flood syn_flood.last_half_open",
                                      "syn_flood syn_flood.overflow_s", NULL};

static const struct {
  const char *name, *version;
  size_t hosts, series;
  int members; /* fewer would leave some out */
} states[] = {
    {"state-1.0.0/simulated", "1", 3, 2, 1000},
    {"state-1.0.0/daemon", "1", 1, 0, 300},
    {"state-1.2.1/watched", "2", 0, 2, 28},
};
enum { STATES = sizeof(states) / sizeof(states[0]) };

static const char old[] = "state-1.0.0/simulated";
static struct kept kept;
static char text[FILE_MAX];
static size_t length;

static FILE *open_fixture(const char *name, const char *ending) {
  char path[512];
  snprintf(path, sizeof(path), "%s/%s%s", FIXTURES, name, ending);
  FILE *file = fopen(path, "r");
  ck_assert_msg(file != NULL, "%s cannot be read", path);
  return file;
}

static void read_state(const char *name) {
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  char why[STATE_TEXT_ERROR_MAX] = "";
  FILE *file = open_fixture(name, "");
  length = fread(text, 1, sizeof(text), file);
  fclose(file);
  memset(&kept, 0, sizeof(kept));
  for (int i = 0; i < STATES; i++)
    if (strcmp(states[i].name, name) == 0)
      ck_assert_msg(text[24] == *states[i].version && text[25] == '\n',
                    "it is not of version %s", states[i].version);
  int rc = state_text_read(text, length, &reader, why);
  ck_assert_msg(rc == 0, "%d %s", rc, why);
}

static int find_signal(const char *name) {
  for (int i = 0; i < SIGNAL_COUNT; i++)
    if (strcmp(signals_type_instance((enum signal)i), name) == 0)
      return i;
  ck_abort_msg("no signal is named %s", name);
}

/* What 1.0.0 says of a member, held against what was read. */
struct look {
  struct hosts_host *host;      /* whose members come */
  struct series_memory *memory; /* likewise */
  size_t hosts, series;
  int members;
};

static double number_of(const struct state_field *field, size_t i,
                        const void *base) {
  char word[STATE_WORD_MAX] = "";
  double number = NAN;
  word[state_fields_print(field, i, base, word)] = '\0';
  ck_assert(state_number_scan(word, &number));
  return number;
}

/* What is carried over of a series' baseline is looked at in
 * what_a_series_had_learnt_arrives. */
static bool is_dropped(const char *part, const char *member) {
  if (strcmp(part, "series") == 0 && strncmp(member, "incident.", 9) != 0)
    return strncmp(member, "baseline.", 9) == 0 ||
           strncmp(member, "day.", 4) == 0;
  char both[256];
  snprintf(both, sizeof(both), "%s %s", part, member);
  for (int i = 0; dropped[i]; i++)
    if (strcmp(dropped[i], both) == 0)
      return true;
  return false;
}

static const struct state_field *find_member(const char *part_name,
                                             const char *name, int *part) {
  for (*part = 0; *part < STATE_PARTS; ++*part)
    for (size_t i = 0; i < state_fields_part(*part)->fields_len; i++)
      if (strcmp(state_fields_part(*part)->name, part_name) == 0 &&
          strcmp(state_fields_part(*part)->fields[i].name, name) == 0)
        return &state_fields_part(*part)->fields[i];
  return NULL;
}

static const void *base_of(const struct look *look, int part, bool before) {
  if (part == STATE_SERIES)
    return look->memory;
  if (part == STATE_SNAPSHOT)
    return &look->host->last;
  if (part == STATE_MARK)
    return &look->host->before.last;
  return before ? &look->host->before.judge : &look->host->judge;
}

/* 1.0.0's bits as ours. */
static double moved_bits(double bits) {
  uint32_t theirs = (uint32_t)bits, ours = 0;
  for (int i = 0; i < OLD_SIGNALS; i++)
    if (theirs >> i & 1)
      ours |= UINT32_C(1) << find_signal(old_signals[i]);
  return ours;
}

static void look_at_member(struct look *look, const char *part_name,
                           const char *name, char *values) {
  bool before = strncmp(part_name, "before.", 7) == 0;
  int part;
  part_name += before ? 7 : 0;
  const struct state_field *field = find_member(part_name, name, &part);
  if (is_dropped(part_name, name))
    return;
  ck_assert_msg(field != NULL, "%s %s is no more", part_name, name);
  bool bits = strcmp(name, "have") == 0 || strcmp(name, "rates") == 0;
  size_t k = 0;
  for (char *at = strtok(values, " "); at; at = strtok(NULL, " "), k++) {
    double value = strtod(at, NULL);
    size_t i = part == STATE_MARK && field->count > 1
                   ? (size_t)find_signal(old_signals[OLD_FIRST_COUNTER + k]) -
                         SIGNAL_FIRST_COUNTER
                   : k;
    double is = number_of(field, i, base_of(look, part, before));
    if (field->type == STATE_FLOAT)
      value = (double)(float)value;
    ck_assert_msg(is == (bits ? moved_bits(value) : value),
                  "%s %s[%zu] is %.17g instead of %s", part_name, name, i, is,
                  at);
    look->members++;
  }
}

static void look_at_value(struct look *look, const char *name,
                          const char *value) {
  int i = find_signal(name);
  ck_assert_ptr_nonnull(look->host);
  const struct snapshot *last = &look->host->last;
  ck_assert(last->have >> i & 1);
  if (i >= SIGNAL_FIRST_COUNTER && !(last->rates >> i & 1))
    ck_assert_int_eq(last->value[i].counter, strtoll(value, NULL, 10));
  else
    ck_assert_double_eq(last->value[i].gauge, strtod(value, NULL));
  look->members++;
}

static void look_at_address(struct look *look, const char *name,
                            const char *value) {
  const struct snapshot *last = &look->host->last;
  const char *is =
      strcmp(name, "syn_queue.listener") == 0      ? last->syn_queue.listener
      : strcmp(name, "accept_queue.listener") == 0 ? last->accept_queue.listener
                                                   : last->top_source;
  ck_assert_int_eq(value[0], '=');
  ck_assert_str_eq(is, value + 1);
  look->members++;
}

static void look_at_line(struct look *look, char *line) {
  char *first = strtok(line, " "), *second = strtok(NULL, " ");
  char *rest = strtok(NULL, "");
  if (strcmp(first, "host") == 0) {
    ck_assert_uint_lt(look->hosts, kept.hosts);
    look->host = &kept.host[look->hosts++];
    ck_assert_str_eq(look->host->name, second);
    ck_assert_double_eq(look->host->seen_s, strtod(rest, NULL));
  } else if (strcmp(first, "series") == 0 && !rest) {
    ck_assert_uint_lt(look->series, kept.series);
    ck_assert_str_eq(kept.identifier[look->series], second);
    look->memory = &kept.memory[look->series++];
  } else if (strcmp(first, "value") == 0) {
    look_at_value(look, second, rest);
  } else if (strcmp(first, "address") == 0) {
    look_at_address(look, second, rest);
  } else {
    look_at_member(look, first, second, rest);
  }
}

START_TEST(all_that_was_learnt_is_there) {
  static char line[LINE_MAX_];
  struct look look = {0};
  read_state(states[_i].name);
  ck_assert_uint_eq(kept.hosts, states[_i].hosts);
  ck_assert_uint_eq(kept.series, states[_i].series);
  FILE *members = open_fixture(states[_i].name, ".members");
  while (fgets(line, sizeof(line), members)) {
    line[strcspn(line, "\n")] = '\0';
    look_at_line(&look, line);
  }
  fclose(members);
  ck_assert_uint_eq(look.hosts, kept.hosts);
  ck_assert_uint_eq(look.series, kept.series);
  ck_assert_int_ge(look.members, states[_i].members);
}
END_TEST

/* Some of it by its place, without the tables; of the models as 1.0.0 explains
 * them in JSON. */
START_TEST(it_is_there_by_name) {
  read_state(old);
  const struct hosts_host *flooded = &kept.host[0], *busy = &kept.host[1];
  ck_assert_str_eq(flooded->name, "flooded");
  ck_assert_int_eq(flooded->judge.syn_flood.incident.severity,
                   SEVERITY_WARNING);
  ck_assert_double_eq(flooded->judge.syn_flood.incident.since_s,
                      1767846620.4059999);
  ck_assert_double_eq_tol(busy->before.judge.syn_flood.model.slow.half_open,
                          16.4082521907156, 1e-12);
  ck_assert_double_eq_tol(busy->before.judge.syn_flood.model.slow.completed,
                          179.59544574586, 1e-10);
  ck_assert_double_eq(busy->last.value[SIGNAL_ESTABLISHED].gauge, 1683);
  ck_assert_int_eq(busy->last.value[SIGNAL_PASSIVE_OPENS].counter, 28199440);
  ck_assert_int_eq(
      busy->before.last.counter[SIGNAL_PASSIVE_OPENS - SIGNAL_FIRST_COUNTER],
      28198695);
  ck_assert_int_eq(kept.memory[0].incident.severity, SEVERITY_WARNING);
  ck_assert_int_eq(kept.memory[1].counter, 56554574);
}
END_TEST

/* Read the text again with that in place of this in a remark, each of which has
 * a blank or the line's end behind. */
static int read_renamed(const char *remark, const char *this,
                        const char *that) {
  static char other[FILE_MAX];
  struct state_text_reader reader = {keep_host, keep_series, &kept};
  char why[STATE_TEXT_ERROR_MAX] = "";
  char *at = strstr(strstr(text, remark), this);
  ck_assert(at != NULL);
  ck_assert(at < strchr(strstr(text, remark), '\n'));
  char *rest = at + strlen(this), *end = strstr(text, "\nend ") + 1;
  size_t body = (size_t)sprintf(other, "%.*s%s%.*s", (int)(at - text), text,
                                that, (int)(end - rest), rest);
  length = body + (size_t)sprintf(other + body, "end 3 2 %08" PRIx32 "\n",
                                  crc32_of(other, body));
  memcpy(text, other, length + 1);
  memset(&kept, 0, sizeof(kept));
  return state_text_read(text, length, &reader, why);
}

/* A signal that is gone: the bits and counters behind it are still theirs. */
START_TEST(a_signal_that_is_unknown_moves_no_other) {
  static struct kept before;
  static const enum signal gone[] = {SIGNAL_SYN_SENT, SIGNAL_LISTEN_DROPS};
  read_state(old);
  before = kept;
  ck_assert_int_eq(read_renamed("# snapshot:", " SYN_SENT ", " SYN_GONE "), 0);
  ck_assert_int_eq(read_renamed("# snapshot:", " ListenDrops ", " Gone "), 0);
  for (size_t i = 0; i < kept.hosts; i++) {
    struct hosts_host *host = &before.host[i];
    for (int k = 0; k < 2; k++) {
      ck_assert_int_ne(host->last.have >> gone[k] & 1, 0);
      host->last.have &= ~(UINT32_C(1) << gone[k]);
      host->before.last.have &= ~(UINT32_C(1) << gone[k]);
      host->last.value[gone[k]] = (union snapshot_value){.counter = 0};
    }
    host->before.last.counter[SIGNAL_LISTEN_DROPS - SIGNAL_FIRST_COUNTER] = 0;
    ck_assert_mem_eq(&kept.host[i], host, sizeof(*host));
  }
}
END_TEST

/* The names alone change places, and so do the values. */
START_TEST(the_names_say_what_is_what) {
  static struct kept before;
  read_state(old);
  before = kept;
  ck_assert_int_eq(read_renamed("# syn_flood:", " syn_flood.model.slow.aged ",
                                " syn_flood.model.slow.AGED "),
                   0);
  ck_assert_int_eq(
      read_renamed("# syn_flood:", " syn_flood.model.slow.half_open ",
                   " syn_flood.model.slow.aged "),
      0);
  ck_assert_int_eq(read_renamed("# snapshot:", " ESTABLISHED ", " other "), 0);
  ck_assert_int_eq(read_renamed("# snapshot:", " SYN_RECV ", " ESTABLISHED "),
                   0);
  for (size_t i = 0; i < kept.hosts; i++) {
    const struct hosts_host *was = &before.host[i], *is = &kept.host[i];
    ck_assert_double_eq(is->judge.syn_flood.model.slow.aged,
                        was->judge.syn_flood.model.slow.half_open);
    ck_assert_double_eq(is->judge.syn_flood.model.slow.half_open, 0);
    ck_assert_double_eq(is->judge.syn_flood.model.slow.completed,
                        was->judge.syn_flood.model.slow.completed);
    ck_assert_double_eq(is->last.value[SIGNAL_ESTABLISHED].gauge,
                        was->last.value[SIGNAL_SYN_RECV].gauge);
    ck_assert_int_eq(is->last.have >> SIGNAL_SYN_RECV & 1, 0);
    ck_assert_int_eq(is->last.have >> SIGNAL_ESTABLISHED & 1, 1);
  }
}
END_TEST

/* How long it is, is known, though it is read no more. */
START_TEST(an_array_that_is_unknown_is_passed_over) {
  static struct kept before;
  read_state(old);
  before = kept;
  ck_assert_int_eq(read_renamed("# series:", " day.level ", " day.levels "),
                   -EBADMSG);
  read_state(old);
  ck_assert_int_eq(
      read_renamed("# series:", " day.level ", " new day.level*95 "), 0);
  for (size_t i = 0; i < kept.series; i++) {
    const struct habit *was = &before.memory[i].habit;
    const struct habit *is = &kept.memory[i].habit;
    ck_assert_mem_eq(&is->levels, &was->levels, sizeof(is->levels));
    ck_assert_mem_eq(&kept.memory[i].incident, &before.memory[i].incident,
                     sizeof(kept.memory[i].incident));
  }
}
END_TEST

/* --- what 1.0.0 and 1.2.1 had learned of series --------------------------- */

/* A member of a series by its name, from NAME.members. */
static char *find_learned(const char *state, size_t number,
                          const char *member) {
  static char line[LINE_MAX_], start[64];
  size_t at = 0;
  FILE *members = open_fixture(state, ".members");
  snprintf(start, sizeof(start), "series %s ", member);
  while (fgets(line, sizeof(line), members))
    if (strncmp(line, start, strlen(start)) == 0 && at++ == number) {
      fclose(members);
      return line + strlen(start);
    }
  ck_abort_msg("%s of series %zu is not in %s", member, number, state);
}

static double learned(const char *state, size_t number, const char *member) {
  return strtod(find_learned(state, number, member), NULL);
}

static void assert_level_and_spread(const char *state, size_t i) {
  const struct levels *levels = &kept.memory[i].habit.levels;
  double level = learned(state, i, "baseline.level");
  double deviation = sqrt(learned(state, i, "baseline.variance"));
  ck_assert_double_eq(levels->usual, level);
  ck_assert_double_eq(levels->recent, level);
  ck_assert_double_eq(levels->slow, level);
  /* the mean distance of a normal distribution is 0.8 of its deviation */
  ck_assert_double_eq_tol((double)levels->usual_spread,
                          deviation * sqrt(2 / 3.14159265358979),
                          1e-3 * deviation);
  ck_assert_float_eq(levels->recent_spread, levels->usual_spread);
  ck_assert_float_gt(levels->values, 100);
  ck_assert_float_eq(levels->blocks, 0); /* nothing is told at first */
  ck_assert(habit_is_sound(&kept.memory[i].habit));
}

/* Each quarter of an hour that was seen, by UTC until a value comes. */
static void assert_day(const char *state, size_t i) {
  const struct season *season = &kept.memory[i].habit.season;
  double deviation = sqrt(learned(state, i, "baseline.variance"));
  double seen[SEASON_SLOTS], days[SEASON_DAYS];
  char *at = find_learned(state, i, "day.seen_s");
  for (int slot = 0; slot < SEASON_SLOTS; slot++)
    seen[slot] = strtod(at, &at);
  at = find_learned(state, i, "day.level");
  ck_assert_int_eq(season->utc, 1);
  for (int slot = 0; slot < SEASON_SLOTS; slot++) {
    double level = strtod(at, &at);
    int len = season_days(season, slot, 2, 0, days);
    ck_assert_int_eq(len, seen[slot] > 0 ? SEASON_WEEKDAYS : 0);
    for (int k = 0; k < len; k++)
      ck_assert_double_eq_tol(days[k], level, deviation / 50);
  }
}

START_TEST(what_a_series_had_learnt_arrives) {
  const char *state = states[_i].name;
  read_state(state);
  for (size_t i = 0; i < kept.series; i++) {
    assert_level_and_spread(state, i);
    assert_day(state, i);
  }
}
END_TEST

/* The slots of the day turn with the first value that tells the zone. */
START_TEST(the_day_of_utc_becomes_that_of_the_clock) {
  struct habit_settings settings = {.false_alarms = 1, .weekend = 0x60};
  struct habit_now now;
  double utc[SEASON_DAYS], local[SEASON_DAYS];
  read_state(old);
  struct habit *habit = &kept.memory[0].habit;
  struct season before = habit->season;
  struct habit_value value = {41, kept.memory[0].time_s + 10, 2 * 3600, 10};
  ck_assert(habit_step(habit, &settings, &value, &now));
  ck_assert_int_eq(habit->season.utc, 0);
  for (int slot = 0; slot < SEASON_SLOTS; slot++) {
    int len = season_days(&before, slot, 2, 0, utc);
    ck_assert_int_eq(
        season_days(&habit->season, (slot + 8) % SEASON_SLOTS, 2, 0, local),
        len);
    for (int k = 0; k < len; k++)
      ck_assert_double_eq(local[k], utc[k]);
  }
}
END_TEST

/* Written again it is of the version of today, and says the same. */
START_TEST(it_is_saved_in_the_version_of_today) {
  static char again[FILE_MAX];
  static struct kept then;
  struct state_text state;
  char why[STATE_TEXT_ERROR_MAX];
  read_state(states[_i].name);
  size_t size = state_text_begin(&state, 1, again);
  for (size_t i = 0; i < kept.hosts; i++)
    size += state_text_host(&state, &kept.host[i], again + size);
  for (size_t i = 0; i < kept.series; i++)
    size += state_text_series(&state, kept.identifier[i], &kept.memory[i],
                              again + size);
  size += state_text_end(&state, again + size);
  ck_assert(memcmp(again, "collectd-baseline state 3\n", 26) == 0);
  struct state_text_reader reader = {keep_host, keep_series, &then};
  memset(&then, 0, sizeof(then));
  ck_assert_int_eq(state_text_read(again, size, &reader, why), 0);
  ck_assert_mem_eq(&then, &kept, sizeof(kept));
}
END_TEST

/* The restored hosts go on with what came next. */
struct going {
  struct hosts *hosts;
  int snapshots, raised, cleared, open;
};

static void drain(struct going *going) {
  struct judgement is;
  while (hosts_next(going->hosts, &is)) {
    const struct finding *finding = &is.finding[INCIDENT_SYN_FLOOD];
    going->snapshots++;
    for (int i = 0; i < INCIDENT_COUNT; i++)
      going->raised += is.finding[i].change == INCIDENT_RAISED;
    going->cleared += finding->change == INCIDENT_CLEARED;
    going->open += finding->severity != SEVERITY_OKAY;
  }
}

/* A line of simulated.later: the time, then a value each. */
static void feed_line(struct going *going, char *line) {
  double time_s = strtod(strtok(line, " "), NULL);
  for (int i = 0; i < OLD_SIGNALS; i++) {
    int signal = find_signal(old_signals[i]);
    const char *word = strtok(NULL, " \n");
    struct hosts_value value = {.host = "flooded",
                                .signal = (enum signal)signal,
                                .time_s = time_s,
                                .interval_s = 10,
                                .now_s = time_s};
    if (signal >= SIGNAL_FIRST_COUNTER)
      value.value.counter = strtoll(word, NULL, 10);
    else
      value.value.gauge = strtod(word, NULL);
    if (hosts_put(going->hosts, &value) == -EAGAIN) {
      drain(going);
      ck_assert_int_eq(hosts_put(going->hosts, &value), 0);
    }
    drain(going);
  }
}

/* The flood goes on for 300 s; 1.0.0 itself says OKAY 70 s after. */
START_TEST(an_open_incident_stays_open_and_its_okay_comes) {
  static char line[LINE_MAX_];
  static struct rules rules;
  rules_defaults(&rules);
  struct going going = {.hosts = hosts_create(&rules)};
  read_state(old);
  for (size_t i = 0; i < kept.hosts; i++)
    ck_assert_int_eq(hosts_restore(going.hosts, &kept.host[i]), 0);
  FILE *later = open_fixture(old, ".later");
  ck_assert_ptr_nonnull(fgets(line, sizeof(line), later)); /* the names */
  while (going.snapshots < 28 && fgets(line, sizeof(line), later))
    feed_line(&going, line);
  ck_assert_int_ge(going.snapshots, 28);
  ck_assert_int_eq(going.open, going.snapshots);
  ck_assert_int_eq(going.raised + going.cleared, 0);
  while (fgets(line, sizeof(line), later))
    feed_line(&going, line);
  ck_assert_int_ge(going.snapshots, 75);
  ck_assert_int_eq(going.cleared, 1);
  ck_assert_int_eq(going.raised, 0);
  ck_assert_int_lt(going.open, going.snapshots);
  fclose(later);
  hosts_destroy(going.hosts);
}
END_TEST

static void make_watches(struct rules *rules) {
  struct rules_block block;
  char why[RULES_ERROR_MAX];
  rules_defaults(rules);
  ck_assert_int_eq(rules_open(rules, "Watch", "disk", &block, why), 0);
}

/* The free space was 41 and fell to 13, which is why it is open. It is not
 * calm before it has come back, though nothing is rare in the first hours. */
START_TEST(an_open_series_stays_open_and_its_okay_comes) {
  static const struct series_name name = {"idle",       "df",   "root",
                                          "df_complex", "free", ""};
  static const char *const from[] = {old, "state-1.2.1/watched"};
  static struct rules rules;
  struct series_judgement is;
  int changes[INCIDENT_REMINDED + 1] = {0};
  make_watches(&rules);
  read_state(from[_i]);
  struct series *series = series_create(&rules);
  ck_assert_int_eq(series_restore(series, kept.identifier[0], &kept.memory[0]),
                   0);
  double interval_s = kept.memory[0].interval_s;
  int low = (int)(3600 / interval_s);
  for (int n = 1; n <= 4 * low; n++) {
    double time_s = kept.memory[0].time_s + interval_s * n;
    struct series_value value = {.gauge = n <= low ? 12.5 : 41,
                                 .time_s = time_s,
                                 .interval_s = interval_s,
                                 .now_s = time_s};
    ck_assert_int_eq(series_put(series, &rules.series[0], &name, &value, &is),
                     0);
    changes[is.finding.change]++;
    if (n <= low)
      ck_assert_int_eq(is.finding.severity, SEVERITY_WARNING);
  }
  ck_assert_int_eq(changes[INCIDENT_RAISED], 0);
  ck_assert_int_eq(changes[INCIDENT_CLEARED], 1);
  ck_assert_int_eq(changes[INCIDENT_ADOPTED], 0);
  series_destroy(series);
}
END_TEST

SUITE(state_upgrade) {
  Suite *suite = suite_create("state_upgrade");
  TCase *tcase = tcase_create("state_upgrade");
  tcase_add_loop_test(tcase, all_that_was_learnt_is_there, 0, STATES);
  tcase_add_test(tcase, it_is_there_by_name);
  tcase_add_test(tcase, a_signal_that_is_unknown_moves_no_other);
  tcase_add_test(tcase, the_names_say_what_is_what);
  tcase_add_test(tcase, an_array_that_is_unknown_is_passed_over);
  tcase_add_loop_test(tcase, what_a_series_had_learnt_arrives, 0, STATES);
  tcase_add_test(tcase, the_day_of_utc_becomes_that_of_the_clock);
  tcase_add_loop_test(tcase, it_is_saved_in_the_version_of_today, 0, STATES);
  tcase_add_test(tcase, an_open_incident_stays_open_and_its_okay_comes);
  tcase_add_loop_test(tcase, an_open_series_stays_open_and_its_okay_comes, 0,
                      2);
  suite_add_tcase(suite, tcase);
  return suite;
}
