/* What the BPF program holder_probe.bpf.c writes of a connected socket, and how
 * a look takes it in. The program includes this file: types only. */
#ifndef TABLE_HOLDER_RECORD_H
#define TABLE_HOLDER_RECORD_H

#include <stddef.h>
#include <stdint.h>

enum { HOLDER_RECORDS_MAX = 512 }; /* of one run of the program */

/* Has no padding. */
struct holder_record {
  uint8_t local[16],
      remote[16];             /* network byte order; IPv4 in the first four */
  uint16_t local_port;        /* host byte order */
  uint16_t family;            /* AF_INET or AF_INET6 */
  uint8_t state;              /* ESTABLISHED or FIN_WAIT1 */
  uint8_t timer, retransmits; /* as inet_diag has them */
  uint8_t zero;
  /* As struct tcp_info has them. */
  uint32_t sent_ms, received_ms, data_segs_in, data_segs_out;
  uint64_t bytes_acked, bytes_received, busy_us;
};

struct holders;

/* Take in each record, in place of rows of inet_diag; tcp_info only if the look
 * asks for it. bytes: whole records, length bytes, in any alignment. Returns 0;
 * -EBADMSG for what no program writes, or -ENOMEM: then nothing of the look may
 * be used. */
int holder_record_parse(const void *bytes, size_t length,
                        struct holders *holders);

#endif
