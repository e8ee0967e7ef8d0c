/* Any bytes as what happens to a few hosts: readings of random loads, floods
 * and crowds, values in any order and of any size, time that passes or is set,
 * the state saved and loaded again. What is judged must follow from its trace
 * and hold no NAN that was made of numbers; what was saved must come back
 * bit by bit; no more hosts are kept than may be. */
#include "fuzz_bytes.h"
#include "fuzz_target.h"

#include "scenes/judgement_soundness.h"
#include "scenes/random_reading.h"
#include "verdict/hosts.h"
#include "verdict/notice.h"
#include "verdict/state/state_text.h"

#include <errno.h>

enum {
  HOSTS = 4,
  HOSTS_MAX = 3,
  PORTS = 3,
  LISTENERS_MAX = 5,
  STEPS_MAX = 300
};

struct scene {
  struct fuzz_bytes bytes;
  struct rules rules;
  struct hosts *hosts;
  double now_s;
  int steps; /* readings are bounded, or an input takes seconds */
  struct random_host host[HOSTS];
  double time_s[HOSTS], count[HOSTS][SIGNAL_COUNT];
};

static const char *const names[HOSTS] = {"a", "b.example.org", "c", "d"};

static void find_host(const struct hosts *hosts, const char *name,
                      struct hosts_host *out) {
  for (size_t i = 0; i < hosts_count(hosts); i++) {
    hosts_at(hosts, i, out);
    if (strcmp(out->name, name) == 0)
      return;
  }
  fuzz_must(false, "a host that was judged is known");
}

/* An incident that was closed behind the judgement. */
static void close_silent(struct judge *judge, const struct judgement *out) {
  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (out->finding[i].change == INCIDENT_SILENT)
      incident_close(judge_incident(judge, (enum incident_kind)i),
                     INCIDENT_SILENT);
}

/* A reading of which nothing was judged and nothing learnt: more than one
 * machine may send as that host. What is open may be closed all the same. */
static bool was_passed_over(const struct hosts_host *host,
                            const struct judgement *out) {
  struct judge judge = host->before.judge;

  for (int i = 0; i < INCIDENT_COUNT; i++)
    if (out->finding[i].judged && out->finding[i].change != INCIDENT_SILENT)
      return false;
  close_silent(&judge, out);
  return memcmp(&judge, &host->judge, sizeof(judge)) == 0;
}

/* Judged once more by what was remembered, with a look at how. */
static void check_judged(struct scene *scene, const struct judgement *out) {
  struct judge_trace trace;
  struct judgement again = *out;
  struct observation seen;
  struct hosts_host host;

  find_host(scene->hosts, out->host, &host);
  if (was_passed_over(&host, out))
    return;
  struct judge judge = host.before.judge;
  hosts_observe(&host, &seen);
  judge_trace(&judge, &scene->rules, &seen, &again, &trace);
  const char *wrong =
      judgement_soundness(&host.before.judge, &judge, &again, &trace);
  fuzz_must(!wrong, wrong);
  close_silent(&judge, out);
  /* What is held back for the listeners is none of the judgement's. */
  judge.syn_flood.incident.told = host.judge.syn_flood.incident.told;
  judge.syn_flood.incident.told_since_s =
      host.judge.syn_flood.incident.told_since_s;
  fuzz_must(memcmp(&judge, &host.judge, sizeof(judge)) == 0,
            "what is remembered follows from what was remembered before");
}

static void check_notices(const struct judgement *out) {
  struct notice notice;

  for (int i = 0; i < INCIDENT_COUNT; i++) {
    const struct finding *finding = &out->finding[i];
    bool changed = silences_change(finding) != INCIDENT_UNCHANGED;
    if (!notice_compose(out, (enum incident_kind)i, &notice)) {
      fuzz_must(!changed, "every change has a notice");
      continue;
    }
    fuzz_must(changed, "no notice without a change");
    fuzz_must(notice.text[0] != '\0' &&
                  memchr(notice.text, '\0', sizeof(notice.text)) != NULL,
              "a notice has a text, and an end");
    fuzz_must(!strstr(notice.text, " nan") && !strstr(notice.text, "-nan"),
              notice.text);
    fuzz_must(notice.items_len <= NOTICE_ITEMS_MAX,
              "so many items and no more");
  }
}

static void drain(struct scene *scene) {
  struct judgement out;

  while (hosts_next(scene->hosts, &out)) {
    if (!(out.silent_s > 0) && out.listener[0] == '\0')
      check_judged(scene, &out);
    check_notices(&out);
  }
  fuzz_must(hosts_count(scene->hosts) <= HOSTS_MAX, "MaxHosts holds");
  fuzz_must(hosts_listeners_count(scene->hosts) <= LISTENERS_MAX,
            "MaxListeners holds");
}

static void put(struct scene *scene, const struct hosts_value *value) {
  int rc = hosts_put(scene->hosts, value);

  drain(scene);
  if (rc == -EAGAIN)
    rc = hosts_put(scene->hosts, value);
  fuzz_must(rc == 0 || rc == -ESTALE || rc == -ENOSPC || rc == -EINVAL,
            "a value is taken, late, or refused");
  drain(scene);
}

static struct hosts_value value_of(const struct scene *scene, int host,
                                   int signal, double interval_s) {
  return (struct hosts_value){.host = names[host],
                              .signal = (enum signal)signal,
                              .time_s = scene->time_s[host],
                              .interval_s = interval_s,
                              .now_s = scene->now_s,
                              .listener = "[::]:443",
                              .backlog = 511};
}

/* One reading of a random load; first: which value comes first, stride: which
 * is next. */
static void read_host(struct scene *scene, int host, double interval_s,
                      int first, int stride) {
  double drawn[SIGNAL_COUNT];

  random_host_read(&scene->host[host], drawn);
  scene->time_s[host] += interval_s;
  scene->now_s += interval_s;
  for (int i = 0; i < SIGNAL_COUNT; i++) {
    int signal = (first + i * stride) % SIGNAL_COUNT;
    struct hosts_value value = value_of(scene, host, signal, interval_s);
    double *count = &scene->count[host][signal];
    value.value.gauge = drawn[signal];
    if (signal >= SIGNAL_FIRST_COUNTER) {
      *count += isnan(drawn[signal]) ? 0 : interval_s * drawn[signal];
      *count = fmin(*count, 1e15);
      value.value.counter = (int64_t)*count;
    }
    put(scene, &value);
  }
}

/* Of each port another part of the host's. */
static void read_ports(struct scene *scene, int host, double interval_s) {
  static const enum signal of_port[] = {SIGNAL_SYN_RECV, SIGNAL_AGED,
                                        SIGNAL_SYN_QUEUE, SIGNAL_ACCEPT_QUEUE,
                                        SIGNAL_LISTEN_DROPS};
  double drawn[SIGNAL_COUNT];

  random_host_read(&scene->host[host], drawn);
  for (int port = 1; port <= PORTS; port++)
    for (int i = 0; i < 5; i++) {
      struct hosts_value value =
          value_of(scene, host, (int)of_port[i], interval_s);
      value.port = (uint16_t)port;
      value.is_rate = true;
      value.value.gauge = drawn[of_port[i]] / port;
      put(scene, &value);
    }
}

static void read_on(struct scene *scene) {
  static const double intervals_s[] = {10, 1, 60, 0.2, 300, 86400};
  uint8_t form = fuzz_byte(&scene->bytes), count = fuzz_byte(&scene->bytes);
  double interval_s = intervals_s[form / HOSTS % 6];
  uint8_t order = fuzz_byte(&scene->bytes);

  for (int i = 0; i <= count && scene->steps < STEPS_MAX; i++, scene->steps++) {
    read_host(scene, form % HOSTS, interval_s, order % SIGNAL_COUNT,
              1 + order / SIGNAL_COUNT % 18);
    if (scene->rules.syn_flood.per_listener)
      read_ports(scene, form % HOSTS, interval_s);
  }
}

static void put_odd(struct scene *scene) {
  struct fuzz_bytes *bytes = &scene->bytes;
  int host = fuzz_byte(bytes) % HOSTS;
  int signal = fuzz_byte(bytes) % (SIGNAL_COUNT + 1); /* or none at all */
  uint8_t form = fuzz_byte(bytes);
  struct hosts_value value = value_of(scene, host, signal, 10);

  value.is_rate = form & 1;
  if (signal >= SIGNAL_FIRST_COUNTER && !value.is_rate)
    value.value.counter = fuzz_whole(bytes);
  else
    value.value.gauge = fuzz_double(bytes);
  if (form & 2)
    value.time_s = fuzz_double(bytes);
  if (form & 4)
    value.interval_s = fuzz_double(bytes);
  if (form & 8)
    value.time_s += fuzz_double(bytes);
  if (form & 16)
    value.backlog = value.others = fuzz_whole(bytes);
  if (form & 32)
    value.port = (uint16_t)(1 + form / 64);
  put(scene, &value);
}

/* What goes on at a host from now on. */
static void change_load(struct scene *scene) {
  struct fuzz_bytes *bytes = &scene->bytes;
  struct random_host *host = &scene->host[fuzz_byte(bytes) % HOSTS];
  double mean = fuzz_double(bytes);

  host->mean[fuzz_byte(bytes) % SIGNAL_COUNT] =
      mean >= 0 && mean <= 1e12 ? mean : 0;
  host->left = fuzz_byte(bytes);
}

static void wake(struct scene *scene) {
  static const double steps_s[] = {10, 1, 120, 3600, 1e6, -3600, -3e7, 3e7};
  uint8_t which = fuzz_byte(&scene->bytes);

  scene->now_s += steps_s[which % 8];
  if (which & 8)
    for (int i = 0; i < HOSTS; i++)
      scene->time_s[i] += steps_s[which % 8];
  hosts_wake(scene->hosts, scene->now_s);
  drain(scene);
}

static int restore(void *to, const struct hosts_host *host) {
  return hosts_restore(to, host);
}

static int restore_listener(void *to, const char *host,
                            const struct listeners_one *one) {
  return hosts_restore_listener(to, host, one);
}

static size_t save_listeners(const struct scene *scene, size_t i,
                             const char *host, struct state_text *state,
                             char *text) {
  struct listeners_one one = {.port = 0};
  size_t length = 0;

  while (hosts_listener_from(scene->hosts, i, one.port + 1u, &one)) {
    size_t written = state_text_listener(state, host, &one, text + length);
    fuzz_must(written <= STATE_TEXT_LISTENER_MAX,
              "a listener's text has its limit");
    length += written;
  }
  return length;
}

static void compare_listeners(const struct hosts *loaded, size_t i,
                              const struct hosts *saved, size_t k) {
  struct listeners_one one = {.port = 0}, same = {.port = 0};

  while (hosts_listener_from(saved, k, one.port + 1u, &one)) {
    fuzz_must(hosts_listener_from(loaded, i, one.port, &same) &&
                  same.port == one.port &&
                  memcmp(&same.flood, &one.flood, sizeof(one.flood)) == 0,
              "what was saved of a listener comes back");
  }
}

static size_t number_of(const struct hosts *hosts, const char *name) {
  struct hosts_host host;
  size_t i = 0;

  for (; i < hosts_count(hosts); i++) {
    hosts_at(hosts, i, &host);
    if (strcmp(host.name, name) == 0)
      break;
  }
  return i;
}

/* Saved, loaded, compared; and from then on what was loaded goes on. */
static void restart(struct scene *scene) {
  static char text[HOSTS * STATE_TEXT_HOST_MAX + 2 * STATE_TEXT_FRAME_MAX +
                   LISTENERS_MAX * STATE_TEXT_LISTENER_MAX];
  struct hosts *loaded = hosts_create(&scene->rules);
  struct state_text_reader reader = {restore, NULL, loaded};
  struct hosts_host host, same;
  struct state_text state;
  char why[STATE_TEXT_ERROR_MAX] = "";
  size_t length = state_text_begin(&state, scene->now_s, text);

  for (size_t i = 0; i < hosts_count(scene->hosts); i++) {
    hosts_at(scene->hosts, i, &host);
    size_t written = state_text_host(&state, &host, text + length);
    fuzz_must(written <= STATE_TEXT_HOST_MAX, "a host's text has its limit");
    length += written;
    length += save_listeners(scene, i, host.name, &state, text + length);
  }
  length += state_text_end(&state, text + length);
  int rc =
      state_text_read_listeners(text, length, &reader, restore_listener, why);
  fuzz_must(rc == 0, rc == -EEXIST ? "no host twice" : why);
  for (size_t i = 0; i < hosts_count(scene->hosts); i++) {
    hosts_at(scene->hosts, i, &host);
    find_host(loaded, host.name, &same);
    /* when it was seen is kept in milliseconds */
    fuzz_must(fabs(same.seen_s - host.seen_s) <= 0.0006,
              "seen when it was seen");
    same.seen_s = host.seen_s;
    fuzz_must(memcmp(&same.last, &host.last, sizeof(host.last)) == 0 &&
                  memcmp(&same.judge, &host.judge, sizeof(host.judge)) == 0 &&
                  memcmp(&same.before, &host.before, sizeof(host.before)) == 0,
              "what was saved comes back");
    compare_listeners(loaded, number_of(loaded, host.name), scene->hosts, i);
  }
  hosts_destroy(scene->hosts);
  scene->hosts = loaded;
}

/* Other settings, where they are accepted. */
static void set_rules(struct scene *scene) {
  struct rules changed = scene->rules;
  struct rules_key key;
  struct rules_block block = rules_top;
  char error[RULES_ERROR_MAX];

  for (int left = fuzz_byte(&scene->bytes) % 4; left > 0; left--) {
    if (!rules_key_at(fuzz_byte(&scene->bytes), &key) ||
        strcmp(key.block, "Watch") == 0)
      continue;
    const char *name = strcmp(key.block, "Incident") == 0
                           ? rules_incident_name(INCIDENT_SYN_FLOOD)
                           : key.block;
    if (name[0] != '\0' &&
        rules_open(&changed, "Incident", name, &block, error) != 0)
      continue;
    struct rules_value value = {.type = key.type};
    value.boolean = fuzz_byte(&scene->bytes) & 1;
    value.number = fuzz_double(&scene->bytes);
    if (key.type != RULES_STRING)
      rules_set(&changed, name[0] ? &block : &rules_top, key.key, &value,
                error);
  }
  if (rules_check(&changed, error) == 0)
    scene->rules = changed;
  scene->rules.max_hosts = HOSTS_MAX;
  scene->rules.max_listeners = LISTENERS_MAX;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static void (*const happens[])(struct scene *) = {
      read_on, put_odd, read_on, change_load, wake, restart, read_on, put_odd};
  static struct scene scene;

  memset(&scene, 0, sizeof(scene));
  scene.bytes = (struct fuzz_bytes){data, size};
  scene.now_s = 1.7e9;
  rules_defaults(&scene.rules);
  scene.rules.incident[INCIDENT_STATE_SHIFT].enable = true;
  scene.rules.syn_flood.per_listener = size % 3 == 0;
  set_rules(&scene);
  scene.hosts = hosts_create(&scene.rules);
  for (int i = 0; i < HOSTS; i++) {
    random_host_init(&scene.host[i], fuzz_byte(&scene.bytes));
    scene.time_s[i] = 1.7e9;
  }
  while (scene.bytes.left > 0)
    happens[fuzz_byte(&scene.bytes) % 8](&scene);
  hosts_wake(scene.hosts, INFINITY);
  drain(&scene);
  restart(&scene);
  hosts_destroy(scene.hosts);
  return 0;
}
