/* Seeded random readings of one host: quiet times, and whatever can happen to
 * it, for some readings each. Every member may be unknown. */
#ifndef TESTS_SCENES_RANDOM_READING_H
#define TESTS_SCENES_RANDOM_READING_H

#include "random_load.h"
#include "verdict/snapshot.h"

#include <math.h>
#include <string.h>

struct random_host {
  struct random_load random;
  double mean[SIGNAL_COUNT]; /* of what goes on now */
  int left;                  /* readings of it */
  double established, completed;
};

static inline void random_host_init(struct random_host *host, uint64_t seed) {
  memset(host, 0, sizeof(*host));
  host->random.state = seed;
  host->established = exp(8 * random_unit(&host->random));
  host->completed = 0.3 * host->established * random_unit(&host->random);
}

static inline void random_host_be_usual(struct random_host *host) {
  double *mean = host->mean;
  memset(host->mean, 0, sizeof(host->mean));
  mean[SIGNAL_ESTABLISHED] = host->established;
  mean[SIGNAL_PASSIVE_OPENS] = host->completed;
  mean[SIGNAL_SYN_RECV] = 0.02 * host->established;
  mean[SIGNAL_AGED] = 0.001 * host->established;
  mean[SIGNAL_ACTIVE] = 1.1 * host->established;
  mean[SIGNAL_SYN_SENT] = mean[SIGNAL_ACTIVE_OPENS] = 3;
  mean[SIGNAL_CLOSE_WAIT] = 0.02 * host->established;
  mean[SIGNAL_SYN_QUEUE] = mean[SIGNAL_ACCEPT_QUEUE] = 3;
  mean[SIGNAL_TIME_WAIT_USE] = 30;
  mean[SIGNAL_STATE_ENTROPY] = 0.4;
}

static inline void random_host_change(struct random_host *host) {
  double *mean = host->mean, size = exp(7 * random_unit(&host->random));
  random_host_be_usual(host);
  host->left = (int)(40 * random_unit(&host->random));
  switch (random_bits(&host->random) % 8) {
  case 0: /* a flood */
    mean[SIGNAL_SYN_RECV] += size;
    mean[SIGNAL_AGED] += 0.95 * size;
    mean[SIGNAL_STATE_ENTROPY] = 0.8;
    break;
  case 1:
    mean[SIGNAL_COOKIES_SENT] = size;
    mean[SIGNAL_COOKIES_RECEIVED] = size * random_unit(&host->random);
    break;
  case 2:
    mean[SIGNAL_SYN_QUEUE] = 150;
    mean[SIGNAL_SYN_QUEUE_AGED] = 40 + 60 * random_unit(&host->random);
    mean[SIGNAL_LISTEN_DROPS] = 2;
    break;
  case 3:
    mean[SIGNAL_EMBRYONIC_RESETS] = size;
    break;
  case 4: /* the application does not accept */
    mean[SIGNAL_ACCEPT_QUEUE] = 150;
    mean[SIGNAL_LISTEN_OVERFLOWS] = 3;
    mean[SIGNAL_SYN_RECV] += size;
    mean[SIGNAL_AGED] += size;
    break;
  case 5:
    mean[SIGNAL_SYN_SENT] = mean[SIGNAL_CLOSE_WAIT] = size;
    mean[SIGNAL_TIME_WAIT_USE] = 110;
    mean[SIGNAL_STATE_ENTROPY] = 0.9;
    break;
  default:
    host->left *= 5;
    break;
  }
}

/* A count about its mean, or a level; now and then it is unknown. */
static inline double random_host_draw(struct random_host *host, int signal) {
  double mean = host->mean[signal];
  if (random_unit(&host->random) < 0.01)
    return NAN;
  if (signal == SIGNAL_STATE_ENTROPY)
    return mean + 0.01 * random_normal(&host->random);
  double drawn = random_count(&host->random, mean);
  return signal >= SIGNAL_SYN_QUEUE && signal <= SIGNAL_TIME_WAIT_USE
             ? fmin(100, drawn)
             : drawn;
}

/* The next reading, counters as rates. */
static inline void random_host_read(struct random_host *host,
                                    double value[SIGNAL_COUNT]) {
  if (host->left-- <= 0)
    random_host_change(host);
  for (int i = 0; i < SIGNAL_COUNT; i++)
    value[i] = random_host_draw(host, i);
  if (value[SIGNAL_AGED] > value[SIGNAL_SYN_RECV])
    value[SIGNAL_AGED] = value[SIGNAL_SYN_RECV];
}

#endif
