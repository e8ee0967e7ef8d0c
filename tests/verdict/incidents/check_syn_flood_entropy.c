/* syn_flood: the mix of states corroborates, and decides nothing. */
#include "scenes/flood_scene.h"
#include "scenes/suite.h"

static struct scene scene;

static void setup(void) { scene_init(&scene, 10); }

START_TEST(an_unusual_mix_alone_is_no_attack) {
  scene_run(&scene, 3600);
  scene.entropy = 0.9;
  scene_run(&scene, 1800);
  ck_assert_int_eq(scene.raised, 0);
  ck_assert_uint_eq(scene.finding.evidence, 0);
}
END_TEST

START_TEST(an_unusual_mix_is_named_beside_other_evidence) {
  scene_run(&scene, 3600);
  scene.entropy = 0.1;
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_uint_eq(scene.finding.evidence & SYN_FLOOD_ENTROPY,
                    SYN_FLOOD_ENTROPY);
  ck_assert_double_eq_tol(scene.figures.usual_entropy.expected, 0.3, 1e-9);
}
END_TEST

START_TEST(the_usual_mix_is_not_named) {
  scene_run(&scene, 3600);
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert_int_eq(scene.raised, 1);
  ck_assert_uint_eq(scene.finding.evidence & SYN_FLOOD_ENTROPY, 0);
}
END_TEST

/* What is usual is not learnt from a flood, and an unknown mix is no news. */
START_TEST(a_flood_leaves_the_usual_mix_alone) {
  scene_run(&scene, 3600);
  double usual = scene.flood.entropy.level;
  scene.entropy = 0.05;
  scene_run_flood(&scene, 2000, 7200, INCIDENT_RAISED);
  ck_assert_double_eq(scene.flood.entropy.level, usual);
  scene.entropy = NAN;
  scene_run_flood(&scene, 2000, 100, INCIDENT_RAISED);
  ck_assert_uint_eq(scene.finding.evidence & SYN_FLOOD_ENTROPY, 0);
}
END_TEST

SUITE(syn_flood_entropy) {
  Suite *suite = suite_create("syn_flood_entropy");
  TCase *tests = tcase_create("entropy");
  tcase_add_checked_fixture(tests, setup, NULL);
  tcase_add_test(tests, an_unusual_mix_alone_is_no_attack);
  tcase_add_test(tests, an_unusual_mix_is_named_beside_other_evidence);
  tcase_add_test(tests, the_usual_mix_is_not_named);
  tcase_add_test(tests, a_flood_leaves_the_usual_mix_alone);
  suite_add_tcase(suite, tests);
  return suite;
}
