# shellcheck shell=bash
# A server's network for the scripts of this folder: this namespace is its own,
# and the other side answers nobody, so that a flood is one.
network_address=10.77.0.1
network_client=

# network_build BIN: server and syn_sender are there. Sets network_client, the
# process that holds the other side.
network_build() {
  unshare --net sleep infinity &
  network_client=$!
  until [ "$(readlink "/proc/$network_client/ns/net")" != "$(readlink /proc/self/ns/net)" ]; do
    sleep 0.1
  done
  ip link set lo up
  ip link add server0 type veth peer name client0 netns "$network_client"
  ip address add "$network_address/24" dev server0
  ip link set server0 up
  ip route add default via 10.77.0.2
  nsenter --net="/proc/$network_client/ns/net" sh -ec 'ip address add 10.77.0.2/24 dev client0
    ip link set client0 up; ip route add blackhole default'
  echo 1 >/proc/sys/net/ipv4/tcp_synack_retries
  "$1/server" "$network_address" 80 128 >/dev/null 2>&1 &
}

# network_flood BIN CLIENT SECONDS
network_flood() {
  nsenter --net="/proc/$2/ns/net" "$1/syn_sender" --to "$network_address" --port 80 \
    --rate 500 --seconds "$3" --from 10.99.0.0/16
}
