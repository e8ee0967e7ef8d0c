/* Types whose unit is known. */
#include "plot_unit.h"

#include <stdio.h>
#include <string.h>

static const struct {
  const char *type, *unit;
} units[] = {
    {"tcp_connections", "connections"},
    {"current_connections", "connections"},
    {"connections", "connections"},
    {"total_connections", "connections"},
    {"percent", "%"},
    {"protocol_counter", "events"},
    {"percent_bytes", "%"},
    {"percent_inodes", "%"},
    {"cpu", "jiffies"},
    {"bytes", "B"},
    {"memory", "B"},
    {"swap", "B"},
    {"df_complex", "B"},
    {"file_size", "B"},
    {"cache_size", "B"},
    {"ps_rss", "B"},
    {"ps_vm", "B"},
    {"disk_octets", "B"},
    {"if_octets", "B"},
    {"if_rx_octets", "B"},
    {"if_tx_octets", "B"},
    {"io_octets", "B"},
    {"node_octets", "B"},
    {"memcached_octets", "B"},
    {"mysql_octets", "B"},
    {"total_bytes", "B"},
    {"apache_bytes", "B"},
    {"swap_io", "B"},
    {"if_packets", "packets"},
    {"if_errors", "errors"},
    {"if_dropped", "packets"},
    {"disk_ops", "operations"},
    {"apache_requests", "requests"},
    {"nginx_requests", "requests"},
    {"http_requests", "requests"},
    {"total_requests", "requests"},
    {"duration", "s"},
    {"response_time", "s"},
    {"time_offset", "s"},
    {"uptime", "s"},
    {"ping", "ms"},
    {"latency", "ms"},
    {"response_delay", "ms"},
    {"users", "users"},
    {"queue_length", "entries"},
    {"ps_count", "processes"},
    {"ps_state", "processes"},
    {"fork_rate", "forks"},
    {"contextswitch", "switches"},
    {"temperature", "°C"},
    {"humidity", "%"},
    {"voltage", "V"},
    {"current", "A"},
    {"power", "W"},
    {"energy", "J"},
    {"frequency", "Hz"},
    {"fanspeed", "rpm"},
    {"bitrate", "bit/s"},
};

void plot_unit(const char *type, bool is_rate, char *out) {
  size_t i = 0, len = sizeof(units) / sizeof(units[0]);

  while (i < len && strcmp(units[i].type, type) != 0)
    i++;
  snprintf(out, PLOT_UNIT_TEXT_MAX, "%s%s", i < len ? units[i].unit : "",
           !is_rate  ? ""
           : i < len ? "/s"
                     : "1/s");
}
