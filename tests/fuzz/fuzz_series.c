/* Any bytes as what happens to a few watched series: values that go on about a
 * mean, values of any kind, size and order, time that passes or is set, the
 * state saved and loaded again, by any settings of <Watch>. What is judged must
 * be made of numbers, no incident is raised without evidence, what was saved
 * must come back bit by bit, and no more series are kept than may be. */
#include "fuzz_bytes.h"
#include "fuzz_target.h"

#include "scenes/random_load.h"
#include "verdict/notice.h"
#include "verdict/series.h"
#include "verdict/state/state_text.h"

#include <errno.h>

enum {
  SERIES = 5,
  SERIES_MAX = 4,
  STEPS_MAX = 3000,
  TEXT_MAX = SERIES * STATE_TEXT_SERIES_MAX + 2 * STATE_TEXT_FRAME_MAX
};

static const struct series_name names[SERIES] = {
    {"a", "ping", "", "ping", "192.0.2.1", ""},
    {"a", "load", "", "load", "", "shortterm"},
    {"b.example.org", "processes", "x:y", "ps_count", "", ""},
    {"b.example.org", "interface", "eth0", "if_octets", "", "rx"},
    {"c", "tcpconns", "80-local", "tcp_connections", "ESTABLISHED", ""},
};

struct scene {
  struct fuzz_bytes bytes;
  struct rules rules;
  struct series *series;
  struct random_load random;
  double now_s, zone_s;
  int steps; /* values are bounded, or an input takes seconds */
  enum series_value_kind kind[SERIES];
  double time_s[SERIES], mean[SERIES], count[SERIES];
};

static void check_text(const struct series_judgement *out) {
  struct notice notice;
  bool changed = out->finding.change != INCIDENT_UNCHANGED;
  bool composed = notice_compose_series(out, &notice);

  fuzz_must(composed == changed, "a notice for each change, and no other");
  if (!composed)
    return;
  fuzz_must(notice.text[0] != '\0' &&
                memchr(notice.text, '\0', sizeof(notice.text)) != NULL,
            "a notice has a text, and an end");
  fuzz_must(!strstr(notice.text, "nan") && !strstr(notice.text, "inf "),
            notice.text);
  fuzz_must(notice.items_len <= NOTICE_ITEMS_MAX, "so many items and no more");
}

static void check_habit(const struct habit_now *now) {
  fuzz_must(isfinite(now->rarity) && now->rarity >= 0 && isfinite(now->limit) &&
                now->limit >= 0 && isfinite(now->sigmas) &&
                isfinite(now->usual),
            "numbers make numbers");
  for (int i = 0; i < DEVIATION_COUNT; i++)
    fuzz_must(isfinite(now->rarities[i]) && isfinite(now->size[i]),
              levels_deviation_name((enum deviation)i));
  fuzz_must(now->hull.days == 0 || (isfinite(now->hull.expected) &&
                                    now->hull.lowest <= now->hull.expected &&
                                    now->hull.expected <= now->hull.highest),
            "a time of day expects what its days had");
  fuzz_must(!now->begins || (now->is_open && now->is_beyond),
            "an event begins beyond the limit");
}

static void check_judged(const struct series_judgement *out) {
  const struct finding *finding = &out->finding;

  fuzz_must(finding->judged, "what is judged is said to be");
  fuzz_must(isfinite(finding->observed) && isfinite(finding->expected) &&
                isfinite(finding->score),
            "numbers make numbers");
  fuzz_must(fabs(finding->score) <= 3, "a score is at most three limits");
  fuzz_must(isnan(finding->lower) == isnan(finding->upper) &&
                !(finding->lower > finding->expected) &&
                !(finding->expected > finding->upper) &&
                !isinf(finding->lower) && !isinf(finding->upper),
            "what is expected is usual, where a band is known");
  check_habit(&out->now);
  fuzz_must(finding->change != INCIDENT_RAISED ||
                (finding->evidence && finding->severity != SEVERITY_OKAY),
            "nothing is raised without evidence");
  fuzz_must((finding->change != INCIDENT_CLEARED &&
             finding->change != INCIDENT_ADOPTED) ||
                finding->severity == SEVERITY_OKAY,
            "what is closed is OKAY");
  check_text(out);
}

static void put(struct scene *scene, int which,
                const struct series_value *value) {
  struct series_judgement out;
  const struct series_rules *watch =
      identifier_match(&scene->rules, &names[which]);

  if (!watch)
    return;
  int rc = series_put(scene->series, watch, &names[which], value, &out);
  fuzz_must(rc == 0 || rc == -ENODATA || rc == -ESTALE || rc == -ENOSPC,
            "a value is taken, late, or refused");
  if (rc == 0)
    check_judged(&out);
  fuzz_must(series_count(scene->series) <= SERIES_MAX, "MaxWatched holds");
}

static struct series_value value_of(const struct scene *scene, int which,
                                    double interval_s) {
  return (struct series_value){.kind = scene->kind[which],
                               .time_s = scene->time_s[which],
                               .interval_s = interval_s,
                               .now_s = scene->now_s,
                               .zone_s = scene->zone_s};
}

/* Some values of one series about its mean. */
static void go_on(struct scene *scene) {
  static const double intervals_s[] = {10, 1, 60, 300, 0.2, 86400, 900, 1e-6};
  int which = fuzz_byte(&scene->bytes) % SERIES;
  double interval_s = intervals_s[fuzz_byte(&scene->bytes) % 8];
  double noise = fuzz_byte(&scene->bytes) / 255.0;

  for (int left = 4 * fuzz_byte(&scene->bytes);
       left > 0 && scene->steps < STEPS_MAX; left--, scene->steps++) {
    double mean = scene->mean[which];
    double drawn = mean + noise * fabs(mean) * random_normal(&scene->random);
    scene->time_s[which] += interval_s;
    scene->now_s += interval_s;
    struct series_value value = value_of(scene, which, interval_s);
    double *count = &scene->count[which];
    *count = fmin(1e18, *count + fmax(0, drawn));
    value.gauge = drawn;
    value.counter = (int64_t)*count;
    put(scene, which, &value);
  }
}

static void put_odd(struct scene *scene) {
  struct fuzz_bytes *bytes = &scene->bytes;
  int which = fuzz_byte(bytes) % SERIES;
  uint8_t form = fuzz_byte(bytes);
  struct series_value value = value_of(scene, which, 10);

  value.kind = (enum series_value_kind)(form % 4);
  value.gauge = fuzz_double(bytes);
  if (form & 4)
    value.counter = fuzz_whole(bytes);
  if (form & 8)
    value.time_s = fuzz_double(bytes);
  if (form & 16)
    value.interval_s = fuzz_double(bytes);
  if (form & 32)
    value.time_s += fuzz_double(bytes);
  put(scene, which, &value);
}

/* Another mean; or clocks are changed by half an hour or an hour. */
static void change_mean(struct scene *scene) {
  uint8_t byte = fuzz_byte(&scene->bytes);
  int which = byte % SERIES;
  if (byte >= 200) {
    scene->zone_s = 1800.0 * (byte - 228);
    return;
  }

  scene->mean[which] = fuzz_double(&scene->bytes);
}

static void wake(struct scene *scene) {
  static const double steps_s[] = {10, 1, 120, 3600, 1e6, -3600, -3e7, 3e7};
  struct series_judgement out;
  uint8_t which = fuzz_byte(&scene->bytes);

  scene->now_s += steps_s[which % 8];
  if (which & 8)
    for (int i = 0; i < SERIES; i++)
      scene->time_s[i] += steps_s[which % 8];
  series_wake(scene->series, scene->now_s);
  while (series_next(scene->series, &out)) {
    fuzz_must(out.silent_s > 0 && out.finding.change == INCIDENT_SILENT,
              "what is closed here is silent");
    check_text(&out);
  }
}

static int restore(void *to, const char *identifier,
                   const struct series_memory *memory) {
  return series_restore(to, identifier, memory);
}

/* All that is saved. What is not is of the running quarter of an hour, and is
 * looked up anew. */
static size_t print(const struct series *series, char *text) {
  const char *identifier, *watch;
  struct state_text state;
  size_t length = state_text_begin(&state, 1.7e9, text);

  for (size_t i = 0; i < series_count(series); i++) {
    const struct series_memory *memory =
        series_at(series, i, &identifier, &watch);
    size_t written =
        state_text_series(&state, identifier, memory, text + length);
    fuzz_must(written <= STATE_TEXT_SERIES_MAX, "a series' text has its limit");
    fuzz_must(habit_is_sound(&memory->habit), "what was learned is sound");
    length += written;
  }
  return length + state_text_end(&state, text + length);
}

static void assert_same(const struct series *before, const struct series *after,
                        const char *text, size_t length) {
  static char again[TEXT_MAX];
  const char *identifier, *other, *watch, *other_watch;

  fuzz_must(series_count(after) == series_count(before), "none is lost");
  for (size_t i = 0; i < series_count(before); i++) {
    series_at(before, i, &identifier, &watch);
    series_at(after, i, &other, &other_watch);
    fuzz_must(strcmp(identifier, other) == 0, "each keeps its name");
    fuzz_must(strcmp(watch, other_watch) == 0, "and its <Watch>");
  }
  fuzz_must(print(after, again) == length && memcmp(again, text, length) == 0,
            "what was saved comes back");
}

/* Saved, loaded, compared; and from then on what was loaded goes on. */
static void restart(struct scene *scene) {
  static char text[TEXT_MAX];
  struct series *loaded = series_create(&scene->rules);
  struct state_text_reader reader = {NULL, restore, loaded};
  char why[STATE_TEXT_ERROR_MAX] = "";
  size_t length = print(scene->series, text);

  int rc = state_text_read(text, length, &reader, why);
  fuzz_must(rc == 0, rc == -EEXIST ? "no series twice" : why);
  assert_same(scene->series, loaded, text, length);
  series_destroy(scene->series);
  scene->series = loaded;
}

/* <Watch> for this plugin or that, with any settings that are accepted. */
static void set_watch(struct scene *scene, const char *plugin) {
  struct rules changed = scene->rules;
  struct rules_value value = {.type = RULES_STRING, .string = plugin};
  struct rules_block block;
  struct rules_key key;
  char error[RULES_ERROR_MAX];

  fuzz_must(rules_open(&changed, "Watch", plugin, &block, error) == 0 &&
                rules_set(&changed, &block, "Plugin", &value, error) == 0,
            error);
  scene->rules = changed;
  for (size_t i = 0; rules_key_at(i, &key); i++) {
    if (strcmp(key.block, "Watch") != 0 && strcmp(key.block, "Incident") != 0)
      continue;
    if (fuzz_byte(&scene->bytes) > 40)
      continue;
    value = (struct rules_value){.type = key.type};
    value.boolean = fuzz_byte(&scene->bytes) & 1;
    value.number = fuzz_double(&scene->bytes);
    if (key.choices)
      value.string = strchr(key.choices, '|') + 1;
    if (key.type != RULES_STRING || (key.choices && !strchr(value.string, '|')))
      rules_set(&changed, &block, key.key, &value, error);
  }
  if (rules_check(&changed, error) == 0)
    scene->rules = changed;
}

static void set_rules(struct scene *scene) {
  static const double warm_up_s[] = {1800, 0, 60, 86400};

  rules_defaults(&scene->rules);
  scene->rules.warm_up_s = warm_up_s[fuzz_byte(&scene->bytes) % 4];
  scene->rules.max_watched = SERIES_MAX;
  set_watch(scene, "p*");
  set_watch(scene, "*");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static void (*const happens[])(struct scene *) = {
      go_on, put_odd, go_on, change_mean, wake, restart, go_on, put_odd};
  static struct scene scene;

  memset(&scene, 0, sizeof(scene));
  scene.bytes = (struct fuzz_bytes){data, size};
  scene.now_s = 1.7e9;
  set_rules(&scene);
  scene.series = series_create(&scene.rules);
  scene.random.state = fuzz_byte(&scene.bytes);
  for (int i = 0; i < SERIES; i++) {
    scene.kind[i] = (enum series_value_kind)(fuzz_byte(&scene.bytes) % 4);
    scene.time_s[i] = 1.7e9;
    scene.mean[i] = 100;
  }
  while (scene.bytes.left > 0)
    happens[fuzz_byte(&scene.bytes) % 8](&scene);
  restart(&scene);
  series_destroy(scene.series);
  return 0;
}
