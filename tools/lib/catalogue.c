/* The table of metrics. Pure. */
#include "catalogue.h"

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
#define FLOOD(name)                                                            \
  { "baseline", "syn_flood", "gauge", name, name, 1, "", NULL }

static const struct catalogue_metric metrics[CATALOGUE_METRICS] = {
    [CATALOGUE_ESTABLISHED] = STATE(ESTABLISHED, "established"),
    [CATALOGUE_SYN_SENT] = STATE(SYN_SENT, NULL),
    [CATALOGUE_SYN_RECV] = STATE(SYN_RECV, NULL),
    [CATALOGUE_FIN_WAIT1] = STATE(FIN_WAIT1, NULL),
    [CATALOGUE_FIN_WAIT2] = STATE(FIN_WAIT2, NULL),
    [CATALOGUE_TIME_WAIT] = STATE(TIME_WAIT, NULL),
    [CATALOGUE_CLOSED] = STATE(CLOSED, NULL),
    [CATALOGUE_CLOSE_WAIT] = STATE(CLOSE_WAIT, NULL),
    [CATALOGUE_LAST_ACK] = STATE(LAST_ACK, NULL),
    [CATALOGUE_LISTEN] = STATE(LISTEN, NULL),
    [CATALOGUE_CLOSING] = STATE(CLOSING, NULL),
    [CATALOGUE_ACTIVE] = SOCKETS("active", "active"),
    [CATALOGUE_AGED] = SOCKETS("syn_recv_aged", "aged"),
    [CATALOGUE_COMPLETION] = PERCENT("completion", "completion", "completion"),
    [CATALOGUE_HALF_OPEN_SHARE] =
        PERCENT("syn_recv", "half-open of active", NULL),
    [CATALOGUE_AGED_SHARE] =
        PERCENT("syn_recv_aged", "aged of half-open", NULL),
    [CATALOGUE_HANDSHAKE] =
        PERCENT("handshake", "handshakes done", "handshake"),
    [CATALOGUE_INBOUND] = PERCENT("inbound", "opened from outside", NULL),
    [CATALOGUE_ENTROPY] = GAUGE("state_entropy", "state entropy", 3),
    [CATALOGUE_DEVIATION] = GAUGE("state_stddev", "state deviation", 1),
    [CATALOGUE_SYN_QUEUE] = PERCENT("syn_queue", "SYN queue", "syn_queue"),
    [CATALOGUE_SYN_QUEUE_AGED] =
        PERCENT("syn_queue_aged", "  by aged entries", NULL),
    [CATALOGUE_ACCEPT_QUEUE] =
        PERCENT("accept_queue", "accept queue", "accept_queue"),
    [CATALOGUE_TIME_WAIT_USE] = PERCENT("time_wait", "TIME_WAIT limit", NULL),
    [CATALOGUE_PASSIVE_OPENS] = COUNTER(PassiveOpens, NULL),
    [CATALOGUE_ACTIVE_OPENS] = COUNTER(ActiveOpens, NULL),
    [CATALOGUE_ATTEMPT_FAILS] = COUNTER(AttemptFails, NULL),
    [CATALOGUE_ESTAB_RESETS] = COUNTER(EstabResets, NULL),
    [CATALOGUE_COOKIES_SENT] = COUNTER(SyncookiesSent, "cookies_sent"),
    [CATALOGUE_COOKIES_RETURNED] = COUNTER(SyncookiesRecv, NULL),
    [CATALOGUE_COOKIES_FAILED] = COUNTER(SyncookiesFailed, NULL),
    [CATALOGUE_LISTEN_OVERFLOWS] = COUNTER(ListenOverflows, "listen_overflows"),
    [CATALOGUE_LISTEN_DROPS] = COUNTER(ListenDrops, NULL),
    [CATALOGUE_QUEUE_FULL_COOKIES] = COUNTER(TCPReqQFullDoCookies, NULL),
    [CATALOGUE_QUEUE_FULL_DROPS] = COUNTER(TCPReqQFullDrop, NULL),
    [CATALOGUE_SYN_RETRANS] = COUNTER(TCPSynRetrans, NULL),
    [CATALOGUE_EMBRYONIC_RESETS] = COUNTER(EmbryonicRsts, NULL),
    [CATALOGUE_FLOOD_EXPECTED] = FLOOD("expected"),
    [CATALOGUE_FLOOD_UPPER] = FLOOD("upper"),
};

const struct catalogue_group catalogue_groups[CATALOGUE_GROUPS] = {
    [CATALOGUE_GROUP_SOCKETS] = {"STATES", CATALOGUE_ESTABLISHED,
                                 CATALOGUE_SOCKETS_END},
    [CATALOGUE_GROUP_RATIOS] = {"RATIOS", CATALOGUE_COMPLETION,
                                CATALOGUE_RATIOS_END},
    [CATALOGUE_GROUP_QUEUES] = {"FULLEST QUEUES", CATALOGUE_SYN_QUEUE,
                                CATALOGUE_QUEUES_END},
    [CATALOGUE_GROUP_COUNTERS] = {"COUNTERS A SECOND", CATALOGUE_PASSIVE_OPENS,
                                  CATALOGUE_COUNTERS_END},
};

const struct catalogue_metric *catalogue_metric(enum catalogue_id id) {
  return &metrics[id];
}
