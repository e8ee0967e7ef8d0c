/* When what was learnt is loaded and saved. */
#include "keeper.h"

#include "keeper_load.h"
#include "keeper_write.h"

#include "collectd_api.h"

#include <errno.h>
#include <math.h>
#include <time.h>

struct keeper {
  struct keeper_charge charge;
  pthread_t thread;
  pthread_mutex_t lock; /* guards stopping */
  pthread_cond_t wake;
  bool stopping;
  int spares_file; /* why what it holds was not loaded: nothing is saved */
  pthread_mutex_t saving; /* one save at a time; guards what follows */
  bool in_the_way; /* a file of no use, to be moved aside before a save */
  int last_error;
  struct keeper_writer writer;
};

static void report(const struct keeper *keeper, int rc) {
  const char *path = keeper->charge.rules->state_file;

  if (rc != 0)
    ERROR("baseline: cannot save %s: %s; what was saved before stays, the next "
          "try is in %.0f s",
          path, STRERROR(-rc), keeper->charge.rules->save_interval_s);
  else
    NOTICE("baseline: %s is saved again", path);
}

/* What could not be loaded nor moved aside at the start. */
static int clear_way(struct keeper *keeper, bool *cleared) {
  if (!keeper->in_the_way)
    return 0;
  int rc = state_file_set_aside(keeper->charge.rules->state_file);
  *cleared = rc == 0;
  keeper->in_the_way = rc != 0 && rc != -ENOENT;
  return keeper->in_the_way ? rc : 0;
}

static void report_cleared(const char *path) {
  NOTICE("baseline: what stood in the place of %s is kept as %s.bad", path,
         path);
}

int keeper_save(struct keeper *keeper) {
  if (keeper->charge.rules->state_file[0] == '\0')
    return 0;
  if (keeper->spares_file != 0)
    return keeper->spares_file; /* said when it was to be loaded */
  bool cleared = false;
  pthread_mutex_lock(&keeper->saving);
  int rc = clear_way(keeper, &cleared);
  if (rc == 0)
    rc = keeper_write(&keeper->writer);
  bool changed = rc != keeper->last_error;
  keeper->last_error = rc;
  pthread_mutex_unlock(&keeper->saving);
  if (cleared)
    report_cleared(keeper->charge.rules->state_file);
  if (changed)
    report(keeper, rc);
  return rc;
}

/* Wait for the next time to save. Returns false when it is time to stop. */
static bool wait_for_next(struct keeper *keeper) {
  struct timespec until;
  int rc = 0;

  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_sec += (time_t)ceil(keeper->charge.rules->save_interval_s);
  pthread_mutex_lock(&keeper->lock);
  while (!keeper->stopping && rc == 0)
    rc = pthread_cond_timedwait(&keeper->wake, &keeper->lock, &until);
  bool go_on = !keeper->stopping;
  pthread_mutex_unlock(&keeper->lock);
  return go_on;
}

static void *run(void *argument) {
  struct keeper *keeper = argument;

  while (wait_for_next(keeper))
    keeper_save(keeper);
  return NULL;
}

static int start(struct keeper *keeper) {
  pthread_condattr_t attributes;

  pthread_mutex_init(&keeper->lock, NULL);
  pthread_mutex_init(&keeper->saving, NULL);
  pthread_condattr_init(&attributes);
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_cond_init(&keeper->wake, &attributes);
  pthread_condattr_destroy(&attributes);
  return -pthread_create(&keeper->thread, NULL, run, keeper);
}

int keeper_create(const struct keeper_charge *charge, double now_s,
                  struct keeper **out) {
  struct keeper *keeper = calloc(1, sizeof(*keeper));

  if (keeper == NULL)
    return -ENOMEM;
  keeper->charge = *charge;
  keeper->writer.charge = &keeper->charge;
  int rc = keeper_load(&keeper->charge, now_s);
  keeper->in_the_way = rc == -EBUSY;
  keeper->spares_file = keeper->in_the_way ? 0 : rc;
  rc = start(keeper);
  if (rc != 0) {
    free(keeper);
    return rc;
  }
  *out = keeper;
  return 0;
}

void keeper_destroy(struct keeper *keeper) {
  if (keeper == NULL)
    return;
  pthread_mutex_lock(&keeper->lock);
  keeper->stopping = true;
  pthread_cond_broadcast(&keeper->wake);
  pthread_mutex_unlock(&keeper->lock);
  pthread_join(keeper->thread, NULL);
  pthread_cond_destroy(&keeper->wake);
  pthread_mutex_destroy(&keeper->lock);
  pthread_mutex_destroy(&keeper->saving);
  free(keeper);
}
