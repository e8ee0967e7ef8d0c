/* See host_names.h. */
#include "host_names.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN_MAX = 8, MORE_LEN = 32 };

static int grow(struct host_names *names) {
  size_t room = names->room > 0 ? 2 * names->room : 16;
  char **grown = realloc(names->name, room * sizeof(*grown));

  if (!grown)
    return -ENOMEM;
  names->name = grown;
  names->room = room;
  return 0;
}

int host_names_add(struct host_names *names, struct listed_part host) {
  if (names->len > 0 && listed_part_is(host, names->name[names->len - 1]))
    return 0;
  if (names->len >= HOST_NAMES_MAX)
    return 0;
  if (names->len == names->room && grow(names) != 0)
    return -ENOMEM;
  char *copy = strndup(host.at, host.len);
  if (!copy)
    return -ENOMEM;
  names->name[names->len++] = copy;
  return 0;
}

static int compare(const void *left, const void *right) {
  const char *const *a = left, *const *b = right;
  return strcmp(*a, *b);
}

void host_names_sort(struct host_names *names) {
  size_t kept = 0;

  if (names->len == 0)
    return;
  qsort(names->name, names->len, sizeof(*names->name), compare);
  for (size_t i = 1; i < names->len; i++) {
    if (strcmp(names->name[i], names->name[kept]) == 0)
      free(names->name[i]);
    else
      names->name[++kept] = names->name[i];
  }
  names->len = kept + 1;
}

bool host_names_has(const struct host_names *names, const char *host) {
  return names->len > 0 && bsearch(&host, names->name, names->len,
                                   sizeof(*names->name), compare) != NULL;
}

void host_names_text(const struct host_names *names, char *text,
                     size_t text_max) {
  size_t shown = 0, len = 0;

  text[0] = '\0';
  for (; shown < names->len && shown < SHOWN_MAX; shown++) {
    const char *name = names->name[shown];
    if (len + strlen(name) + sizeof(", ") + MORE_LEN > text_max)
      break;
    len += (size_t)snprintf(text + len, text_max - len, "%s%s",
                            shown == 0 ? "" : ", ", name);
  }
  if (shown < names->len)
    snprintf(text + len, text_max - len, "%s%zu more", shown ? " and " : "",
             names->len - shown);
}

void host_names_release(struct host_names *names) {
  for (size_t i = 0; i < names->len; i++)
    free(names->name[i]);
  free(names->name);
  *names = (struct host_names){0};
}
