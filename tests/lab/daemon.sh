# shellcheck shell=bash
# The stock collectd of the lab, part of stage.sh: in the server's namespace,
# one reading a second, everything it keeps in the scenario's folder. The stack
# "ours" is tcpstates and baseline; "stock" is collectd's own tcpconns and
# threshold with the limits people use; "both" is all four in one daemon, so
# that one and the same flood is judged twice. Notifications go to the logfile
# and to an exec handler that runs as nobody.

# What a scenario may change: the millisecond of a second at which collectd is
# started; empty: any. Readings keep the time of a second at which their plugin
# was loaded, so that it is chosen with this where it must not be that at which a
# back end's own clock strikes.
start_at_ms=

# A folder that nobody can write, wherever the scenario's own may be: this
# mount namespace ends with the scenario.
heard=/mnt/heard

daemon_prepare() {
  mount -t tmpfs tmpfs /mnt
  mkdir -m 1777 "$heard"
  cp "$lab/handler" /mnt/handler
  chmod 755 /mnt /mnt/handler
  {
    daemon_settings_common
    backend_settings
    "daemon_settings_$LAB_STACK"
  } >"$dir/collectd.conf"
  "$lab/witness" >"$dir/witness" &
  daemon_ask >"$dir/asked" 2>/dev/null &
}

# Where the lab's root is only that of a user namespace, nobody has no number in
# it: the daemon itself then runs as nobody, in a namespace within.
exec_collectd() {
  local within=()
  [ -z "$LAB_ROOTLESS" ] ||
    within=(unshare --user --map-user=65534 --map-group=65534)
  TZ=UTC exec "${within[@]}" collectd -f -C "$dir/collectd.conf"
}

wait_for_start_time() {
  local now_ms=$((${EPOCHREALTIME/[.,]/} / 1000))
  [ -z "$start_at_ms" ] ||
    sleep "$(printf '0.%03d' $(((start_at_ms - now_ms % 1000 + 1000) % 1000)))"
}

daemon_start() {
  wait_for_start_time
  exec_collectd >>"$dir/collectd.out" 2>&1 &
  collectd_pid=$!
  wait_for 10 "collectd's first reading (see collectd.out, collectd.log)" \
    reads_or_refuses
  ! "$lab/load_failure" "$dir/collectd.out" "$dir/collectd.log" >"$dir/refused" ||
    give_up "$(cat "$dir/refused")"
  readings_file >/dev/null || give_up "collectd has ended: $(tail -n 1 "$dir/collectd.out")"
}

# Waiting is over: it has begun, or it will not.
reads_or_refuses() {
  readings_file || "$lab/load_failure" "$dir/collectd.out" "$dir/collectd.log" ||
    ! kill -0 "$collectd_pid"
}

daemon_stop() {
  kill -TERM "$collectd_pid"
  wait "$collectd_pid" || give_up "collectd ended with an error: $?"
}

daemon_restart() {
  say "collectd is restarted"
  daemon_stop
  daemon_start
}

# Once a second the severity of the incident that is expected, as anyone gets
# it by unixsock: EPOCH SEVERITY
daemon_ask() {
  local severity
  while sleep 1; do
    severity=$(collectdctl -s "$dir/socket" getval \
      "lab/baseline-$expect/gauge-severity" | sed -n 's/^value=//p')
    [ -z "$severity" ] || echo "$EPOCHREALTIME $severity"
  done
}

# A value that is a little late on a busy machine stays (Timeout): who asks just
# then gets the one before, and a rate goes on. The plugins under test do not ask
# collectd what is missing.
daemon_settings_common() {
  cat <<CONF
Hostname "lab"
FQDNLookup false
BaseDir "$dir"
PIDFile "$dir/collectd.pid"
Interval $interval
Timeout 100
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
LoadPlugin exec
<Plugin exec>
  NotificationExec "nobody" "/mnt/handler" "$heard"
</Plugin>
LoadPlugin unixsock
<Plugin unixsock>
  SocketFile "$dir/socket"
  SocketPerms "0600"
</Plugin>
CONF
}

daemon_settings_both() {
  daemon_settings_stock
  daemon_settings_ours
}

daemon_settings_ours() {
  cat <<CONF
PluginDir "$LAB_BUILD/.libs"
LoadPlugin tcpstates
<Plugin tcpstates>
  Source "$source"
  HalfOpenBy "$LAB_HALF_OPEN_BY"
</Plugin>
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
  [ "$LAB_STACK" != stock ] || plugin=tcpconns
  compgen -G "$dir/csv/lab/$plugin-all/${1:-tcp_connections-SYN_RECV}-20*"
}
