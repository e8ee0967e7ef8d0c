/* The kernel's counters that the simulator keeps. Names as in /proc/net/snmp
 * and /proc/net/netstat. */
#ifndef REPLAY_TALLY_H
#define REPLAY_TALLY_H

#include <stdint.h>

enum tally_counter {
  TALLY_PASSIVE_OPENS,
  TALLY_ACTIVE_OPENS,
  TALLY_ATTEMPT_FAILS,
  TALLY_ESTAB_RESETS,
  TALLY_SYNCOOKIES_SENT,
  TALLY_SYNCOOKIES_RECV,
  TALLY_SYNCOOKIES_FAILED,
  TALLY_LISTEN_OVERFLOWS,
  TALLY_LISTEN_DROPS,
  TALLY_REQ_Q_FULL_DO_COOKIES,
  TALLY_REQ_Q_FULL_DROP,
  TALLY_SYN_RETRANS,
  TALLY_EMBRYONIC_RSTS,
  TALLY_END
};

/* Cumulative since boot. */
struct tally {
  int64_t count[TALLY_END];
};

#endif
