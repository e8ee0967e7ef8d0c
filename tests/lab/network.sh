# shellcheck shell=bash
# The lab's network, part of stage.sh: this namespace is the server's; clients
# and attackers are in a second one; a delay line in a third joins the two.
# Nothing has a route to anywhere else. SYN-ACKs to invented sources arrive at
# the clients' side and vanish there, as on a network where nobody answers.

# A namespace that lasts as long as its process. Sets the variable named.
hold_namespace() {
  local holder
  unshare --net sleep infinity &
  holder=$!
  wait_for 5 "a second network namespace" \
    namespace_differs "/proc/$holder/ns/net"
  printf -v "$1" %s "$holder"
}

namespace_differs() {
  [ "$(readlink "$1")" != "$(readlink /proc/self/ns/net)" ]
}

# set_sysctl KEY VALUE [COMMAND that enters another namespace...]
set_sysctl() {
  local key=$1 value=$2
  shift 2
  # shellcheck disable=SC2016  # $0 and $1 are the inner shell's
  "$@" sh -c 'echo "$1" >"/proc/sys/net/$0"' "$key" "$value"
}

network_build() {
  hold_namespace client_ns
  in_client=(nsenter --net="/proc/$client_ns/ns/net" --)
  ip link set lo up
  "${in_client[@]}" ip link set lo up
  if [ "$round_trip_ms" -gt 0 ]; then
    delay_line_build
  else
    ip link add server0 type veth peer name client0 netns "$client_ns"
  fi
  ip address add "$server_address/24" dev server0
  ip address add fd77::1/64 dev server0 nodad
  ip link set server0 up
  "${in_client[@]}" ip address add "$client_address/24" dev client0
  "${in_client[@]}" ip address add fd77::2/64 dev client0 nodad
  "${in_client[@]}" ip link set client0 up
  ip route add default via "$client_address"
  ip -6 route add default via fd77::2
  "${in_client[@]}" ip route add blackhole default
  "${in_client[@]}" ip -6 route add blackhole default
  kernel_settings
}

delay_line_build() {
  hold_namespace line_ns
  in_line=(nsenter --net="/proc/$line_ns/ns/net" --)
  set_sysctl ipv6/conf/all/disable_ipv6 1 "${in_line[@]}"
  set_sysctl ipv6/conf/default/disable_ipv6 1 "${in_line[@]}"
  ip link add server0 type veth peer name right netns "$line_ns"
  "${in_client[@]}" ip link add client0 type veth peer name left netns "$line_ns"
  "${in_line[@]}" ip link set left up
  "${in_line[@]}" ip link set right up
  # A wire waits for no processor, as far as that can be had.
  nice -n -10 "${in_line[@]}" "$LAB_BUILD/tests/lab/delay_line" left right \
    "$((round_trip_ms / 2))" "$loss_permille" "${LAB_SEED:-0}" >"$dir/delay_line" 2>"$dir/delay_line.err" &
  wait_for 5 "the delay line" grep -q ready "$dir/delay_line"
}

kernel_settings() {
  set_sysctl ipv4/tcp_syncookies "$syncookies"
  set_sysctl ipv4/tcp_synack_retries "$synack_retries"
  set_sysctl ipv4/tcp_max_syn_backlog 4096
  set_sysctl core/somaxconn 4096
  set_sysctl ipv4/ip_forward 0 "${in_client[@]}"
  # A crowd is many hosts, and each of them would have ports enough.
  set_sysctl ipv4/ip_local_port_range '1024 65000' "${in_client[@]}"
  set_sysctl ipv4/tcp_tw_reuse 1 "${in_client[@]}"
}

servers_started=0

# The listeners: port 80, and 8080 where the scenario gives it a backlog.
server_start() {
  case $server in
  own)
    local worker
    for ((worker = 0; worker < workers; worker++)); do
      own_server_start 80 "$backlog"
    done
    [ -z "$second_backlog" ] || own_server_start 8080 "$second_backlog"
    ;;
  nginx)
    backend_behind_start
    truncate -s 200M "$dir/large"
    nginx_settings >"$dir/nginx.conf"
    nginx -e "$dir/nginx.log" -p "$dir" -c "$dir/nginx.conf" >"$dir/server" 2>&1 &
    server_pid=$!
    wait_for 10 "nginx" listens_on 80
    ;;
  *) give_up "there is no server '$server'" ;;
  esac
  ss -Hltn | awk '{ print $4, $2, $3 }' >"$dir/listeners"
}

# own_server_start PORT BACKLOG. server_pid is the one that was started last.
own_server_start() {
  local said=$dir/server-$1-$((++servers_started))
  "$LAB_BUILD/tests/lab/server" "$listen" "$1" "$2" ${defer_s:+"$defer_s"} \
    >"$said" 2>&1 &
  server_pid=$!
  wait_for 5 "the server" grep -q ready "$said"
}

listens_on() {
  ss -Hltn "sport = :$1" | grep -q LISTEN
}

# What /post, /ws and /slow need: tests/lab/backend, on the loopback.
backend_behind_start() {
  [ -n "$behind_s" ] || return 0
  "$lab/backend" 8081 "$behind_s" >"$dir/behind" 2>&1 &
  wait_for 10 "the backend" grep -q ready "$dir/behind"
}

proxy_settings() {
  cat <<'CONF'
location ~ ^/(post|ws|slow)$ {
      proxy_pass http://127.0.0.1:8081;
      proxy_http_version 1.1;
      proxy_set_header Upgrade $http_upgrade;
      proxy_set_header Connection $http_connection;
      client_max_body_size 0;
      proxy_read_timeout 120;
    }
CONF
}

nginx_settings() {
  local address=$listen:80 dual= kind
  [ "$listen" != :: ] || { address='[::]:80' dual=ipv6only=off; }
  cat <<CONF
daemon off;
master_process off;
user root;
pid $dir/nginx.pid;
error_log $dir/nginx.log;
events { worker_connections $worker_connections; }
worker_rlimit_nofile 20000;
http {
  access_log off;
CONF
  for kind in client_body proxy fastcgi uwsgi scgi; do
    echo "  ${kind}_temp_path $dir/nginx-$kind;"
  done
  cat <<CONF
  server {
    listen $address backlog=$backlog $dual;
    ${second_backlog:+listen ${address%80}8080 backlog=$second_backlog $dual;}
    location / { return 200 "lab\\n"; }
    location = /large { root $dir; }
    ${behind_s:+$(proxy_settings)}
  }
}
CONF
}
