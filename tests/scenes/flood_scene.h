/* A synthetic host in front of syn_flood: usual load, floods as the kernel
 * shows them, and what is made of each reading. For tests. */
#ifndef TESTS_SCENES_FLOOD_SCENE_H
#define TESTS_SCENES_FLOOD_SCENE_H

#include "random_load.h"
#include "verdict/incidents/syn_flood.h"

struct scene {
  struct random_load random;
  struct rules rules;
  struct syn_flood flood;
  struct observation next; /* the reading that scene_step judges */
  double dt_s;
  double half_open, established, completed; /* of the usual load */
  double backlog;
  double entropy; /* of the states, whatever they are */
  struct finding finding;
  struct syn_flood_figures figures;
  struct trace_test tests[FLOOD_TESTS];
  int raised, worsened, cleared, adopted; /* changes so far */
};

/* E about 200, 20 handshakes a second, 4 of them half-open; a reading every
 * dt_s seconds; backlog 511. */
void scene_init(struct scene *scene, double dt_s);

/* Make the next reading one of the usual load. */
void scene_usual(struct scene *scene);

/* Add a flood of `rate` SYNs a second from sources that never answer, age_s
 * seconds after its begin: entries up to the backlog, the rest by cookies. */
void scene_add_flood(struct scene *scene, double rate, double age_s);

/* Judge the next reading, dt_s after the one before. */
enum incident_change scene_step(struct scene *scene);

/* So many seconds of usual load. */
void scene_run(struct scene *scene, double seconds);

/* So many seconds of flood; returns after how many the first change of this
 * kind came, or INFINITY. */
double scene_run_flood(struct scene *scene, double rate, double seconds,
                       enum incident_change wanted);

/* Entries of a flood that has ended expire: 63 s of it. */
void scene_run_expiry(struct scene *scene, double left);

#endif
