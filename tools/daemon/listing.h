/* The lines of one LISTVAL -> which hosts there are, and the values of the one
 * to show. Memory for one host's values and all hosts' names, however long the
 * list. Pure. */
#ifndef TOOLS_DAEMON_LISTING_H
#define TOOLS_DAEMON_LISTING_H

#include "host_model.h"

struct listing {
  const char *wanted;  /* a host, or NULL: the only one, or the machine's */
  const char *machine; /* this machine's name */
  struct host_model *model; /* filled, but for the values themselves */
  struct host_names hosts;  /* that send readings */
};

/* wanted, machine and model are set, hosts is empty. */
void listing_begin(struct listing *listing);

/* One line as it came. Returns 0 also for lines of no use, or -ENOMEM. */
int listing_take(struct listing *listing, const char *line);

/* After the last line. Returns 0, or -1 with *problem filled, where there is
 * no such host, or more than one to choose from. */
int listing_end(struct listing *listing, char *problem);

/* A value of a whole host's reading, by tcpstates; one of baseline's of it. */
bool listing_is_reading(const struct listed_value *value);
bool listing_is_judgement(const struct listed_value *value);

/* What to say where no host sends readings. */
void listing_no_host(char *problem);

/* A host's name with or without its domain. */
bool listing_is_machine(struct listed_part host, const char *machine);

void listing_release(struct listing *listing);

#endif
