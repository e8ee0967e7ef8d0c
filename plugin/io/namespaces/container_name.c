/* See container_name.h. To know another runtime, add a row. May use system
 * calls and the room table. Source: Docker's containers/ID/config.v2.json, the
 * annotations of the OCI runtime specification's config.json as containerd's
 * CRI, nerdctl and CRI-O set them, containers.json of containers-storage
 * (Podman). */
#define _DEFAULT_SOURCE
#include "container_name.h"

#include "table/json_text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
  FILE_MAX = 4 * 1024 * 1024,
  PATH_LEN = 1024,
  NOWHERE = -1,
};

/* What a file says of the container. */
struct said {
  const char *id; /* not owned */
  char pod[JSON_TEXT_STRING_MAX], space[JSON_TEXT_STRING_MAX];
  char name[JSON_TEXT_STRING_MAX];
  long element; /* of the list, the container's; NOWHERE: not seen yet */
};

static void keep(char *out, const char *value) {
  if (out[0] == '\0')
    snprintf(out, JSON_TEXT_STRING_MAX, "%s", value);
}

/* {"Name": "/web"} */
static void take_docker(void *context, const struct json_text_string *string) {
  struct said *said = context;
  const char *value = string->value;
  if (string->depth == 1 && strcmp(string->key[0], "Name") == 0)
    keep(said->name, value[0] == '/' ? value + 1 : value);
}

/* {"annotations": {KEY: "web"}} */
static void take_annotation(void *context,
                            const struct json_text_string *string) {
  static const struct {
    const char *key;
    size_t offset;
  } keys[] = {
      {"io.kubernetes.cri.sandbox-name", offsetof(struct said, pod)},
      {"io.kubernetes.cri.sandbox-namespace", offsetof(struct said, space)},
      {"io.kubernetes.pod.name", offsetof(struct said, pod)},
      {"io.kubernetes.pod.namespace", offsetof(struct said, space)},
      {"io.kubernetes.cri-o.KubeName", offsetof(struct said, pod)},
      {"io.kubernetes.cri-o.Namespace", offsetof(struct said, space)},
      {"nerdctl/name", offsetof(struct said, name)},
  };
  if (string->depth != 2 || strcmp(string->key[0], "annotations") != 0)
    return;
  for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
    if (strcmp(string->key[1], keys[i].key) == 0)
      keep((char *)context + keys[i].offset, string->value);
}

/* [{"id": "0123...", "names": ["web"]}]; whoever writes it puts id first. */
static void take_listed(void *context, const struct json_text_string *string) {
  struct said *said = context;
  if (string->depth == 2 && strcmp(string->key[1], "id") == 0 &&
      strcmp(string->value, said->id) == 0)
    said->element = (long)string->element;
  if (string->depth == 3 && strcmp(string->key[1], "names") == 0 &&
      said->element == (long)string->element)
    keep(said->name, string->value);
}

struct runtime_file {
  enum cgroup_owner owner;
  const char *folder, *file; /* between them: the id, if there is a file */
  json_text_take *take;
};

/* By the driver of its storage; those that are gone at a restart, apart. */
#define PODMAN(driver)                                                         \
  {CGROUP_PODMAN,                                                              \
   "/var/lib/containers/storage/" driver "-containers/containers.json", NULL,  \
   take_listed},                                                               \
  {                                                                            \
    CGROUP_PODMAN,                                                             \
        "/run/containers/storage/" driver                                      \
        "-containers/volatile-containers.json",                                \
        NULL, take_listed                                                      \
  }

static const struct runtime_file files[] = {
    {CGROUP_DOCKER, "/var/lib/docker/containers/", "/config.v2.json",
     take_docker},
    {CGROUP_CONTAINERD, "/run/containerd/io.containerd.runtime.v2.task/k8s.io/",
     "/config.json", take_annotation},
    {CGROUP_CONTAINERD,
     "/run/containerd/io.containerd.runtime.v2.task/default/", "/config.json",
     take_annotation},
    {CGROUP_CRIO, "/run/containers/storage/overlay-containers/",
     "/userdata/config.json", take_annotation},
    PODMAN("overlay"),
    PODMAN("vfs"),
    PODMAN("btrfs"),
    PODMAN("zfs"),
};

/* What is no regular file, or too large, is none of a runtime. */
static int open_regular(const char *path, size_t *size) {
  struct stat status;
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return -errno;
  if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode) ||
      status.st_size <= 0 || status.st_size > FILE_MAX) {
    close(fd);
    return -EINVAL;
  }
  *size = (size_t)status.st_size;
  return fd;
}

/* To be freed; NULL: not to be had. */
static char *read_file(const char *path, size_t *length) {
  size_t size = 0, have = 0;
  int fd = open_regular(path, &size);
  if (fd < 0)
    return NULL;
  char *text = malloc(size + 1);
  ssize_t piece = text == NULL ? -1 : 1;
  while (piece > 0 && have < size) {
    piece = read(fd, text + have, size - have);
    if (piece > 0)
      have += (size_t)piece;
  }
  close(fd);
  if (piece < 0) {
    free(text);
    return NULL;
  }
  *length = have;
  return text;
}

/* A file that is being written is cut: what it said until then counts. */
static bool ask(const struct runtime_file *file, const char *root,
                struct said *said) {
  char path[PATH_LEN];
  size_t length;
  int len = snprintf(path, sizeof(path), "%s%s%s%s", root, file->folder,
                     file->file != NULL ? said->id : "",
                     file->file != NULL ? file->file : "");
  if (len < 0 || (size_t)len >= sizeof(path))
    return false;
  char *text = read_file(path, &length);
  if (text == NULL)
    return false;
  json_text_parse(text, length, file->take, said);
  free(text);
  return said->pod[0] != '\0' || said->name[0] != '\0';
}

static bool make_name(const struct said *said, char *name) {
  char both[2 * JSON_TEXT_STRING_MAX + 2];
  if (said->pod[0] != '\0' && said->space[0] != '\0')
    snprintf(both, sizeof(both), "%s_%s", said->space, said->pod);
  else
    snprintf(both, sizeof(both), "%s",
             said->pod[0] != '\0' ? said->pod : said->name);
  return namespace_name_clean(both, strlen(both), name);
}

bool container_name_find(const struct cgroup_member *member, const char *root,
                         char name[NAMESPACE_NAME_MAX]) {
  for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
    struct said said = {.id = member->id, .element = NOWHERE};
    bool may_be =
        member->owner == files[i].owner || member->owner == CGROUP_CONTAINER;
    if (may_be && ask(&files[i], root, &said))
      return make_name(&said, name);
  }
  return false;
}
