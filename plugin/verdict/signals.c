/* The values the judgement looks at, by the names tcpstates dispatches. Pure.
 */
#include "verdict/signals.h"

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
    [SIGNAL_SYN_QUEUE] = {"percent", "syn_queue"},
    [SIGNAL_SYN_QUEUE_AGED] = {"percent", "syn_queue_aged"},
    [SIGNAL_ACCEPT_QUEUE] = {"percent", "accept_queue"},
    [SIGNAL_TIME_WAIT_USE] = {"percent", "time_wait"},
    [SIGNAL_STATE_ENTROPY] = {"gauge", "state_entropy"},
    [SIGNAL_PASSIVE_OPENS] = {"protocol_counter", "PassiveOpens"},
    [SIGNAL_ACTIVE_OPENS] = {"protocol_counter", "ActiveOpens"},
    [SIGNAL_COOKIES_SENT] = {"protocol_counter", "SyncookiesSent"},
    [SIGNAL_COOKIES_RECEIVED] = {"protocol_counter", "SyncookiesRecv"},
    [SIGNAL_LISTEN_OVERFLOWS] = {"protocol_counter", "ListenOverflows"},
    [SIGNAL_LISTEN_DROPS] = {"protocol_counter", "ListenDrops"},
    [SIGNAL_QUEUE_FULL_DROPS] = {"protocol_counter", "TCPReqQFullDrop"},
    [SIGNAL_EMBRYONIC_RESETS] = {"protocol_counter", "EmbryonicRsts"},
};

enum signal signals_find(const char *type, const char *type_instance) {
  int signal = 0;

  while (signal < SIGNAL_COUNT &&
         (strcmp(names[signal].type_instance, type_instance) != 0 ||
          strcmp(names[signal].type, type) != 0))
    signal++;
  return (enum signal)signal;
}

const char *signals_type(enum signal signal) { return names[signal].type; }

const char *signals_type_instance(enum signal signal) {
  return names[signal].type_instance;
}
