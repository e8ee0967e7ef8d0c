/* The answer to LISTVAL: its lines taken apart, the hosts in it, and the values
 * of the one host to show. Keeps one host's values and all hosts' names,
 * however long the list is. Pure. */
#ifndef TOOLS_DAEMON_LISTING_H
#define TOOLS_DAEMON_LISTING_H

#include <stdbool.h>
#include <stddef.h>

struct host_model;

enum {
  LISTING_NAME_MAX = 128, /* collectd's limit of a name, with its end */
  LISTING_HOSTS_MAX = 1000000,
};

/* A part of a line; not terminated. */
struct listing_part {
  const char *at;
  size_t len;
};

bool listing_part_is(struct listing_part part, const char *text);

/* One line: a value's name, and when it came. */
struct listing_value {
  double time_s; /* since 1970 */
  const char *name;
  struct listing_part host, plugin, instance, type, type_instance;
};

/* line: "1700000000.000 host/plugin-instance/type-instance"; *out points into
 * it. Returns 0, or -EBADMSG if the line has another form or contains control
 * characters, which a terminal would obey. */
int listing_value_read(const char *line, struct listing_value *out);

/* Whether it belongs to the reading of a whole host, by tcpstates; or to the
 * judgement of it, by baseline. */
bool listing_is_reading(const struct listing_value *value);
bool listing_is_judgement(const struct listing_value *value);

/* Whether it is tcpstates' of one local port: "443-local"; never of "". */
bool listing_is_of_port(const struct listing_value *value, const char *port);

/* A growing list of host names. All zero: empty. */
struct listing_hosts {
  size_t len, room;
  char **name;
};

/* Append a name, unless it is the last one already: collectd lists by name.
 * Names beyond LISTING_HOSTS_MAX are left out. Returns 0, or -ENOMEM. */
int listing_hosts_add(struct listing_hosts *hosts, struct listing_part host);

/* Sort the names and drop duplicates. */
void listing_hosts_sort(struct listing_hosts *hosts);

/* "a, b, c and 12 more": at most eight whole names; "" for an empty list. */
void listing_hosts_text(const struct listing_hosts *hosts, char *text,
                        size_t text_max);

void listing_hosts_release(struct listing_hosts *hosts);

/* What is collected from the lines of one LISTVAL. */
struct listing {
  const char *wanted;       /* a host, or NULL: the only one, or this machine */
  const char *machine;      /* this machine's name */
  struct host_model *model; /* filled, except for the numbers of its values */
  struct listing_hosts hosts; /* those that send readings */
};

/* wanted, machine and model are set, hosts is empty. */
void listing_begin(struct listing *listing);

/* One line as it came. Returns 0, also for lines of no use, or -ENOMEM. */
int listing_take(struct listing *listing, const char *line);

/* After the last line. Returns 0; or -1 with *problem filled
 * (UNIXSOCK_PROBLEM_MAX bytes) if the host is not there, or if there are
 * several and none is wanted. */
int listing_end(struct listing *listing, char *problem);

/* The problem of a daemon to which no host sends readings. */
void listing_no_host(char *problem);

void listing_release(struct listing *listing);

#endif
