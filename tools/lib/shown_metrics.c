/* The table of metrics. Pure. */
#include "shown_metrics.h"

#include <stddef.h>

#define STATE(name, check)                                                     \
  { "tcpstates", "all", "tcp_connections", #name, #name, 0, "", check }
#define SOCKETS(name, label)                                                   \
  { "tcpstates", "all", "current_connections", name, label, 0, "", NULL }
#define PERCENT(name, label, check)                                            \
  { "tcpstates", "all", "percent", name, label, 1, " %", check }
#define GAUGE(name, label, decimals)                                           \
  { "tcpstates", "all", "gauge", name, label, decimals, "", NULL }
#define COUNTER(name, check)                                                   \
  { "tcpstates", "all", "protocol_counter", #name, #name, 1, "", check }
#define PORT(type, name, label, decimals, unit)                                \
  { "tcpstates", "PORT-local", type, name, label, decimals, unit, NULL }
#define FLOOD(name)                                                            \
  { "baseline", "syn_flood", "gauge", name, name, 1, "", NULL }

static const struct shown_metric metrics[SHOWN_METRICS] = {
    [SHOWN_ESTABLISHED] = STATE(ESTABLISHED, "established"),
    [SHOWN_SYN_SENT] = STATE(SYN_SENT, NULL),
    [SHOWN_SYN_RECV] = STATE(SYN_RECV, NULL),
    [SHOWN_FIN_WAIT1] = STATE(FIN_WAIT1, NULL),
    [SHOWN_FIN_WAIT2] = STATE(FIN_WAIT2, NULL),
    [SHOWN_TIME_WAIT] = STATE(TIME_WAIT, NULL),
    [SHOWN_CLOSED] = STATE(CLOSED, NULL),
    [SHOWN_CLOSE_WAIT] = STATE(CLOSE_WAIT, NULL),
    [SHOWN_LAST_ACK] = STATE(LAST_ACK, NULL),
    [SHOWN_LISTEN] = STATE(LISTEN, NULL),
    [SHOWN_CLOSING] = STATE(CLOSING, NULL),
    [SHOWN_ACTIVE] = SOCKETS("active", "active"),
    [SHOWN_AGED] = SOCKETS("syn_recv_aged", "aged"),
    [SHOWN_COMPLETION] = PERCENT("completion", "completion", "completion"),
    [SHOWN_HALF_OPEN_SHARE] = PERCENT("syn_recv", "half-open of active", NULL),
    [SHOWN_AGED_SHARE] = PERCENT("syn_recv_aged", "aged of half-open", NULL),
    [SHOWN_HANDSHAKE] = PERCENT("handshake", "handshakes done", "handshake"),
    [SHOWN_INBOUND] = PERCENT("inbound", "opened from outside", NULL),
    [SHOWN_ENTROPY] = GAUGE("state_entropy", "state entropy", 3),
    [SHOWN_DEVIATION] = GAUGE("state_stddev", "state deviation", 1),
    [SHOWN_SYN_QUEUE] = PERCENT("syn_queue", "SYN queue", "syn_queue"),
    [SHOWN_SYN_QUEUE_AGED] =
        PERCENT("syn_queue_aged", "  by aged entries", NULL),
    [SHOWN_ACCEPT_QUEUE] =
        PERCENT("accept_queue", "accept queue", "accept_queue"),
    [SHOWN_TIME_WAIT_USE] = PERCENT("time_wait", "TIME_WAIT limit", NULL),
    [SHOWN_PASSIVE_OPENS] = COUNTER(PassiveOpens, NULL),
    [SHOWN_ACTIVE_OPENS] = COUNTER(ActiveOpens, NULL),
    [SHOWN_ATTEMPT_FAILS] = COUNTER(AttemptFails, NULL),
    [SHOWN_ESTAB_RESETS] = COUNTER(EstabResets, NULL),
    [SHOWN_SEGMENTS_SENT] = COUNTER(OutSegs, NULL),
    [SHOWN_RESETS_SENT] = COUNTER(OutRsts, NULL),
    [SHOWN_COOKIES_SENT] = COUNTER(SyncookiesSent, "cookies_sent"),
    [SHOWN_COOKIES_RETURNED] = COUNTER(SyncookiesRecv, NULL),
    [SHOWN_COOKIES_FAILED] = COUNTER(SyncookiesFailed, NULL),
    [SHOWN_LISTEN_OVERFLOWS] = COUNTER(ListenOverflows, "listen_overflows"),
    [SHOWN_LISTEN_DROPS] = COUNTER(ListenDrops, NULL),
    [SHOWN_QUEUE_FULL_COOKIES] = COUNTER(TCPReqQFullDoCookies, NULL),
    [SHOWN_QUEUE_FULL_DROPS] = COUNTER(TCPReqQFullDrop, NULL),
    [SHOWN_SYN_RETRANS] = COUNTER(TCPSynRetrans, NULL),
    [SHOWN_EMBRYONIC_RESETS] = COUNTER(EmbryonicRsts, NULL),
    [SHOWN_DATA_SENT] = COUNTER(TCPOrigDataSent, NULL),
    [SHOWN_WINDOW_PROBES] = COUNTER(TCPWinProbe, NULL),
    [SHOWN_ABORTS] = COUNTER(TCPAbortOnData, NULL),
    [SHOWN_FLOOD_EXPECTED] = FLOOD("expected"),
    [SHOWN_FLOOD_UPPER] = FLOOD("upper"),
    [SHOWN_HELD] = SOCKETS("held", "held"),
    [SHOWN_ZERO_WINDOW] = SOCKETS("zero_window", "read nothing"),
    [SHOWN_PORT_HALF_OPEN] =
        PORT("tcp_connections", "SYN_RECV", "half-open", 0, ""),
    [SHOWN_PORT_SYN_QUEUE] = PORT("percent", "syn_queue", "SYN queue", 1, " %"),
    [SHOWN_PORT_WAITING] =
        PORT("queue_length", "accept", "waiting for accept", 0, ""),
    [SHOWN_PORT_ACCEPT_QUEUE] =
        PORT("percent", "accept_queue", "accept queue", 1, " %"),
    [SHOWN_PORT_DROPS] = PORT("protocol_counter", "drops", "drops", 1, "/s"),
};

const struct shown_group shown_groups[SHOWN_GROUPS] = {
    [SHOWN_GROUP_SOCKETS] = {"STATES", SHOWN_ESTABLISHED, SHOWN_SOCKETS_END},
    [SHOWN_GROUP_RATIOS] = {"RATIOS", SHOWN_COMPLETION, SHOWN_RATIOS_END},
    [SHOWN_GROUP_QUEUES] = {"FULLEST QUEUES", SHOWN_SYN_QUEUE,
                            SHOWN_QUEUES_END},
    [SHOWN_GROUP_COUNTERS] = {"COUNTERS A SECOND", SHOWN_PASSIVE_OPENS,
                              SHOWN_COUNTERS_END},
};

const struct shown_metric *shown_metric(enum shown_id id) {
  return &metrics[id];
}
