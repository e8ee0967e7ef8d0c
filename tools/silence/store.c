/* See store.h. */
#include "store.h"

#include "io/state_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LOCK_TRIES = 50 };
static const struct timespec lock_pause = {.tv_nsec = 100000000};

static int fail(const struct silence_store *store, int rc, char *problem) {
  const char *remedy = "";

  if (rc == -EACCES || rc == -EPERM)
    remedy = ": run this as root, or as the user that collectd runs as";
  else if (rc == -ENOENT)
    remedy = ": is that the folder of the daemon's StateFile? Name its "
             "collectd.conf with -C";
  else if (rc == -EWOULDBLOCK)
    remedy = ": somebody else changes it; try again";
  snprintf(problem, CONF_SILENCES_PROBLEM_MAX, "cannot change %.400s: %s%s",
           store->path, strerror(-rc), remedy);
  return -1;
}

/* Held for a moment only, by whoever else changes the file. */
static int take_lock(struct silence_store *store) {
  int rc = -EWOULDBLOCK;

  for (int i = 0; rc == -EWOULDBLOCK && i < LOCK_TRIES; i++) {
    if (i > 0)
      nanosleep(&lock_pause, NULL);
    rc = state_file_lock(store->path, &store->lock_fd);
  }
  return rc;
}

int silence_store_open(const char *state_path, struct silence_store *store,
                       char *problem) {
  *store = (struct silence_store){.lock_fd = -1};
  conf_silences_path(state_path, store->path);
  int rc = take_lock(store);
  if (rc != 0)
    return fail(store, rc, problem);
  rc = conf_silences_read(store->path, &store->list, problem);
  return rc == 0 ? 0 : -1;
}

static void remove_at(struct silences_list *list, size_t i) {
  memmove(&list->one[i], &list->one[i + 1],
          (list->len - i - 1) * sizeof(list->one[0]));
  list->len--;
}

static void drop_ended(struct silence_store *store, double now_s) {
  for (size_t i = store->list.len; i > 0; i--)
    if (store->list.one[i - 1].until_s <= now_s)
      remove_at(&store->list, i - 1);
}

bool silence_store_remove(struct silence_store *store, const char *host,
                          const char *incident, double now_s) {
  bool found = false;

  drop_ended(store, now_s);
  for (size_t i = store->list.len; i > 0; i--) {
    const struct silences_one *one = &store->list.one[i - 1];
    if (strcmp(one->host, host) == 0 && strcmp(one->incident, incident) == 0) {
      remove_at(&store->list, i - 1);
      found = true;
    }
  }
  return found;
}

int silence_store_put(struct silence_store *store,
                      const struct silences_one *one, double now_s,
                      char *problem) {
  struct silences_list *list = &store->list;

  silence_store_remove(store, one->host, one->incident, now_s);
  if (list->len >= SILENCES_MAX) {
    snprintf(problem, CONF_SILENCES_PROBLEM_MAX,
             "there are %d silences, the maximum; end some", SILENCES_MAX);
    return -1;
  }
  struct silences_one *grown =
      realloc(list->one, (list->len + 1) * sizeof(list->one[0]));
  if (!grown)
    return fail(store, -ENOMEM, problem);
  list->one = grown;
  list->one[list->len++] = *one;
  return 0;
}

static int append_all(struct state_file *file,
                      const struct silences_list *list) {
  char text[SILENCES_TEXT_LINE_MAX];
  int rc = state_file_append(file, text, silences_text_head(text));

  for (size_t i = 0; rc == 0 && i < list->len; i++)
    rc = state_file_append(file, text, silences_text_line(&list->one[i], text));
  return rc;
}

int silence_store_write(struct silence_store *store, double now_s,
                        char *problem) {
  struct state_file *file = malloc(sizeof(*file));

  drop_ended(store, now_s);
  int rc = file ? state_file_begin(file, store->path) : -ENOMEM;
  if (rc == 0) {
    rc = append_all(file, &store->list);
    if (rc == 0)
      rc = state_file_commit(file);
    else
      state_file_abandon(file);
  }
  free(file);
  return rc == 0 ? 0 : fail(store, rc, problem);
}

void silence_store_close(struct silence_store *store) {
  free(store->list.one);
  store->list = (struct silences_list){0, NULL};
  state_file_unlock(store->lock_fd);
  store->lock_fd = -1;
}
