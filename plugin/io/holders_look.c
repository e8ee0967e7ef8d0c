/* See holders_look.h. May use what holder_probe.c may. */
#define _POSIX_C_SOURCE 200809L
#include "holders_look.h"

#include "listener_probe.h"

#include <time.h>

enum {
  VERIFY_EVERY = 60,   /* looks */
  SHORTAGE_PAUSE = 60, /* looks */
};

/* What loading costs; and how long a suspicion must have passed. */
static const double load_s = 0.04, keep_s = 600;

static const uint32_t listen_state = UINT32_C(1) << TCP_STATE_LISTEN;
static const uint32_t holding_states =
    UINT32_C(1) << TCP_STATE_ESTABLISHED | UINT32_C(1) << TCP_STATE_FIN_WAIT1;

static double cpu_s(void) {
  struct timespec now = {0};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void holders_look_end(struct holders_look *look) {
  holder_probe_destroy(look->probe);
  look->probe = NULL;
  look->spent_s = 0;
}

void holders_look_note(struct holders_look *look, double now_s,
                       bool suspected) {
  if (suspected)
    look->suspected_s = now_s;
  else if (now_s - look->suspected_s > keep_s && !look->at_once)
    holders_look_end(look);
}

bool holders_look_is_doubted(const struct holders_look *look) {
  for (int i = 0; i < HOLDERS_LOOK_FIGURES; i++)
    if (look->trust[i].lost)
      return true;
  return false;
}

static bool is_trusted(const struct holders_look *look) {
  for (int i = 0; i < HOLDERS_LOOK_FIGURES; i++)
    if (!probe_trust_holds(&look->trust[i]))
      return false;
  return true;
}

/* Loading. */

static void give_up(struct holders_look *look, int error) {
  holders_look_end(look);
  look->error = error;
  look->pause = listener_probe_is_shortage(error) ? SHORTAGE_PAUSE : 0;
}

/* A refusal holds until the daemon starts anew. */
static bool may_load(const struct holders_look *look) {
  bool refused = look->error != 0 && !listener_probe_is_shortage(look->error);
  return look->may_use_bpf && !refused && !holders_look_is_doubted(look);
}

static void load_if_it_pays(struct holders_look *look) {
  if (!may_load(look) || look->probe != NULL)
    return;
  if (look->pause > 0 && --look->pause > 0)
    return;
  if (!look->at_once && look->spent_s < load_s)
    return;
  look->looks_left[false] = look->looks_left[true] = 0;
  look->failed = "";
  look->error = holder_probe_create(&look->probe, &look->failed);
  if (look->error != 0)
    give_up(look, look->error);
}

/* Looking. */

static int take_listeners(struct diag_source *diag, struct holders *holders,
                          bool asked) {
  const struct diag_request listeners = {.states = listen_state};

  holders_clear(holders, asked);
  return diag_source_look(diag, &listeners, holders);
}

static int look_by_netlink(struct holders_look *look, struct diag_source *diag,
                           struct holders *holders, bool asked) {
  const struct diag_request holding = {.states = holding_states, .info = asked};
  double start_s = cpu_s();
  int rc = take_listeners(diag, holders, asked);

  if (rc == 0)
    rc = diag_source_look(diag, &holding, holders);
  look->spent_s += cpu_s() - start_s;
  look->was_by_bpf = false;
  return rc;
}

/* Returns whether it was. What fails is looked at by netlink, at once. */
static bool look_by_bpf(struct holders_look *look, struct diag_source *diag,
                        struct holders *holders, bool asked) {
  if (take_listeners(diag, holders, asked) != 0)
    return false;
  int rc = holder_probe_read(look->probe, holders, &look->failed);
  if (rc != 0)
    give_up(look, rc);
  look->was_by_bpf = rc == 0;
  return rc == 0;
}

/* Comparing. */

/* Zero windows come first, and are known without tcp_info. */
static void compare(struct holders_look *look, const struct holders *by_bpf,
                    const struct holders *walked) {
  const int kinds = holders_know_kinds(walked) ? HOLDER_KINDS : 1;

  probe_trust_verify(&look->trust[0], by_bpf->sockets, by_bpf->sockets,
                     walked->sockets);
  for (int i = 0; i < kinds; i++)
    probe_trust_verify(&look->trust[1 + i], by_bpf->kind[i], by_bpf->kind[i],
                       walked->kind[i]);
  look->looks_left[walked->asked] = is_trusted(look) ? VERIFY_EVERY - 1 : 0;
  if (holders_look_is_doubted(look))
    holders_look_end(look);
}

/* For lack of memory the next look is compared. */
static void verify(struct holders_look *look, const struct holders *walked) {
  struct holders by_bpf;

  if (look->probe == NULL || holders_init(&by_bpf) != 0)
    return;
  holders_clear(&by_bpf, walked->asked);
  int rc = holder_probe_read(look->probe, &by_bpf, &look->failed);
  if (rc == 0)
    compare(look, &by_bpf, walked);
  else
    give_up(look, rc);
  holders_release(&by_bpf);
}

/* Whether the next look of this kind needs netlink. */
static bool is_due(const struct holders_look *look, bool asked) {
  return look->looks_left[asked] == 0 || !is_trusted(look);
}

int holders_look_take(struct holders_look *look, struct diag_source *diag,
                      struct holders *holders, bool asked) {
  bool by_bpf = look->probe != NULL && !is_due(look, asked) &&
                look_by_bpf(look, diag, holders, asked);

  if (by_bpf) {
    look->looks_left[asked]--;
  } else {
    int rc = look_by_netlink(look, diag, holders, asked);
    if (rc != 0)
      return rc;
    load_if_it_pays(look);
    verify(look, holders);
  }
  holders_finish(holders);
  return 0;
}
