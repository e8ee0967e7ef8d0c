/* What the person at the keyboard has chosen, and how a key changes it. Pure.
 */
#ifndef TOOLS_WATCH_KEYS_H
#define TOOLS_WATCH_KEYS_H

#include "fetch.h"

#include <stdbool.h>

/* Keys that are no characters; those are themselves. */
enum { WATCH_KEY_NONE = 0, WATCH_KEY_ESCAPE = 27 };
enum watch_key {
  WATCH_KEY_ENTER = 0x110000, /* beyond Unicode */
  WATCH_KEY_BACKSPACE,
  WATCH_KEY_UP,
  WATCH_KEY_DOWN,
  WATCH_KEY_LEFT,
  WATCH_KEY_RIGHT,
  WATCH_KEY_PAGE_UP,
  WATCH_KEY_PAGE_DOWN,
  WATCH_KEY_HOME,
  WATCH_KEY_END,
  WATCH_KEY_REDRAW,
  WATCH_KEY_OTHER,
};

enum { WATCH_FILTER_MAX = 64, WATCH_SPANS = 3 };

struct watch_choice {
  char host[LISTING_NAME_MAX]; /* empty: whichever the daemon has */
  double every_s;              /* how often the daemon is asked */
  int span;                    /* of watch_keys_span_s */
  bool leaving, paused, only_values, helping;
  bool choosing; /* a host from the list: */
  char filter[WATCH_FILTER_MAX];
  size_t cursor; /* among those the filter lets through */
};

/* How far the curves go back, at least. */
double watch_keys_span_s(int span);

/* The steps that + and - go: "every_s" becomes the next longer or shorter. */
extern const double watch_keys_every_min_s, watch_keys_every_max_s;

/* page: how many lines the list of hosts shows. */
void watch_keys_press(struct watch_choice *choice, int key,
                      const struct watch_hosts *hosts, size_t page);

/* The hosts whose names hold the filter, whatever the case: how many, and the
 * i-th of them (NULL where there is none). */
size_t watch_keys_matches(const struct watch_choice *choice,
                          const struct watch_hosts *hosts);
const char *watch_keys_match(const struct watch_choice *choice,
                             const struct watch_hosts *hosts, size_t i);

#endif
