/* The name of a container, from the files that its runtime keeps of it: no
 * network call, no socket, nothing written. Private to this folder. */
#ifndef IO_NAMESPACES_CONTAINER_NAME_H
#define IO_NAMESPACES_CONTAINER_NAME_H

#include "table/cgroup_text.h"
#include "table/namespace_name.h"

/* member: of a container with an id. root: before the folders. Returns false if
 * the files are not there, may not be read, or do not name it. */
bool container_name_find(const struct cgroup_member *member, const char *root,
                         char name[NAMESPACE_NAME_MAX]);

#endif
