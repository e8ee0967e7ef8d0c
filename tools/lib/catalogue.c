/* The table of what `watch` shows; see SIGNALS of collectd-tcpstates(5). */
#include "catalogue.h"

#define STATE(name)                                                            \
  { "tcpstates", "all", "tcp_connections", #name, #name, 0, "" }
#define SOCKETS(name, label)                                                   \
  { "tcpstates", "all", "current_connections", name, label, 0, "" }
#define PERCENT(name, label)                                                   \
  { "tcpstates", "all", "percent", name, label, 1, " %" }
#define GAUGE(name, label, decimals)                                           \
  { "tcpstates", "all", "gauge", name, label, decimals, "" }
#define COUNTER(name)                                                          \
  { "tcpstates", "all", "protocol_counter", #name, #name, 1, "" }
#define FLOOD(name)                                                            \
  { "baseline", "syn_flood", "gauge", name, name, 1, "" }

static const struct catalogue_name names[WATCH_METRICS] = {
    [WATCH_ESTABLISHED] = STATE(ESTABLISHED),
    [WATCH_SYN_SENT] = STATE(SYN_SENT),
    [WATCH_SYN_RECV] = STATE(SYN_RECV),
    [WATCH_FIN_WAIT1] = STATE(FIN_WAIT1),
    [WATCH_FIN_WAIT2] = STATE(FIN_WAIT2),
    [WATCH_TIME_WAIT] = STATE(TIME_WAIT),
    [WATCH_CLOSED] = STATE(CLOSED),
    [WATCH_CLOSE_WAIT] = STATE(CLOSE_WAIT),
    [WATCH_LAST_ACK] = STATE(LAST_ACK),
    [WATCH_LISTEN] = STATE(LISTEN),
    [WATCH_CLOSING] = STATE(CLOSING),
    [WATCH_ACTIVE] = SOCKETS("active", "active"),
    [WATCH_AGED] = SOCKETS("syn_recv_aged", "aged"),
    [WATCH_COMPLETION] = PERCENT("completion", "completion"),
    [WATCH_HALF_OPEN_SHARE] = PERCENT("syn_recv", "half-open of active"),
    [WATCH_AGED_SHARE] = PERCENT("syn_recv_aged", "aged of half-open"),
    [WATCH_HANDSHAKE] = PERCENT("handshake", "handshakes done"),
    [WATCH_INBOUND] = PERCENT("inbound", "opened from outside"),
    [WATCH_ENTROPY] = GAUGE("state_entropy", "state entropy", 3),
    [WATCH_DEVIATION] = GAUGE("state_stddev", "state deviation", 1),
    [WATCH_SYN_QUEUE] = PERCENT("syn_queue", "SYN queue"),
    [WATCH_SYN_QUEUE_AGED] = PERCENT("syn_queue_aged", "  by aged entries"),
    [WATCH_ACCEPT_QUEUE] = PERCENT("accept_queue", "accept queue"),
    [WATCH_TIME_WAIT_USE] = PERCENT("time_wait", "TIME_WAIT limit"),
    [WATCH_PASSIVE_OPENS] = COUNTER(PassiveOpens),
    [WATCH_ACTIVE_OPENS] = COUNTER(ActiveOpens),
    [WATCH_ATTEMPT_FAILS] = COUNTER(AttemptFails),
    [WATCH_ESTAB_RESETS] = COUNTER(EstabResets),
    [WATCH_COOKIES_SENT] = COUNTER(SyncookiesSent),
    [WATCH_COOKIES_RETURNED] = COUNTER(SyncookiesRecv),
    [WATCH_COOKIES_FAILED] = COUNTER(SyncookiesFailed),
    [WATCH_LISTEN_OVERFLOWS] = COUNTER(ListenOverflows),
    [WATCH_LISTEN_DROPS] = COUNTER(ListenDrops),
    [WATCH_QUEUE_FULL_COOKIES] = COUNTER(TCPReqQFullDoCookies),
    [WATCH_QUEUE_FULL_DROPS] = COUNTER(TCPReqQFullDrop),
    [WATCH_SYN_RETRANS] = COUNTER(TCPSynRetrans),
    [WATCH_EMBRYONIC_RESETS] = COUNTER(EmbryonicRsts),
    [WATCH_FLOOD_EXPECTED] = FLOOD("expected"),
    [WATCH_FLOOD_UPPER] = FLOOD("upper"),
};

const struct watch_metric_group catalogue_groups[WATCH_METRIC_GROUPS] = {
    {"STATES", WATCH_ESTABLISHED, WATCH_COMPLETION},
    {"RATIOS", WATCH_COMPLETION, WATCH_SYN_QUEUE},
    {"FULLEST QUEUES", WATCH_SYN_QUEUE, WATCH_PASSIVE_OPENS},
    {"COUNTERS A SECOND", WATCH_PASSIVE_OPENS, WATCH_FLOOD_EXPECTED},
};

const struct catalogue_name *catalogue_name(enum watch_metric metric) {
  return &names[metric];
}
