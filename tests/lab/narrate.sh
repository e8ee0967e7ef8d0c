# shellcheck shell=bash
# What someone who watches is told while a scenario runs, part of stage.sh: the
# notifications as collectd's log has them, and every few seconds the counts.

narrate() {
  [ -n "$LAB_NARRATE" ] || return 0
  narrate_notifications &
  narrate_counts &
}

narrate_notifications() {
  tail -n 0 -F "$dir/collectd.log" 2>/dev/null |
    sed -u -n -E 's/.*Notification: severity = ([A-Z]+), .*message = /  >> \1 /p'
}

narrate_counts() {
  while sleep 4; do
    echo "   $(last_value tcp_connections-SYN_RECV) half-open," \
      "$(last_value current_connections-syn_recv_aged) of them unanswered," \
      "$(last_value tcp_connections-ESTABLISHED) established"
  done
}

last_value() {
  tail -n 1 "$(readings_file "$1")" | sed -E 's/.*,([0-9]+).*/\1/'
}
