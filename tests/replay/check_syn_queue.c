/* Is the simulated listening socket true to the kernel? Each test states a fact
 * about request sockets and counters that is known apart from the simulator. */
#include "scenes/suite.h"
#include "syn_queue.h"

#include <math.h>
#include <stdlib.h>

struct bench {
  struct syn_queue queue;
  struct handshake_path path;
  struct dice dice;
  struct tally tally;
  int64_t now;
};

static struct bench bench_with(int64_t backlog, int cookies) {
  struct bench bench = {.queue = {.backlog = backlog,
                                  .max_syn_backlog = 65536,
                                  .cookies = cookies,
                                  .retries = 5,
                                  .proven = 0.5,
                                  .accepts_per_s = 1e6}};
  dice_seed(&bench.dice, 42, 0);
  handshake_path_init(&bench.path, 0.05, 0.5, 0);
  return bench;
}

static void run(struct bench *bench, int seconds,
                const struct syn_arrivals *mean) {
  for (int i = 0; i < seconds; i++) {
    struct syn_arrivals now = {
        .live = dice_poisson(&bench->dice, (double)mean->live),
        .dead = dice_poisson(&bench->dice, (double)mean->dead),
        .reset = dice_poisson(&bench->dice, (double)mean->reset)};
    syn_queue_tick(&bench->queue, bench->now++, &now, &bench->path,
                   &bench->dice, &bench->tally);
  }
}

/* Half-open entries, meant over so many seconds. */
static double mean_total(struct bench *bench, int seconds,
                         const struct syn_arrivals *mean) {
  double sum = 0;
  for (int i = 0; i < seconds; i++) {
    run(bench, 1, mean);
    sum += (double)bench->queue.total;
  }
  return sum / seconds;
}

START_TEST(draws_have_the_mean_and_the_variance_they_should) {
  static const double means[] = {0.3, 5, 40, 3000};
  struct dice dice;
  dice_seed(&dice, 7, 3);
  for (size_t i = 0; i < sizeof(means) / sizeof(means[0]); i++) {
    enum { DRAWS = 40000 };
    double sum = 0, squares = 0, hits = 0;
    for (int n = 0; n < DRAWS; n++) {
      double x = (double)dice_poisson(&dice, means[i]);
      sum += x;
      squares += x * x;
      hits += (double)dice_binomial(&dice, (int64_t)(means[i] * 4) + 1, 0.2);
    }
    double mean = sum / (double)DRAWS;
    double sigma = sqrt(means[i] / (double)DRAWS);
    ck_assert_double_eq_tol(mean, means[i], 5 * sigma + 0.01);
    ck_assert_double_eq_tol(squares / (double)DRAWS - mean * mean, means[i],
                            0.05 * means[i]);
    double expected = 0.2 * (floor(means[i] * 4) + 1);
    ck_assert_double_eq_tol(hits / (double)DRAWS, expected, 5 * sigma + 0.01);
  }
}
END_TEST

START_TEST(an_unanswered_flood_holds_63_seconds_of_entries) {
  struct bench bench = bench_with(4096, 1);
  const struct syn_arrivals flood = {.dead = 10};
  run(&bench, 200, &flood);
  ck_assert_double_eq_tol(mean_total(&bench, 600, &flood), 630, 30);
  ck_assert_int_eq(bench.tally.count[TALLY_SYNCOOKIES_SENT], 0);
  ck_assert_int_eq(bench.tally.count[TALLY_PASSIVE_OPENS], 0);
}
END_TEST

START_TEST(entries_are_aged_after_a_second) {
  struct bench bench = bench_with(4096, 1);
  run(&bench, 1, &(struct syn_arrivals){.dead = 500});
  int64_t entered = bench.queue.total;
  ck_assert_int_eq(syn_queue_aged(&bench.queue), 0);
  run(&bench, 1, &(struct syn_arrivals){0});
  ck_assert_int_eq(syn_queue_aged(&bench.queue), entered);
  ck_assert_int_eq(bench.tally.count[TALLY_SYN_RETRANS], entered);
}
END_TEST

START_TEST(a_synack_is_sent_again_five_times_then_the_entry_is_gone) {
  struct bench bench = bench_with(4096, 1);
  run(&bench, 1, &(struct syn_arrivals){.dead = 100});
  int64_t entered = bench.queue.total;
  run(&bench, 62, &(struct syn_arrivals){0});
  ck_assert_int_eq(bench.queue.total, entered);
  ck_assert_int_eq(bench.tally.count[TALLY_SYN_RETRANS], 5 * entered);
  run(&bench, 1, &(struct syn_arrivals){0});
  ck_assert_int_eq(bench.queue.total, 0);
  ck_assert_int_eq(bench.tally.count[TALLY_SYN_RETRANS], 5 * entered);
  ck_assert_int_eq(bench.tally.count[TALLY_ATTEMPT_FAILS], 0);
}
END_TEST

/* _i: net.ipv4.tcp_synack_retries. */
START_TEST(an_entry_lives_as_long_as_its_synacks_are_sent_again) {
  struct bench bench = bench_with(4096, 1);
  bench.queue.retries = _i;
  int life_s = (2 << _i) - 1;
  ck_assert_int_eq(syn_queue_life_s(&bench.queue), life_s);
  run(&bench, 1, &(struct syn_arrivals){.dead = 100});
  int64_t entered = bench.queue.total;
  for (int age_s = 1; age_s < life_s; age_s++) {
    run(&bench, 1, &(struct syn_arrivals){0});
    ck_assert_int_eq(bench.queue.total, entered);
    ck_assert_int_eq(syn_queue_aged(&bench.queue), entered);
  }
  run(&bench, 1, &(struct syn_arrivals){0});
  ck_assert_int_eq(bench.queue.total, 0);
  ck_assert_int_eq(bench.queue.young, 0);
  ck_assert_int_eq(bench.tally.count[TALLY_SYN_RETRANS], _i * entered);
}
END_TEST

START_TEST(probes_are_entries_of_their_own) {
  struct bench bench = bench_with(4096, 1);
  syn_queue_tick(&bench.queue, bench.now++,
                 &(struct syn_arrivals){.dead = 20, .probe = 30}, &bench.path,
                 &bench.dice, &bench.tally);
  ck_assert_int_eq(bench.queue.total, 50);
  ck_assert_int_eq(syn_queue_probes(&bench.queue), 30);
  run(&bench, 70, &(struct syn_arrivals){0});
  ck_assert_int_eq(syn_queue_probes(&bench.queue), 0);
}
END_TEST

START_TEST(a_flood_never_exceeds_the_backlog_and_fills_it) {
  struct bench bench = bench_with(128, 1);
  const struct syn_arrivals flood = {.dead = 1000};
  for (int i = 0; i < 300; i++) {
    run(&bench, 1, &flood);
    ck_assert_int_le(bench.queue.total, 128);
  }
  ck_assert_int_eq(bench.queue.total, 128);
  ck_assert_int_gt(bench.tally.count[TALLY_SYNCOOKIES_SENT], 250000);
  ck_assert_int_eq(bench.tally.count[TALLY_REQ_Q_FULL_DROP], 0);
}
END_TEST

START_TEST(a_moderate_flood_is_pruned_to_half_of_the_backlog) {
  struct bench bench = bench_with(128, 1);
  const struct syn_arrivals flood = {.dead = 4};
  run(&bench, 200, &flood);
  ck_assert_double_eq_tol(mean_total(&bench, 600, &flood), 64, 10);
}
END_TEST

START_TEST(clients_get_through_a_flood_by_cookies) {
  struct bench bench = bench_with(128, 1);
  run(&bench, 300, &(struct syn_arrivals){.dead = 1000, .live = 20});
  int64_t *count = bench.tally.count;
  ck_assert_int_gt(count[TALLY_PASSIVE_OPENS], 300 * 20 * 9 / 10);
  ck_assert_int_gt(count[TALLY_SYNCOOKIES_RECV], 300 * 20 / 2);
  ck_assert_int_eq(count[TALLY_REQ_Q_FULL_DO_COOKIES],
                   count[TALLY_SYNCOOKIES_SENT]);
  ck_assert_int_eq(count[TALLY_LISTEN_DROPS], 0);
}
END_TEST

START_TEST(without_cookies_a_full_queue_drops_clients) {
  struct bench bench = bench_with(128, 0);
  run(&bench, 300, &(struct syn_arrivals){.dead = 1000, .live = 20});
  int64_t *count = bench.tally.count;
  ck_assert_int_eq(count[TALLY_SYNCOOKIES_SENT], 0);
  ck_assert_int_gt(count[TALLY_REQ_Q_FULL_DROP], 250000);
  ck_assert_int_eq(count[TALLY_LISTEN_DROPS], count[TALLY_REQ_Q_FULL_DROP]);
  ck_assert_int_lt(count[TALLY_PASSIVE_OPENS], 300 * 20 / 2);
}
END_TEST

START_TEST(without_cookies_the_last_quarter_is_for_proven_clients) {
  struct bench bench = bench_with(4096, 0);
  bench.queue.max_syn_backlog = 512;
  run(&bench, 300, &(struct syn_arrivals){.dead = 100, .live = 20});
  int64_t *count = bench.tally.count;
  ck_assert_int_le(bench.queue.total, 385 + 20);
  ck_assert_int_ge(bench.queue.total, 384);
  ck_assert_int_eq(count[TALLY_REQ_Q_FULL_DROP], 0);
  ck_assert_int_gt(count[TALLY_LISTEN_DROPS], 10000);
  ck_assert_int_gt(count[TALLY_PASSIVE_OPENS], 300 * 20 * 4 / 10);
}
END_TEST

START_TEST(cookies_for_all_leave_nothing_half_open) {
  struct bench bench = bench_with(1024, 2);
  run(&bench, 100, &(struct syn_arrivals){.dead = 50, .live = 20});
  ck_assert_int_eq(bench.queue.total, 0);
  ck_assert_int_gt(bench.tally.count[TALLY_SYNCOOKIES_SENT], 6000);
  ck_assert_int_gt(bench.tally.count[TALLY_SYNCOOKIES_RECV], 1800);
}
END_TEST

START_TEST(live_sources_reset_what_they_never_asked_for) {
  struct bench bench = bench_with(1024, 1);
  run(&bench, 200, &(struct syn_arrivals){.reset = 100});
  int64_t *count = bench.tally.count;
  ck_assert_int_eq(count[TALLY_EMBRYONIC_RSTS], count[TALLY_ATTEMPT_FAILS]);
  ck_assert_double_eq_tol((double)count[TALLY_EMBRYONIC_RSTS], 20000, 800);
  ck_assert_int_lt(bench.queue.total, 30);
}
END_TEST

START_TEST(a_full_accept_queue_overflows_and_turns_syns_away) {
  struct bench bench = bench_with(128, 1);
  const struct syn_arrivals clients = {.live = 20};
  bench.queue.accepts_per_s = 0;
  run(&bench, 60, &clients);
  int64_t *count = bench.tally.count;
  ck_assert_int_eq(bench.queue.accept_depth, 129);
  ck_assert_int_eq(count[TALLY_PASSIVE_OPENS], 129);
  ck_assert_int_gt(count[TALLY_LISTEN_OVERFLOWS], 500);
  ck_assert_int_eq(count[TALLY_LISTEN_OVERFLOWS], count[TALLY_LISTEN_DROPS]);
  ck_assert_int_eq(count[TALLY_SYNCOOKIES_SENT], 0);
}
END_TEST

START_TEST(an_application_too_slow_leaves_finished_handshakes_half_open) {
  struct bench bench = bench_with(511, 1);
  bench.queue.accepts_per_s = 100;
  run(&bench, 120, &(struct syn_arrivals){.live = 200});
  ck_assert_int_gt(bench.queue.total, 50);
  ck_assert_int_gt(syn_queue_aged(&bench.queue), 30);
  ck_assert_int_gt(bench.tally.count[TALLY_LISTEN_OVERFLOWS], 1000);
}
END_TEST

START_TEST(healthy_clients_are_half_open_for_a_round_trip) {
  struct bench bench = bench_with(4096, 1);
  handshake_path_init(&bench.path, 0.05, 0.01, 0);
  const struct syn_arrivals clients = {.live = 200};
  ck_assert_double_eq_tol(mean_total(&bench, 600, &clients), 10, 1);
  ck_assert_int_eq(syn_queue_aged(&bench.queue), 0);
}
END_TEST

START_TEST(a_lost_packet_costs_a_client_a_second_not_the_connection) {
  struct bench bench = bench_with(4096, 1);
  bench.path.loss = 0.1;
  const struct syn_arrivals clients = {.live = 100};
  double half_open = mean_total(&bench, 600, &clients);
  /* A round trip each; a second and more for the lost ones; 63 seconds for
   * those who gave up. */
  double expected = 100 * (0.057 + 0.109 * 1.25 + 0.109 * 0.01 * 62);
  ck_assert_double_eq_tol(half_open, expected, 3);
  ck_assert_int_gt(bench.tally.count[TALLY_PASSIVE_OPENS], 58000);
}
END_TEST

START_TEST(no_entry_is_lost_or_made_up) {
  struct bench bench = bench_with(200, 1);
  bench.path.loss = 0.2;
  handshake_path_init(&bench.path, 0.6, 0.6, 0.2);
  for (int i = 0; i < 2000; i++) {
    bench.queue.accepts_per_s = i % 200 < 50 ? 2 : 1000;
    run(&bench, 1,
        &(struct syn_arrivals){.live = 30,
                               .dead = i % 300 < 100 ? 60 : 0,
                               .reset = 5,
                               .probe = 3});
    struct syn_queue *queue = &bench.queue;
    int64_t sum = queue->resetting + queue->on_way;
    for (int second = 0; second < SYN_QUEUE_RING_S; second++) {
      for (int kind = 0; kind < REQUEST_KINDS; kind++) {
        ck_assert_int_ge(queue->waiting[second][kind], 0);
        sum += queue->waiting[second][kind];
      }
    }
    ck_assert_int_eq(sum, queue->total);
    ck_assert_int_ge(queue->young, 0);
    ck_assert_int_le(queue->young, queue->total);
    ck_assert_int_le(queue->total, 200);
  }
}
END_TEST

SUITE(syn_queue) {
  Suite *suite = suite_create("syn_queue");
  TCase *queue = tcase_create("queue");
  tcase_add_test(queue, draws_have_the_mean_and_the_variance_they_should);
  tcase_add_test(queue, an_unanswered_flood_holds_63_seconds_of_entries);
  tcase_add_test(queue, entries_are_aged_after_a_second);
  tcase_add_test(queue,
                 a_synack_is_sent_again_five_times_then_the_entry_is_gone);
  tcase_add_loop_test(
      queue, an_entry_lives_as_long_as_its_synacks_are_sent_again, 0, 6);
  tcase_add_test(queue, probes_are_entries_of_their_own);
  tcase_add_test(queue, a_flood_never_exceeds_the_backlog_and_fills_it);
  tcase_add_test(queue, a_moderate_flood_is_pruned_to_half_of_the_backlog);
  tcase_add_test(queue, clients_get_through_a_flood_by_cookies);
  tcase_add_test(queue, without_cookies_a_full_queue_drops_clients);
  tcase_add_test(queue, without_cookies_the_last_quarter_is_for_proven_clients);
  tcase_add_test(queue, cookies_for_all_leave_nothing_half_open);
  tcase_add_test(queue, live_sources_reset_what_they_never_asked_for);
  tcase_add_test(queue, a_full_accept_queue_overflows_and_turns_syns_away);
  tcase_add_test(queue,
                 an_application_too_slow_leaves_finished_handshakes_half_open);
  tcase_add_test(queue, healthy_clients_are_half_open_for_a_round_trip);
  tcase_add_test(queue,
                 a_lost_packet_costs_a_client_a_second_not_the_connection);
  tcase_add_test(queue, no_entry_is_lost_or_made_up);
  suite_add_tcase(suite, queue);
  return suite;
}
