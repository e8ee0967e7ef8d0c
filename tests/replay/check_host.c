/* Are the simulated hosts what their class, their events and their seed say? */
#define _POSIX_C_SOURCE 200809L /* open_memstream */
#include "profile.h"
#include "reading.h"
#include "scenes/suite.h"

#include <stdlib.h>
#include <string.h>

/* A host with one event or none, run for so many hours. */
static struct host *host_with(enum host_class class, uint64_t seed,
                              const char *event) {
  struct host *host = calloc(1, sizeof(*host));
  struct dice dice;
  ck_assert_ptr_nonnull(host);
  dice_seed(&dice, seed, 9);
  host->settings = host_class_draw(class, &dice);
  host->settings.backlog = 4096;
  host->settings.cookies = 1;
  host->interval_s = 10;
  host->start_wall_s = 1767571200;
  if (event != NULL) {
    struct event parsed;
    ck_assert(event_parse(event, &parsed));
    ck_assert(event_list_add(&host->events, &parsed));
  }
  host_begin(host, seed);
  return host;
}

static double completion(const struct host *host) {
  double established = (double)host->table.established;
  return established / (established + (double)host->queue.total);
}

START_TEST(a_healthy_host_completes_most_handshakes) {
  for (uint64_t seed = 0; seed < 5; seed++) {
    struct host *host = host_with((enum host_class)_i, seed, NULL);
    double sum = 0;
    int readings = 0;
    for (int i = 0; i < 6 * 360; i++) {
      host_step(host);
      if (host->table.established + host->queue.total == 0)
        continue;
      sum += completion(host);
      readings++;
    }
    /* On an idle host a single stray SYN is a large share. */
    ck_assert_double_ge(sum / readings, _i == HOST_IDLE ? 0.65 : 0.85);
    ck_assert_int_eq(host->tally.count[TALLY_PASSIVE_OPENS] > 0, 1);
    free(host);
  }
}
END_TEST

START_TEST(a_crowd_is_answered) {
  struct host *host = host_with(
      HOST_MEDIUM, 3, "crowd:start=3600,duration=3600,factor=10,ramp=60");
  int64_t half_open = 0, aged = 0, before = 0;
  for (int i = 0; i < 720; i++) {
    host_step(host);
    if (i < 360)
      before += host->queue.total;
    if (i >= 380 && i < 700) {
      half_open += host->queue.total;
      aged += syn_queue_aged(&host->queue);
    }
  }
  ck_assert_int_gt(half_open / 320, 5 * (before / 360));
  ck_assert_int_lt(aged, half_open / 2);
  free(host);
}
END_TEST

START_TEST(a_flood_comes_to_the_share_that_was_asked_for) {
  struct host *host =
      host_with(HOST_BUSY, 5, "flood:start=3605,duration=600,share=40");
  host->queue.backlog = 65536;
  for (int i = 0; i < 450; i++)
    host_step(host);
  const struct event *flood = &host->events.items[0];
  ck_assert(flood->over);
  double share = flood->late_share_sum / (double)flood->late_readings;
  ck_assert_double_eq_tol(share, 40, 10);
  ck_assert_double_eq_tol((double)flood->half_open_peak, flood->rate * 63,
                          flood->rate * 13);
  ck_assert_double_eq_tol(flood->ended_wall_s - flood->began_wall_s, 600, 1);
  free(host);
}
END_TEST

START_TEST(a_scan_is_so_many_syns_of_one_source) {
  static const char *const scans[] = {"scan:start=3600,duration=0.5,count=41",
                                      "scan:start=3600,duration=40,count=41"};
  struct host *host = host_with(HOST_IDLE, 5, scans[_i]);
  for (int i = 0; i < 360 + 4 * _i; i++)
    host_step(host);
  ck_assert_int_eq(syn_queue_probes(&host->queue), 0 + 41 * _i);
  host_step(host);
  ck_assert_int_eq(syn_queue_probes(&host->queue), 41);
  free(host);
}
END_TEST

START_TEST(a_flood_that_doubles_is_half_as_large_a_period_before) {
  struct event smooth, stairs;
  ck_assert(event_parse("flood:start=0,duration=99999,rate=64,from=0.015625,"
                        "doubling=3600",
                        &smooth));
  stairs = smooth;
  stairs.stair_s = 1800;
  for (int hour = 0; hour < 10; hour++) {
    struct effects grows = {0}, steps = {0}, same = {0};
    event_apply(&smooth, hour * 3600, &grows);
    event_apply(&stairs, hour * 3600, &steps);
    event_apply(&stairs, hour * 3600 + 1799, &same);
    ck_assert_double_eq_tol(grows.dead_per_s, hour < 6 ? 1 << hour : 64, 1e-9);
    ck_assert_double_eq(steps.dead_per_s, grows.dead_per_s);
    ck_assert_double_eq(same.dead_per_s, steps.dead_per_s);
  }
}
END_TEST

START_TEST(when_unanswered_entries_are_15_percent_is_remembered) {
  struct host *host = host_with(HOST_BUSY, 5,
                                "flood:start=3600,duration=36000,share=75,"
                                "from=0.01,doubling=3600");
  host->queue.backlog = 65536;
  for (int i = 0; i < 11 * 360; i++)
    host_step(host);
  const struct event *flood = &host->events.items[0];
  double began = flood->began_wall_s;
  ck_assert_double_gt(flood->unanswered_15_wall_s, began + 3600);
  ck_assert_double_gt(flood->completion_60_wall_s,
                      flood->unanswered_15_wall_s + 1200);
  ck_assert_double_lt(flood->completion_60_wall_s, began + 36000);
  free(host);
}
END_TEST

START_TEST(a_neighbours_overflows_touch_no_entry) {
  struct host *quiet = host_with(HOST_MEDIUM, 5, NULL);
  struct host *beside = host_with(
      HOST_MEDIUM, 5, "overflow:start=0,duration=9999,rate=0.5,factor=1");
  for (int i = 0; i < 360; i++) {
    host_step(quiet);
    host_step(beside);
    ck_assert_int_eq(quiet->queue.total, beside->queue.total);
  }
  int64_t overflows = beside->tally.count[TALLY_LISTEN_OVERFLOWS] -
                      quiet->tally.count[TALLY_LISTEN_OVERFLOWS];
  ck_assert_double_eq_tol((double)overflows, 1800, 200);
  ck_assert_double_eq(beside->effects.accept_queue, 1);
  free(quiet);
  free(beside);
}
END_TEST

START_TEST(a_leak_leaves_close_wait_that_only_a_restart_ends) {
  struct host *host =
      host_with(HOST_QUIET, 5, "leak:start=0,duration=7200,rate=100");
  for (int i = 0; i < 719; i++)
    host_step(host);
  ck_assert_double_eq_tol((double)host->table.close_wait, 200, 45);
  for (int i = 0; i < 3; i++)
    host_step(host);
  ck_assert_int_lt(host->table.close_wait, 10);
  free(host);
}
END_TEST

START_TEST(counters_fall_at_a_reboot_only) {
  struct host *host =
      host_with(HOST_MOBILE, 8, "reboot:start=1800,duration=60");
  struct tally before = host->tally;
  int falls = 0;
  for (int i = 0; i < 720; i++) {
    bool readable = host_step(host);
    ck_assert_int_eq(readable, !(i >= 180 && i < 186));
    for (int c = 0; c < TALLY_END; c++) {
      bool fell = host->tally.count[c] < before.count[c];
      ck_assert(!fell || i == 180);
      falls += fell;
    }
    before = host->tally;
  }
  ck_assert_int_gt(falls, 5);
  free(host);
}
END_TEST

static char *csv_of(uint64_t seed, bool top_source) {
  char *text = NULL;
  size_t length = 0;
  FILE *out = open_memstream(&text, &length);
  struct reader reader = {
      .count_every = 1, .top_source = top_source, .peaks = top_source};
  struct host *host = host_with(HOST_MOBILE, seed, NULL);
  reading_write_head(out, NULL, &reader);
  for (int i = 0; i < 360; i++) {
    host_step(host);
    reading_write(out, host_clock(host), &reader, host);
  }
  fclose(out);
  free(host);
  return text;
}

START_TEST(a_seed_determines_every_reading) {
  char *one = csv_of(1, false), *again = csv_of(1, false);
  char *other = csv_of(2, false);
  ck_assert_str_eq(one, again);
  ck_assert_str_ne(one, other);
  free(one);
  free(again);
  free(other);
}
END_TEST

START_TEST(every_row_has_a_cell_for_every_head) {
  char *text = csv_of(3, _i == 1);
  size_t heads = 0;
  int lines = 0;
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    size_t commas = 0;
    for (const char *c = line; *c != '\0'; c++)
      commas += *c == ',';
    heads = lines++ == 0 ? commas : heads;
    ck_assert_uint_eq(commas, heads);
  }
  ck_assert_uint_eq(heads, _i == 1 ? 39 : 36);
  ck_assert_int_eq(lines, 361);
  free(text);
}
END_TEST

START_TEST(an_event_is_refused_when_a_part_of_it_is_wrong) {
  static const char *const wrong[] = {"",
                                      "tornado:start=1",
                                      "flood:start",
                                      "flood:start=",
                                      "flood:start=x",
                                      "flood:speed=1",
                                      "flood:start=1;share=2",
                                      "flood:start=1e999"};
  struct event event = {.rate = 17};
  for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
    ck_assert_msg(!event_parse(wrong[i], &event), "%s", wrong[i]);
  ck_assert_double_eq(event.rate, 17);
  ck_assert(event_parse("scan:start=5,rate=2.5,resets=0.9", &event));
  ck_assert_int_eq(event.kind, EVENT_SCAN);
  ck_assert_double_eq(event.rate, 2.5);
  ck_assert_double_eq(event.resets, 0.9);
}
END_TEST

START_TEST(every_profile_fits_the_list_of_events) {
  struct dice dice;
  for (int i = 0; profile_name(i) != NULL; i++) {
    dice_seed(&dice, 1, 1);
    struct host_settings settings = host_class_draw(HOST_BUSY, &dice);
    struct event_list *events = calloc(1, sizeof(*events));
    struct profile_plan plan = {.settings = &settings,
                                .days = profile_days(profile_name(i)),
                                .dice = &dice,
                                .events = events};
    ck_assert_msg(profile_fill(profile_name(i), &plan), "%s", profile_name(i));
    for (int n = 0; n < events->len; n++) {
      const struct event *event = &events->items[n];
      if (event_is_attack(event->kind))
        ck_assert_double_le(event->start_s + event->duration_s,
                            plan.days * 86400);
    }
    free(events);
  }
}
END_TEST

SUITE(host) {
  Suite *suite = suite_create("host");
  TCase *hosts = tcase_create("hosts");
  tcase_set_timeout(hosts, 60);
  tcase_add_loop_test(hosts, a_healthy_host_completes_most_handshakes, 0,
                      HOST_CLASSES);
  tcase_add_test(hosts, a_crowd_is_answered);
  tcase_add_test(hosts, a_flood_comes_to_the_share_that_was_asked_for);
  tcase_add_loop_test(hosts, a_scan_is_so_many_syns_of_one_source, 0, 2);
  tcase_add_test(hosts, a_flood_that_doubles_is_half_as_large_a_period_before);
  tcase_add_test(hosts, when_unanswered_entries_are_15_percent_is_remembered);
  tcase_add_test(hosts, a_neighbours_overflows_touch_no_entry);
  tcase_add_test(hosts, a_leak_leaves_close_wait_that_only_a_restart_ends);
  tcase_add_test(hosts, counters_fall_at_a_reboot_only);
  tcase_add_test(hosts, a_seed_determines_every_reading);
  tcase_add_loop_test(hosts, every_row_has_a_cell_for_every_head, 0, 2);
  tcase_add_test(hosts, an_event_is_refused_when_a_part_of_it_is_wrong);
  tcase_add_test(hosts, every_profile_fits_the_list_of_events);
  suite_add_tcase(suite, hosts);
  return suite;
}
