/* What the history has of each host: which of the values that are judged. */
#ifndef TOOLS_LEARN_LEARN_HOSTS_H
#define TOOLS_LEARN_LEARN_HOSTS_H

#include "verdict/judge.h"
#include "verdict/name_index.h"

struct learn_hosts {
  struct name_index index;
  struct learn_host {
    char name[JUDGE_HOST_MAX];
    uint32_t have; /* bit (1 << signal) */
  } * hosts;
  size_t len, capacity;
};

/* The table is not to be moved until it is released. */
void learn_hosts_init(struct learn_hosts *hosts);
void learn_hosts_release(struct learn_hosts *hosts);

/* A signal of a host is there. Returns 0 or -ENOMEM. */
int learn_hosts_add(struct learn_hosts *hosts, const char *name,
                    enum signal signal);

/* The bits of a host's signals; 0 for a host that is not there. */
uint32_t learn_hosts_have(const struct learn_hosts *hosts, const char *name);

#endif
