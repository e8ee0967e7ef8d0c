/* The values of plugin tcpstates, instance all, that the judgement looks at:
 * their names and their kind. */
#ifndef VERDICT_SIGNALS_H
#define VERDICT_SIGNALS_H

#include <stdint.h>

enum signal {
  SIGNAL_ESTABLISHED, /* sockets */
  SIGNAL_SYN_SENT,
  SIGNAL_SYN_RECV,
  SIGNAL_CLOSE_WAIT,
  SIGNAL_ACTIVE,
  SIGNAL_AGED,
  SIGNAL_SYN_RECV_PEAK, /* the largest since the last reading; not every */
  SIGNAL_AGED_PEAK,     /* sender has these two */
  SIGNAL_HELD,          /* connections beyond what arrivals explain */
  SIGNAL_ZERO_WINDOW,   /* this and the next three: only where the sender has */
  SIGNAL_HELD_DRIP,     /* looked at the connections */
  SIGNAL_HELD_STARVED,
  SIGNAL_HELD_MUTE,
  SIGNAL_SYN_QUEUE, /* percent */
  SIGNAL_SYN_QUEUE_AGED,
  SIGNAL_ACCEPT_QUEUE,
  SIGNAL_TIME_WAIT_USE,
  SIGNAL_TOP_SOURCE,    /* of the half-open, percent */
  SIGNAL_STATE_ENTROPY, /* 0..1 */
  SIGNAL_BARE_ACKS,     /* a second, beyond what arrivals explain */
  SIGNAL_PASSIVE_OPENS, /* counters from here on, events */
  SIGNAL_ACTIVE_OPENS,
  SIGNAL_COOKIES_SENT,
  SIGNAL_COOKIES_RECEIVED,
  SIGNAL_LISTEN_OVERFLOWS,
  SIGNAL_LISTEN_DROPS,
  SIGNAL_QUEUE_FULL_DROPS,
  SIGNAL_EMBRYONIC_RESETS,
  SIGNAL_RESETS_SENT,
  SIGNAL_ABORTS, /* of connections that were closed with data unread */
  SIGNAL_SYNS,   /* with CountSyns */
  SIGNAL_COUNT
};
#define SIGNAL_FIRST_COUNTER SIGNAL_PASSIVE_OPENS

/* A bit each. The saved state has 32 of them, also in older versions. */
#define SIGNALS_ALL (UINT32_MAX >> (32 - SIGNAL_COUNT))
_Static_assert((int)SIGNAL_COUNT <= 32, "each signal has a bit");

/* The signal of a value list's type and type instance, or SIGNAL_COUNT when
 * the judgement has no use for it. */
enum signal signals_find(const char *type, const char *type_instance);

/* The same for a value of a listener, instance PORT-local. */
enum signal signals_find_of_port(const char *type, const char *type_instance);

const char *signals_type(enum signal signal);
const char *signals_type_instance(enum signal signal);

#endif
