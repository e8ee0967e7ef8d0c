# shellcheck shell=bash
# The stock collectd of the lab, part of stage.sh: in the server's namespace,
# one reading a second, everything it keeps in the scenario's folder. The stack
# "ours" is tcpstates and baseline; "stock" is collectd's own tcpconns and
# threshold with the limits people use.

daemon_start() {
  local stack_settings=daemon_settings_$LAB_STACK
  { daemon_settings_common; "$stack_settings"; } >"$dir/collectd.conf"
  TZ=UTC collectd -f -C "$dir/collectd.conf" >"$dir/collectd.out" 2>&1 &
  collectd_pid=$!
  wait_for 10 "collectd's first reading (see collectd.out, collectd.log)" \
    readings_file
}

daemon_stop() {
  kill -TERM "$collectd_pid"
  wait "$collectd_pid" || give_up "collectd ended with an error: $?"
}

daemon_settings_common() {
  cat <<CONF
Hostname "lab"
FQDNLookup false
BaseDir "$dir"
PIDFile "$dir/collectd.pid"
Interval 1
LoadPlugin logfile
<Plugin logfile>
  LogLevel "info"
  File "$dir/collectd.log"
  Timestamp true
  PrintSeverity true
</Plugin>
LoadPlugin csv
<Plugin csv>
  DataDir "$dir/csv"
  StoreRates false
</Plugin>
CONF
}

daemon_settings_ours() {
  cat <<CONF
PluginDir "$LAB_BUILD/.libs"
LoadPlugin tcpstates
LoadPlugin baseline
<Plugin baseline>
  WarmUp $warm_up_s
</Plugin>
CONF
}

daemon_settings_stock() {
  cat <<CONF
LoadPlugin tcpconns
<Plugin tcpconns>
  ListeningPorts false
  AllPortsSummary true
</Plugin>
LoadPlugin threshold
<Plugin threshold>
  <Plugin "tcpconns">
    Instance "all"
    <Type "tcp_connections">
      Instance "SYN_RECV"
      WarningMax 250
      FailureMax 500
    </Type>
  </Plugin>
</Plugin>
CONF
}

# The csv file of one series, `SYN_RECV` unless said: time,value lines.
readings_file() {
  local plugin=tcpstates
  [ "$LAB_STACK" = ours ] || plugin=tcpconns
  compgen -G "$dir/csv/lab/$plugin-all/${1:-tcp_connections-SYN_RECV}-20*"
}
