# shellcheck shell=bash
# What came of a scenario, part of stage.sh: reads collectd's log and the csv
# files, and prints one line for the runner's table:
#   verdict|raised|readings to detection|notifications|seconds to OKAY|peak|why

# Notifications of the stack under test: EPOCH SEVERITY INCIDENT MESSAGE
# Their times are their values' times, rounded to the second (collectd's
# CDTIME_T_TO_TIME_T). The stock threshold plugin begins with an OKAY, before
# anything was wrong; that one is left out.
judge_notifications() {
  local plugin=baseline line date
  [ "$LAB_STACK" = ours ] || plugin=tcpconns
  grep " plugin = $plugin, " "$dir/collectd.log" | grep 'Notification:' |
    while read -r line; do
      date=${line#[}
      date=$(date -u -d "${date%%]*}" +%s)
      echo "$date $(sed -E 's/.*severity = ([A-Z]+), .*plugin_instance = ([^,]+),.*message = /\1 \2 /' <<<"$line")"
    done | awk -v stack="$LAB_STACK" \
    '$2 != "OKAY" { raised = 1 } raised || stack == "ours"'
}

# The how manieth reading after the event's beginning bears this time.
reading_of() {
  awk -F, -v start="$event_start" -v epoch="$1" \
    '$1 > start && $1 < epoch + 0.5001 { n++ } END { print n + 0 }' \
    "$(readings_file)"
}

# The highest value of a series of the csv files since the event began.
peak_of() {
  awk -F, -v start="$event_start" '$1 > start && $2 + 0 > peak + 0 { peak = $2 }
    END { printf "%d", peak }' "$(readings_file "$1")"
}

judge() {
  local all raised first worst=- readings=- okay=- count peak why=()
  all=$(judge_notifications)
  raised=$(awk '$2 != "OKAY"' <<<"$all")
  count=$(grep -c . <<<"$all" || true)
  peak=$(peak_of tcp_connections-SYN_RECV)
  if [ -n "$raised" ]; then
    first=${raised%% *}
    readings=$(reading_of "$first")
    worst=$(awk '$2 == "FAILURE" { w = $2 } END { print w ? w : "WARNING" }' <<<"$raised")
    okay=$(awk -v end="$event_end" '$2 == "OKAY" { printf "%.0f", $1 - end; exit }' <<<"$all")
  fi
  [ "$(peak_of tcp_connections-ESTABLISHED)" -ge "$least_established" ] ||
    why+=("fewer than $least_established connections: the load did not come;")
  if [ "$expect" = silence ]; then
    [ "$count" -eq 0 ] || why+=("$count notifications where nothing happened;")
  else
    judge_incident
  fi
  local verdict=pass
  [ ${#why[@]} -eq 0 ] || verdict=FAIL
  echo "$verdict|$worst|$readings|$count|${okay:--}|$peak|${why[*]:-}"
}

# Part of judge, for scenarios that expect an incident.
judge_incident() {
  [ "$peak" -ge "$least_half_open" ] ||
    why+=("$peak half-open at most: the flood did not come;")
  if [ -z "$raised" ]; then
    why+=("nothing was raised;")
    return
  fi
  awk -v start="$event_start" '$1 + 0.5 < start { early = 1 } END { exit early }' \
    <<<"$raised" || why+=("raised before anything had happened;")
  [ "$readings" -le "$within" ] ||
    why+=("raised at reading $readings, not within $within;")
  [ "$severity" = WARNING ] || [ "$worst" = "$severity" ] ||
    why+=("never became $severity;")
  [ "$count" -ge "${notifications%-*}" ] && [ "$count" -le "${notifications#*-}" ] ||
    why+=("$count notifications, not $notifications;")
  [ "$LAB_STACK" != ours ] || ! grep -qv "^[0-9]* [A-Z]* $expect " <<<"$all" ||
    why+=("another incident than $expect;")
  [ "$(tail -n 1 <<<"$all" | cut -d' ' -f2)" = OKAY ] ||
    why+=("no OKAY within $okay_within s;")
  [ "$LAB_STACK" != ours ] || severity_metric_agrees ||
    why+=("gauge-severity says otherwise than the notifications;")
}

# Most writers receive no notifications: the metric must have been as bad as
# the worst of them, and be back at 0 at the end.
severity_metric_agrees() {
  local file
  file=$(compgen -G "$dir/csv/lab/baseline-$expect/gauge-severity-20*") ||
    return 1
  awk -F, -v worst="$worst" '
    $2 + 0 > peak + 0 { peak = $2 }
    { last = $2 }
    END { exit !(peak + 0 == (worst == "FAILURE" ? 2 : 1) && last + 0 == 0) }' \
    "$file"
}

# The seconds around the event, one reading a line, for whoever looks into a
# failure: time since the event's beginning and the values that matter.
judge_around() {
  local series file
  for series in tcp_connections-SYN_RECV current_connections-syn_recv_aged \
    tcp_connections-ESTABLISHED protocol_counter-SyncookiesSent \
    protocol_counter-SyncookiesRecv protocol_counter-PassiveOpens; do
    file=$(readings_file "$series") || continue
    awk -F, -v name="${series#*-}" 'NR > 1 { print $1, name, $2 }' "$file"
  done | awk -v start="$event_start" '
    $1 > start - 5 {
      at = sprintf("%6.1f", $1 - start)
      if (!seen[at]++) times[++n] = at
      if (!known[$2]++) names[++m] = $2
      value[at, $2] = sprintf("%d", $3)
    }
    END {
      printf "%6s", "s"
      for (j = 1; j <= m; j++) printf " %15s", names[j]
      print ""
      for (i = 1; i <= n; i++) {
        printf "%s", times[i]
        for (j = 1; j <= m; j++) printf " %15s", value[times[i], names[j]]
        print ""
      }
    }'
}
