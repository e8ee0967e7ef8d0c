/* The values the judgement looks at, by the names tcpstates dispatches. Pure.
 */
#include "verdict/signals.h"

#include <stdbool.h>
#include <string.h>

static const struct {
  const char *type;
  const char *type_instance;
} names[SIGNAL_COUNT] = {
    [SIGNAL_ESTABLISHED] = {"tcp_connections", "ESTABLISHED"},
    [SIGNAL_SYN_SENT] = {"tcp_connections", "SYN_SENT"},
    [SIGNAL_SYN_RECV] = {"tcp_connections", "SYN_RECV"},
    [SIGNAL_CLOSE_WAIT] = {"tcp_connections", "CLOSE_WAIT"},
    [SIGNAL_ACTIVE] = {"current_connections", "active"},
    [SIGNAL_AGED] = {"current_connections", "syn_recv_aged"},
    [SIGNAL_SYN_RECV_PEAK] = {"current_connections", "syn_recv_peak"},
    [SIGNAL_AGED_PEAK] = {"current_connections", "syn_recv_aged_peak"},
    [SIGNAL_HELD] = {"current_connections", "held"},
    [SIGNAL_ZERO_WINDOW] = {"current_connections", "zero_window"},
    [SIGNAL_HELD_DRIP] = {"current_connections", "held_drip"},
    [SIGNAL_HELD_STARVED] = {"current_connections", "held_starved"},
    [SIGNAL_HELD_MUTE] = {"current_connections", "held_mute"},
    [SIGNAL_SYN_QUEUE] = {"percent", "syn_queue"},
    [SIGNAL_SYN_QUEUE_AGED] = {"percent", "syn_queue_aged"},
    [SIGNAL_ACCEPT_QUEUE] = {"percent", "accept_queue"},
    [SIGNAL_TIME_WAIT_USE] = {"percent", "time_wait"},
    [SIGNAL_TOP_SOURCE] = {"percent", "syn_recv_top_source"},
    [SIGNAL_STATE_ENTROPY] = {"gauge", "state_entropy"},
    [SIGNAL_BARE_ACKS] = {"gauge", "bare_acks"},
    [SIGNAL_PASSIVE_OPENS] = {"protocol_counter", "PassiveOpens"},
    [SIGNAL_ACTIVE_OPENS] = {"protocol_counter", "ActiveOpens"},
    [SIGNAL_COOKIES_SENT] = {"protocol_counter", "SyncookiesSent"},
    [SIGNAL_COOKIES_RECEIVED] = {"protocol_counter", "SyncookiesRecv"},
    [SIGNAL_LISTEN_OVERFLOWS] = {"protocol_counter", "ListenOverflows"},
    [SIGNAL_LISTEN_DROPS] = {"protocol_counter", "ListenDrops"},
    [SIGNAL_QUEUE_FULL_DROPS] = {"protocol_counter", "TCPReqQFullDrop"},
    [SIGNAL_EMBRYONIC_RESETS] = {"protocol_counter", "EmbryonicRsts"},
    [SIGNAL_RESETS_SENT] = {"protocol_counter", "OutRsts"},
    [SIGNAL_ABORTS] = {"protocol_counter", "TCPAbortOnData"},
    [SIGNAL_SYNS] = {"protocol_counter", "SYNs"},
};

/* Those of one type stand together: most values are of another. */
static const struct {
  enum signal from, until;
} groups[] = {
    {SIGNAL_ESTABLISHED, SIGNAL_ACTIVE},
    {SIGNAL_ACTIVE, SIGNAL_SYN_QUEUE},
    {SIGNAL_SYN_QUEUE, SIGNAL_STATE_ENTROPY},
    {SIGNAL_STATE_ENTROPY, SIGNAL_PASSIVE_OPENS},
    {SIGNAL_PASSIVE_OPENS, SIGNAL_COUNT},
};

static bool same(const char *a, const char *b) {
  return *a == *b && strcmp(a, b) == 0;
}

enum signal signals_find(const char *type, const char *type_instance) {
  for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
    if (!same(names[groups[i].from].type, type))
      continue;
    for (unsigned signal = groups[i].from; signal < groups[i].until; signal++)
      if (same(names[signal].type_instance, type_instance))
        return (enum signal)signal;
  }
  return SIGNAL_COUNT;
}

enum signal signals_find_of_port(const char *type, const char *type_instance) {
  enum signal signal = signals_find(type, type_instance);

  if (signal == SIGNAL_SYN_RECV || signal == SIGNAL_AGED ||
      signal == SIGNAL_SYN_QUEUE || signal == SIGNAL_ACCEPT_QUEUE)
    return signal;
  return same(type, names[SIGNAL_LISTEN_DROPS].type) &&
                 same(type_instance, "drops")
             ? SIGNAL_LISTEN_DROPS
             : SIGNAL_COUNT;
}

const char *signals_type(enum signal signal) { return names[signal].type; }

const char *signals_type_instance(enum signal signal) {
  return names[signal].type_instance;
}
