# shellcheck shell=bash
# What can happen to the lab's server, part of stage.sh: the normal load, the
# events a scenario is made of, and the wait for what becomes of them.

# exec_clients RATE HOLD_MS SECONDS SEED: real connections to port 80, by the
# process that was forked for it.
exec_clients() {
  exec "${in_client[@]}" "$LAB_BUILD/tests/lab/clients" "$server_address" 80 "$@"
}

load_start() {
  [ "$load_rate" -gt 0 ] || return 0
  exec_clients "$load_rate" "$load_hold_ms" "$load_lasts_s" $((1 + ${LAB_SEED:-0})) >"$dir/load" 2>&1 &
  load_pid=$!
}

load_stop() {
  [ "$load_rate" -gt 0 ] || return 0
  kill -TERM "$load_pid"
  wait "$load_pid" || give_up "the clients failed: $(cat "$dir/load")"
}

# From here on is the event; what comes before it is life.
event_begins() {
  event_start=$EPOCHREALTIME
}

# flood RATE SECONDS [PORT]: spoofed SYNs, by the scenario's attacker.
flood() {
  local port=${3:-80}
  say "the flood begins: $1 SYNs a second for $2 s from forged addresses," \
    "on a backlog of $backlog"
  "flood_by_$attacker" "$1" "$2" "$port" >"$dir/flood-$port" 2>&1 ||
    give_up "the flood failed: $(cat "$dir/flood-$port")"
  say "the flood ends; its last half-open connections expire"
}

# pulses COUNT EVERY_S RATE SECONDS: so many floods. Each begins so long after the
# one before began, also where the machine is late.
pulses() {
  local pulse next=$SECONDS
  for ((pulse = 0; pulse < $1; pulse++)); do
    flood "$3" "$4"
    next=$((next + $2))
    [ "$next" -le "$SECONDS" ] || sleep $((next - SECONDS))
  done
}

# Sources from the whole of IPv4. Ended after its time, however slow it was.
flood_by_hping3() {
  local status=0
  "${in_client[@]}" timeout "$(($2 + 1))" hping3 --syn --destport "$3" --quiet \
    --rand-source --interval "u$((1000000 / $1))" --count "$(($1 * $2))" \
    "$server_address" || status=$?
  # 1: nobody answered, as it should be; 124: its time was up.
  case $status in 0 | 1 | 124) ;; *) return "$status" ;; esac
}

flood_by_ipv4() {
  "${in_client[@]}" "$LAB_BUILD/tests/sockets/syn_sender" --to "$server_address" \
    --port "$3" --rate "$1" --seconds "$2" --from 10.99.0.0/16
}

flood_by_ipv6() {
  "${in_client[@]}" "$LAB_BUILD/tests/sockets/syn_sender" --to fd77::1 \
    --port "$3" --rate "$1" --seconds "$2" --from fd99::/48
}

# replay FILE PORT: the packets of a capture, at its pace but for pauses of over a
# second, to port 80 of the server in place of PORT of its victim.
replay() {
  local to from
  to=$(ip -o link show server0 | sed -n 's/.*link\/ether \([^ ]*\).*/\1/p')
  from=$("${in_client[@]}" ip -o link show client0 |
    sed -n 's/.*link\/ether \([^ ]*\).*/\1/p')
  tcprewrite --infile="$1" --outfile="$dir/capture.pcap" --fixcsum \
    --dstipmap=0.0.0.0/0:"$server_address"/32 --portmap="$2":80 \
    --enet-dmac="$to" --enet-smac="$from" >"$dir/tcprewrite" 2>&1 ||
    give_up "the capture cannot be rewritten: $(cat "$dir/tcprewrite")"
  say "the capture begins"
  event_begins
  "${in_client[@]}" tcpreplay --intf1=client0 --maxsleep=1000 "$dir/capture.pcap" \
    >"$dir/tcpreplay" 2>&1 ||
    give_up "the capture cannot be replayed: $(cat "$dir/tcpreplay")"
  rm "$dir/capture.pcap"
}

# scan RATE SECONDS: SYNs of a single source, which nobody answers for.
scan() {
  say "the scan begins: $1 SYNs a second for $2 s from one address"
  "${in_client[@]}" "$LAB_BUILD/tests/sockets/syn_sender" --to "$server_address" \
    --port 80 --rate "$1" --seconds "$2" --from 10.99.0.7/32 >"$dir/scan" 2>&1 ||
    give_up "the scan failed: $(cat "$dir/scan")"
}

# crowd RATE SECONDS: so many more clients a second, steep at both ends.
crowd() {
  (exec_clients "$1" "$load_hold_ms" "$2" 2) >"$dir/crowd" 2>&1 ||
    give_up "the crowd failed: $(cat "$dir/crowd")"
}

# browsers HOW_MANY SECONDS: so many clients connect ahead, within a few seconds,
# and wait so long without a word.
browsers() {
  say "$1 browsers open connections ahead and wait"
  "${in_client[@]}" python3 -c '
import socket, sys, time
host, many, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
waiting = [socket.create_connection((host, 80), 10) for _ in range(many)]
time.sleep(seconds)' "$server_address" "$1" "$2" >"$dir/browsers" 2>&1 ||
    give_up "the browsers failed: $(cat "$dir/browsers")"
}

# hold HOW COUNT RATE SECONDS NUMBER [FROM]: connections that are kept; see
# tests/lab/hold. FROM: "many" for sources all over a /16.
hold() {
  local from=${6:-}
  [ "$from" != many ] || from=$many_addresses
  say "$2 connections, $3 a second, that hold: $1"
  "${in_client[@]}" "$lab/hold" "$1" "$server_address" "${@:2:4}" ${from:+"$from"} \
    >"$dir/hold-$1" 2>&1 || give_up "the clients failed: $(cat "$dir/hold-$1")"
}

# A /16 whose addresses are all the clients' host's.
many_addresses=10.55.0.0/16
many_addresses_add() {
  "${in_client[@]}" ip route replace local "$many_addresses" dev lo
}

# What they send arrives no more: to the server they are gone.
many_addresses_vanish() {
  "${in_client[@]}" ip rule add from "$many_addresses" blackhole priority 1
}

# The second listener is forgotten: nobody accepts there, its queue is full, and
# whoever comes by, every 20 s, is refused. Before collectd starts.
forget_second_listener() {
  kill -USR1 "$server_pid"
  local visitor
  # shellcheck disable=SC2016  # $0 is the inner shell's
  for ((visitor = 0; visitor < second_backlog + 2; visitor++)); do
    "${in_client[@]}" bash -c 'exec 3<>"/dev/tcp/$0/8080"; exec sleep infinity' \
      "$server_address" &
  done
  # shellcheck disable=SC2016
  while sleep 20; do
    "${in_client[@]}" timeout 0.8 bash -c ': 3<>"/dev/tcp/$0/8080"' \
      "$server_address" || true
  done 2>/dev/null &
}

# calls RATE HOLD_MS SECONDS: outgoing connections of this host to one that
# neither accepts nor refuses them.
calls() {
  "$LAB_BUILD/tests/lab/clients" 10.98.0.1 80 "$1" "$2" "$3" 3 \
    >"$dir/calls" 2>&1 || give_up "the calls failed: $(cat "$dir/calls")"
}

# The application hangs for so many seconds: it neither accepts nor serves.
server_hangs() {
  kill -STOP "$server_pid"
  sleep "$1"
  kill -CONT "$server_pid"
}

# server_forgets HOW SECONDS: the own server goes on, but stops to accept
# (`accept`) or to close what its clients have closed (`close`).
server_forgets() {
  local signal
  case $1 in accept) signal=USR1 ;; close) signal=USR2 ;; esac
  kill -"$signal" "$server_pid"
  sleep "$2"
  kill -"$signal" "$server_pid"
}

nothing() {
  sleep "$1"
}

notified() {
  grep -q "Notification: severity = $1, .* plugin = baseline, " "$dir/collectd.log"
}

# An incident: until its OKAY, and a little on, for a second one would be a
# fault. Silence: as long as the scenario says.
wait_for_outcome() {
  if [ "$expect" = silence ] || [ "$LAB_STACK" = stock ]; then
    sleep "$after_s"
    return
  fi
  local deadline=$((SECONDS + okay_within))
  until notified OKAY || [ "$SECONDS" -ge "$deadline" ]; do
    sleep 0.5
  done
  sleep 5
}
