/* syn_flood: a dozen or two half-open connections, and what they are. */
#include "scenes/flood_scene.h"
#include "scenes/suite.h"

static struct scene scene;

/* An idle host, every 10 s. */
static void setup(void) {
  scene_init(&scene, 10);
  scene.half_open = 0.2;
  scene.established = 8;
  scene.completed = 0.2;
  scene_run(&scene, 3600);
}

/* One reading with so many unanswered entries, and so many resets a second. */
static void step_unanswered(double count, double resets) {
  scene_usual(&scene);
  scene.next.value[SIGNAL_SYN_RECV] += count;
  scene.next.value[SIGNAL_AGED] += count;
  scene.next.value[SIGNAL_EMBRYONIC_RESETS] = resets;
  scene_step(&scene);
}

/* Two bursts that expire after a minute: nobody keeps sending. */
START_TEST(two_bursts_are_no_flood) {
  for (int i = 0; i < 7; i++)
    step_unanswered(i < 2 ? 9 : 16, 0);
  for (int i = 0; i < 3; i++)
    step_unanswered(7, 0);
  scene_run(&scene, 600);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* As many, but ever new ones. */
START_TEST(a_small_flood_that_goes_on_is_one) {
  for (int i = 1; i <= 9; i++)
    step_unanswered(2.5 * i, 0);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* A scanner's own kernel resets most of what our SYN-ACKs answer. */
START_TEST(a_sweep_that_is_mostly_reset_is_no_flood) {
  for (int i = 1; i <= 60; i++)
    step_unanswered(i < 8 ? 2.5 * i : 20, 1.5);
  ck_assert_int_eq(scene.raised, 0);
}
END_TEST

/* The same number of resets beside a large flood excuses nothing. */
START_TEST(resets_do_not_excuse_a_large_flood) {
  for (int i = 1; i <= 5; i++)
    step_unanswered(40 * i, 1.5);
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* After the OKAY the rest of a flood still expires; readings that stall show
 * fresh entries beside it, which are answered. */
START_TEST(what_is_left_after_the_okay_raises_nothing) {
  scene_init(&scene, 1);
  scene_run(&scene, 3600);
  scene_run_flood(&scene, 2000, 30, INCIDENT_RAISED);
  double left = 130; /* of the cookies nothing is left after half a minute */
  for (int i = 0; scene.cleared == 0 && i < 40; i++)
    step_unanswered(left--, 0);
  ck_assert_int_eq(scene.cleared, 1);
  for (; left > 0; left -= 3) {
    scene_usual(&scene);
    scene.next.value[SIGNAL_SYN_RECV] += left + ((int)left % 2 ? 26 : 0);
    scene.next.value[SIGNAL_AGED] += left;
    scene_step(&scene);
  }
  ck_assert_int_eq(scene.raised, 1);
}
END_TEST

/* A second flood into the rest of the first is one all the same. */
START_TEST(a_second_flood_into_the_rest_is_raised) {
  scene_init(&scene, 1);
  scene_run(&scene, 3600);
  scene_run_flood(&scene, 2000, 30, INCIDENT_RAISED);
  for (int i = 0; scene.cleared == 0 && i < 40; i++)
    step_unanswered(120, 0);
  ck_assert_int_eq(scene.cleared, 1);
  for (int i = 1; i < 10; i++)
    step_unanswered(120 + 20 * i, 0);
  ck_assert_int_eq(scene.raised, 2);
}
END_TEST

SUITE(syn_flood_small) {
  Suite *suite = suite_create("syn_flood_small");
  TCase *tests = tcase_create("small");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, two_bursts_are_no_flood);
  tcase_add_test(tests, a_small_flood_that_goes_on_is_one);
  tcase_add_test(tests, a_sweep_that_is_mostly_reset_is_no_flood);
  tcase_add_test(tests, resets_do_not_excuse_a_large_flood);
  tcase_add_test(tests, what_is_left_after_the_okay_raises_nothing);
  tcase_add_test(tests, a_second_flood_into_the_rest_is_raised);
  suite_add_tcase(suite, tests);
  return suite;
}
