/* See cgroup_text.h. Touches memory only. Source: cgroups(7); the names that
 * Docker ("docker-ID.scope", "/docker/ID"), Podman ("libpod-ID.scope"),
 * containerd ("cri-containerd-ID.scope"), CRI-O ("crio-ID.scope"), the kubelet
 * ("/kubepods/.../podUID/ID"), systemd ("machine-NAME.scope",
 * "systemd-nspawn@NAME.service") and LXC ("lxc.payload.NAME") give. */
#include "table/cgroup_text.h"

#include <stdbool.h>
#include <string.h>

struct piece {
  const char *at;
  size_t len;
};

static bool begins_with(struct piece piece, const char *text) {
  size_t len = strlen(text);
  return piece.len >= len && memcmp(piece.at, text, len) == 0;
}

static bool ends_with(struct piece piece, const char *text) {
  size_t len = strlen(text);
  return piece.len >= len && memcmp(piece.at + piece.len - len, text, len) == 0;
}

static struct piece without_head(struct piece piece, size_t len) {
  return (struct piece){piece.at + len, piece.len - len};
}

static struct piece without_tail(struct piece piece, const char *tail) {
  if (ends_with(piece, tail))
    piece.len -= strlen(tail);
  return piece;
}

static int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Whether a piece ends in an id: "docker-ID.scope", "...:cri-containerd:ID",
 * "ID". head: what stands before it. */
static bool find_id(struct piece piece, struct piece *head, char *id) {
  piece = without_tail(piece, ".scope");
  if (piece.len < CGROUP_ID_LEN)
    return false;
  *head = (struct piece){piece.at, piece.len - CGROUP_ID_LEN};
  for (size_t i = 0; i < CGROUP_ID_LEN; i++)
    if (hex_value(head->at[head->len + i]) < 0)
      return false;
  memcpy(id, head->at + head->len, CGROUP_ID_LEN);
  id[CGROUP_ID_LEN] = '\0';
  return head->len == 0 || strchr("-:", head->at[head->len - 1]) != NULL;
}

/* parent: the piece before it in the path. */
static enum cgroup_owner runtime_of(struct piece head, struct piece parent) {
  if (ends_with(head, "docker-"))
    return CGROUP_DOCKER;
  if (ends_with(head, "libpod-"))
    return CGROUP_PODMAN;
  if (ends_with(head, "cri-containerd-") || ends_with(head, "cri-containerd:"))
    return CGROUP_CONTAINERD;
  if (ends_with(head, "crio-"))
    return CGROUP_CRIO;
  if (head.len == 0 && begins_with(parent, "docker") && parent.len == 6)
    return CGROUP_DOCKER;
  return CGROUP_CONTAINER;
}

static void set_name(struct cgroup_member *out, enum cgroup_owner owner,
                     struct piece name) {
  size_t len = 0;
  if (name.len == 0)
    return;
  for (size_t i = 0; i < name.len && len < CGROUP_NAME_MAX - 1; len++) {
    /* systemd writes a byte that is special to it as "\x2d". */
    int high = -1, low = -1;
    if (i + 4 <= name.len && name.at[i] == '\\' && name.at[i + 1] == 'x') {
      high = hex_value(name.at[i + 2]);
      low = hex_value(name.at[i + 3]);
    }
    bool escaped = high >= 0 && low >= 0;
    char c = name.at[i];
    if (escaped)
      c = (char)(16 * high + low);
    out->name[len] = c;
    i += escaped ? 4 : 1;
  }
  out->name[len] = '\0';
  out->owner = owner;
  out->id[0] = '\0';
}

static void take_machine(struct piece piece, struct cgroup_member *out) {
  if (begins_with(piece, "machine-") && ends_with(piece, ".scope"))
    set_name(out, CGROUP_MACHINE,
             without_tail(without_head(piece, 8), ".scope"));
  else if (begins_with(piece, "systemd-nspawn@"))
    set_name(out, CGROUP_MACHINE,
             without_tail(without_head(piece, 15), ".service"));
  else if (begins_with(piece, "lxc.payload."))
    set_name(out, CGROUP_LXC, without_head(piece, 12));
}

static bool is_in_container(const struct cgroup_member *out) {
  return out->owner > CGROUP_UNIT;
}

static void take_piece(struct piece parent, struct piece piece,
                       struct cgroup_member *out) {
  struct piece head;
  char id[CGROUP_ID_LEN + 1];
  if (find_id(piece, &head, id)) {
    if (ends_with(head, "conmon-")) /* it watches the container, outside */
      return;
    out->owner = runtime_of(head, parent);
    memcpy(out->id, id, sizeof(id));
    out->name[0] = '\0';
  } else if (parent.len == 3 && begins_with(parent, "lxc")) {
    set_name(out, CGROUP_LXC, piece);
  } else if (begins_with(piece, "machine-") ||
             begins_with(piece, "systemd-nspawn@") ||
             begins_with(piece, "lxc.payload.")) {
    take_machine(piece, out);
  } else if (!is_in_container(out) && ends_with(piece, ".service")) {
    set_name(out, CGROUP_UNIT, without_tail(piece, ".service"));
  } else if (!is_in_container(out) &&
             (ends_with(piece, ".scope") || ends_with(piece, ".slice"))) {
    *out = (struct cgroup_member){.owner = CGROUP_NOBODY};
  }
}

static struct piece next_piece(struct piece *rest, char separator) {
  const char *end = memchr(rest->at, separator, rest->len);
  size_t len = end != NULL ? (size_t)(end - rest->at) : rest->len;
  struct piece piece = {rest->at, len};
  *rest = without_head(*rest, len < rest->len ? len + 1 : len);
  return piece;
}

static void take_path(struct piece path, struct cgroup_member *out) {
  struct piece parent = {"", 0};
  while (path.len > 0) {
    struct piece piece = next_piece(&path, '/');
    if (piece.len > 0) {
      take_piece(parent, piece, out);
      parent = piece;
    }
  }
}

/* Hierarchies of version 1 each have a line; what one of them shows counts. */
void cgroup_text_parse(const char *text, size_t length,
                       struct cgroup_member *out) {
  struct piece rest = {text, length};
  *out = (struct cgroup_member){.owner = CGROUP_NOBODY};
  while (rest.len > 0) {
    struct piece line = next_piece(&rest, '\n');
    struct cgroup_member member = {.owner = CGROUP_NOBODY};
    next_piece(&line, ':');
    next_piece(&line, ':');
    take_path(line, &member);
    if (member.owner > out->owner)
      *out = member;
  }
}
