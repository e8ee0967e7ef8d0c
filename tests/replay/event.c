/* Events and what they do. Touches nothing but its own structures. */
#include "event.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[EVENT_KINDS] = {
    [EVENT_CROWD] = "crowd",
    [EVENT_DEPLOY] = "deploy",
    [EVENT_BATCH] = "batch",
    [EVENT_SCAN] = "scan",
    [EVENT_LOSS] = "loss",
    [EVENT_SHIFT] = "shift",
    [EVENT_ROUNDTRIP] = "roundtrip",
    [EVENT_GAP] = "gap",
    [EVENT_REBOOT] = "reboot",
    [EVENT_CLOCK] = "clock",
    [EVENT_OVERFLOW] = "overflow",
    [EVENT_FLOOD] = "flood",
    [EVENT_LEAK] = "leak",
    [EVENT_STALL] = "stall",
    [EVENT_OUTBOUND] = "outbound",
    [EVENT_KEEPALIVE] = "keepalive",
    [EVENT_WEBSOCKETS] = "websockets",
    [EVENT_BACKEND] = "backend",
    [EVENT_POOL] = "pool",
    [EVENT_MOBILE] = "mobile",
    [EVENT_VIDEO] = "video",
    [EVENT_UPLOADS] = "uploads",
    [EVENT_VANISH] = "vanish",
    [EVENT_CHECKS] = "checks",
    [EVENT_SLOWLORIS] = "slowloris",
    [EVENT_SLOWPOST] = "slowpost",
    [EVENT_SLOWREAD] = "slowread",
    [EVENT_SILENT] = "silent",
};

static const struct {
  const char *name;
  size_t offset;
} keys[] = {
    {"start", offsetof(struct event, start_s)},
    {"duration", offsetof(struct event, duration_s)},
    {"factor", offsetof(struct event, factor)},
    {"rate", offsetof(struct event, rate)},
    {"share", offsetof(struct event, share)},
    {"least", offsetof(struct event, least)},
    {"count", offsetof(struct event, count)},
    {"from", offsetof(struct event, from)},
    {"doubling", offsetof(struct event, doubling_s)},
    {"stair", offsetof(struct event, stair_s)},
    {"ramp", offsetof(struct event, ramp_s)},
    {"on", offsetof(struct event, on_s)},
    {"off", offsetof(struct event, off_s)},
    {"resets", offsetof(struct event, resets)},
    {"line", offsetof(struct event, line_s)},
    {"life", offsetof(struct event, life_s)},
};

const char *event_kind_name(enum event_kind kind) { return kind_names[kind]; }

bool event_is_attack(enum event_kind kind) { return kind >= EVENT_FLOOD; }

bool event_list_add(struct event_list *list, const struct event *event) {
  if (list->len == EVENTS_MAX)
    return false;
  list->items[list->len++] = *event;
  return true;
}

static bool parse_kind(const char *text, size_t length, enum event_kind *out) {
  for (int i = 0; i < EVENT_KINDS; i++) {
    if (strlen(kind_names[i]) == length &&
        strncmp(text, kind_names[i], length) == 0) {
      *out = (enum event_kind)i;
      return true;
    }
  }
  return false;
}

/* text: "key=number" up to a comma or the end. Returns what follows, or NULL.
 */
static const char *parse_pair(const char *text, struct event *event) {
  size_t length = strcspn(text, "=");
  if (text[length] != '=')
    return NULL;
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
    if (strlen(keys[i].name) != length ||
        strncmp(text, keys[i].name, length) != 0)
      continue;
    char *end;
    errno = 0;
    double value = strtod(text + length + 1, &end);
    if (errno != 0 || end == text + length + 1 || !isfinite(value) ||
        (*end != ',' && *end != '\0'))
      return NULL;
    memcpy((char *)event + keys[i].offset, &value, sizeof(value));
    return *end == ',' ? end + 1 : end;
  }
  return NULL;
}

bool event_parse(const char *text, struct event *out) {
  struct event event = {0};
  size_t length = strcspn(text, ":");
  if (!parse_kind(text, length, &event.kind))
    return false;
  const char *rest = text + length + (text[length] == ':');
  while (*rest != '\0') {
    rest = parse_pair(rest, &event);
    if (rest == NULL)
      return false;
  }
  *out = event;
  return true;
}

double event_rate_of_share(const struct event *event, int64_t established,
                           int64_t half_open, double entry_life_s) {
  double open = (double)(established > 0 ? established : 1);
  double target = event->share / (100 - event->share) * open;
  double missing = target - (double)half_open;
  /* A pulse is over before the first of its entries expires. */
  double held_s = event->on_s > 0 && event->on_s < entry_life_s ? event->on_s
                                                                : entry_life_s;
  double rate = missing > 0 ? missing / held_s : 0;
  return rate > event->least ? rate : event->least;
}

static double doubled(const struct event *event, double age_s) {
  if (event->stair_s > 0)
    age_s = floor(age_s / event->stair_s) * event->stair_s;
  double size = event->from * exp2(age_s / event->doubling_s);
  return size < 1 ? size : 1;
}

/* 0..1: how much of its full size the event has at an age. What comes back to
 * normal fades as fast as it grew. */
static double grown(const struct event *event, double age_s, bool fades) {
  if (event->doubling_s > 0)
    return doubled(event, age_s);
  if (event->ramp_s <= 0)
    return 1;
  double up = age_s / event->ramp_s;
  double down = fades ? (event->duration_s - age_s) / event->ramp_s : 1;
  double least = up < down ? up : down;
  return least < 1 ? (least > 0 ? least : 0) : 1;
}

/* What of count falls into this second, the times evenly apart. */
static int64_t counted_now(const struct event *event, double age_s) {
  double seconds = fmax(1, ceil(event->duration_s));
  double before = floor(event->count * fmin(floor(age_s), seconds) / seconds);
  double by_now =
      floor(event->count * fmin(floor(age_s) + 1, seconds) / seconds);
  return (int64_t)(by_now - before);
}

static void scan(const struct event *event, double age_s,
                 struct effects *effects) {
  effects->probe_per_s += event->rate * (1 - event->resets);
  effects->reset_per_s += event->rate * event->resets;
  effects->probes += counted_now(event, age_s);
}

static void attack(const struct event *event, double age_s,
                   struct effects *effects) {
  double rate = event->rate * grown(event, age_s, false);
  if (event->on_s > 0 && fmod(age_s, event->on_s + event->off_s) >= event->on_s)
    return;
  effects->dead += counted_now(event, age_s);
  effects->dead_per_s += rate * (1 - event->resets);
  effects->reset_per_s += rate * event->resets;
}

void event_apply(const struct event *event, double now_s,
                 struct effects *effects) {
  double age_s = now_s - event->start_s;
  switch (event->kind) {
  case EVENT_CROWD:
    effects->load *= 1 + (event->factor - 1) * grown(event, age_s, true);
    break;
  case EVENT_SHIFT:
    effects->load *= 1 + (event->factor - 1) * grown(event, age_s, false);
    break;
  case EVENT_ROUNDTRIP:
    effects->round_trip *= 1 + (event->factor - 1) * grown(event, age_s, false);
    break;
  case EVENT_DEPLOY:
    effects->port_closed = true;
    break;
  case EVENT_BATCH:
    effects->outbound_per_s += event->rate * grown(event, age_s, true);
    break;
  case EVENT_LOSS:
    effects->loss += event->factor * grown(event, age_s, true);
    break;
  case EVENT_GAP:
    effects->silent = true;
    break;
  case EVENT_REBOOT:
    effects->silent = effects->port_closed = true;
    break;
  case EVENT_SCAN:
    scan(event, age_s, effects);
    break;
  case EVENT_OVERFLOW:
    effects->overflows_per_s += event->rate;
    effects->accept_queue = fmax(effects->accept_queue, event->factor);
    break;
  case EVENT_FLOOD:
    attack(event, age_s, effects);
    break;
  case EVENT_LEAK:
    effects->leaks_per_s += event->rate / 3600;
    break;
  case EVENT_STALL:
    effects->accepts = event->factor;
    effects->frozen = event->factor <= 0;
    break;
  case EVENT_OUTBOUND:
    effects->backends_silent = true;
    break;
  default: /* EVENT_CLOCK is over at once; holding.c has those that hold */
    break;
  }
}
