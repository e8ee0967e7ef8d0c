#!/bin/bash
# One scenario of the lab, from the network to the verdict. Runs as the first
# process of its own network, mount and process namespaces: when it ends, the
# kernel ends whatever it started and takes the namespaces down.
# usage: stage.sh SCENARIO_FILE RESULT_DIR   (started by run, which sets
# LAB_BUILD, LAB_STACK, LAB_ROOTLESS, LAB_NARRATE, LAB_HALF_OPEN_BY, LAB_SEED)
set -eu
lab=$(cd "$(dirname "$0")" && pwd)
scenario_file=$1
dir=$2

# What a scenario may change.
summary=
server=nginx            # or own: tests/lab/server.c
worker_connections=16384 # nginx's
behind_s=               # a backend behind nginx, which takes so long for /slow
listen=0.0.0.0          # :: is a dual-stack listener
backlog=511
second_backlog=         # of a second listener, on port 8080
workers=1               # own servers that share port 80 (SO_REUSEPORT)
defer_s=                # the own server's TCP_DEFER_ACCEPT
source=auto             # where tcpstates reads: netlink, proc
attacker=hping3         # or the own sender: ipv4, ipv6
syncookies=1
synack_retries=5
load_rate=40            # new clients a second, from start to end; 0: none
load_hold_ms=2000       # how long each stays
load_lasts_s=900        # at most
round_trip_ms=40        # 0: no delay line
loss_permille=0         # of the frames on the delay line
warm_up_s=20            # the baseline's WarmUp
settle_s=35             # normal life before the event
after_s=12              # life after the event, where silence is expected
expect=silence          # or the incident
severity=WARNING        # the worst that must be announced
within=3                # readings from the event to the notification: the first
                        # may come at once, and unanswered takes a second
notifications=2-3       # of the whole scenario, the OKAY included
okay_within=80          # seconds from the end of the event
listener=               # that the notifications must name, a pattern
least_established=0     # a crowd that did not come proves nothing
least_half_open=        # nor does a flood that did not (10)
interval=1
judge=$lab/judge        # FOLDER: prints run's lines
stock=yes               # no: not run beside ours, for it has no limit on what happens

server_address=10.77.0.1
client_address=10.77.0.2

# shellcheck source=network.sh
. "$lab/network.sh"
# shellcheck source=daemon.sh
. "$lab/daemon.sh"
# shellcheck source=events.sh
. "$lab/events.sh"
# shellcheck source=narrate.sh
. "$lab/narrate.sh"

give_up() {
  echo "lab: $*" >&2
  exit 1
}

# Only where someone watches.
say() {
  [ -z "$LAB_NARRATE" ] || echo "$*"
}

# Wait until a command succeeds: wait_for SECONDS WHAT COMMAND...
wait_for() {
  local tenths=$(($1 * 10)) what=$2
  shift 2
  while ! "$@" >/dev/null 2>&1; do
    [ $((tenths -= 1)) -gt 0 ] || give_up "$what: not ready in time"
    sleep 0.1
  done
}

# What a scenario may define beside `event`: a back end that listens on the
# server's loopback before collectd starts, what collectd is to be told of it,
# and what it must hold when all is over (a line on stdout is a fault).
backend_start() { :; }
backend_settings() { :; }
backend_check() { :; }

# shellcheck source=/dev/null
. "$scenario_file"
[ "$LAB_STACK/$stock" != both/no ] || LAB_STACK=ours
[ -n "$least_half_open" ] ||
  case $expect in syn_flood) least_half_open=10 ;; *) least_half_open=0 ;; esac
say "$summary"

# For judge: what was expected, and when it happened.
keep_settings() {
  local name
  for name in expect severity within notifications okay_within listener \
    least_established least_half_open interval event_start event_end; do
    echo "$name=${!name}"
  done
  echo "stack=$LAB_STACK"
}

network_build
server_start
load_start
backend_start
daemon_prepare
daemon_start
say "$settle_s s of normal load: $load_rate clients a second, round trip $round_trip_ms ms"
narrate
sleep "$settle_s"
event_begins
event
event_end=$EPOCHREALTIME
wait_for_outcome
load_stop
backend_check >"$dir/backend" || echo "the back end's check failed" >>"$dir/backend"
daemon_stop
cp -r "$heard" "$dir/heard"
keep_settings >"$dir/settings"
"$judge" "$dir" >"$dir/result"
