/* The part that runs in the kernel: one record for each listening socket of the
 * network namespace. The iterator shows listening sockets first. It ends the
 * walk at the last one: the table of connections, however large, is not
 * touched. Source: net/ipv4/tcp_ipv4.c, kernel/bpf/bpf_iter.c of the kernel. */
#include "kernel_types.bpf.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "table/listener_record.h"

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, 1); /* set before loading */
  __type(key, __u32);
  __type(value, struct listener_record);
} records SEC(".maps");

/* SYNs that each listening socket received. It goes with its socket. */
struct {
  __uint(type, BPF_MAP_TYPE_SK_STORAGE);
  __uint(map_flags, BPF_F_NO_PREALLOC);
  __type(key, int);
  __type(value, __u64);
} syns SEC(".maps");

/* Set before each walk: how many listening sockets there are, and 0. */
__u32 wanted, found;

static void copy_address(struct listener_record *record,
                         const struct sock_common *socket) {
  __builtin_memset(record->address, 0, sizeof(record->address));
  if (socket->skc_family == AF_INET)
    __builtin_memcpy(record->address, &socket->skc_rcv_saddr, 4);
  else if (bpf_core_field_exists(socket->skc_v6_rcv_saddr))
    __builtin_memcpy(record->address, &socket->skc_v6_rcv_saddr, 16);
}

/* The kernel's "try again with the same socket" ends the walk: nobody does. */
enum { GO_ON = 0, END = 1 };

SEC("iter/tcp")
int write_listener(struct bpf_iter__tcp *context) {
  struct sock_common *socket = context->sk_common;
  if (socket == (void *)0)
    return GO_ON;
  if (socket->skc_state != TCP_LISTEN)
    return END;
  struct tcp_sock *tcp = bpf_skc_to_tcp_sock(socket);
  if (tcp == (void *)0)
    return GO_ON;

  __u32 place = found;
  struct listener_record *record = bpf_map_lookup_elem(&records, &place);
  if (record == (void *)0)
    return END;
  struct inet_connection_sock *listener = &tcp->inet_conn;
  record->half_open = (__u32)listener->icsk_accept_queue.qlen.counter;
  record->young = (__u32)listener->icsk_accept_queue.young.counter;
  record->deferred = listener->icsk_accept_queue.rskq_defer_accept;
  record->port = socket->skc_num;
  record->family = socket->skc_family;
  copy_address(record, socket);
  __u64 *counted = bpf_sk_storage_get(&syns, tcp, (void *)0, 0);
  record->syns = counted != (void *)0 ? *counted : 0;
  found = place + 1;
  return found >= wanted ? END : GO_ON;
}

/* A SYN to a listening socket, before it becomes an entry, a cookie or nothing.
 * A SYN that is sent again for an entry does not come here. */
SEC("fentry/tcp_conn_request")
int BPF_PROG(count_syn, void *operations, void *family, struct sock *listener) {
  __u64 none = 0;
  __u64 *counted =
      bpf_sk_storage_get(&syns, listener, &none, BPF_SK_STORAGE_GET_F_CREATE);
  if (counted != (void *)0)
    __sync_fetch_and_add(counted, 1);
  return 0;
}

char licence_text[] SEC("license") = "Dual MIT/GPL";
