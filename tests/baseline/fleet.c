/* See fleet.h. */
#include "fleet.h"

#include "scenes/random_load.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static const double start_s = 1700000000;
static const double stride = 0.1; /* readings from one letter to another */

/* One value on its way: which, and when it arrives. */
struct letter {
  double arrives; /* in readings */
  unsigned host;
  enum signal signal;
  int reading;
};

struct delivery {
  const struct fleet *fleet;
  struct letter *letters;
  pthread_mutex_t lock; /* guards what follows, and the clock's order */
  pthread_cond_t written;
  size_t len, next;
  const struct letter *held[FLEET_THREADS]; /* being written */
  atomic_bool done;
};

struct writer {
  struct delivery *delivery;
  int number;
};

double fleet_time_s(int reading) {
  return start_s + (double)FLEET_INTERVAL_S * (double)reading;
}

static value_t number_of(const struct fleet *fleet, unsigned host,
                         enum signal signal, int reading) {
  if (signal < SIGNAL_FIRST_COUNTER)
    return (value_t){.gauge =
                         fleet_load_gauge(&fleet->load, host, signal, reading)};
  return (value_t){.derive =
                       fleet_load_counter(&fleet->load, host, signal, reading)};
}

struct scene_value fleet_value(const struct fleet *fleet, unsigned host,
                               enum signal signal, int reading) {
  return (struct scene_value){
      .plugin = "tcpstates",
      .plugin_instance = "all",
      .type = signals_type(signal),
      .type_instance = signals_type_instance(signal),
      .kind = signal < SIGNAL_FIRST_COUNTER ? DS_TYPE_GAUGE : DS_TYPE_DERIVE,
      .time_s = fleet_time_s(reading),
      .interval_s = FLEET_INTERVAL_S,
      .value = number_of(fleet, host, signal, reading)};
}

void fleet_send(const struct fleet *fleet, unsigned host, enum signal signal,
                int reading) {
  struct meta_data_s meta = {"0.0.0.0:443", "192.0.2.0/24 (80 %)", 511, 0};
  struct scene_value value = fleet_value(fleet, host, signal, reading);
  char name[32];
  snprintf(name, sizeof(name), "host-%u", host);
  value.host = name;
  value.meta = signal == SIGNAL_SYN_QUEUE ? &meta : NULL;
  scene_write(&value);
}

static int compare(const void *a, const void *b) {
  double x = ((const struct letter *)a)->arrives;
  double y = ((const struct letter *)b)->arrives;
  return (x > y) - (x < y);
}

static void write_letters(struct delivery *delivery, int from, int until) {
  const struct fleet *fleet = delivery->fleet;
  struct random_load random = {(uint64_t)from};
  size_t most = (size_t)(until - from) * fleet->hosts * SIGNAL_COUNT;
  delivery->letters = calloc(most, sizeof(*delivery->letters));
  ck_assert_ptr_nonnull(delivery->letters);
  for (int n = from; n < until; n++)
    for (unsigned host = 0; host < fleet->hosts; host++)
      for (int i = 0; i < SIGNAL_COUNT; i++) {
        bool silent = fleet->silent_from > 0 && n >= fleet->silent_from &&
                      fleet_load_is_flooded(&fleet->load, host);
        double arrives = n + random_unit(&random) / 3;
        if (!silent)
          delivery->letters[delivery->len++] =
              (struct letter){arrives, host, (enum signal)i, n};
      }
  qsort(delivery->letters, delivery->len, sizeof(*delivery->letters), compare);
}

/* The clock runs faster than a thread that has to wait for its processor: it
 * stops where one has fallen behind. */
static bool someone_is_behind(const struct delivery *delivery, double now) {
  for (int i = 0; i < FLEET_THREADS; i++)
    if (delivery->held[i] && now - delivery->held[i]->arrives > stride)
      return true;
  return false;
}

static const struct letter *take(const struct writer *writer) {
  struct delivery *delivery = writer->delivery;
  const struct letter *letter = NULL;
  pthread_mutex_lock(&delivery->lock);
  delivery->held[writer->number] = NULL;
  pthread_cond_broadcast(&delivery->written);
  while (delivery->next < delivery->len &&
         someone_is_behind(delivery, delivery->letters[delivery->next].arrives))
    pthread_cond_wait(&delivery->written, &delivery->lock);
  if (delivery->next < delivery->len) {
    letter = &delivery->letters[delivery->next++];
    fake_clock_set(start_s + (double)FLEET_INTERVAL_S * letter->arrives);
  }
  delivery->held[writer->number] = letter;
  pthread_mutex_unlock(&delivery->lock);
  return letter;
}

static void *write_thread(void *writer) {
  const struct fleet *fleet = ((struct writer *)writer)->delivery->fleet;
  const struct letter *letter;
  while ((letter = take(writer)) != NULL)
    fleet_send(fleet, letter->host, letter->signal, letter->reading);
  return NULL;
}

static void *tick_thread(void *argument) {
  struct delivery *delivery = argument;
  for (; !delivery->done; scene_pause(0.001))
    scene_tick();
  return NULL;
}

static void *flush_thread(void *argument) {
  struct delivery *delivery = argument;
  for (; !delivery->done; scene_pause(0.005))
    ck_assert_int_eq(fake_callbacks()->flush(0, NULL, NULL), 0);
  return NULL;
}

void fleet_run(const struct fleet *fleet, int from, int until) {
  struct delivery delivery = {.fleet = fleet,
                              .lock = PTHREAD_MUTEX_INITIALIZER,
                              .written = PTHREAD_COND_INITIALIZER};
  struct writer writers[FLEET_THREADS];
  pthread_t threads[FLEET_THREADS], ticker, flusher;
  write_letters(&delivery, from, until);
  for (int i = 0; i < FLEET_THREADS; i++) {
    writers[i] = (struct writer){&delivery, i};
    ck_assert(!pthread_create(&threads[i], NULL, write_thread, &writers[i]));
  }
  if (fleet->ticks)
    ck_assert(!pthread_create(&ticker, NULL, tick_thread, &delivery));
  if (fleet->flushes)
    ck_assert(!pthread_create(&flusher, NULL, flush_thread, &delivery));
  for (int i = 0; i < FLEET_THREADS; i++)
    pthread_join(threads[i], NULL);
  delivery.done = true;
  if (fleet->ticks)
    pthread_join(ticker, NULL);
  if (fleet->flushes)
    pthread_join(flusher, NULL);
  free(delivery.letters);
}
