/* Established sockets that hold: which way, from where, at which listener. */
#ifndef TABLE_HOLDERS_H
#define TABLE_HOLDERS_H

#include "table/reading.h"

enum holder_kind {
  HOLDER_ZERO_WINDOW, /* the other side takes nothing; it answers our probes */
  HOLDER_DRIP,        /* still sends small pieces; we have sent nothing */
  HOLDER_STARVED,     /* takes less than 2 KB/s of what we have to send */
  HOLDER_MUTE,        /* neither side has ever sent anything */
  HOLDER_KINDS
};

/* Of the kernel's struct tcp_info. */
struct tcp_activity {
  uint32_t sent_ms, received_ms; /* since data was last sent, received; since
                                    the connection began if it never was */
  uint32_t data_segs_in, data_segs_out;
  uint64_t bytes_acked, bytes_received;
  uint64_t busy_us; /* had data to send or to be acknowledged */
};

struct holders {
  bool asked;       /* for tcp_info */
  uint64_t lacking; /* sockets whose tcp_info was asked for and is not known */
  uint64_t sockets; /* looked at: ESTABLISHED and FIN_WAIT1 */
  uint64_t kind[HOLDER_KINDS];
  struct reading *at; /* owned: those of any kind, counted as if half-open, for
                         their networks and listeners */
};

/* Returns 0 or -ENOMEM. */
int holders_init(struct holders *holders);
void holders_release(struct holders *holders);
void holders_clear(struct holders *holders, bool asked);

/* Take in one socket, or a listener. activity: NULL if it is not known. Returns
 * 0, or -ENOMEM and nothing of it may be used. */
int holders_add(struct holders *holders, const struct tcp_row *row,
                const struct tcp_activity *activity);

/* Whether all kinds are known, not zero windows alone. */
bool holders_know_kinds(const struct holders *holders);

/* All are in. */
void holders_finish(struct holders *holders);

/* The listener where most of them are, or NULL. */
const struct listener *holders_listener(const struct holders *holders);

#endif
