/* What the man page collectd-tcpstates(5) lists for the instance "all": the
 * names of its metrics, in the order in which they are dispatched. */
#ifndef TESTS_SCENES_METRIC_NAMES_H
#define TESTS_SCENES_METRIC_NAMES_H

static const char *const metric_names[] = {
    "tcp_connections-ESTABLISHED",
    "tcp_connections-SYN_SENT",
    "tcp_connections-SYN_RECV",
    "tcp_connections-FIN_WAIT1",
    "tcp_connections-FIN_WAIT2",
    "tcp_connections-TIME_WAIT",
    "tcp_connections-CLOSED",
    "tcp_connections-CLOSE_WAIT",
    "tcp_connections-LAST_ACK",
    "tcp_connections-LISTEN",
    "tcp_connections-CLOSING",
    "current_connections-active",
    "percent-completion",
    "percent-syn_recv",
    "current_connections-syn_recv_aged",
    "percent-syn_recv_aged",
    "percent-handshake",
    "percent-inbound",
    "percent-time_wait",
    "percent-syn_queue",
    "percent-accept_queue",
    "percent-syn_queue_aged",
    "percent-syn_recv_top_source",
    "gauge-state_entropy",
    "gauge-state_stddev",
    "duration-read",
    "protocol_counter-PassiveOpens",
    "protocol_counter-ActiveOpens",
    "protocol_counter-AttemptFails",
    "protocol_counter-EstabResets",
    "protocol_counter-SyncookiesSent",
    "protocol_counter-SyncookiesRecv",
    "protocol_counter-SyncookiesFailed",
    "protocol_counter-ListenOverflows",
    "protocol_counter-ListenDrops",
    "protocol_counter-TCPReqQFullDoCookies",
    "protocol_counter-TCPReqQFullDrop",
    "protocol_counter-TCPSynRetrans",
    "protocol_counter-EmbryonicRsts",
};
enum { METRIC_NAMES = sizeof(metric_names) / sizeof(metric_names[0]) };

#endif
