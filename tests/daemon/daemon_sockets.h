/* Sockets in known states on loopback, and what `ss` counts. */
#ifndef DAEMON_SOCKETS_H
#define DAEMON_SOCKETS_H

#include <stdbool.h>
#include <stdint.h>

enum {
  SCENE_PORT_BUSY = 8080,     /* IPv4: connections in many states */
  SCENE_PORT_FULL = 9090,     /* IPv6: its accept queue is full */
  SCENE_PORT_DEFERRED = 7070, /* IPv4: two half-open connections */
  SCENE_FULL_QUEUE = 2,       /* connections that wait on SCENE_PORT_FULL */
  SCENE_HALF_OPEN = 2,
};

/* The eleven states, as collectd's users know them, and as ss prints them. */
struct state_names {
  const char *collectd, *ss;
};
enum { STATES = 11 };
extern const struct state_names state_names[STATES];

/* Make the sockets; they live as long as the process. */
void sockets_make_scene(void);

/* How many sockets `ss -tan` with further arguments shows in a state. */
unsigned sockets_count(const char *arguments, const char *ss_state);

#endif
