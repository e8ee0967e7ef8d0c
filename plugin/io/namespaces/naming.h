/* What a namespace is called, by its name in /run/netns or by the oldest
 * process in it. Reads the files of /proc and of container runtimes. Private to
 * this folder. */
#ifndef IO_NAMESPACES_NAMING_H
#define IO_NAMESPACES_NAMING_H

#include "finder.h"
#include "table/namespace_name.h"

struct naming {
  char name[NAMESPACE_NAME_MAX];
  char suffix[NAMESPACE_NAME_MAX]; /* where two have one name; "": a number */
  bool is_sure; /* false: what names it may not have come yet */
};

/* Whether a name in /run/netns is a container runtime's own, such as
 * "cni-UUID": a process in it says more. */
bool naming_is_made_up(const char *title);

/* root: before the folders of container runtimes. */
void naming_of(const struct finder_space *space, const char *root,
               struct naming *out);

#endif
