"""Datagrams of collectd's binary network protocol with names of any bytes (collectd
wiki, "Binary protocol"), and readings of tcpstates: calm, or in a flood."""
import struct

HOST, PLUGIN, PLUGIN_INSTANCE, TYPE, TYPE_INSTANCE, VALUES, TIME, INTERVAL = 0, 2, 3, 4, 5, 6, 8, 9
GAUGE, DERIVE = 1, 2
CALM = {
    "tcp_connections": {"ESTABLISHED": 200, "SYN_SENT": 1, "SYN_RECV": 3, "CLOSE_WAIT": 1},
    "current_connections": {"active": 205, "syn_recv_aged": 0},
    "percent": {"syn_queue": 0.5, "syn_queue_aged": 0, "accept_queue": 0.5, "time_wait": 0.1},
    "gauge": {"state_entropy": 0.3},
}
FLOODED = {"SYN_RECV": 511, "syn_recv_aged": 500, "syn_queue": 100, "syn_queue_aged": 98}
COUNTERS = ("PassiveOpens", "ActiveOpens", "SyncookiesSent", "SyncookiesRecv", "ListenOverflows", "ListenDrops",
            "TCPReqQFullDrop", "EmbryonicRsts")


def part(kind, data):
    return struct.pack(">HH", kind, len(data) + 4) + data


def text(kind, name):
    return part(kind, (name if isinstance(name, bytes) else name.encode()) + b"\0")


def when(kind, seconds):
    return part(kind, struct.pack(">Q", int(seconds * 2**30)))


def value(type_, instance, number, kind=GAUGE):
    data = struct.pack("<d", number) if kind == GAUGE else struct.pack(">q", int(number))
    return text(TYPE, type_) + text(TYPE_INSTANCE, instance) + part(VALUES, struct.pack(">HB", 1, kind) + data)


def head(host, time_s, interval_s, plugin, instance):
    return (text(HOST, host) + when(TIME, time_s) + when(INTERVAL, interval_s)
            + text(PLUGIN, plugin) + text(PLUGIN_INSTANCE, instance))


def reading(host, time_s, interval_s, number, flooded=None):
    """One whole reading; number: how many were before, for the counters; flooded: how
    many of these in the flood, None for one that is in none."""
    packet = head(host, time_s, interval_s, "tcpstates", "all")
    for type_, instances in CALM.items():
        for instance, calm in instances.items():
            packet += value(type_, instance, calm if flooded is None else FLOODED.get(instance, calm))
    for instance in COUNTERS:
        intervals = {"PassiveOpens": number, "ActiveOpens": number, "SyncookiesSent": 1 + (flooded or 0)}.get(instance, 0)
        packet += value("protocol_counter", instance, 100 * interval_s * intervals, DERIVE)
    return packet


def gauge(host, time_s, interval_s, plugin, instance, type_instance, number):
    return head(host, time_s, interval_s, plugin, instance) + value("gauge", type_instance, number)
