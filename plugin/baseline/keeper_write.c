/* Watch and series -> the saved file, some at a time: the plugin's lock is held
 * for their copying only. */
#include "keeper_write.h"

#include "collectd_api.h"

#include <pthread.h>

static size_t copy_hosts(struct keeper_writer *writer, size_t from) {
  size_t len = 0;

  pthread_mutex_lock(writer->charge->lock);
  size_t hosts = hosts_count(writer->charge->watch);
  for (; len < KEEPER_STEP_MAX && from + len < hosts; len++)
    hosts_at(writer->charge->watch, from + len, &writer->copied.hosts[len]);
  pthread_mutex_unlock(writer->charge->lock);
  return len;
}

static size_t copy_series(struct keeper_writer *writer, size_t from) {
  const char *identifier, *watch;
  size_t len = 0;

  pthread_mutex_lock(writer->charge->lock);
  size_t count = series_count(writer->charge->series);
  for (; len < KEEPER_STEP_MAX && from + len < count; len++) {
    struct keeper_series *kept = &writer->copied.series[len];
    kept->memory =
        *series_at(writer->charge->series, from + len, &identifier, &watch);
    sstrncpy(kept->identifier, identifier, sizeof(kept->identifier));
  }
  pthread_mutex_unlock(writer->charge->lock);
  return len;
}

/* For one more piece, and the end. */
static bool has_room(struct keeper_writer *writer) {
  writer->full =
      writer->file.room < (size_t)STATE_TEXT_SERIES_MAX + STATE_TEXT_FRAME_MAX;
  return !writer->full;
}

static int write_hosts(struct keeper_writer *writer, struct state_text *state) {
  size_t from = 0, len;
  int rc = 0;

  while (rc == 0 && (len = copy_hosts(writer, from)) > 0) {
    for (size_t i = 0; rc == 0 && i < len; i++)
      if (writer->copied.hosts[i].seen_s > 0 && has_room(writer))
        rc = state_file_append(
            &writer->file, writer->text,
            state_text_host(state, &writer->copied.hosts[i], writer->text));
    from += len;
  }
  return rc;
}

static int write_series(struct keeper_writer *writer,
                        struct state_text *state) {
  size_t from = 0, len;
  int rc = 0;

  while (rc == 0 && (len = copy_series(writer, from)) > 0) {
    for (size_t i = 0; rc == 0 && i < len && has_room(writer); i++) {
      struct keeper_series *kept = &writer->copied.series[i];
      rc = state_file_append(&writer->file, writer->text,
                             state_text_series(state, kept->identifier,
                                               &kept->memory, writer->text));
    }
    from += len;
  }
  return rc;
}

static int write_text(struct keeper_writer *writer) {
  struct state_text state;
  size_t length =
      state_text_begin(&state, CDTIME_T_TO_DOUBLE(cdtime()), writer->text);
  int rc = state_file_append(&writer->file, writer->text, length);

  if (rc == 0)
    rc = write_hosts(writer, &state);
  if (rc == 0)
    rc = write_series(writer, &state);
  if (rc == 0)
    rc = state_file_append(&writer->file, writer->text,
                           state_text_end(&state, writer->text));
  return rc;
}

static void hold(struct keeper_writer *writer, bool held) {
  pthread_mutex_lock(writer->charge->lock);
  hosts_hold(writer->charge->watch, held);
  series_hold(writer->charge->series, held);
  pthread_mutex_unlock(writer->charge->lock);
}

int keeper_write(struct keeper_writer *writer) {
  int rc = state_file_begin(&writer->file, writer->charge->rules->state_file);

  if (rc != 0)
    return rc;
  if (writer->charge->size_max > 0)
    writer->file.room = writer->charge->size_max;
  writer->full = false;
  hold(writer, true);
  rc = write_text(writer);
  hold(writer, false);
  if (rc == 0)
    return state_file_commit(&writer->file);
  state_file_abandon(&writer->file);
  return rc;
}
