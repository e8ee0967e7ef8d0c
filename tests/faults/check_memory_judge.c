/* Memory that is short in the plugin baseline: each request in turn, from the
 * config callback to the shutdown. What was saved is never lost; what comes
 * when there is memory again is judged as ever. */
#include "baseline/fleet.h"
#include "memory_faults.h"
#include "scenes/suite.h"
#include "verdict/state/state_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
  FLOOD_FROM = 8,
  FLOOD_UNTIL = 12,
  READINGS = 24,
  STATE_MAX = 1 << 18,
};

static const struct fleet fleet = {
    .hosts = 3, .load = {1, 1, FLOOD_FROM, FLOOD_UNTIL, FLEET_INTERVAL_S}};

struct state {
  size_t length;
  char text[STATE_MAX];
};
static struct state before, after, found;
static struct state record_before; /* of incidents, beside the state */
static unsigned lost;              /* notifications, of all runs */

static const char *path_of(const char *file) {
  static char path[sizeof(scene_folder) + 32];
  snprintf(path, sizeof(path), "%s/%s", scene_folder, file);
  return path;
}

static void read_file(const char *file, struct state *state) {
  int fd = open(path_of(file), O_RDONLY | O_CLOEXEC);
  ssize_t length = fd < 0 ? -1 : read(fd, state->text, STATE_MAX);
  memory_faults_must(length > 0 && length < STATE_MAX);
  state->length = (size_t)length;
  close(fd);
}

static void write_file(const char *file, const struct state *state) {
  int fd = open(path_of(file), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  memory_faults_must(fd >= 0 && write(fd, state->text, state->length) ==
                                    (ssize_t)state->length);
  close(fd);
}

static bool is_file(const char *file, const struct state *expected) {
  read_file(file, &found);
  return found.length == expected->length &&
         memcmp(found.text, expected->text, found.length) == 0;
}

static bool is_state(const struct state *expected) {
  return is_file("state", expected);
}

static int count_host(void *to, const struct hosts_host *host) {
  (void)host;
  (*(unsigned *)to)++;
  return 0;
}

static int count_series(void *to, const char *identifier,
                        const struct series_memory *memory) {
  (void)to, (void)identifier, (void)memory;
  return 0;
}

static unsigned saved_hosts(void) {
  unsigned hosts = 0;
  char why[STATE_TEXT_ERROR_MAX];
  struct state_text_reader reader = {count_host, count_series, &hosts};
  read_file("state", &found);
  memory_faults_must(state_text_read(found.text, found.length, &reader, why) ==
                     0);
  return hosts;
}

static void send_reading(int n) {
  fake_clock_set(fleet_time_s(n) + 1);
  for (unsigned host = 0; host < fleet.hosts; host++)
    for (int i = 0; i < SIGNAL_COUNT; i++)
      fleet_send(&fleet, host, (enum signal)i, n);
  struct scene_value disk = {.host = "host-0",
                             .plugin = "df",
                             .plugin_instance = "root",
                             .type = "df_complex",
                             .type_instance = "free",
                             .kind = DS_TYPE_GAUGE,
                             .time_s = fleet_time_s(n),
                             .interval_s = FLEET_INTERVAL_S,
                             .value.gauge = 100};
  scene_write(&disk);
  scene_tick();
}

static const char state_refused[] = "it stays as it is, and nothing is saved";
static const char record_refused[] =
    "it stays as it is, and nothing is recorded";

static struct {
  unsigned state, record;
} refused; /* so often before the start that counts */

static void count_refused(void) {
  refused.state = fake_log_count(state_refused);
  refused.record = fake_log_count(record_refused);
}

/* The daemon unloads a plugin whose init fails; a later start works. */
static void init(void) {
  count_refused();
  unsigned cannot = fake_log_count("cannot start: Cannot allocate memory");
  if (fake_callbacks()->init() != 0) {
    memory_faults_must(memory_faults_met());
    memory_faults_must(fake_log_count("cannot start: Cannot allocate memory") ==
                       cannot + 1);
    memory_faults_must(is_state(&before));
    memory_faults_end();
    count_refused();
    memory_faults_must(fake_callbacks()->init() == 0);
  }
}

/* All of a flood is told, or the log says that something was not. */
static void send_flood(void) {
  size_t told = fake_notified();
  unsigned dropped = fake_log_count("a notification was dropped");
  const bool is_over = memory_faults_met();
  if (is_over)
    memory_faults_end();
  for (int n = FLOOD_FROM; n < READINGS; n++)
    send_reading(n);
  int flush = fake_callbacks()->flush(0, NULL, NULL);
  memory_faults_must(flush == 0 || flush == -ENOMEM);
  told = fake_notified() - told;
  memory_faults_must(told <= 3);
  if (is_over || !memory_faults_met())
    memory_faults_must(told == 3);
  else if (told < 3) {
    lost++;
    memory_faults_must(fake_log_count("a notification was dropped") <=
                       dropped + 1);
  }
}

static void start_to_end(void) {
  write_file("state", &before);
  write_file("state.incidents", &record_before);
  fake_clock_set(fleet_time_s(0));
  memory_faults_must(scene_configure() == 0);
  init();
  for (int n = 0; n < FLOOD_FROM; n++)
    send_reading(n);
  send_flood();
  memory_faults_must(fake_callbacks()->shutdown() == 0);
  memory_faults_must(fake_log_count(record_refused) == refused.record ||
                     is_file("state.incidents", &record_before));
  if (fake_log_count(state_refused) > refused.state)
    memory_faults_must(is_state(&before));
  else if (!memory_faults_met())
    memory_faults_must(after.length == 0 || is_state(&after));
  else
    memory_faults_must(saved_hosts() == fleet.hosts + 1);
}

/* What an earlier daemon left: a host that is not here any more. */
static void setup(void) {
  static const struct fleet old = {.hosts = 4,
                                   .load = {.interval_s = FLEET_INTERVAL_S}};
  scene_setup();
  scene_open_watch("disk");
  scene_set_text("Plugin", "df");
  fake_clock_set(fleet_time_s(-2));
  scene_start();
  for (int n = -2; n < 0; n++)
    for (int i = 0; i < SIGNAL_COUNT; i++)
      fleet_send(&old, 3, (enum signal)i, n);
  scene_stop();
  read_file("state", &before);
  read_file("state.incidents", &record_before);
  start_to_end();
  read_file("state", &after);
}

START_TEST(what_is_saved_stays_and_floods_are_told) {
  ck_assert_uint_gt(memory_faults_each(start_to_end), 50);
  ck_assert_uint_gt(lost, 0);
  ck_assert_uint_gt(fake_log_count("a notification was dropped"), 0);
  ck_assert_uint_gt(fake_log_count(state_refused), 0);
  ck_assert_uint_gt(fake_log_count(record_refused), 0);
  ck_assert_uint_gt(fake_log_count("or no memory for one"), 0);
}
END_TEST

SUITE(memory_judge) {
  Suite *suite = suite_create("memory_judge");
  TCase *tcase = tcase_create("memory_judge");
  tcase_add_checked_fixture(tcase, setup, scene_teardown);
  tcase_set_timeout(tcase, 30);
  tcase_add_test(tcase, what_is_saved_stays_and_floods_are_told);
  suite_add_tcase(suite, tcase);
  return suite;
}
