# shellcheck shell=bash
# The subcommands of collectd-baseline under valgrind; part of run. Uses: build,
# dir, report.sh.

# Fonts that fontconfig keeps for ever it was asked for by pango, not by us; a
# drawing that we forget is lost without fontconfig in its stack.
memcheck_command() { # NAME STATUSES ARGUMENT...
  local name=$1 statuses=$2 status=0 log=$dir/command-$1
  shift 2
  valgrind --leak-check=full --show-leak-kinds=definite,indirect --num-callers=40 \
    --track-fds=yes --log-file="$log" \
    "$build/collectd-baseline" "$@" >"$log.out" 2>"$log.err" </dev/null || status=$?
  expect "$name ends with status $statuses ($status)" grep -qw "$status" <<<"$statuses"
  grep -qw "$status" <<<"$statuses" || cat "$log.err"
  expect "$name prints or draws" has_made "$name"
  expect_no_error "$name" "$log"
  expect_none "$name: blocks lost" "$log" '(definitely|indirectly) lost' libfontconfig
  expect_none "$name: files left open" "$log" '^Open (file|AF_)'
}

has_made() { [ -s "$dir/command-$1.out" ] || [ -s "$dir/$1.svg" ]; }

# Those that talk to the daemon, while an incident is open.
memcheck_live() {
  memcheck_command status 0 status -s "$dir/socket" --host h
  memcheck_command status-json 0 status -s "$dir/socket" --host h --json
  memcheck_command check "1 2" check -s "$dir/socket" --host h
  memcheck_command check-all-hosts "1 2" check -s "$dir/socket" --all-hosts
  memcheck_command status-all-hosts 0 status -s "$dir/socket" --all-hosts
  memcheck_command status-all-hosts-json 0 status -s "$dir/socket" --all-hosts \
    -H '*' --json
  memcheck_command explain 0 explain -s "$dir/socket" -C "$dir/conf" --host h
  memcheck_command explain-json 0 explain -s "$dir/socket" -C "$dir/conf" \
    --host h --json
  memcheck_command incidents 0 incidents -C "$dir/conf"
  memcheck_command incidents-json 0 incidents -C "$dir/conf" --json
}

# A simulated day with a flood in it that ends now, as CSV and as RRD files.
memcheck_history() {
  local now
  now=$(date +%s)
  mkdir -p "$dir/rrd/web1/tcpstates-all"
  "$build/tests/replay/simulate" --days 1 \
    --event flood:start=82000,duration=600,rate=400 |
    awk -F, -v OFS=, -v now="$now" '
      NR == 2 { first = $1 }
      NR > 1 { $1 = sprintf("%.3f", now - 86400 + $1 - first) }
      { print }' >"$dir/web1.csv"
  "$build/tests/tools/learn/make_rrd" "$dir/rrd/web1/tcpstates-all" 10 <"$dir/web1.csv"
}

# Those that read what was recorded.
memcheck_recorded() {
  memcheck_history
  memcheck_command replay 0 replay "$dir/web1.csv"
  memcheck_command replay-rrd 0 replay --json "$dir/rrd"
  memcheck_command scores 0 replay --scores tcpstates-all/tcp_connections-SYN_RECV \
    "$dir/web1.csv"
  memcheck_command replay-plot 0 replay --plot "$dir/replay.png" "$dir/web1.csv"
  memcheck_command learn 0 learn --from "$dir/rrd" --state "$dir/learnt.state"
  memcheck_command incidents-recorded 0 incidents "$dir/web1.csv"
  memcheck_command plot 0 plot --from "$dir/rrd" --host web1 -o "$dir/plot.svg"
}
