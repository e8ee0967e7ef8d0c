/* Into other network namespaces and out again: a thread that lives for one call
 * enters them one after the other and opens what they are read through. No
 * thread that goes on ever changes its namespace. Nothing is written. Private
 * to this folder. */
#ifndef IO_NAMESPACES_ENTRANCE_H
#define IO_NAMESPACES_ENTRANCE_H

#include "io/space_probe.h"
#include "io/table_source.h"

#include <sys/types.h>

struct entrance {
  const char *path; /* of the namespace; not owned */
  ino_t inode;
  /* Set by entrance_open: 0, or -errno. -ESTALE: the path leads to another
   * namespace by now; -EMFILE: too few descriptors would be left to others. */
  int rc;
  const char *failed; /* "open", "enter", "socket", "files"; static */
  struct table_descriptors descriptors; /* the caller's, if rc is 0 */
  bool marked; /* the probe shows its sockets from now on */
};

/* probe: NULL for none. Returns 0, or -errno if there can be no thread: then
 * nothing was tried. */
int entrance_open(struct entrance *entrances, size_t len,
                  struct space_probe *probe);

#endif
