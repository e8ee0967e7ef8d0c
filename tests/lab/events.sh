# shellcheck shell=bash
# What can happen to the lab's server, part of stage.sh: the normal load, the
# events a scenario is made of, and the wait for what becomes of them.

load_start() {
  [ "$load_rate" -gt 0 ] || return 0
  "${in_client[@]}" "$LAB_BUILD/tests/lab/clients" "$server_address" 80 \
    "$load_rate" "$load_hold_ms" 900 1 >"$dir/load" 2>&1 &
  load_pid=$!
}

load_stop() {
  [ "$load_rate" -gt 0 ] || return 0
  kill -TERM "$load_pid"
  wait "$load_pid" || give_up "the clients failed: $(cat "$dir/load")"
}

# flood RATE SECONDS: spoofed SYNs from 10.99.0.0/16.
flood() {
  say "the flood begins: $1 SYNs a second for $2 s from invented addresses," \
    "on a backlog of $backlog"
  "${in_client[@]}" "$LAB_BUILD/tests/sockets/syn_sender" \
    --to "$server_address" --port 80 --rate "$1" --seconds "$2" \
    --from 10.99.0.0/16 >"$dir/flood" 2>&1 ||
    give_up "the flood failed: $(cat "$dir/flood")"
  say "the flood ends; its last half-open connections expire"
}

# crowd TIMES SECONDS: so many times the clients, steep at both ends.
crowd() {
  "${in_client[@]}" "$LAB_BUILD/tests/lab/clients" "$server_address" 80 \
    "$((load_rate * ($1 - 1)))" "$load_hold_ms" "$2" 2 >"$dir/crowd" 2>&1 ||
    give_up "the crowd failed: $(cat "$dir/crowd")"
}

nothing() {
  sleep "$1"
}

notified() {
  judge_notifications | grep -q "^[0-9]* $1 "
}

# An incident: until its OKAY, and a little on, for a second one would be a
# fault. Silence: as long as the scenario says.
wait_for_outcome() {
  if [ "$expect" = silence ]; then
    sleep "$after_s"
    return
  fi
  local deadline=$((SECONDS + okay_within))
  until notified OKAY || [ "$SECONDS" -ge "$deadline" ]; do
    sleep 0.5
  done
  sleep 3
}
