/* The part that runs in the kernel for the look at established sockets: one
 * record of each that may hold, with what inet_diag would show of it. Which
 * sockets do hold is judged where the records are read.
 *
 * It goes through the hash table of the reader's network namespace itself,
 * because the kernel's own iterator costs nearly as much as inet_diag: a lock
 * for each socket, and a pause in each empty bucket. It takes no lock. A socket
 * that is freed meanwhile stays memory of a TCP socket as long as a run lasts,
 * since all are SLAB_TYPESAFE_BY_RCU; what it reads may then be another's. It
 * trusts no address: what cannot be read is zero. Source:
 * Documentation/RCU/rculist_nulls.rst, include/net/inet_hashtables.h,
 * inet_sk_diag_fill() in net/ipv4/inet_diag.c, tcp_get_info() and
 * tcp_get_info_chrono_stats() in net/ipv4/tcp.c of the kernel. */
#include "kernel_types.bpf.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "table/holder_record.h"

/* Of include/net/inet_connection_sock.h, and idiag_timer. */
enum {
  PENDING_RETRANS = 1,
  PENDING_PROBE0 = 3,
  PENDING_LOSS_PROBE = 5,
  PENDING_REORDERED = 6
};
enum { TIMER_RETRANS = 1, TIMER_PROBE = 4 };

enum { CHRONO_BUSY = 1, CHRONO_KINDS = 3 };
enum { MS_OF_S = 1000, US_OF_S = 1000000 };

enum {
  BUCKETS_A_RUN = 8192, /* a run cannot be interrupted on some kernels */
  BUCKETS_A_READ = 512,
  CHAIN_MAX = 32, /* sockets of one bucket */
  COMMON_MAX = 192,
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, HOLDER_RECORDS_MAX);
  __type(key, __u32);
  __type(value, struct holder_record);
} records SEC(".maps");

/* Set before each look: whether tcp_info is asked for, ticks of the kernel's
 * clock in a second; and 0: the bucket where the next run begins, whether all
 * were seen, sockets that have no record. */
__u32 asked, ticks_a_second, bucket, done;
__u64 others;

/* Of each run: its records, and whether something was not as it should be. */
__u32 found, failed;

static __u64 space, table; /* addresses: the namespace, its hash table */
static __u32 last;         /* bucket of the table */
static __u64 firsts[BUCKETS_A_READ];
static __u32 first_bucket, firsts_len; /* which those are of */

/* The socket's struct sock_common, read at once: each read is a call. */
static char common[COMMON_MAX] __attribute__((aligned(8)));
#define COMMON(member)                                                         \
  (*(typeof(((struct sock_common *)0)->member)                                 \
         *)(common + bpf_core_field_offset(struct sock_common, member)))

static void copy_places(struct holder_record *record) {
  record->family = COMMON(skc_family);
  record->local_port = COMMON(skc_num);
  if (record->family == AF_INET) {
    __builtin_memcpy(record->local, &COMMON(skc_rcv_saddr), 4);
    __builtin_memcpy(record->remote, &COMMON(skc_daddr), 4);
  } else if (bpf_core_field_exists(struct sock_common, skc_v6_rcv_saddr)) {
    __builtin_memcpy(record->local, &COMMON(skc_v6_rcv_saddr), 16);
    __builtin_memcpy(record->remote, &COMMON(skc_v6_daddr), 16);
  }
}

/* Without a timer inet_diag shows no probes, and there are none. */
static __u32 timer_of(__u32 pending) {
  switch (pending) {
  case PENDING_PROBE0:
    return TIMER_PROBE;
  case PENDING_RETRANS:
  case PENDING_LOSS_PROBE:
  case PENDING_REORDERED:
    return TIMER_RETRANS;
  }
  return 0;
}

static __u64 busy_ticks(const struct tcp_sock *tcp, __u32 now) {
  __u32 ended[CHRONO_KINDS] = {0};
  __u32 running = BPF_CORE_READ_BITFIELD_PROBED(tcp, chrono_type);
  BPF_CORE_READ_INTO(&ended, tcp, chrono_stat);
  __u64 ticks = (__u64)ended[0] + ended[1] + ended[2];
  if (running >= CHRONO_BUSY && running <= CHRONO_KINDS)
    ticks += now - BPF_CORE_READ(tcp, chrono_start);
  return ticks;
}

static void copy_activity(struct holder_record *record,
                          const struct tcp_sock *tcp) {
  __u32 now = (__u32)bpf_jiffies64(), ticks = ticks_a_second;
  __u64 sent = now - BPF_CORE_READ(tcp, lsndtime);
  __u64 received = now - BPF_CORE_READ(tcp, inet_conn.icsk_ack.lrcvtime);
  record->data_segs_in = BPF_CORE_READ(tcp, data_segs_in);
  record->data_segs_out = BPF_CORE_READ(tcp, data_segs_out);
  record->bytes_acked = BPF_CORE_READ(tcp, bytes_acked);
  record->bytes_received = BPF_CORE_READ(tcp, bytes_received);
  if (ticks == 0)
    return;
  record->sent_ms = (__u32)(sent * MS_OF_S / ticks);
  record->received_ms = (__u32)(received * MS_OF_S / ticks);
  record->busy_us = busy_ticks(tcp, now) * US_OF_S / ticks;
}

static void write(const struct tcp_sock *tcp, __u32 state, __u32 timer) {
  __u32 place = found;
  struct holder_record *record = bpf_map_lookup_elem(&records, &place);
  if (record == (void *)0)
    return;
  found = place + 1;
  __builtin_memset(record, 0, sizeof(*record));
  record->state = (__u8)state;
  record->timer = (__u8)timer;
  record->retransmits = timer == TIMER_RETRANS
                            ? BPF_CORE_READ(tcp, inet_conn.icsk_retransmits)
                            : BPF_CORE_READ(tcp, inet_conn.icsk_probes_out);
  copy_places(record);
  if (asked)
    copy_activity(record, tcp);
}

/* It may also be a socket that waits for its end: such have another state. Or
 * one that is freed or made just now. */
static void look_at(const struct tcp_sock *tcp) {
  __u32 state = COMMON(skc_state), family = COMMON(skc_family);
  if (family != AF_INET && family != AF_INET6)
    return;
  if (state != TCP_ESTABLISHED && state != TCP_FIN_WAIT1)
    return;
  if ((__u64)COMMON(skc_net.net) != space)
    return;
  __u32 timer = timer_of(BPF_CORE_READ(tcp, inet_conn.icsk_pending));
  if (asked || timer == TIMER_PROBE)
    write(tcp, state, timer);
  else
    others++;
}

/* Beginning at the address of a node. The end of a chain is an odd number. Not
 * static: the verifier looks at it once. */
__attribute__((noinline)) int look_at_chain(__u64 at) {
  for (int i = 0; i < CHAIN_MAX && at != 0 && (at & 1) == 0; i++) {
    at -= bpf_core_field_offset(struct sock_common, skc_nulls_node);
    bpf_probe_read_kernel(common, bpf_core_type_size(struct sock_common),
                          (const void *)at);
    look_at((const void *)at);
    at = (__u64)COMMON(skc_nulls_node.next);
  }
  if ((at & 1) == 0 && at != 0)
    failed = 1;
  return 0;
}

static void read_firsts(void) {
  __u64 len = (__u64)last - bucket + 1;
  if (len > BUCKETS_A_READ)
    len = BUCKETS_A_READ;
  barrier_var(len);
  first_bucket = bucket;
  firsts_len = (__u32)len;
  if (bpf_probe_read_kernel(
          firsts, len * sizeof(firsts[0]),
          (const void *)(table + bucket * sizeof(firsts[0]))) != 0)
    failed = 1;
}

enum { GO_ON = 0, END = 1 };

static long look_at_bucket(__u32 index, void *context) {
  if (bucket - first_bucket >= firsts_len)
    read_firsts();
  __u64 place = (__u64)bucket - first_bucket;
  barrier_var(place); /* what is compared is what is used */
  if (failed || place >= BUCKETS_A_READ ||
      found > HOLDER_RECORDS_MAX - CHAIN_MAX)
    return END;
  __u64 at = firsts[place];
  if ((at & 1) == 0)
    look_at_chain(at);
  done = bucket == last;
  bucket++;
  return done ? END : GO_ON;
}

/* Run by the reader, and attached to nothing. */
SEC("raw_tp/sys_enter")
int write_holders(void *context) {
  struct net *net = bpf_get_current_task_btf()->nsproxy->net_ns;
  struct inet_hashinfo *hashinfo = net->ipv4.tcp_death_row.hashinfo;
  space = (__u64)net;
  table = (__u64)hashinfo->ehash;
  last = hashinfo->ehash_mask;
  found = failed = 0;
  first_bucket = firsts_len = 0;
  if (table == 0 || bucket > last ||
      bpf_core_type_size(struct inet_ehash_bucket) != sizeof(firsts[0]))
    failed = 1;
  else
    bpf_loop(BUCKETS_A_RUN, look_at_bucket, (void *)0, 0);
  return 0;
}

char licence_text[] SEC("license") = "Dual MIT/GPL";
