/* The watch's hosts and series through learn_keep. Memory only. */
#include "learn_harvest.h"

#include "learn_keep.h"

#include <errno.h>
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

static bool choose_host(void *context, struct hosts_host *host) {
  struct learn_harvest *harvest = context;
  struct hosts_host judged = *host;
  uint32_t have = learn_hosts_have(harvest->known, host->name);

  if (host->seen_s <= 0) /* nothing was judged */
    return false;
  learn_keep_host(&judged, have, harvest->live_s, harvest->now_s, host);
  if (!weigh_host(harvest, host, have))
    return false;
  harvest->rows_s = fmax(harvest->rows_s, judged.last.interval_s);
  harvest->hosts++;
  return true;
}

static bool choose_series(void *context, const char *identifier,
                          struct series_memory *memory) {
  struct learn_harvest *harvest = context;
  struct series_memory judged = *memory;

  if (memory->baseline.learnt <= 0)
    return false;
  learn_keep_series(&judged, harvest->live_s, harvest->now_s, memory);
  if (is_too_old(harvest, identifier, memory->seen_s))
    return false;
  if (!learn_keep_series_is_warm(memory, harvest->rules))
    note(harvest, LEARN_TOO_SHORT, identifier, memory->baseline.learnt_s);
  harvest->rows_s = fmax(harvest->rows_s, judged.interval_s);
  harvest->series++;
  return true;
}

struct engine_filter learn_harvest_filter(struct learn_harvest *harvest) {
  return (struct engine_filter){choose_host, choose_series, harvest};
}

void learn_harvest_count(struct learn_harvest *harvest) {
  struct engine_filter filter = learn_harvest_filter(harvest);

  engine_show(harvest->judge->engine, &filter);
}

struct handing {
  struct engine_filter filter;
  struct engine *to;
  bool no_memory;
};

static bool hand_host(void *context, struct hosts_host *host) {
  struct handing *handing = context;

  if (!handing->no_memory &&
      handing->filter.host(handing->filter.context, host))
    handing->no_memory =
        hosts_restore(engine_hosts(handing->to), host) == -ENOMEM;
  return false;
}

static bool hand_series(void *context, const char *identifier,
                        struct series_memory *memory) {
  struct handing *handing = context;

  if (!handing->no_memory &&
      handing->filter.series(handing->filter.context, identifier, memory))
    handing->no_memory = series_restore(engine_series(handing->to), identifier,
                                        memory) == -ENOMEM;
  return false;
}

int learn_harvest_hand_over(struct learn_harvest *harvest, struct engine *to) {
  struct handing handing = {learn_harvest_filter(harvest), to, false};
  struct engine_filter filter = {hand_host, hand_series, &handing};

  engine_show(harvest->judge->engine, &filter);
  return handing.no_memory ? -ENOMEM : 0;
}
