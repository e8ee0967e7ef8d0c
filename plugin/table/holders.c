/* Which established sockets hold a connection, by the kernel's timers and
 * struct tcp_info. Touches memory only. Source: linux/tcp.h; tcp_get_info() in
 * net/ipv4/tcp.c, inet_sk_diag_fill() in net/ipv4/inet_diag.c. */
#include "table/holders.h"

#include <errno.h>
#include <string.h>

enum {
  HELD_MS = 5000, /* a request is longer under way than any client needs */
  LAST_PIECE_MS = 30000, /* and still comes */
  MUTE_MS = 1000,
  SMALL_PIECE = 536, /* octets: the least that a path carries in one segment */
  FEW_SENT = 16384,  /* octets: no answer, at most a handshake of TLS */
  SLOW = 2048,       /* octets a second */
  STARVED_US = 10000000,
};

static const uint64_t ms_of_s = 1000, us_of_s = 1000000;

int holders_init(struct holders *holders) {
  memset(holders, 0, sizeof(*holders));
  holders->at = reading_create(NULL, 0);
  return holders->at != NULL ? 0 : -ENOMEM;
}

void holders_release(struct holders *holders) {
  reading_destroy(holders->at);
  holders->at = NULL;
}

void holders_clear(struct holders *holders, bool asked) {
  holders->asked = asked;
  holders->sockets = holders->lacking = 0;
  memset(holders->kind, 0, sizeof(holders->kind));
  reading_clear(holders->at);
}

/* The client goes on with its request, in small pieces, while it gets no
 * answer. An upload comes in large ones. */
static bool is_drip(const struct tcp_activity *activity) {
  return activity->sent_ms >= HELD_MS &&
         activity->received_ms <= LAST_PIECE_MS &&
         activity->sent_ms - activity->received_ms >= HELD_MS &&
         activity->sent_ms > activity->received_ms &&
         activity->bytes_acked < FEW_SENT && activity->data_segs_in > 1 &&
         activity->bytes_received / activity->data_segs_in < SMALL_PIECE &&
         activity->bytes_received * ms_of_s / activity->sent_ms < SLOW;
}

static bool is_mute(const struct tcp_activity *activity) {
  return activity->data_segs_in == 0 && activity->data_segs_out == 0 &&
         activity->sent_ms >= MUTE_MS;
}

static bool is_starved(const struct tcp_activity *activity) {
  return activity->busy_us > STARVED_US &&
         activity->bytes_acked / (activity->busy_us / us_of_s) < SLOW;
}

/* A client that has vanished answers no probe and acknowledges nothing. */
static void find_kinds(const struct tcp_row *row,
                       const struct tcp_activity *activity,
                       bool kind[HOLDER_KINDS]) {
  bool answers = row->retransmits == 0;
  bool is_open = row->state == TCP_STATE_ESTABLISHED;

  kind[HOLDER_ZERO_WINDOW] = row->timer == TCP_TIMER_PROBE && answers;
  if (activity == NULL)
    return;
  kind[HOLDER_DRIP] = is_open && is_drip(activity);
  kind[HOLDER_MUTE] = is_open && is_mute(activity);
  kind[HOLDER_STARVED] = answers && is_starved(activity);
}

int holders_add(struct holders *holders, const struct tcp_row *row,
                const struct tcp_activity *activity) {
  bool kind[HOLDER_KINDS] = {false}, any = false;

  if (row->state == TCP_STATE_LISTEN)
    return reading_add(holders->at, row);
  if (row->state != TCP_STATE_ESTABLISHED && row->state != TCP_STATE_FIN_WAIT1)
    return 0;
  holders->sockets++;
  holders->lacking += holders->asked && activity == NULL;
  find_kinds(row, activity, kind);
  for (int i = 0; i < HOLDER_KINDS; i++) {
    holders->kind[i] += kind[i];
    any = any || kind[i];
  }
  return any ? reading_add_holder(holders->at, row) : 0;
}

bool holders_know_kinds(const struct holders *holders) {
  return holders->asked && holders->lacking == 0;
}

void holders_finish(struct holders *holders) { reading_finish(holders->at); }

const struct listener *holders_listener(const struct holders *holders) {
  const struct reading *at = holders->at;
  const struct listener *most = NULL;

  for (size_t i = 0; i < at->listeners_len; i++)
    if (at->listeners[i].half_open > (most != NULL ? most->half_open : 0))
      most = &at->listeners[i];
  return most;
}
