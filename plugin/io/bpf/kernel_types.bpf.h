/* The few members of the kernel's structures that the BPF program reads. Their
 * places are found by name when the program is loaded (CO-RE), so only names
 * and kinds count here. Source: include/net/sock.h, request_sock.h,
 * inet_connection_sock.h and net/ipv4/tcp_ipv4.c of the kernel. */
#ifndef IO_KERNEL_TYPES_BPF_H
#define IO_KERNEL_TYPES_BPF_H

#include <stdint.h>

typedef uint8_t __u8;
typedef uint16_t __u16;
typedef uint32_t __u32;
typedef uint64_t __u64;
typedef int32_t __s32;
typedef int64_t __s64;
typedef __u16 __be16;
typedef __u32 __be32;
typedef __u64 __be64;
typedef __u16 __sum16;
typedef __u32 __wsum;

/* Of include/uapi/linux/bpf.h. */
enum {
  BPF_MAP_TYPE_HASH = 1,
  BPF_MAP_TYPE_ARRAY = 2,
  BPF_MAP_TYPE_SK_STORAGE = 24
};
enum {
  BPF_F_NO_PREALLOC = 1 << 0,
  BPF_F_MMAPABLE = 1 << 10,
  BPF_SK_STORAGE_GET_F_CREATE = 1 << 0,
};

enum { AF_INET = 2, AF_INET6 = 10, IPPROTO_TCP = 6 };
enum { TCP_ESTABLISHED = 1, TCP_FIN_WAIT1 = 4, TCP_LISTEN = 10 };

#pragma clang attribute push(__attribute__((preserve_access_index)),           \
                             apply_to = record)

typedef struct {
  int counter;
} atomic_t;

struct in6_addr {
  union {
    __u8 u6_addr8[16];
    __u32 u6_addr32[4];
  } in6_u;
};

struct hlist_nulls_node {
  struct hlist_nulls_node *next;
};

struct hlist_nulls_head {
  struct hlist_nulls_node *first;
};

struct inet_ehash_bucket {
  struct hlist_nulls_head chain;
};

struct inet_hashinfo {
  struct inet_ehash_bucket *ehash;
  unsigned int ehash_mask;
};

struct inet_timewait_death_row {
  struct inet_hashinfo *hashinfo;
};

struct netns_ipv4 {
  struct inet_timewait_death_row tcp_death_row;
};

struct ns_common {
  unsigned int inum;
};

struct net {
  struct ns_common ns;
  struct netns_ipv4 ipv4;
};

struct nsproxy {
  struct net *net_ns;
};

struct task_struct {
  struct nsproxy *nsproxy;
};

typedef struct {
  struct net *net;
} possible_net_t;

struct sock_common {
  possible_net_t skc_net;
  struct hlist_nulls_node skc_nulls_node;
  __be32 skc_daddr, skc_rcv_saddr;
  __u16 skc_num;
  unsigned short skc_family;
  unsigned char skc_state;
  struct in6_addr skc_v6_daddr, skc_v6_rcv_saddr;
};

struct sock {
  struct sock_common __sk_common;
  __u32 sk_ack_backlog, sk_max_ack_backlog;
  __u16 sk_protocol;
  atomic_t sk_drops;
};

struct request_sock_queue {
  __u8 rskq_defer_accept;
  atomic_t qlen, young;
};

struct inet_sock {
  struct sock sk;
};

struct inet_connection_sock {
  struct inet_sock icsk_inet;
  struct request_sock_queue icsk_accept_queue;
  __u8 icsk_retransmits, icsk_pending, icsk_probes_out;
  struct {
    __u32 lrcvtime;
  } icsk_ack;
};

struct tcp_sock {
  struct inet_connection_sock inet_conn;
  __u32 data_segs_in, data_segs_out, lsndtime;
  __u64 bytes_acked, bytes_received;
  __u32 chrono_start, chrono_stat[3];
  __u8 chrono_type : 2;
};

struct bpf_iter__tcp {
  struct sock_common *sk_common;
};

#pragma clang attribute pop

#endif
