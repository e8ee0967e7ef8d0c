/* Any bytes as /proc/PID/cgroup, and what they say as the name of a host. */
#include "fuzz_target.h"

#include "table/cgroup_text.h"
#include "table/namespace_name.h"

#include <string.h>

static void look(const struct cgroup_member *member) {
  bool has_id = member->owner >= CGROUP_DOCKER;
  size_t digits = strspn(member->id, "0123456789abcdef");
  fuzz_must(digits == (has_id ? CGROUP_ID_LEN : 0), "an id");
  fuzz_must(member->id[digits] == '\0', "the end of an id");
  fuzz_must(strlen(member->name) < CGROUP_NAME_MAX, "the length of a name");
  fuzz_must(!has_id || member->name[0] == '\0', "a name beside an id");
  fuzz_must((member->owner == CGROUP_NOBODY) ==
                    (member->id[0] == '\0' && member->name[0] == '\0') ||
                member->owner != CGROUP_NOBODY,
            "nobody with a name");
}

/* Whatever a process is called. */
static void look_at_name(const uint8_t *data, size_t size) {
  static const char plain[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
  char name[NAMESPACE_NAME_MAX], host[NAMESPACE_HOST_MAX];
  bool is = namespace_name_clean((const char *)data, size, name);
  fuzz_must(is == (size > 0), "a name of nothing");
  fuzz_must(strlen(name) < NAMESPACE_NAME_MAX, "the length of a clean name");
  fuzz_must(name[strspn(name, plain)] == '\0', "a clean name");
  namespace_name_distinguish(name, "2");
  namespace_name_of_host(name, "box.example", host);
  fuzz_must(strlen(host) <= 63 && strchr(host, '@') != NULL, "a host");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  struct cgroup_member member;
  char *text = malloc(size + 1); /* so that a byte too many is noticed */
  if (text == NULL)
    return 0;
  memcpy(text, data, size);
  cgroup_text_parse(text, size, &member);
  look(&member);
  look_at_name(data, size);
  free(text);
  return 0;
}
