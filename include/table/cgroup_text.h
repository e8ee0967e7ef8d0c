/* Text of /proc/PID/cgroup -> which container or systemd unit a process belongs
 * to. Pure. */
#ifndef TABLE_CGROUP_TEXT_H
#define TABLE_CGROUP_TEXT_H

#include <stddef.h>

enum cgroup_owner {
  CGROUP_NOBODY,
  CGROUP_UNIT,    /* a service of systemd: name */
  CGROUP_MACHINE, /* systemd-nspawn or machinectl: name */
  CGROUP_LXC,     /* name */
  CGROUP_DOCKER,  /* these: id */
  CGROUP_PODMAN,
  CGROUP_CONTAINERD, /* of Kubernetes */
  CGROUP_CRIO,
  CGROUP_CONTAINER, /* by a runtime that is not known */
};

enum {
  CGROUP_ID_LEN = 64,
  CGROUP_SHORT_ID_LEN = 12,
  CGROUP_NAME_MAX = 128, /* a longer name is cut */
};

struct cgroup_member {
  enum cgroup_owner owner;
  char id[CGROUP_ID_LEN + 1]; /* hexadecimal digits, or "" */
  char name[CGROUP_NAME_MAX]; /* or "" */
};

/* text: length bytes, whole lines or cut. The innermost container counts, and a
 * container before a unit. What cannot be understood is nobody's. */
void cgroup_text_parse(const char *text, size_t length,
                       struct cgroup_member *out);

#endif
