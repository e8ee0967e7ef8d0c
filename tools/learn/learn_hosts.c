/* A table of hosts by name. Memory only. */
#include "learn_hosts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

static const char *name_of(const void *owner, uint32_t number) {
  const struct learn_hosts *hosts = owner;

  return hosts->hosts[number].name;
}

void learn_hosts_init(struct learn_hosts *hosts) {
  *hosts = (struct learn_hosts){.len = 0};
  name_index_init(&hosts->index, name_of, hosts);
}

void learn_hosts_release(struct learn_hosts *hosts) {
  name_index_free(&hosts->index);
  free(hosts->hosts);
}

static int make_room(struct learn_hosts *hosts) {
  size_t capacity = hosts->capacity > 0 ? 2 * hosts->capacity : 16;

  if (hosts->len < hosts->capacity)
    return 0;
  struct learn_host *larger = realloc(hosts->hosts, capacity * sizeof(*larger));
  if (!larger)
    return -ENOMEM;
  hosts->hosts = larger;
  hosts->capacity = capacity;
  return 0;
}

static int add(struct learn_hosts *hosts, const char *name) {
  if (make_room(hosts) != 0)
    return -ENOMEM;
  struct learn_host *host = &hosts->hosts[hosts->len];
  snprintf(host->name, sizeof(host->name), "%s", name);
  host->have = 0;
  if (name_index_add(&hosts->index, host->name, (uint32_t)hosts->len) != 0)
    return -ENOMEM;
  hosts->len++;
  return 0;
}

int learn_hosts_add(struct learn_hosts *hosts, const char *name,
                    enum signal signal) {
  uint32_t number = name_index_find(&hosts->index, name);

  if (number == NAME_INDEX_NONE) {
    number = (uint32_t)hosts->len;
    if (add(hosts, name) != 0)
      return -ENOMEM;
  }
  hosts->hosts[number].have |= 1u << signal;
  return 0;
}

uint32_t learn_hosts_have(const struct learn_hosts *hosts, const char *name) {
  uint32_t number = name_index_find(&hosts->index, name);

  return number == NAME_INDEX_NONE ? 0 : hosts->hosts[number].have;
}
