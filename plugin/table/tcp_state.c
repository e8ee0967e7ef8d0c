/* The names of the TCP states. Touches nothing.
 * Source: include/net/tcp_states.h of the kernel; the names are tcpconns'. */
#include "table/tcp_state.h"

#include <stddef.h>

static const char *const names[TCP_STATE_END] = {
    [TCP_STATE_ESTABLISHED] = "ESTABLISHED",
    [TCP_STATE_SYN_SENT] = "SYN_SENT",
    [TCP_STATE_SYN_RECV] = "SYN_RECV",
    [TCP_STATE_FIN_WAIT1] = "FIN_WAIT1",
    [TCP_STATE_FIN_WAIT2] = "FIN_WAIT2",
    [TCP_STATE_TIME_WAIT] = "TIME_WAIT",
    [TCP_STATE_CLOSED] = "CLOSED",
    [TCP_STATE_CLOSE_WAIT] = "CLOSE_WAIT",
    [TCP_STATE_LAST_ACK] = "LAST_ACK",
    [TCP_STATE_LISTEN] = "LISTEN",
    [TCP_STATE_CLOSING] = "CLOSING",
};

const char *tcp_state_name(int state) {
  if (state < 0 || state >= TCP_STATE_END)
    return NULL;
  return names[state];
}
