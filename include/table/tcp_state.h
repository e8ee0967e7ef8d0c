/* The eleven TCP states: the kernel's numbers and the names collectd's users
 * know from tcpconns. Source: include/net/tcp_states.h of the kernel. */
#ifndef TABLE_TCP_STATE_H
#define TABLE_TCP_STATE_H

enum tcp_state {
  TCP_STATE_ESTABLISHED = 1,
  TCP_STATE_SYN_SENT,
  TCP_STATE_SYN_RECV,
  TCP_STATE_FIN_WAIT1,
  TCP_STATE_FIN_WAIT2,
  TCP_STATE_TIME_WAIT,
  TCP_STATE_CLOSED,
  TCP_STATE_CLOSE_WAIT,
  TCP_STATE_LAST_ACK,
  TCP_STATE_LISTEN,
  TCP_STATE_CLOSING,
  TCP_STATE_END /* one past the last; arrays indexed by state have this size */
};

/* The table of the kernel a socket stands in; not always its addresses'
 * family: an IPv4 SYN to a dual-stack listener stands in the IPv6 table. */
enum tcp_family { TCP_IPV4, TCP_IPV6, TCP_FAMILY_COUNT };

/* The name as tcpconns dispatches it ("ESTABLISHED", "SYN_RECV", ...).
 * Returns NULL for a number that is none of the eleven. */
const char *tcp_state_name(int state);

#endif
