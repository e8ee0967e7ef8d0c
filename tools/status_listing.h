/* The lines of one LISTVAL -> which hosts there are, and the values of the one
 * to show. Memory for one host's values and all hosts' names, however long the
 * list. Pure. */
#ifndef STATUS_LISTING_H
#define STATUS_LISTING_H

#include "status_model.h"

struct status_listing {
  const char *wanted;  /* a host, or NULL: the only one, or the machine's */
  const char *machine; /* this machine's name */
  struct status_model *model; /* filled, but for the values themselves */
  struct host_names hosts;    /* that send readings */
};

/* wanted, machine and model are set, hosts is empty. */
void status_listing_begin(struct status_listing *listing);

/* One line as it came. Returns 0 also for lines of no use, or -ENOMEM. */
int status_listing_take(struct status_listing *listing, const char *line);

/* After the last line. Returns 0, or -1 with *problem filled, where there is
 * no such host, or more than one to choose from. */
int status_listing_end(struct status_listing *listing, char *problem);

/* A value of a whole host's reading, by tcpstates; one of baseline's of it. */
bool status_listing_is_reading(const struct listed_value *value);
bool status_listing_is_judgement(const struct listed_value *value);

/* What to say where no host sends readings. */
void status_listing_no_host(char *problem);

/* A host's name with or without its domain. */
bool status_listing_is_machine(struct listed_part host, const char *machine);

void status_listing_release(struct status_listing *listing);

#endif
