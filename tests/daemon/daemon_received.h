/* Readings of hosts, put into a daemon over its unixsock as a central server
 * would receive them: half an hour of them in a second. */
#ifndef DAEMON_RECEIVED_H
#define DAEMON_RECEIVED_H

#include "daemon_talk.h"

enum { RECEIVED_STEP_S = 10 };

/* Values one after the other, for five write threads mix them up. */
#define RECEIVED_IN_ORDER "WriteThreads 1"

extern double received_next_s; /* time of the next reading */

/* Start a daemon with baseline alone and talk to it; so many readings are going
 * to end about now. */
void received_start(struct daemon *daemon, const struct daemon_setup *setup,
                    int readings);

/* One value of the next reading: "web1/tcpstates-all/tcp_connections-LISTEN".
 */
void received_put(const char *identifier, double value);

/* So many readings of a host with 400 established connections, ten handshakes a
 * second and half-open ones, of which so many are unanswered. Returns when the
 * last of them has been judged. */
void received_readings(const char *host, int count, double half_open,
                       double aged);

#endif
