/* The file of silences, changed under its lock. Touches files. */
#ifndef TOOLS_SILENCE_STORE_H
#define TOOLS_SILENCE_STORE_H

#include "conf/conf_silences.h"

struct silence_store {
  char path[CONF_SILENCES_PATH_MAX];
  struct silences_list list;
  int lock_fd;
};

/* Lock and read the file beside the state; for a change. Returns 0; or -1 with
 * the problem (CONF_SILENCES_PROBLEM_MAX bytes). Call silence_store_close in
 * any case. */
int silence_store_open(const char *state_path, struct silence_store *store,
                       char *problem);

/* Take one in, in place of an earlier one of the same patterns. Returns as
 * above: there may be too many. */
int silence_store_put(struct silence_store *store,
                      const struct silences_one *one, double now_s,
                      char *problem);

/* Remove the one of these patterns. Returns whether it was there. */
bool silence_store_remove(struct silence_store *store, const char *host,
                          const char *incident, double now_s);

/* Write it, without those that are over. Returns as above. */
int silence_store_write(struct silence_store *store, double now_s,
                        char *problem);

void silence_store_close(struct silence_store *store);

#endif
