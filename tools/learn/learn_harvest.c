/* The watch's hosts and series through learn_keep. Memory only. */
#include "learn_harvest.h"

#include "learn_keep.h"

#include <math.h>
#include <stdio.h>

static const uint32_t handshake_signals = 1u << SIGNAL_SYN_RECV |
                                          1u << SIGNAL_ESTABLISHED |
                                          1u << SIGNAL_PASSIVE_OPENS;

static void note(struct learn_harvest *harvest, enum learn_lack lack,
                 const char *name, double figure) {
  struct learn_lacking *lacking = &harvest->lacking[lack];

  if (lacking->count++ > 0)
    return;
  snprintf(lacking->name, sizeof(lacking->name), "%s", name);
  lacking->figure = figure;
}

static bool is_too_old(struct learn_harvest *harvest, const char *name,
                       double seen_s) {
  if (harvest->any_age || harvest->now_s - seen_s <= harvest->rules->max_age_s)
    return false;
  note(harvest, LEARN_TOO_OLD, name, seen_s);
  return true;
}

/* Whether the host is of use; says what it lacks. */
static bool weigh_host(struct learn_harvest *harvest,
                       const struct hosts_host *kept, uint32_t have) {
  double learnt_s = 0;

  if (is_too_old(harvest, kept->name, kept->seen_s))
    return false;
  if ((have & handshake_signals) != handshake_signals)
    note(harvest, LEARN_NO_HANDSHAKE, kept->name, 0);
  else if (!learn_keep_is_warm(kept, harvest->rules, &learnt_s))
    note(harvest, LEARN_TOO_SHORT, kept->name, learnt_s);
  return true;
}

static bool next_host(void *from, struct hosts_host *out) {
  struct learn_harvest *harvest = from;
  const struct hosts *watch = harvest->judge->watch;
  struct hosts_host host;

  while (harvest->next_host < hosts_count(watch)) {
    hosts_at(watch, harvest->next_host++, &host);
    uint32_t have = learn_hosts_have(harvest->known, host.name);
    if (host.seen_s <= 0) /* nothing was judged */
      continue;
    learn_keep_host(&host, have, harvest->live_s, harvest->now_s, out);
    if (!weigh_host(harvest, out, have))
      continue;
    harvest->rows_s = fmax(harvest->rows_s, host.last.interval_s);
    harvest->hosts++;
    return true;
  }
  return false;
}

static bool next_series(void *from, const char **identifier,
                        struct series_memory *out) {
  struct learn_harvest *harvest = from;
  const struct series *series = harvest->judge->series;
  const char *watch;

  while (harvest->next_series < series_count(series)) {
    const struct series_memory *memory =
        series_at(series, harvest->next_series++, identifier, &watch);
    if (memory->baseline.learnt <= 0)
      continue;
    learn_keep_series(memory, harvest->live_s, harvest->now_s, out);
    if (is_too_old(harvest, *identifier, out->seen_s))
      continue;
    if (!learn_keep_series_is_warm(out, harvest->rules))
      note(harvest, LEARN_TOO_SHORT, *identifier, out->baseline.learnt_s);
    harvest->rows_s = fmax(harvest->rows_s, memory->interval_s);
    harvest->series++;
    return true;
  }
  return false;
}

struct learn_file_source learn_harvest_source(struct learn_harvest *harvest) {
  return (struct learn_file_source){next_host, next_series, harvest};
}

void learn_harvest_count(struct learn_harvest *harvest) {
  struct hosts_host host;
  struct series_memory memory;
  const char *identifier;

  while (next_host(harvest, &host))
    ;
  while (next_series(harvest, &identifier, &memory))
    ;
}
