/* A synthetic host. How the kernel shows a flood: an entry is aged after its
 * first second, gone after 63; the listener holds no more than its backlog. */
#include "flood_scene.h"

#include <string.h>

void scene_init(struct scene *scene, double dt_s) {
  memset(scene, 0, sizeof(*scene));
  scene->random.state = 20;
  rules_defaults(&scene->rules);
  syn_flood_init(&scene->flood);
  scene->dt_s = dt_s;
  scene->half_open = 4;
  scene->established = 200;
  scene->completed = 20;
  scene->backlog = 511;
  scene->entropy = 0.3;
  scene->next.time_s = 1700000000;
  scene->next.interval_s = dt_s;
}

static void set_queue(struct scene *scene) {
  double *value = scene->next.value;

  value[SIGNAL_SYN_QUEUE] =
      fmin(100, 100 * value[SIGNAL_SYN_RECV] / scene->backlog);
  value[SIGNAL_SYN_QUEUE_AGED] =
      fmin(100, 100 * value[SIGNAL_AGED] / scene->backlog);
}

void scene_usual(struct scene *scene) {
  double *value = scene->next.value;

  memset(scene->next.value, 0, sizeof(scene->next.value));
  value[SIGNAL_SYN_RECV] = random_bursty(&scene->random, scene->half_open, 0.2);
  value[SIGNAL_AGED] = random_count(&scene->random, scene->half_open / 50);
  value[SIGNAL_AGED] = fmin(value[SIGNAL_AGED], value[SIGNAL_SYN_RECV]);
  value[SIGNAL_ESTABLISHED] =
      random_bursty(&scene->random, scene->established, 0.05);
  value[SIGNAL_PASSIVE_OPENS] =
      random_count(&scene->random, scene->completed * scene->dt_s) /
      scene->dt_s;
  value[SIGNAL_STATE_ENTROPY] = scene->entropy;
  set_queue(scene);
}

void scene_add_flood(struct scene *scene, double rate, double age_s) {
  double *value = scene->next.value;
  double room = scene->backlog - value[SIGNAL_SYN_RECV];
  double entries = floor(fmin(room, rate * fmin(age_s, 63)));
  double aged = floor(fmin(entries, rate * fmin(fmax(0, age_s - 1), 62)));

  value[SIGNAL_SYN_RECV] += entries;
  value[SIGNAL_AGED] += aged;
  if (entries >= room)
    value[SIGNAL_COOKIES_SENT] += fmax(0, rate - scene->backlog / 63);
  set_queue(scene);
}

enum incident_change scene_step(struct scene *scene) {
  scene->next.time_s += scene->dt_s;
  scene->next.dt_s = scene->dt_s;
  syn_flood_judge(&scene->flood, &scene->rules, &scene->next, &scene->finding,
                  &scene->figures, scene->tests);
  scene->next.gap = scene->next.interval_changed = false;
  scene->raised += scene->finding.change == INCIDENT_RAISED;
  scene->worsened += scene->finding.change == INCIDENT_WORSENED;
  scene->cleared += scene->finding.change == INCIDENT_CLEARED;
  scene->adopted += scene->finding.change == INCIDENT_ADOPTED;
  return scene->finding.change;
}

void scene_run(struct scene *scene, double seconds) {
  for (double at = scene->dt_s; at <= seconds; at += scene->dt_s) {
    scene_usual(scene);
    scene_step(scene);
  }
}

double scene_run_flood(struct scene *scene, double rate, double seconds,
                       enum incident_change wanted) {
  double first = INFINITY;

  for (double at = scene->dt_s / 2; at <= seconds; at += scene->dt_s) {
    scene_usual(scene);
    scene_add_flood(scene, rate, at);
    if (scene_step(scene) == wanted && isinf(first))
      first = at;
  }
  return first;
}

void scene_run_expiry(struct scene *scene, double left) {
  for (double at = scene->dt_s / 2; at <= 63; at += scene->dt_s) {
    double entries = floor(left * (1 - at / 63));
    scene_usual(scene);
    scene->next.value[SIGNAL_SYN_RECV] += entries;
    scene->next.value[SIGNAL_AGED] += entries;
    set_queue(scene);
    scene_step(scene);
  }
}
