/* The part that runs in the kernel for other network namespaces: one record for
 * each listening socket of all of them, in one pass. A map has these sockets:
 * those that listen when a namespace is entered come in by a walk, those that
 * begin to listen later by a tracepoint, which also takes out those that end.
 * The pass goes through the map, and touches no connection. It trusts no
 * address in it: what is no socket any more reads as zeros or as another's
 * members, never beyond them. Source: tcp_set_state() in net/ipv4/tcp.c,
 * include/trace/events/sock.h of the kernel. */
#include "kernel_types.bpf.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "table/space_record.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1); /* set before loading */
  __type(key, __u32);
  __type(value, struct space_record);
} records SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1); /* set before loading */
  __type(key, __u64);     /* the address of a socket */
  __type(value, __u8);
} listeners SEC(".maps");

/* Sockets in the last pass, set to 0 before each; whether one found no room. */
__u32 found, missed;

enum { GO_ON = 0, END = 1 };

static void add(const void *socket) {
  __u64 key = (__u64)socket;
  __u8 there = 1;
  if (bpf_map_update_elem(&listeners, &key, &there, 0) != 0)
    missed = 1;
}

/* Of the namespace that the walk is in. Listening sockets come first. */
SEC("iter/tcp")
int add_listeners(struct bpf_iter__tcp *context) {
  struct sock_common *socket = context->sk_common;
  if (socket == (void *)0)
    return GO_ON;
  if (socket->skc_state != TCP_LISTEN)
    return END;
  add(socket);
  return GO_ON;
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(follow_listener, struct sock *socket, int before, int after) {
  __u64 key = (__u64)socket;
  if (socket->sk_protocol != IPPROTO_TCP)
    return 0;
  if (after == TCP_LISTEN)
    add(socket);
  else if (before == TCP_LISTEN)
    bpf_map_delete_elem(&listeners, &key);
  return 0;
}

static void copy_address(struct listener_record *record,
                         const struct sock_common *socket) {
  __builtin_memset(record->address, 0, sizeof(record->address));
  if (record->family == AF_INET)
    BPF_CORE_READ_INTO(record->address, socket, skc_rcv_saddr);
  else if (bpf_core_field_exists(socket->skc_v6_rcv_saddr))
    BPF_CORE_READ_INTO(record->address, socket, skc_v6_rcv_saddr);
}

/* tcp and socket: the same. */
static void write(struct space_record *record, const struct tcp_sock *tcp,
                  const struct sock *socket) {
  const struct sock_common *common = &socket->__sk_common;
  struct listener_record *listener = &record->listener;
  listener->half_open =
      (__u32)BPF_CORE_READ(tcp, inet_conn.icsk_accept_queue.qlen.counter);
  listener->young =
      (__u32)BPF_CORE_READ(tcp, inet_conn.icsk_accept_queue.young.counter);
  listener->deferred =
      BPF_CORE_READ(tcp, inet_conn.icsk_accept_queue.rskq_defer_accept);
  listener->port = BPF_CORE_READ(common, skc_num);
  listener->family = BPF_CORE_READ(common, skc_family);
  copy_address(listener, common);
  record->space = BPF_CORE_READ(common, skc_net.net, ns.inum);
  record->depth = BPF_CORE_READ(socket, sk_ack_backlog);
  record->max = BPF_CORE_READ(socket, sk_max_ack_backlog);
  record->drops = (__u32)BPF_CORE_READ(socket, sk_drops.counter);
}

static long write_listener(void *map, const __u64 *key, __u8 *there,
                           void *context) {
  const struct tcp_sock *tcp = (const struct tcp_sock *)*key;
  const struct sock *socket = (const struct sock *)*key;
  __u32 place = found;
  if (BPF_CORE_READ(socket, __sk_common.skc_state) != TCP_LISTEN)
    return GO_ON;
  struct space_record *record = bpf_map_lookup_elem(&records, &place);
  if (record == (void *)0)
    return END;
  write(record, tcp, socket);
  found = place + 1;
  return GO_ON;
}

/* Run by the reader, and attached to nothing. */
SEC("raw_tp/sys_enter")
int write_listeners(void *context) {
  bpf_for_each_map_elem(&listeners, write_listener, (void *)0, 0);
  return 0;
}

char licence_text[] SEC("license") = "Dual MIT/GPL";
